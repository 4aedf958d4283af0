"""The words of headers: what they mean alone, together, and as a sentence.

To teach the import a word in headers, add it to `SYNONYMS`; add a header that is a whole
sentence to `SENTENCES`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from planner.rules.facts import Status
from planner.sheets import fields


class Meaning(NamedTuple):
    """One thing that a header may mean, if its cells are of a kind; "" for any kind."""

    target: str
    kind: str = ""


STATUS = (Meaning("status", "status"),)
INTERVIEW = (
    Meaning("interview_date", "dates"),
    Meaning(Status.INVITED, "marks"),
    Meaning("status", "status"),
    Meaning("interview_date"),
)
DIRECTOR = (Meaning("director_email", "addresses"), Meaning(fields.DIRECTOR))
COORDINATOR = (Meaning("coordinator_email", "addresses"), Meaning("coordinator_name"))
PEOPLE = (Meaning(fields.PEOPLE, "contacts"), Meaning("coordinator_email", "addresses"))
POLICY = (Meaning("step2_policy", "policy"),)
SERVICE = (Meaning("application_service", "service"),)
CODE = (Meaning("nrmp_code", "nrmp"), Meaning("acgme_id"))
ID = (Meaning("nrmp_code", "nrmp"), Meaning("acgme_id", "acgme"))

# Words of headers by the symbol that stands for them in COMBINED; longer words come first.
SYNONYMS: Mapping[str, Sequence[str]] = {
    "M": ("e ?mail address(?:es)?", "e ?mails?", "mails?"),
    "D": ("(?:residency )?(?:program |prog )?(?:directors?|dir)", "pds?"),
    "C": (
        "(?:residency )?(?:program |prog )?(?:coordinators?|coord|managers?|administrators?)",
        "pcs?",
        "contact person",
        "admin(?:istrative)? assistants?",
        "(?:residency |program )?secretar(?:y|ies)",
        "admins?",
        "contact",
    ),
    "F": ("first names?", "given names?", "first", "fname"),
    "L": ("last names?", "surname", "family name", "last", "lname"),
    "N": ("full names?", "names?"),
    "I": (
        "sponsoring institutions?",
        "institutions?",
        "(?:hospital|health) systems?",
        "hospitals?",
        "sponsors?",
    ),
    "W": ("interview invit(?:e|ation)s?", "invit(?:e|ation)s?", "ii"),
    "V": ("interviews?", "ivs?"),
    "P": ("residency programs?", "programs?", "residency", "residencies"),
    "T": ("date times?", "datetimes?", "dates?"),
    "S": (
        "stat(?:us|uses)",
        "stages?",
        "outcomes?",
        "decisions?",
        "results?",
        "responses?",
        "progress",
    ),
    "A": ("applications?", "apps?"),
    "Y": ("city", "town"),
    "Z": ("state", "province", "st"),
    "O": ("locations?",),
    "E": ("(?:usmle )?step ?2(?: ?ck)?", "(?:usmle )?ck"),
    "K": ("rank(?:ed|ing)?(?: (?:order )?lists?)?", "rol"),
    "R": (
        "require[sd]?",
        "requirements?",
        "need(?:s|ed)?",
        "mandatory",
        "must have",
        "polic(?:y|ies)",
    ),
}
# Words that do not change the meaning.
NOISE = re.compile(
    r"\b(?:the|my|our|their|of|for|to|is|a|an|s|info|information|current|latest|final|overall"
    r"|if|known|col|column|primary|main|if known|before|by|be|they|do|does)\b"
)
COMBINED: Mapping[str, tuple[Meaning, ...]] = {
    "".join(sorted(symbols)): meanings
    for symbols, meanings in {
        "D": DIRECTOR,
        "DN": (Meaning(fields.DIRECTOR),),
        "DP": DIRECTOR,
        "DF": (Meaning("director_first_name"),),
        "DL": (Meaning("director_last_name"),),
        "DM": (Meaning("director_email"),),
        "CDM": (Meaning("director_email"),),
        "DMP": (Meaning("director_email"),),
        "C": COORDINATOR,
        **dict.fromkeys(("CD", "CCD", "CDN", "DMN", "CDMN", "CCDMN"), PEOPLE),
        "CN": (Meaning("coordinator_name"),),
        "CP": COORDINATOR,
        "CF": (Meaning(fields.CONTACT_FIRST, "names"),),
        "CL": (Meaning(fields.CONTACT_LAST, "names"),),
        "CM": (Meaning("coordinator_email"),),
        "CMP": (Meaning("coordinator_email"),),
        "M": (Meaning("coordinator_email"),),
        "MP": (Meaning("coordinator_email"),),
        "IM": (Meaning("coordinator_email"),),
        "P": (Meaning("program"),),
        "NP": (Meaning("program"),),
        "IP": (Meaning("program"),),
        "INP": (Meaning("program"),),
        "I": (Meaning("institution"),),
        "IN": (Meaning("institution"),),
        "TV": (Meaning("interview_date"),),
        "TW": (Meaning(Status.INVITED, "boxes"),),
        "S": STATUS,
        "AS": STATUS,
        "PS": STATUS,
        "APS": STATUS,
        "SV": STATUS,
        "SW": STATUS,
        "ASV": STATUS,
        "PY": (Meaning("city"),),
        "PZ": (Meaning("state"),),
        "IY": (Meaning("city"),),
        "IZ": (Meaning("state"),),
        "YZ": (Meaning(fields.LOCATION),),
        "O": (Meaning(fields.LOCATION),),
        "OP": (Meaning(fields.LOCATION),),
        "OYZ": (Meaning(fields.LOCATION),),
        "PYZ": (Meaning(fields.LOCATION),),
        "IYZ": (Meaning(fields.LOCATION),),
        "ER": POLICY,
        "EK": (Meaning(fields.TO_RANK, "policy"),),
        "EKR": (Meaning(fields.TO_RANK, "policy"),),
    }.items()
}
TO_THEM = r"(?: (?:them|programs?|(?:program )?director|(?:program )?coordinator|pd|pc|to|on|date|yet|y n))*"
_SCORE = r"(?:(?:my|the|new|a|of) )*(?:(?:step ?2|ck|score|result|update|1[89]\d|2\d\d)\b ?)+"
_WRITE = (
    r"(?:e ?mails?|e ?mailing|contact(?:ing)?|write|writing|messages?|messaging|reach(?:ing)? out)"
)
_LETTERS = (
    r"(?:updates?|update letters?|letters?|lois?|letters? of (?:intent|interest)|communications?)"
)
_ALLOWED = r"(?:ok|okay|allowed|permitted|fine|welcome|open)"
_THEM = r"(?:them|to|the|programs?|program director|director|coordinator|pd|pc|y n)"
_STEP2 = r"(?:(?:usmle )?(?:step ?2(?: ck)?|ck)(?: scores?)?)"
_ASKED = r"(?:wanted|asked for|requested)"
_BY_THEM = r"(?:by (?:them|the program|program)|y n)"
# Headers that are sentences: that they want no email, that they were told, when an interview is.
SENTENCES: Mapping[tuple[Meaning, ...], re.Pattern[str]] = {
    (Meaning(fields.NO_CONTACT),): re.compile(
        r"(?:please )?(?:do not|dont|never|no) (?:e ?mails?|contact|messages?|write|call|disturb)"
        rf"(?: (?:{_THEM}|please))*"
        rf"|(?:is |are )?(?:not|never) (?:be )?{_ALLOWED} (?:to )?{_WRITE}(?: {_THEM})*"
        rf"|{_WRITE} (?:is |are )?(?:not|never) {_ALLOWED}"
        rf"|(?:they |program |pd )?(?:do not|does not|dont|doesnt) (?:want|accept|allow|like) {_WRITE}"
    ),
    (Meaning(fields.CONTACT_OK),): re.compile(
        rf"(?:(?:do |does )?(?:they |program |pd )?(?:accepts?|allows?|welcomes?|takes?|wants?) {_LETTERS}"
        rf"|{_LETTERS} (?:is |are )?(?:{_ALLOWED}|accepted|wanted|possible)"
        rf"|(?:is |it |it s )*{_ALLOWED} (?:to |i |we )*{_WRITE}(?: {_THEM})*"
        rf"|(?:i |we )?(?:can|may) (?:i |we )?{_WRITE}(?: {_THEM})*"
        rf"|(?:do |does )?(?:they |program |pd )?(?:accepts?|allows?|welcomes?) {_WRITE}"
        rf"|(?:to )?{_WRITE} (?:{_THEM} )*(?:is |are |it s )?(?:{_ALLOWED}|possible))"
    ),
    (Meaning(fields.WANTED, "policy"),): re.compile(
        rf"(?:(?:my |the )?{_STEP2} (?:is |was )?{_ASKED}(?: {_BY_THEM})?"
        rf"|(?:they |programs? |pd )?(?:wants?|wanted|asks? for|asked for|requests?|requested)"
        rf" (?:my |the |a |for )*{_STEP2})"
    ),
    (Meaning("told_on", "told"),): re.compile(
        r"(?:date |when |i )*(?:"
        r"(?:(?:score|step ?2|ck|score update|update) )?e ?mail(?:ed| sent)"
        r"|(?:(?:score|step ?2|ck|1[89]\d|2\d\d) )+(?:update )?(?:sent|told|e ?mailed|shared)|update (?:sent|e ?mailed)"
        r"|sent (?:the |an )?update|(?:last )?contact date|of (?:last )?contact"
        r"|contacted|reached out|told|notified|messaged|informed)"
        rf"{TO_THEM}(?: (?:about|abt|of|re|with|w|regarding) {_SCORE})?{TO_THEM}"
        rf"|(?:date |when |i )*(?:sent|shared|told|e ?mailed)(?: them)? {_SCORE}{TO_THEM}"
    ),
    INTERVIEW[:3]: re.compile(
        r"(?:interview|iv|int) (?:is |was )?(?:scheduled|sched|set|booked|confirmed)(?: for| on)?"
    ),
}
# A remark in a header, such as "(as of 11/24)": between words, or at the end.
ASIDE = re.compile(r"(?:\([^()]*\)|\[[^\][]*\])$|(?<!\S)(?:\([^()]*\)|\[[^\][]*\])(?!\S)")
# Status words that do not name a stage when they are the header of a column.
NO_STAGE = frozenset(
    str.split(
        "r w sent received open pending active offer offered accepted accept alternate reviewed"
        " review reviewing considering passed removed silence silent nothing skip apply confirmed"
        " booked upcoming waiting awaiting held holding ghosted crickets gesprach entrevista entretien"
        " vorstellungsgesprach rd out nogo"
    )
)
BESIDE_OUT = frozenset(
    str.split(
        "pre post interview iv ii by program me i they received email letter invite app application"
        " of from the they did have has was been sent notice notified reply y n got auto silent me"
        " am vom von per im el la le du de del da do em por fecha datum date data"
    )
)
ABOUT_A_BOX = re.compile(r"\b(?:y n|yn|yes no|check|checked|checkbox|box|x|true false)\b")
DAY_OF = re.compile(r"\b(?:dates?|on|day|am|datum|fecha|el|le|em)\b")
