"""The text of a letter is edited, or another letter is chosen for the program.

What comes out is a draft, whatever the letter was before: it is read and approved again.
"""

from __future__ import annotations

from datetime import datetime

from planner.errors import ConfigError, PersonNeededError
from planner.mail.message import content_digest
from planner.rules.choice import false_claim
from planner.rules.facts import LetterKind, Verdict
from planner.rules.letters import Letter
from planner.rules.planning import Decision
from planner.rules.recipients import fold_address
from planner.rules.states import DUE, REOPENABLE, LetterState
from planner.rules.visible import hidden, named
from planner.rules.wording import changed_facts
from planner.steps.actions import Opened, refuse_changed
from planner.steps.compose import Composer
from planner.steps.letter_facts import describe_changes
from planner.steps.recovering import recover_dead
from planner.steps.workspace import Workspace
from planner.store.engine import Transaction
from planner.store.letters import get_letters, move_letter, replace_draft, thaw, update_letter

# What may become a draft by editing; never a letter that has left, or may have.
EDITABLE = DUE | REOPENABLE


def edit(
    ws: Workspace,
    number: int,
    *,
    subject: str | None = None,
    body: str | None = None,
    kind: LetterKind | None = None,
    voice: str = "",
    opened: Opened | None = None,
) -> Letter:
    """Change the text of a letter, or choose another letter for it.

    An approved, left-out, refused or cancelled letter becomes a draft again.  Another
    letter keeps nothing of the old text; it is in the wording `voice` from then on, and without
    one in that of the config.  `opened` is the letter as the user saw it.
    Raises UnknownNameError, PersonNeededError for a letter that has left or is not as it
    was opened, ConfigError for a template that cannot be used, and for a text with
    characters that no reader sees.
    """
    refuse_hidden(number, subject or "", body or "")
    recover_dead(ws)
    with ws.store.begin() as tx:
        letter = get_letters(tx, [number])[0]
        if opened is not None:
            refuse_changed(letter, opened)
        composer = ws.composer(tx)
        _take_up(tx, letter, composer.situation.now)
        letter = get_letters(tx, [number])[0]
        decision = composer.plan.by_program()[letter.program_id]
        if kind is not None:
            _choose(tx, composer, letter, decision, kind, voice)
            letter = get_letters(tx, [number])[0]
        if subject is not None or body is not None:
            _rewrite(tx, composer, letter, decision, subject, body)
        return get_letters(tx, [number])[0]


def open_to_edit(ws: Workspace, number: int) -> Letter:
    """Return a letter that may be edited, as it is.

    Raises UnknownNameError, and PersonNeededError for a letter that has left: before the user
    has written anything.
    """
    recover_dead(ws)
    with ws.store.read() as tx:
        letter = get_letters(tx, [number])[0]
    _refuse_gone(letter)
    return letter


def _refuse_gone(letter: Letter) -> None:
    if letter.state not in EDITABLE and letter.state is not LetterState.DRAFT:
        raise PersonNeededError(
            f"Letter {letter.id} ({letter.program}) is {letter.state}: it has left, or may have,"
            " and cannot be edited.",
            code="wrong_state",
            letter=letter.id,
            state=letter.state,
        )


def _take_up(tx: Transaction, letter: Letter, at: datetime) -> None:
    """Make a draft of a letter that may be edited.  Raises PersonNeededError for any other."""
    _refuse_gone(letter)
    if letter.state in EDITABLE:
        thaw(tx, letter, at=at, command="edit", why="taken up for editing")


def refuse_hidden(number: int, subject: str, body: str) -> None:
    """Raise ConfigError for a character that a letter cannot hold, saying where it stands."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    breaks = [(at, character) for at, character in enumerate(subject) if character in "\t\n"]
    places = [("subject", [*breaks, *hidden(subject)])]
    places += [(f"body, line {n}", list(hidden(line))) for n, line in enumerate(lines, 1)]
    for place, found in places:
        for at, character in found:
            raise ConfigError(
                f"Letter {number}, {place}, character {at + 1}: {named(character)} is not text"
                " that a letter can hold.",
                hint="Nothing was changed. Take it out, and edit again.",
                code="hidden_character",
            )


def refuse_unwanted(letter: Letter, decision: Decision) -> None:
    """Raise PersonNeededError for a program that the plan no longer writes to."""
    if decision.verdict is not Verdict.EMAIL:
        raise PersonNeededError(
            f"Letter {letter.id}: its decision is no longer email ({decision.reasons[0]})",
            code="undecided",
            program=letter.program_id,
        )


def _choose(
    tx: Transaction,
    composer: Composer,
    letter: Letter,
    decision: Decision,
    kind: LetterKind,
    voice: str,
) -> None:
    refuse_unwanted(letter, decision)
    if why_not := false_claim(kind, decision.case):
        raise PersonNeededError(
            f"The letter {kind} would not be true for letter {letter.id} ({letter.program}):"
            f" {why_not}.",
            code="wrong_letter",
        )
    if voice == composer.facts(decision.case)["voice"]:
        voice = ""  # the applicant's own, so it goes on to follow the config
    fresh = composer.draft(decision, kind, voice=voice)
    why = f"the reviewer chose {kind}" + (f", wording {voice}" if voice else "")
    replace_draft(tx, letter, fresh, at=composer.situation.now, why=why)
    update_letter(tx, letter.id, chosen=True)


def _rewrite(
    tx: Transaction,
    composer: Composer,
    letter: Letter,
    decision: Decision,
    subject: str | None,
    body: str | None,
) -> None:
    new_subject = letter.subject if subject is None else subject.strip()
    new_body = letter.body if body is None else "\n".join(body.strip().splitlines()) + "\n"
    to, cc, sender = letter.to, letter.cc, letter.sender
    if decision.verdict is Verdict.EMAIL:
        to, cc, sender = decision.to, decision.cc, composer.situation.applicant.email
    outline = composer.outline(new_subject, new_body, to, cc)
    if decision.verdict is Verdict.EMAIL:
        written = composer.write_again(letter, decision)
        if written.content_digest == content_digest(letter.letter, outline):
            why = "edited by hand, to what the templates write"
            fresh = composer.checked(written, decision)
            replace_draft(tx, letter, fresh, at=composer.situation.now, why=why)
            return
    changed = letter._replace(subject=new_subject, body=new_body, to=to, cc=cc, edited=True)
    present = composer.present_facts(letter, decision.program)
    # Facts that moved without the user having been told: the edit may not hide that.
    moved = {} if letter.stale else changed_facts(letter.facts, present)
    move_letter(
        tx,
        letter,
        LetterState.DRAFT,
        at=composer.situation.now,
        command="edit",
        why="edited by hand",
        subject=new_subject,
        body=new_body,
        edited=True,
        stale=bool(moved),
        overrides={},
        sender=sender,
        to_addresses=list(to),
        cc_addresses=list(cc),
        to_key=fold_address(to[0]),
        content_digest=content_digest(letter.letter, outline),
        facts=present,
        findings=composer.findings_for(changed, decision),
        held_because=f"facts had changed before your edit: {describe_changes(moved)}"
        if moved
        else None,
    )
