"""What a letter calls a program, its residency and its reader, and how its subject files it.

Catalogs write "Elm Hospital Program", sheets write "Internal Medicine (Categorical)"; a reader
wants their hospital, the position, and a name that can be filed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from planner.rules.case import Case
from planner.rules.facts import Applicant, Program, Track
from planner.rules.names import PARTICLES, ROLES, fold_name, is_placeholder
from planner.rules.own_words import flowed
from planner.rules.specialties import Specialties, fold
from planner.rules.tracks import parted, track_of

SUBJECT_FITS = 78
_FILLER = frozenset(
    str.split(
        "residency residencies residents program programs programme programmes training the a of in"
        " and at for categorical cat preliminary prelim advanced adv primary care track joint pgy1 pgy2 pgy"
        " year position only designated nondesignated undesignated department dept division"
    )
)
_CATALOG = re.compile(
    r"(?<=\S)[\s,(–-]+(?:(?:residency|training|residency training)\)?(?:\s+program(?:me)?)?"
    r"|program(?:me)?)\)?$",
    re.IGNORECASE,
)
# "Elm Hospital - Internal Medicine", "Elm Hospital/IM (Categorical)": a place, a mark, the rest.
_TAIL = re.compile(r"^(?P<house>.+?)(?:\s*[/|:;]\s*|\s+[-–—]\s+|,\s+|\s+\()(?P<rest>[^()]+?)\)?$")
_HOUSE = re.compile(
    r"\b(?:hospitals?|university|univ|center|centre|clinic|health|healthcare|medical|college|system"
    r"|school|foundation|institute|memorial)\b\.?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:university|univ\.?|college|medical college|medical university|medical center|hospital"
    r"|hospitals|school|institute|state university|children's hospital) (?:of|for|at) ",
    re.IGNORECASE,
)


def place(program: Program, specialties: Specialties) -> str:
    """Return a letter's name for the place: the program's name or else its institution.

    It omits the "Residency Program" that catalogs put after each name; "" if neither names a
    place.
    """
    return _place(flowed(program.program), flowed(program.institution), specialties)


@lru_cache(maxsize=4096)
def _place(name: str, institution: str, specialties: Specialties) -> str:
    if names_a_place(name, specialties):
        return _without_specialty(name, specialties)
    if names_a_place(institution, specialties):
        return _without_specialty(institution, specialties)
    return ""


def names_a_place(text: str, specialties: Specialties) -> bool:
    """Whether a name has more than a specialty, a track and words of catalogs.

    >>> from planner.rules.specialties import shipped
    >>> [names_a_place(name, shipped()) for name in ("Family Medicine/Mesa", "Elm", "Prelim IM")]
    [False, True, False]
    """
    left = text.partition("/")[0] if specialties.named(text) is None else text
    for words in (text, left, _CATALOG.sub("", text)):
        if _is_specialty(words, specialties):
            return False
    bare = {fold(word) for word in re.split(r"[\W_]+", left)}
    return bool(bare - _FILLER - {""})


def _is_specialty(text: str, specialties: Specialties) -> bool:
    rest = parted(text).rest
    bare = " ".join(w for w in re.split(r"[\s_]+", rest) if fold(w) not in _FILLER - {"and", "of"})
    return any(words and specialties.meant(words) is not None for words in (text, rest, bare))


def _without_specialty(name: str, specialties: Specialties) -> str:
    """Remove the specialty and the catalog's words after a place."""
    bare = name
    while (fresh := _cut(bare, specialties)) != bare:
        bare = fresh
    return bare


def _cut(name: str, specialties: Specialties) -> str:
    cut = _CATALOG.sub("", name)
    if cut != name and names_a_place(cut, specialties):
        return cut
    tail = _TAIL.fullmatch(name)
    if tail and not names_a_place(tail["rest"], specialties):
        return tail["house"]
    words = name.split()
    for size in range(min(7, len(words) - 1), 0, -1):
        house, rest = " ".join(words[:-size]), " ".join(words[-size:])
        if _HOUSE.search(house) and _is_specialty(rest, specialties) and not house.endswith("of"):
            return house.rstrip(" ,-–—")
    return name


def with_article(name: str) -> str:
    """Return a place as it follows "at", with the article that its name needs.

    >>> with_article("University of Lake Tern"), with_article("Elm Hospital")
    ('the University of Lake Tern', 'Elm Hospital')
    """
    return f"the {name}" if _ARTICLE.match(name) else name


