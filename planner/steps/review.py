"""What a reviewer does with a letter that they have read: approve it.

Approval is bound to what was shown: a letter whose present text was never shown in
full is refused, and what is approved is frozen as the bytes that will leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.errors import ConfigError, PlannerError
from planner.mail.message import Outline, freeze
from planner.rules.facts import LetterKind, Verdict
from planner.rules.gates import example_gap, transcript_gap
from planner.rules.letters import Letter
from planner.rules.planning import Decision
from planner.rules.states import REOPENABLE, LetterState, in_words
from planner.rules.wording import changed_facts
from planner.steps.actions import (
    ActionResult,
    ChangedMeanwhileError,
    Opened,
    refuse_changed,
    wrong_state,
)
from planner.steps.compose import OTHER_OCCASION, Composer
from planner.steps.letter_facts import describe_changes
from planner.steps.overrides import (
    Override,
    choose_overrides,
    digest_of,
    make_identity,
    may_all_stand,
    open_errors,
    told,
)
from planner.steps.workspace import Workspace
from planner.store.engine import Transaction
from planner.store.letters import (
    get_letters,
    list_letters,
    move_letter,
    thaw,
    update_letter,
)


def note_shown(ws: Workspace, letters: Sequence[Letter]) -> None:
    """Record that the full text of these letters was shown in this form."""
    with ws.store.begin() as tx:
        for letter in letters:
            update_letter(tx, letter.id, shown_digest=letter.content_digest)


def note_shown_as(ws: Workspace, opened: Opened) -> None:
    """Remember that one was shown in full, in the form that the user has before them.

    Raises PersonNeededError if that is not its form any more.
    """
    with ws.store.begin() as tx:
        letter = get_letters(tx, [opened.id])[0]
        refuse_changed(letter, opened)
        update_letter(tx, letter.id, shown_digest=letter.content_digest)


def approve(
    ws: Workspace,
    ids: Sequence[int] | None = None,
    *,
    unseen: bool = False,
    overrides: Sequence[Override] = (),
) -> list[ActionResult]:
    """Freeze letters as they were shown; each is approved, or refused for itself.

    Without ids those whose present text was shown; `overrides` are the findings that may
    stand, of one letter.  Raises UnknownNameError for a number that is not a letter,
    ConfigError and PersonNeededError for overrides that name no such finding or one that
    may not stand, and for overrides in several letters.
    """
    with ws.store.begin() as tx:
        wanted = _shown(tx) if ids is None else ids
        return _approve(tx, ws.composer(tx), wanted, unseen=unseen, overrides=overrides)


def approve_opened(
    ws: Workspace, opened: Opened, *, overrides: Sequence[Override] = (), listed: str = ""
) -> ActionResult:
    """Freeze a letter that the user has before them; one that was left out is taken up again.

    `overrides` are the findings that may stand, by their numbers in the list with the digest
    `listed`.  Raises PersonNeededError if the letter or, where it counts, that list is not what
    they have before them; for overrides as `approve` does.
    """
    with ws.store.begin() as tx:
        letter = get_letters(tx, [opened.id])[0]
        refuse_changed(letter, opened)
        if overrides and digest_of(letter.findings) != listed:
            raise ChangedMeanwhileError(
                f"The findings of letter {letter.id} ({letter.program}) have changed; look again.",
                code="changed_meanwhile",
                letter=letter.id,
            )
        taken_up = letter.state in REOPENABLE
        if taken_up:
            thaw(tx, letter, at=ws.now(), command="review", why="taken up again by the user")
        composer = ws.composer(tx, unwritten=not taken_up)
        return _approve(tx, composer, [opened.id], command="review", overrides=overrides)[0]


def _shown(tx: Transaction) -> list[int]:
    drafts = list_letters(tx, states=[LetterState.DRAFT])
    return [letter.id for letter in drafts if letter.shown_digest == letter.content_digest]


def _approve(
    tx: Transaction,
    composer: Composer,
    ids: Sequence[int],
    *,
    command: str = "approve",
    unseen: bool = False,
    overrides: Sequence[Override] = (),
) -> list[ActionResult]:
    if overrides and len(ids) != 1:
        raise ConfigError(
            "A finding is overridden in one letter at a time.",
            code="one_at_a_time",
            letter=ids[0] if ids else None,
        )
    plan = composer.plan.by_program()
    return [
        _approve_one(
            tx,
            composer,
            letter,
            plan[letter.program_id],
            command=command,
            unseen=unseen,
            overrides=overrides,
        )
        for letter in get_letters(tx, ids)
    ]


def _approve_one(
    tx: Transaction,
    composer: Composer,
    letter: Letter,
    decision: Decision,
    *,
    command: str,
    unseen: bool,
    overrides: Sequence[Override],
) -> ActionResult:
    standing = choose_overrides(letter, overrides)
    found = composer.findings_for(letter, decision)
    if letter.state is LetterState.DRAFT:
        update_letter(tx, letter.id, findings=found)  # what is refused is listed by its number
    allowed = [*letter.overrides, *standing]
    refusal = _refusal(composer, letter, decision, found, unseen=unseen, allowed=allowed)
    if refusal is not None:
        return refusal
    at = composer.situation.now
    try:
        frozen = freeze(_outline(composer, letter))
    except PlannerError as error:
        return ActionResult(letter, False, error.message, error.code, error.facts, error.hint)
    present = set(map(make_identity, found))
    used = [finding for finding in allowed if make_identity(finding) in present]
    why = "; ".join(
        [
            "unseen" if unseen and letter.shown_digest != letter.content_digest else "as shown",
            *map(told, used),
        ]
    )
    move_letter(
        tx,
        letter,
        LetterState.APPROVED,
        at=at,
        command=command,
        why=why,
        wire=frozen.wire,
        digest=frozen.digest,
        message_id=frozen.message_id,
        account=composer.account,
        approved_at=at,
        picked=(decision.letter or letter.letter).value,
        overrides=used,
        held_because=None,
        stale=False,
        attempts=0,
    )
    gap = "" if letter.letter is LetterKind.SCORE_PENDING else _gap(composer, decision)
    return ActionResult(list_letters(tx, ids=[letter.id])[0], done=True, reason=gap)


def _gap(composer: Composer, decision: Decision) -> str:
    return transcript_gap(composer.situation, decision.case.service)


def _outline(composer: Composer, letter: Letter) -> Outline:
    outline = composer.outline(letter.subject, letter.body, letter.to, letter.cc)
    return replace(outline, in_reply_to=letter.in_reply_to or "")


def _refusal(
    composer: Composer,
    letter: Letter,
    decision: Decision,
    found: Sequence[Mapping[str, str]],
    *,
    unseen: bool,
    allowed: Sequence[Mapping[str, str]],
) -> ActionResult | None:
    """Return why a letter cannot be approved; None if it can."""

    def refused(reason: str, code: str, **facts: object) -> ActionResult:
        return ActionResult(letter, False, reason, code, {"letter": letter.id, **facts})

    if gap := example_gap(composer.situation.applicant):
        return refused(gap, "example")
    if letter.state is LetterState.APPROVED:
        return refused("it is already approved", "approved")
    if letter.state is not LetterState.DRAFT:
        return wrong_state(letter, f"it is {in_words(letter.state)}, not a draft")
    if letter.occasion != composer.situation.occasion:
        return refused(OTHER_OCCASION, "other_occasion")
    if decision.verdict is not Verdict.EMAIL:
        reason = f"its decision is no longer email: {decision.reasons[0]}"
        return refused(reason, "undecided", program=letter.program_id)
    if letter.stale:
        return refused(letter.held_because or "the facts behind it have changed", "stale")
    fresh = composer.write_again(letter, decision)
    if not letter.edited and fresh.content_digest != letter.content_digest:
        return refused("its facts have changed since it was written", "facts_changed")
    moved = changed_facts(letter.facts, composer.present_facts(letter, decision.program))
    if letter.edited and moved:
        return refused(f"facts changed after your edit: {describe_changes(moved)}", "facts_moved")
    if (letter.to, letter.cc) != (fresh.to, fresh.cc) or letter.sender != fresh.sender:
        return refused("its recipients or its sender have changed", "recipients_changed")
    if errors := open_errors(found, allowed):
        facts = {"numbers": list(errors), "overridable": may_all_stand(errors.values())}
        return refused(_open(errors), "open_errors", **facts)
    if not unseen and letter.shown_digest != letter.content_digest:
        reason = "its current text has not been shown in full by its number"
        return refused(reason, "not_shown")
    return None


SHOWN = 3  # findings that a refusal quotes


def _open(errors: Mapping[int, Mapping[str, str]]) -> str:
    """Return the errors that block a letter, in the words of its refusal."""
    texts = [f"{f['code']} (finding {n}): {f['text']}" for n, f in errors.items()]
    more = f"; and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return f"open errors: {'; '.join(texts[:SHOWN])}{more}"
