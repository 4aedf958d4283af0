"""The words of a report, which its page and the terminal share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from planner.pages import day_words, plural, words
from planner.rules.calendar import eastern
from planner.rules.facts import Match
from planner.steps.figures import Deadline, Figures, MatchLine

MATCHES: Mapping[str, str] = {
    Match.NRMP: "NRMP",
    Match.SAU: "Urology (SAU)",
    Match.SFMATCH: "SF Match",
}
DEADLINES = {
    "applications_open": "Applications open",
    "lists_final": "Rank lists are final",
    "results_from": "Results begin",
    "score_expected": "Your score is expected",
    "score_released": "Your score was released",
}
STAGES = {
    "programs": "on your list",
    "worth_a_letter": "worth a letter",
    "written": "with a letter",
    "approved": "read and approved",
    "sent": "sent",
}
# What became of programs between two stages: a rule of the decision table, or a letter's state.
LOSSES = {
    "not_written": "not written yet",
    "left_out": "left out by you",
    "cancelled": "cancelled by you",
    "draft": "not yet read and approved",
    "approved": "waiting to be sent",
    "claimed": "being sent",
    "committing": "being sent",
    "deferred": "put off by the mail server",
    "refused": "refused by the mail server",
    "unknown": "perhaps delivered",
    "exported": "handed to your own mail program",
    "not_in_play": "rejected, withdrawn, or not applied",
    "contact_refused": "no email wanted",
    "other_channel": "they want updates some other way",
    "list_locked": "rank list certified",
    "already_told": "told the score already",
    "preseason": "applications are not open yet",
    "closed": "rank lists are final",
    "pending_wait": "your score is still pending",
    "failed_result": "the score is below the passing standard",
    "nothing_new": "the application already had this score",
    "liability_silent": "the score would hurt more than help",
    "no_clear_help": "the score does not clearly help",
    "failure_unknown": "the application does not show the earlier failure",
    "wait_for_interview": "the interview is still to come",
    "early_not_targeted": "nothing singles them out this early",
    "late_not_targeted": "neither interviewed nor on hold, this late",
    "pre_rank_not_targeted": "not interviewed, or Step 2 matters little to them",
    "contact_if_asked": "email only if they asked, and they did not",
    "no_address": "no usable address",
    "same_address": "the address gets another letter already",
}


def deadline_words(deadline: Deadline) -> str:
    """ "Rank lists are final, NRMP"."""
    of = _name(deadline.of, deadline.only) if deadline.of else ""
    return ", ".join(filter(None, (DEADLINES[deadline.name], of)))


def line_words(line: MatchLine) -> str:
    """What a line of the calendar is called: "NRMP", or "Emergency Medicine"."""
    return _name(line.calendar.match, line.only)


def _name(match: str, only: tuple[str, ...]) -> str:
    return ", ".join(only) or MATCHES[match]


def when(found: Figures, deadline: Deadline) -> str:
    """The moment, and how far away its day is."""
    days = (eastern(deadline.at).date() - found.situation.today).days
    count = plural(abs(days), "day")
    away = "today" if days == 0 else f"in {count}" if days > 0 else f"{count} ago"
    at = deadline.at
    clock = "" if (at.hour, at.minute) == (0, 0) else f", {at:%H:%M} ET"
    return f"{day_words(at.date())}{clock} ({away})"


def loss_words(code: str) -> str:
    """What took programs out, in words."""
    return LOSSES.get(code, words(code))


def lead(found: Figures) -> str:
    """Where the applicant stands, in two sentences."""
    first, last = found.stages[0].number, found.stages[-1].number
    if not first:
        return "There are no programs yet."
    worth = found.stages[1].number
    return (
        f"Season {found.situation.season} is {_phases(found)}."
        f" {plural(first, 'program')}, {worth} worth a letter, {last} sent."
    )


def _phases(found: Figures) -> str:
    """ "early for NRMP and SF Match, late for Urology (SAU)": each phase with who is in it."""
    who: dict[str, list[str]] = {}
    for phase, name in _named_phases(found):
        who.setdefault(phase, []).append(name)
    return ", ".join(f"{words(phase)} for {_listed(names)}" for phase, names in who.items())


def _named_phases(found: Figures) -> Iterator[tuple[str, str]]:
    """Each match once, and by specialty where these are in different phases."""
    for match in dict.fromkeys(line.calendar.match for line in found.lines):
        lines = [line for line in found.lines if line.calendar.match == match]
        if len({line.phase for line in lines}) == 1:
            yield lines[0].phase, MATCHES[match]
        else:
            yield from ((line.phase, line_words(line)) for line in lines)


def _listed(names: Sequence[str]) -> str:
    """ "A, B and C"."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
