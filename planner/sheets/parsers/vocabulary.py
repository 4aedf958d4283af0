"""Parses words of closed lists: yes and no, a policy, a signal, a service."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from planner.rules import tracks
from planner.rules.facts import ContactPolicy, Service, Signal, Status, Step2Policy, Track
from planner.sheets.parsers.cells import (
    BadCellError,
    Noted,
    clean_line,
    fold_word,
    is_no,
    is_yes,
    remarked,
)
from planner.sheets.parsers.dates import ANYWHERE as DATE
from planner.sheets.parsers.status import read_status

T = TypeVar("T")


def yes_no(text: str) -> bool:
    """Parse yes or no in its usual spellings.  Raises BadCellError for anything else."""
    if is_yes(text):
        return True
    if is_no(text):
        return False
    raise BadCellError("bad_yes_no", "expected yes or no")


_LOCKED = re.compile(
    r"(?:(?:list|rol|rank list) )?(?:certified|locked|done|final(?:i[sz]ed)?|submitted|in)(?: (?:on|by))?"
)
_OPEN = re.compile(
    r"(?:not )?(?:yet|so far)|not (?:yet )?(?:certified|locked|done|final)|in progress|draft\w*|open|pending"
)


def locked(text: str) -> bool:
    """Parse whether a rank list is certified: yes, or the word for it, perhaps with its day.

    >>> locked("certified 2/25"), locked("not yet"), locked("2/25")
    (True, False, True)
    """
    bare = fold_word(DATE.sub(" ", text))
    if _OPEN.fullmatch(bare):
        return False
    return True if DATE.fullmatch(text) or _LOCKED.fullmatch(bare) else yes_no(text)


def connection(text: str) -> str | None:
    """Parse what ties the applicant to the program; None for no.  Raises BadCellError."""
    return None if is_no(text) else clean_line(text)


POLICY_WORDS: Mapping[str, Step2Policy] = {
    **{fold_word(p.value): p for p in Step2Policy},
    "no": Step2Policy.NONE,
    "n": Step2Policy.NONE,
    "f": Step2Policy.NONE,
    "0": Step2Policy.NONE,
    "false": Step2Policy.NONE,
    "not required": Step2Policy.NONE,
    "not needed": Step2Policy.NONE,
    "not needed to rank": Step2Policy.NONE,
    "not required to rank": Step2Policy.NONE,
    "not required for ranking": Step2Policy.NONE,
    "optional": Step2Policy.NONE,
    "preferred": Step2Policy.MENTIONED,
    "recommended": Step2Policy.MENTIONED,
    "strongly considered": Step2Policy.STRONGLY_CONSIDERED,
    "strongly preferred": Step2Policy.STRONGLY_CONSIDERED,
    "strongly recommended": Step2Policy.STRONGLY_CONSIDERED,
    "requested by program": Step2Policy.REQUESTED,
    "required for ranking": Step2Policy.REQUIRED_TO_RANK,
    "required for rank": Step2Policy.REQUIRED_TO_RANK,
    "required before ranking": Step2Policy.REQUIRED_TO_RANK,
    "needed to rank": Step2Policy.REQUIRED_TO_RANK,
    "unclear": Step2Policy.UNKNOWN,
    "not sure": Step2Policy.UNKNOWN,
    "see website": Step2Policy.UNKNOWN,
    "pref": Step2Policy.MENTIONED,
    "not for ranking": Step2Policy.NONE,
    "dont need it to rank": Step2Policy.NONE,
    **dict.fromkeys(
        ("not requested", "not asked", "never asked", "nobody asked", "no one asked")
        + ("they didnt ask", "they never asked", "didnt ask"),
        Step2Policy.UNKNOWN,
    ),
    **dict.fromkeys(
        ("nicht erforderlich", "nicht notig", "keine pflicht", "no requerido", "no obligatorio")
        + ("no necesario", "non exige", "non requis", "pas obligatoire", "nao obrigatorio")
        + ("nao exigido",),
        Step2Policy.NONE,
    ),
    **dict.fromkeys(
        ("empfohlen", "erwunscht", "gewunscht", "recomendado", "deseable", "recommande")
        + ("souhaite", "desejavel"),
        Step2Policy.MENTIONED,
    ),
}
NEEDED_TO_APPLY = frozenset(
    {"required", "yes", "y", "true", "x", "1", "needed", "mandatory", "must have", "must"}
    | {"required to apply", "required for application", "required to interview"}
    | {"required for interview", "required for interviews", "required by interview"}
    | {"reqd", "req", "needed for iv", "needed for interview", "needed before interview"}
    | {"required for iv", "required before interview", "needed to apply", "needed for interviews"}
    | {"erforderlich", "pflicht", "notwendig", "requerido", "obligatorio", "exige", "requis"}
    | {"obligatoire", "obrigatorio", "exigido"}
)
# Nobody is ranked without it, and it is welcome though not needed.
_NO_RANK = re.compile(
    r"(?:they )?(?:wont|will not|no|not|cannot|cant|dont|do not|never) (?:be )?rank(?:ed|ing)? (?:\w+ )?without\b.*"
)
_WELCOME = re.compile(
    r"(?:(?:strongly )?(?:preferred|recommended|encouraged|helpful|nice to have|liked) (?:but )?not (?:required|needed)"
    r"|(?:not (?:required|needed)|optional|no) but (?:preferred|recommended|encouraged|helpful|liked|nice))"
)
# What the applicant did, which a policy does not say.
_TOLD = re.compile(
    r"\b(?:sent|told|e ?mailed|shared|submitted|reported)\b(?! (?:when|once|by|before)\b)"
)
# That they ask for the score without the word, and that nothing is known of it.
_WANTED = re.compile(
    r"(?:they |program |pd )?(?:needs?|wants?|wanted) (?:my |the |a |our )?(?:it|(?:usmle )?(?:step ?2)? ?(?:ck)? ?(?:scores?)?)"
    r"|(?:please )?(?:send|submit|share|forward|update)(?: (?:it|them|score|my score|the score))?"
    r" (?:when|once|as soon as|after) (?:it is |its )?(?:released|out|available|in|back|received|ready|i have it)"
)
_SILENT = re.compile(
    r"(?:none|nothing|not|(?:they )?(?:didnt|did not|dont|doesnt) say|no (?:mention|info|information|policy|word|statement)|silent)"
    r"(?: (?:is |was |about it |of it )?(?:stated|mentioned|listed|said|given|found|specified|posted|published))?"
    r"(?: (?:on|at|in) (?:the |their )?(?:program )?(?:web ?)?(?:site|page|freida|eras|website))?"
)
# Words in a longer text, the strongest first; a text with a negation is not understood.
_POLICY_STEMS = (
    (
        r"\b(?:rank(?:ed|ing)?|rol)\b(?! (?:\d|high|low|top|certif))(?<!top rank)",
        Step2Policy.REQUIRED_TO_RANK,
    ),
    (r"(?<!\bi )(?<!\bmy )\b(?:asked|ask|request|wants?\b|wanted)", Step2Policy.REQUESTED),
    (r"\bstrongly\b", Step2Policy.STRONGLY_CONSIDERED),
    (
        r"\b(?:prefer|recommend|encourag|mention|consider|helpful|nice to have)",
        Step2Policy.MENTIONED,
    ),
)
_NOT = re.compile(
    r"\b(?:no|nobody|noone|not|dont|doesnt|didnt|never|isnt|without|unless|if|maybe)\b"
)

SIGNAL_WORDS: Mapping[str, Signal] = {
    **{s.value: s for s in Signal},
    "signal": Signal.YES,
    "signaled": Signal.YES,
    "signalled": Signal.YES,
    "sent": Signal.YES,
    "gold signal": Signal.GOLD,
    "silver signal": Signal.SILVER,
    "g": Signal.GOLD,
    "s": Signal.SILVER,
    "no signal": Signal.NONE,
    "not signaled": Signal.NONE,
    "not signalled": Signal.NONE,
    **dict.fromkeys(
        ("not sent", "not used", "unused", "didnt signal", "did not signal", "no signal sent"),
        Signal.NONE,
    ),
    "sig": Signal.YES,
    "used": Signal.YES,
}
# A numbered signal: any number but 0 means yes.
_NUMBERED = re.compile(
    r"(?:signal\s*)?(?:#|no\.?\s*)?\s*(\d{1,2})(?:st|nd|rd|th)?(?:\.0)?", re.IGNORECASE
)

# Words that may surround a yes: "Gold #1", "Signaled (3)", "sent 9/24".
_OF_SIGNALS = frozenset(
    {"gold", "silver", "signal", "signals", "signaled", "signalled", "sent", "yes", "of"}
)


def _tier(words: Collection[str]) -> Signal:
    if {"gold", "silver"} <= set(words):
        raise BadCellError("bad_signal", "expected gold or silver, not both")
    tiers = (Signal.GOLD, Signal.SILVER)
    return next((tier for tier in tiers if tier.value in words), Signal.YES)


CONTACT_WORDS: Mapping[str, ContactPolicy] = {
    **{fold_word(p.value): p for p in ContactPolicy},
    "only if asked": ContactPolicy.IF_ASKED,
    "no contact": ContactPolicy.NONE,
    "do not contact": ContactPolicy.NONE,
    "do not email": ContactPolicy.NONE,
    "do not e mail": ContactPolicy.NONE,
    "dont email": ContactPolicy.NONE,
    "dont contact": ContactPolicy.NONE,
    "no email": ContactPolicy.NONE,
    "no emails": ContactPolicy.NONE,
    "no e mails": ContactPolicy.NONE,
    "dnc": ContactPolicy.NONE,
    "closed": ContactPolicy.NONE,
    "ok": ContactPolicy.OPEN,
    "yes ok": ContactPolicy.OPEN,
    **dict.fromkeys(
        (
            "email",
            "e mail",
            "emails",
            "email ok",
            "email is ok",
            "email fine",
            "by email",
            "allowed",
        )
        + ("welcome", "any", "fine", "okay", "email welcome", "emails welcome", "ok to email"),
        ContactPolicy.OPEN,
    ),
    **dict.fromkeys(
        ("do not", "dont", "never", "not allowed", "not permitted", "prohibited", "forbidden")
        + ("not ok", "discouraged", "no thanks", "no communication", "no contact please"),
        ContactPolicy.NONE,
    ),
}

# Channels other than email, and the words that may stand beside one.
_WAYS = frozenset(
    {"eras", "myeras", "thalamus", "portal", "website", "form", "residencycas", "rcas"}
    | {"platform", "scheduler", "phone", "slack", "web"}
)
_BESIDE_A_WAY = frozenset(
    str.split(
        "by via through thru in on use using only please contact them us the their your our program"
        " message messages messaging msg inbox system site central app application must is all"
    )
)
# Texts that say that they want no email after the interview.
_NOT_AFTER = re.compile(
    r"(?=.*\b(?:no|not|dont|never|avoid|without|prohibited|forbidden|discouraged)\b)"
    r"(?=.*\bpost ?(?:interview|iv)\b|.*\b(?:after|following) (?:the |your |an )?(?:interview|iv)s?\b)"
    r".+"
)

SERVICE_WORDS: Mapping[str, Service] = {
    **{s.value: s for s in Service},
    "sf match": Service.SFMATCH,
    "residency cas": Service.RESIDENCYCAS,
    "rcas": Service.RESIDENCYCAS,
}


# What the words of a policy mean, where they are listed.
_GLOSSES: Mapping[str, str] = {
    Step2Policy.NONE: "they need no score",
    Step2Policy.MENTIONED: "they like to see it",
    Step2Policy.STRONGLY_CONSIDERED: "it counts for much",
    Step2Policy.REQUESTED: "they asked for it",
    Step2Policy.REQUIRED_TO_RANK: "they rank no one without it",
    Step2Policy.UNKNOWN: "they say nothing",
}


def _word(
    text: str, words: Mapping[str, T], code: str, glosses: Mapping[str, str] | None = None
) -> T:
    found = words.get(fold_word(text))
    if found is None:
        known = dict.fromkeys(str(v) for v in words.values())
        said = glosses or {}
        values = ", ".join(f"{v} ({said[v]})" if v in said else v for v in known)
        raise BadCellError(code, f"expected one of: {values}")
    return found


def status(text: str) -> Status | Noted:
    """Parse how far things have come, from one word or several.  Raises BadCellError."""
    said = read_status(text)
    if said.exact:
        return said.status
    return Noted(said.status, "status_read", f"taken as {said.status}")


def step2_policy(text: str) -> Step2Policy | Noted:
    """Parse what the program says about Step 2 CK.  Raises BadCellError.

    "required" means needed to apply, which is not the same as needed to rank: `mentioned`.

    >>> str(step2_policy("none"))
    'none'
    >>> str(step2_policy("Yes, before rank list").value)
    'required_to_rank'
    """
    if text == "-":
        return Step2Policy.NONE
    word = fold_word(text)
    if "?" in text:
        if not word:
            return Step2Policy.UNKNOWN
        raise BadCellError(
            "bad_step2_policy",
            "expected what they say for certain; leave it empty if you do not know",
        )
    if _TOLD.search(word):
        raise BadCellError(
            "bad_step2_policy", "expected what they say; the day on which you told them is told_on"
        )
    if _NO_RANK.fullmatch(word):
        return Step2Policy.REQUIRED_TO_RANK
    if _WELCOME.fullmatch(word):
        return Step2Policy.MENTIONED
    if word in NEEDED_TO_APPLY or is_yes(text):
        return Noted(
            Step2Policy.MENTIONED,
            "required_to_apply",
            "required to apply is not required to rank: taken as mentioned"
            " (write required_to_rank if they said that)",
        )
    if word not in POLICY_WORDS and word != "not" and _SILENT.fullmatch(word):
        return Step2Policy.UNKNOWN
    if word not in POLICY_WORDS and _WANTED.fullmatch(word):
        return Step2Policy.REQUESTED
    if word not in POLICY_WORDS and not _NOT.search(word):
        for stem, policy in _POLICY_STEMS:
            if re.search(stem, word):
                return Noted(policy, "policy_read", f"taken as {policy}")
    return _word(text, POLICY_WORDS, "bad_step2_policy", _GLOSSES)


def signal(text: str) -> Signal:
    """Parse a preference signal.  Raises BadCellError.

    >>> str(signal("3")), str(signal("gold")), str(signal("0"))
    ('yes', 'gold', 'none')
    """
    if is_no(text):
        return Signal.NONE
    if "?" in text:
        raise BadCellError("bad_signal", "expected what you sent for certain; no, if you did not")
    numbered = _NUMBERED.fullmatch(text)
    if is_yes(text) or (numbered and int(numbered[1]) > 0):
        return Signal.YES
    words = {word for word in fold_word(text).split() if not word.isdecimal()}
    if words and words <= _OF_SIGNALS and not re.search(r"\b0\b", text):
        return _tier(words)
    return _word(text, SIGNAL_WORDS, "bad_signal")


def contact_policy(text: str) -> ContactPolicy:
    """Parse whether they want email, or another channel.  Raises BadCellError.

    >>> str(contact_policy("Thalamus only")), str(contact_policy("No post-interview contact"))
    ('channel', 'not_after_interview')
    """
    word = fold_word(text)
    if word not in CONTACT_WORDS and _NOT_AFTER.fullmatch(word):
        return ContactPolicy.NOT_AFTER_INTERVIEW
    words = set(word.split())
    if words & _WAYS and words <= _WAYS | _BESIDE_A_WAY:
        return ContactPolicy.CHANNEL
    if is_yes(text) or is_no(text):
        raise BadCellError(
            "bad_contact_policy",
            "expected open (you may write) or none (you may not): the header does not say what yes"
            ' and no mean. Call the column "OK to email" or "Do not email", or name it with --map'
            " as contact_ok or no_contact",
        )
    return _word(text, CONTACT_WORDS, "bad_contact_policy")


def contact_channel(text: str) -> str:
    """Return the channel that the cell of a contact policy names; "" if it names none."""
    return clean_line(text) if fold_word(text) != ContactPolicy.CHANNEL.value else ""


TRACK_WORDS: Mapping[str, Track] = {track.value: track for track in Track}


def track(text: str) -> Track:
    """Parse the track of a position.  Raises BadCellError.

    >>> str(track("Prelim")), str(track("C - categorical"))
    ('preliminary', 'categorical')
    """
    found = tracks.parted(text).track or tracks.OF_NRMP.get(text.strip().upper())
    return found or _word(text, TRACK_WORDS, "bad_track")


def no_contact(text: str) -> ContactPolicy:
    """Parse a contact policy in a "Do not email" column: yes means none.  Raises BadCellError.

    >>> str(no_contact("yes, says their website")), str(no_contact("no"))
    ('none', 'open')
    """
    with_remark = remarked(text)
    if is_yes(text) or (with_remark and with_remark[0]):
        return ContactPolicy.NONE
    if is_no(text):
        return ContactPolicy.OPEN
    return contact_policy(text)


def contact_ok(text: str) -> ContactPolicy:
    """Parse a contact policy in an "OK to email" column: no means none.  Raises BadCellError.

    An x may be a tick or a cross there, so it is asked about.

    >>> str(contact_ok("yes")), str(contact_ok("No, per their website"))
    ('open', 'none')
    """
    if fold_word(text) == "x":
        raise BadCellError("bad_contact_policy", "expected yes or no: an x may mean either here")
    with_remark = remarked(text)
    if is_no(text) or (with_remark and not with_remark[0]):
        return ContactPolicy.NONE
    return ContactPolicy.OPEN if is_yes(text) else contact_policy(text)


def service(text: str) -> Service:
    """Parse the application service.  Raises BadCellError."""
    return _word(text, SERVICE_WORDS, "bad_application_service")
