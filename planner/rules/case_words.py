"""Puts a case into words: how far things are, what they ask for, what the score is worth."""

from __future__ import annotations

from planner.rules.calendar import noon
from planner.rules.case import FEW_SIGNALS, Case
from planner.rules.facts import AfterInterview, ContactPolicy, Match, Signal


def sentence(text: str) -> str:
    """Return `text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def standing(c: Case) -> str:
    """Say how far things are with the program."""
    day = f" on {c.program.interview_date}" if c.program.interview_date else ""
    if c.interviewed:
        hold = f", now {c.program.status}" if c.on_hold else ""
        return f"interviewed{day}{hold}"
    if c.invited:
        return f"invited, interview{day}" if day else "invited"
    return str(c.program.status)


def policy(c: Case) -> str:
    """Say the program's policy on Step 2 CK."""
    return f"Step 2 policy is {c.program.step2_policy}"


def worth(c: Case) -> str:
    """Say what the score is worth, as the beginning of a sentence."""
    if c.assessment is None:
        return "the score is pending"
    return f"the score is {c.assessment.category} for {c.assessment.specialty.name}"


def told(c: Case) -> str:
    """Say what they have already been told."""
    said = f"You told them on {c.program.told_on}." if c.told else ""
    is_sent = f"was sent on {c.sent_on}" if c.sent_on else f"is {c.own_letter}"
    gone = f"Their letter for this occasion {is_sent}, and planner never writes a second one."
    return " ".join(filter(None, (said, gone if c.letter_gone else "")))


def waiting(c: Case) -> str:
    """Say why no letter tells of a pending score."""
    step2 = c.applicant.step2
    if not c.asks:
        return f"The score is pending, and they did not ask for it: {policy(c)}."
    if step2.expected_on is None:
        return "The score is pending, and step2_ck.expected_on does not say when it is due."
    if not c.expected_in_window:
        return (
            f"The score is pending, expected on {step2.expected_on}; a letter is worth it only for"
            f" a date from {c.calendar.pending_from.date()} to {c.calendar.last_list_day},"
            " and not one that has passed (step2_ck.expected_on)."
        )
    return (
        "The score is pending, and this late only programs that interviewed you are worth telling."
    )


def favorite(c: Case) -> str:
    """Say what makes the program a favorite."""
    marks = ["top choice"] if c.program.top_choice else []
    marks += [f"signal {c.program.signal}"] if c.program.signal is Signal.GOLD else []
    marks += [f"one of {c.specialty.signals} signals"] if c.rare_signal else []
    return " and ".join(marks)


def signal(c: Case) -> str:
    """Say which signal a program has that is not a favorite."""
    if c.program.signal is Signal.NONE:
        return "no gold signal"
    return (
        f"signal {c.program.signal} (a plain one counts where all are of one kind, at most"
        f' {FEW_SIGNALS}: signals of [specialty."{c.specialty.name}"])'
    )


def asking(c: Case) -> str:
    """Say that they asked, or that they have a rule; never one for the other."""
    if c.requested:
        return f"They asked you for the score ({policy(c)})"
    return f"They do not rank anyone without the score ({policy(c)})"


def refusal(c: Case) -> str:
    """Say why a program must not get any letter."""
    if c.program.contact_policy is ContactPolicy.NONE:
        return "They do not want email from applicants: contact policy is none."
    if c.program.contact_policy is ContactPolicy.NOT_AFTER_INTERVIEW:
        return (
            "They want no email after the interview, and you have interviewed there: contact"
            " policy is not_after_interview."
        )
    return (
        f"{c.specialty.name} programs want no email after the interview, and you have interviewed there"
        f' (after_interview = "{AfterInterview.NONE}").'
    )


def channel(c: Case) -> str:
    """Say which channel they want instead of email."""
    way = c.program.contact_channel.strip() or "contact_channel is not filled in"
    return (
        f"They do not take email; they want updates here: {way}. Tell them there, then note the"
        " day (told_on)."
    )


def closing(c: Case) -> str:
    """Say that lists are final, and what an updated application is still good for."""
    serves = "the next season"
    if c.calendar.match is Match.NRMP and not c.calendar.is_over(noon(c.today)):
        serves = "SOAP and the next season"
    return (
        "Lists are final; a letter can no longer change anything. The updated application still"
        f" serves {serves}."
    )


def eligibility(c: Case) -> str:
    """Say why a pass is news by itself."""
    why = (
        "you had failed Step 2 CK, and no one can rank you with that alone"
        if c.applicant.step2.failed_attempts
        else "ECFMG certification, which they need to rank you, depends on this pass"
    )
    return f"Only now can they rank you: {why} ({standing(c)})."
