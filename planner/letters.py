"""Renders letters from templates: one folder per letter, each of which the user can override.

Templates are data: they run in a sandbox and see only the facts of `rules/wording.py`, and
recipients never come from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import TemplateNotFound, TemplateSyntaxError, meta
from jinja2.exceptions import UndefinedError

from planner.errors import ConfigError
from planner.resources import resource
from planner.rules.facts import LetterKind
from planner.rules.wording import FACTS, VOICES, tidy
from planner.sandbox import LimitError, Sandbox


@dataclass(frozen=True, slots=True)
class Text:
    """A rendered letter: its subject and body, and the facts that they use."""

    subject: str
    body: str
    facts: Mapping[str, str]


class Templates:
    """The letters in a folder; the shipped ones are used for those that it lacks."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` may hold `<letter>/subject.txt`, `<letter>/body.txt` and `_base.txt`.

        Raises ConfigError if it is not a folder.
        """
        if folder is not None and not folder.is_dir():
            raise ConfigError(
                f"letters.templates names {folder}, which is not a folder.",
                hint="Create it, or remove the key to use the shipped letters.",
                code="no_templates",
            )
        self._used: dict[str, set[str]] = {}
        self._read: dict[str, tuple[set[str], list[str]]] = {}
        self.folder = folder
        self.folders: Sequence[Path] = [*([folder] if folder else []), resource("templates")]

    @cached_property
    def _environment(self) -> Sandbox:
        return Sandbox(self.folders, {"flow": tidy})

    def render(self, kind: LetterKind, facts: Mapping[str, str]) -> Text:
        """Render the subject and body of a letter.

        Raises ConfigError if a template is missing, does not parse, does more than a letter
        needs, or names facts that do not exist; it lists all of them at once.
        """
        names = self._names_for(kind, facts.get("voice", VOICES[0]))
        used = set().union(*(self.uses(kind, name) for name in names))
        if names[1] != _own(kind):
            used.add("voice")
        self._refuse_unknown(kind, used, facts)
        given = {name: facts[name] for name in sorted(used)}
        subject, body = (self._part(name, given) for name in names)
        return Text(tidy(subject), f"{body.strip()}\n", given)

    def _names_for(self, kind: LetterKind, voice: str) -> tuple[str, str]:
        """Return the files of subject and body; a user's own body has only one wording."""
        own = self.folder is not None and (self.folder / _own(kind)).exists()
        return f"{kind}/subject.txt", _own(kind) if own else f"{kind}/body-{voice}.txt"

    def uses(self, kind: LetterKind, name: str) -> set[str]:
        """The facts that a template and those it extends or includes refer to."""
        if name not in self._used:
            self._used[name] = self._collect(kind, name)
        return self._used[name]

    def _collect(self, kind: LetterKind, first: str) -> set[str]:
        found: set[str] = set()
        waiting, seen = [first], set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name not in self._read:
                self._read[name] = self._names(kind, name)
            names, references = self._read[name]
            found |= names
            waiting.extend(references)
        return found

    def check(self) -> None:
        """Check every letter.  Raises ConfigError for the first one that cannot be used."""
        for kind in LetterKind:
            names = {name for voice in VOICES for name in self._names_for(kind, voice)}
            used = set().union(*(self.uses(kind, name) for name in names))
            self._refuse_unknown(kind, used, FACTS)

    def _refuse_unknown(self, kind: LetterKind, used: set[str], known: Iterable[str]) -> None:
        if unknown := sorted(used - set(known)):
            raise ConfigError(
                f"The letter {kind} uses {', '.join(unknown)}, which no letter has"
                f" ({self._where(kind)}).",
                hint=f"Known facts: {', '.join(known)}.",
                code="unknown_fact",
            )

    def _names(self, kind: LetterKind, name: str) -> tuple[set[str], list[str]]:
        """Return the facts that one template refers to, and the templates that it builds on."""
        try:
            source, _, _ = self._environment.loader.get_source(  # type: ignore[union-attr]
                self._environment, name
            )
            tree = self._environment.parse(source, name)
            references = [ref for ref in meta.find_referenced_templates(tree) if ref]
            return meta.find_undeclared_variables(tree), references
        except TemplateNotFound as error:
            raise ConfigError(
                f"The template {error.name} of the letter {kind} is missing (looked in"
                f" {', '.join(map(str, self.folders))}).",
                hint=f"Write it to {self.folders[0] / name}, or reinstall step2-planner.",
                code="no_template",
            ) from error
        except TemplateSyntaxError as error:
            raise ConfigError(
                f"The template {name}, line {error.lineno}, does not parse:"
                f" {str(error.message).rstrip('.')}.",
                hint="{{ name }} inserts a fact; {% if name %} ... {% endif %} is a condition.",
                code="bad_template",
            ) from error
        except Exception as error:
            # A template is the user's own data, so any error in it is one for the user.
            raise self._unusable(name, error) from error

    def _unusable(self, name: str, error: BaseException) -> ConfigError:
        endless = isinstance(error, RecursionError)
        why = "it includes or calls itself endlessly" if endless else str(error).rstrip(".")
        return ConfigError(
            f"The template {name} cannot be rendered: {why}.",
            hint="A letter is a page of text: facts, conditions and filters are enough for it."
            if endless or isinstance(error, LimitError)
            else "Templates may use only facts, conditions and filters.",
            code="bad_template",
        )

    def _part(self, name: str, facts: Mapping[str, str]) -> str:
        try:
            return self._environment.written(name, facts)
        except UndefinedError as error:
            raise ConfigError(
                f"The template {name} asks for something that does not exist: {error.message}.",
                hint=f"Known facts: {', '.join(facts)}.",
                code="unknown_fact",
            ) from error
        except Exception as error:
            raise self._unusable(name, error) from error

    def _where(self, kind: LetterKind) -> str:
        for folder in self.folders:
            if (folder / kind).is_dir():
                return str(folder / kind)
        return str(self.folders[-1])


def _own(kind: LetterKind) -> str:
    """Return the name of the body in a user's own folder."""
    return f"{kind}/body.txt"