def position(case: Case, specialties: Specialties, others: Iterable[Program] = ()) -> str:
    """Return the specialty, with its track if it is not the usual one: "preliminary medicine".

    `others` are the other tracks at the same address, which the letter is also about.
    """
    plain = _plain(case, specialties)
    tracks = {track_of(p) or Track.CATEGORICAL for p in (case.program, *others)}
    ordered = [str(track) for track in Track if track in tracks]
    if len(ordered) > 1:
        return f"{', '.join(ordered[:-1])} and {ordered[-1]} {plain}"
    return case.specialty.letter_name


def _plain(case: Case, specialties: Specialties) -> str:
    named = specialties.named(case.program.specialty)
    return named.letter_name if named else case.specialty.letter_name


def residency(
    case: Case, house: str, specialties: Specialties, others: Iterable[Program] = ()
) -> str:
    """Return what one applies to, as it follows "your": "internal medicine residency program"."""
    said, plain = position(case, specialties, others), _plain(case, specialties)
    if " and " in said.removesuffix(plain):
        return f"{said} programs"
    if said != plain or plain.endswith(" year"):
        return f"{said} program"
    return "residency program" if fold(plain) in fold(house) else f"{plain} residency program"


_SMALL = frozenset({"and", "of", "the", "in"})


def titled(text: str) -> str:
    """Capitalize a specialty for a subject.

    >>> titled("obstetrics and gynecology"), titled("internal medicine-pediatrics")
    ('Obstetrics and Gynecology', 'Internal Medicine-Pediatrics')
    """
    return re.sub(
        r"[^\W\d_]+", lambda m: m[0] if m[0] in _SMALL else m[0][:1].upper() + m[0][1:], text
    )


def filed_as(case: Case, specialties: Specialties, others: Iterable[Program] = ()) -> str:
    """Return name, position and AAMC ID, by which a coordinator files an email.

    The specialty is shortened if the subject would be longer than mail programs show.
    """
    applicant, said = case.applicant, titled(position(case, specialties, others))
    whole = _filed(applicant, said)
    if len(LONGEST_LEAD + whole) <= SUBJECT_FITS:
        return whole
    named = specialties.named(case.program.specialty)
    short = min((a for a in named.aliases if len(a) > 1), key=len, default="") if named else ""
    if not short:
        return whole
    plain = titled(_plain(case, specialties))
    said = said.replace(plain, short) if plain in said else f"Preliminary {short}"
    return _filed(applicant, said.replace("Preliminary", "Prelim"))


LONGEST_LEAD = "Step 2 CK timing: "


def _filed(applicant: Applicant, said: str) -> str:
    return f"{applicant.name}, {said}, AAMC {applicant.aamc_id}"


def reader(program: Program) -> str:
    """Return the director's last name; "" if it is only a title or a remark."""
    last = flowed(program.director_last_name)
    words = {fold_name(word) for word in last.split()} - {""}
    return "" if is_placeholder(last) or words <= ROLES else last


def salutation(case: Case) -> str:
    """Return the salutation; before an interview, it includes the selection committee."""
    if case.coordinator_only:
        return f"Dear {flowed(case.program.coordinator_name) or 'Program Coordinator'},"
    last = reader(case.program)
    if not last:
        return "Dear Program Director,"
    if case.interviewed:
        return f"Dear Dr. {last},"
    return f"Dear Dr. {last} and Selection Committee Members,"


def in_one_case(name: str) -> bool:
    """Whether a name is all lowercase, or all capitals and not short.

    >>> in_one_case("MERCY HOSPITAL"), in_one_case("mercy"), in_one_case("UCSF"), in_one_case("Ng")
    (True, True, False, False)
    """
    letters = "".join(filter(str.isalpha, name))
    long = len(letters) > 5 or " " in name.strip()
    return letters.islower() or (long and letters.isupper())


def in_title_case(name: str) -> str:
    """Capitalize a name, as a suggestion.

    >>> in_title_case("ST. LUKE'S HOSPITAL OF OHIO"), in_title_case("van der berg")
    ("St. Luke's Hospital of Ohio", 'van der Berg')
    """
    small = (PARTICLES - {"st", "st.", "mac", "mc", "san", "santa"}) | {
        "of",
        "and",
        "at",
        "for",
        "in",
    }
    words = name.lower().split()
    return " ".join(w if w in small else _INITIALS.sub(lambda m: m[0].upper(), w) for w in words)


_INITIALS = re.compile(r"(?<![^\W\d_])(?<!\w['’])[^\W\d_]")
