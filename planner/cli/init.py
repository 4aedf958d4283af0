"""`init`: a config file to fill in, with what the address tells about its provider."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import click

from planner import files, system
from planner.cli import show
from planner.cli.app import answers_json, asks_json, emit, say
from planner.cli.keys import ask_text, ask_yes
from planner.errors import ConfigError, ExitCode, PlannerError
from planner.resources import resource
from planner.rules.calendar import eastern
from planner.rules.score import release_doubt, score_doubt
from planner.rules.visible import printable
from planner.wiring import now

FILE_NAME = "config.toml"


SERVES = (
    "planner judges USMLE scores. If you took COMLEX-USA as well, give it your Step 2 CK"
    " score; with COMLEX-USA alone it cannot help you. If you need ECFMG certification, set img = true under [applicant]."
)


class Question(NamedTuple):
    """What is asked for a key of the config, and what to say to an answer that cannot be one."""

    section: str
    key: str
    text: str
    wanted: str

    @property
    def name(self) -> str:
        """The key as messages name it."""
        return f"{self.section}.{self.key}"


SKIPS = " (Enter skips any question)"  # after the first one
NO_COMLEX = "planner does not judge COMLEX-USA scores"
EMAIL = Question(
    "applicant",
    "email",
    "The mail address that letters come from",
    "That is not an email address. It should look like jane.roe@school.example.",
)
QUESTIONS = (
    Question("applicant", "name", "Your name, as you sign", "A name has letters, all on one line."),
    Question("applicant", "aamc_id", "Your AAMC ID", "An AAMC ID has 8 digits."),
    Question(
        "step1",
        "result",
        "Step 1: pass, fail, or your score",
        f"Type pass, fail, not_taken, or a three-digit score such as 228; {NO_COMLEX}.",
    ),
    Question(
        "step2_ck",
        "score",
        "Step 2 CK score (Enter: not yet)",
        f"A Step 2 CK score is a number from 1 to 300; {NO_COMLEX}.",
    ),
    Question(
        "step2_ck",
        "released_on",
        "The day you could first see it, such as 2026-10-01",
        "That is not a date: type the year, the month and the day, such as 2026-10-01.",
    ),
)
QUOTES = "\"'\u201c\u201d\u2018\u2019"  # around an answer, as typed or pasted
# What stands in a new config as an example, and would be taken for the truth.
EXAMPLES = ("applicant.name", "applicant.aamc_id", "applicant.email", "step1.result")
EMPTY = ("step2_ck.score", "step2_ck.released_on", "transcript")


@click.command("init", epilog="Example: planner init ~/residency")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--email", metavar="ADDRESS", help="The address that letters come from.")
@answers_json
def init_command(folder: str, email: str | None) -> ExitCode:
    """Write a commented config.toml; never overwrites one.

    On a terminal it asks a few questions; press Enter to skip any of them. From your address it
    finds your mail provider, and says what that provider lets a program do.
    """
    path = Path(folder) / FILE_NAME
    if path.exists():
        raise ConfigError(
            f"{path} already exists; it was not touched.",
            hint="Edit it, or name another folder: planner init DIR",
            code="exists",
        )
    answers = {} if email is None else {EMAIL.name: _written(_parsed(EMAIL, email))}
    if EMAIL.name in answers:
        answers |= _say_about(answers[EMAIL.name])
    if sys.stdin.isatty() and not asks_json():
        answers |= _ask(answers)
    _write(path, _filled(answers))
    private = "" if system.WINDOWS else " (only you can read it)"
    say(show.wrapped(f"Wrote {printable(str(path))}{private}.", hanging="  "))
    for line in _left(answers):
        say(show.wrapped(line, hanging="  "))
    say(show.wrapped(SERVES))
    say(show.hint(_next(path)))
    if asks_json():
        emit({"config": str(path), "still_example": [x for x in EXAMPLES if x not in answers]})
    return ExitCode.OK


def _ask(given: Mapping[str, str]) -> dict[str, str]:
    """Answers as TOML writes them, by key."""
    answers: dict[str, str] = {}
    note = SKIPS
    if EMAIL.name not in given:
        if address := _asked(EMAIL, note):
            answers |= {EMAIL.name: address, **_say_about(address)}
        note = ""
    for question in QUESTIONS:
        if question.key == "released_on" and "step2_ck.score" not in answers:
            continue
        if answer := _asked(question, note):
            answers[question.name] = answer
        note = ""
    return answers


def _asked(question: Question, note: str = "") -> str:
    while text := _unquoted(ask_text(f"{question.text}{note}")):
        try:
            value = _parsed(question, text)
        except click.BadParameter as error:
            click.echo(show.wrapped(f"{error.message} Enter leaves it for later."))
            continue
        if not (doubt := _doubt(question, value)) or ask_yes(show.wrapped(f"{doubt} Keep it?")):
            return _written(value)
    return ""


def _unquoted(text: str) -> str:
    """An answer without the quotes around it; those within a name stay."""
    text = text.strip()
    while len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES:
        text = text[1:-1].strip()
    return "" if text in QUOTES else text


def _doubt(question: Question, value: object) -> str:
    """What to ask about an answer that can hardly be meant; "" for any other."""
    if question.key == "released_on" and isinstance(value, date):
        is_ahead = release_doubt(value, eastern(now()).date())
        return f"{value} is in the future, but you already have the score." if is_ahead else ""
    doubt = score_doubt(question.name, value)
    return f"{value}: {doubt}" if doubt else ""


def _parsed(question: Question, text: str) -> Any:
    """What an answer means.  Raises click.BadParameter, in words that speak of no file."""
    from planner.options.table import OPTIONS

    is_score = text.isdecimal() and question.key in ("result", "score")
    try:
        return OPTIONS[question.section][question.key].parse(int(text) if is_score else text)
    except ValueError:
        raise click.BadParameter(question.wanted) from None


def _written(value: Any) -> str:
    """An answer as TOML writes it."""
    from planner.options.toml import written

    return written(value)


def _say_about(address: str) -> dict[str, str]:
    """Tell what is known of the address; gives what goes into [smtp]."""
    from planner.cli.hints.providers import about_address

    about = about_address(address.strip('"'))
    for line in about.lines:
        say(show.wrapped(line, indent="  "))
    return {"smtp.provider": f'"{about.provider}"'} if about.provider else {}


def _filled(answers: Mapping[str, str]) -> str:
    from planner.options.example import filled

    text = resource("config.example.toml").read_text("utf-8")
    for name, value in answers.items():
        section, _, key = name.rpartition(".")
        text = filled(text, section, key, value)
    return text


def _left(answers: Mapping[str, str]) -> Iterator[str]:
    """What is still the example, and what is not there yet."""
    if examples := [name for name in EXAMPLES if name not in answers]:
        yield f"Still from the example: {', '.join(examples)}."
    if empty := [name for name in EMPTY if name not in answers]:
        yield f"Still missing: {', '.join(empty)}."
    if "smtp.provider" not in answers:
        yield "No mail server yet: smtp.provider or smtp.host."


def _next(path: Path) -> str:
    folder = path.parent
    if folder.resolve() == Path.cwd():
        return f"Fill in {FILE_NAME}, then: planner import YOUR-LIST.csv"
    return f"cd {system.quoted(printable(str(folder)))}, fill in {FILE_NAME}, then: planner import YOUR-LIST.csv"


def _write(path: Path, text: str) -> None:
    try:
        files.make_folder(path.parent)
        files.create_private(path, text.encode())
    except OSError as error:
        raise PlannerError(
            f"Cannot write {path}: {error.strerror}.",
            hint="Name a folder that you may write to: planner init DIR",
            code="read_only",
        ) from error
