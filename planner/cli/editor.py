"""The user's editor: subject and body go out in a file, and nothing written in it is lost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click

from planner.cli.app import say
from planner.cli.hints import hint_of
from planner.errors import ConfigError, PlannerError
from planner.rules.letters import Letter
from planner.rules.visible import printable

# Asked where facts have moved under a text that came back as it was.
KEEPS = "Keep your text as it is, although these facts have changed?"


class Edited(NamedTuple):
    """What came back from the editor; `changed` where it is another text."""

    subject: str
    body: str
    changed: bool


class EditingError(PlannerError):
    """A text that could not be taken over, and the file that keeps it."""

    def __init__(self, cause: PlannerError, path: Path) -> None:
        advice = hint_of(cause)
        advice += "." * bool(advice and advice[-1] not in ".?!")
        hint = f"{advice} Your text is in {path}".strip()
        super().__init__(cause.message, hint=hint, code=cause.code)
        self.path = path
        self.exit_code = cause.exit_code


@contextmanager
def edited(letter: Letter, earlier: Path | None = None) -> Iterator[Edited]:
    """Let the user edit a letter; `earlier` is a file that an editor left before.

    The file is taken away when the block ends well.  Whatever else happens, a text that
    was changed stays where it is, and the message says where.  Raises ConfigError for a
    text that has no subject or no body, and for an editor that does not work.
    """
    text = f"Subject: {letter.subject}\n\n{letter.body}"
    path = earlier or _file(text)
    try:
        yield _parsed(_through_editor(path), text)
    except BaseException as error:
        if not _is_changed(path, text):
            path.unlink(missing_ok=True)
            raise
        if isinstance(error, PlannerError):
            raise EditingError(error, path) from error
        say(f"\nYour text is in {printable(str(path))}")
        raise
    path.unlink(missing_ok=True)


def _file(text: str) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="planner-letter-", suffix=".txt", delete=False
    ) as file:
        file.write(text)
    return Path(file.name)


def _is_changed(path: Path, text: str) -> bool:
    try:
        return path.read_text("utf-8-sig").strip() not in ("", text.strip())
    except UnicodeDecodeError:
        return True
    except OSError:
        return False


def _through_editor(path: Path) -> str:
    try:
        click.edit(filename=str(path))
        return path.read_text("utf-8-sig")  # Notepad may write its mark in front
    except click.ClickException as error:
        raise ConfigError(
            f"The editor did not work: {error.format_message()}",
            hint="Set $VISUAL or $EDITOR to the command of your editor.",
            code="editor",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "The text from the editor is not valid UTF-8.",
            hint="Save it as UTF-8.",
            code="editor",
        ) from error


def _parsed(edited: str, text: str) -> Edited:
    head, _, body = edited.strip().partition("\n")
    if not head.casefold().startswith("subject:") or not body.strip():
        raise ConfigError(
            'The first line must be "Subject: ...", and a letter must follow.',
            hint="Nothing was changed.",
            code="editor",
        )
    return Edited(head.partition(":")[2].strip(), body, edited.strip() != text.strip())
