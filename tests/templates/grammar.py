"""Grammar that a rule can check, and the letters that it is checked on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from planner.rules.facts import LetterKind, Status, Step2Policy
from planner.rules.lint.names import key_of
from planner.rules.specialties import shipped
from planner.rules.wording import SERVICE_NAMES, VOICES, facts_for
from tests.builders import a_case, a_pending_applicant, a_program, an_applicant

KINDS = tuple(LetterKind)
PAST, AHEAD = date(2026, 10, 12), date(2026, 12, 5)
POLICIES = (
    Step2Policy.NONE,
    Step2Policy.STRONGLY_CONSIDERED,
    Step2Policy.REQUESTED,
    Step2Policy.REQUIRED_TO_RANK,
)
BEFORE = (
    {},
    {"status": Status.INVITED, "interview_date": AHEAD},
    {"status": Status.INVITED},
    {"status": Status.ON_HOLD},
    {"status": Status.WAITLISTED},
)
AFTER = ({"status": Status.INTERVIEWED, "interview_date": PAST}, {"status": Status.INTERVIEWED})
STAGES = {
    LetterKind.STRONG_SCORE: BEFORE,
    LetterKind.IMPROVEMENT: BEFORE,
    LetterKind.SCORE_NOTICE: BEFORE,
    LetterKind.AFTER_INTERVIEW: AFTER,
    LetterKind.CONTEXT: (*AFTER, {}),
    **dict.fromkeys(
        (LetterKind.SCORE_PENDING, LetterKind.SCORE_POSTED, LetterKind.RETAKE), (*BEFORE, *AFTER)
    ),
}

# Programs as people keep them: name, institution, specialty, what the letter must say.
NAMES = (
    ("Cedar Hospital", "", "Internal Medicine", "Cedar Hospital"),
    ("Internal Medicine", "Pine Valley Hospital", "Internal Medicine", "Pine Valley Hospital"),
    ("Internal Medicine Residency Program", "Elm Health", "Internal Medicine", "Elm Health"),
    ("Internal Medicine - Categorical", "Elm Health", "Internal Medicine", "Elm Health"),
    ("Categorical", "Elm Health", "Internal Medicine", "Elm Health"),
    ("Family Medicine/Mesa", "Banner Peak", "Family Medicine", "Banner Peak"),
    ("Anesthesiology/Research", "Lake Tern", "Anesthesiology", "Lake Tern"),
    ("Med-Prelim/Neurology", "Elm Health", "Internal Medicine", "Elm Health"),
    ("University of Lake Tern", "", "Neurology", "the University of Lake Tern"),
    ("Univ. of N. Vale", "", "Psychiatry", "the Univ. of N. Vale"),
    ("University of Lake Tern (Lakeside) Program", "", "Dermatology", "the University of Lake Tern"),
    ("Medical College of West Reed", "", "Urology", "the Medical College of West Reed"),
    ("Brightwater Health, Inc.", "", "Pediatrics", "Brightwater Health, Inc."),
    ("Oak St. Clinic, P.C.", "", "Family Medicine", "Oak St. Clinic, P.C."),
    ("St. Luke's University Hospital", "", "Ophthalmology", "St. Luke's University Hospital"),
    ("Blue Ridge Family Medicine Residency Program", "", "Family Medicine", "Blue Ridge Family"),
    ("Larkfield Family Medicine", "", "Family Medicine", "Larkfield Family Medicine"),
    ("Saint-Élan Hospital (Residency) Program", "", "Surgery-General", "Saint-Élan Hospital"),
    ("Elm Hospital, Residency Training Program", "", "Pediatrics", "Elm Hospital"),
    ("Elm Hospital - Internal Medicine", "", "Internal Medicine", "Elm Hospital"),
    ("Elm Hospital/IM (Categorical)", "", "Internal Medicine", "Elm Hospital"),
    ("Elm University Internal Medicine Residency Program", "", "Internal Medicine", "Elm University"),
    ("The Christ Hospital", "", "Internal Medicine", "The Christ Hospital"),
    ("A. O. Stone Medical Center", "", "Emergency Medicine", "A. O. Stone Medical Center"),
    ("UCSF", "", "Obstetrics and Gynecology", "UCSF"),
    ("Texas A&M - Round Lake", "", "Psychiatry", "Texas A&M"),
    ("Icahn Ridge School of Medicine at Mount Reed (Elmhurst) Program", "", "Pediatrics", "Mount Reed"),
    ("Henry Fell Hospital / Internal Medicine", "", "Internal Medicine", "Henry Fell Hospital"),
    ("Transitional", "Pine Valley Hospital", "Transitional Year", "Pine Valley Hospital"),
    ("Phys Medicine & Rehab", "Tern Rehab", "Physical Medicine and Rehabilitation", "Tern Rehab"),
    ("Medicine-Pediatrics", "Elm Health", "Internal Medicine/Pediatrics", "Elm Health"),
    ("Rush Creek’s Hospital", "", "Otolaryngology", "Rush Creek’s Hospital"),
    ("Northern Light Eastern Reed  Medical Center", "", "Radiation Oncology", "Eastern Reed Medical"),
    ("Plastic Surgery (Integrated)", "Vale Clinic", "Plastic Surgery (Integrated)", "Vale Clinic"),
    ("Hospital of the Holy Name", "", "Neurological Surgery", "the Hospital of the Holy Name"),
    ("Vesper Family Medicine Residency", "", "Family Medicine", "Vesper Family Medicine"),
    ("EM/IM", "Oak Health", "Internal Medicine/Emergency Medicine", "Oak Health"),
    ("Ob-Gyn/Phoenix Integ", "Vale Clinic", "Obstetrics and Gynecology", "Vale Clinic"),
    ("Children's Hospital of Reed", "", "Child Neurology (Neurology)", "the Children's Hospital of Reed"),
    ("Ürgüp Tıp Hospital", "", "Thoracic Surgery", "Ürgüp Tıp Hospital"),
)  # fmt: skip
CODES = {"Med-Prelim/Neurology": "1234140P0", "Transitional": "1234999P0"}

# Reasons as people type them.
REASONS = (
    "your addiction medicine clinic",
    "Your program's commitment to global health.",
    "the Street Medicine Program for unhoused patients",
    "The way faculty teach at the bedside",
    "Strong research in health equity",
    "Diversity of patients",
    "because of your addiction medicine clinic",
    "Because your residents teach from the first year",
    "due to its emphasis on primary care",
    "of your commitment to rural health",
    "since I rotated with you in August, I know how your teams work",
    "since your clinic cares for refugees",
    "I really liked the residents I met on my sub-internship there.",
    "I want to train where I grew up",
    "I love the program and the people are great",
    "you have a great simulation center",
    "It's the only program in the state with a rural track",
    "Your ICU months are resident-led. I would also love to do research there.",
    "my significant other is matched at your hospital",
    "My sister lives in Dayton",
    "Your clinic serves refugees",
    "that your residents go to Malawi for a month",
    "to be close to my family in Ohio",
    "strongly believe your program fits",
    "did my sub-I there; loved the team",
    "Love the culture",
    "born in Ohio and eager to return",
    "working with underserved patients!",
    "what are the chances of doing research?",
    "- critical care [line break] - research - location".replace(" [line break]", "\n"),
    "* its rural track",
    "1. the free clinic on Elm Street",
    "how your residents run the code team",
    "the work your residents are doing in Malawi",
    "opportunity to work with Dr. Ng in the lupus clinic",
    "your 450-bed county hospital, i.e. real responsibility",
    "the addiction medicine clinic etc.",
    "they have a great ICU + strong fellowship match",
    "PD seems nice",
    "Research",
)
TIES = ("", "grew up in Peoria", "sister in Dayton", "Ohio", "my parents live near Akron", "yes")
IMPRESSIONS = (
    "",
    "how your residents taught each other at morning report",
    "Talking with Dr. Ng about the clinic.",
    "The residents knew every nurse by name.",
)
CONTEXT = "I took the exam in the week of a death in my family"


@dataclass(frozen=True)
class Row:
    """One letter: a number in each of the lists above."""

    kind: LetterKind
    voice: str
    stage: int
    policy: int
    name: int
    reason: int


def rows():
    """Letters in which each pair of values stands somewhere; each kind, voice, stage and policy too.

    The whole product has over a million; where grammar breaks, it breaks between two neighbors.
    """
    for i in range(len(NAMES)):
        for j in range(len(REASONS)):
            kind = KINDS[(i + j) % len(KINDS)]
            voice = VOICES[(i // 8 + j // 8) % len(VOICES)]
            stage = (i // 2 + 3 * j + i // 10) % len(STAGES[kind])
            policy = (i // 3 + j // 2 + j // 10) % len(POLICIES)
            yield Row(kind, voice, stage, policy, i, j)
    at = 0
    for kind in KINDS:
        for voice in VOICES:
            for stage in range(len(STAGES[kind])):
                for policy in range(len(POLICIES)):
                    at += 7
                    yield Row(kind, voice, stage, policy, at % len(NAMES), at % len(REASONS))


@cache
def applicants():
    """With a score, with one that is no help, and with none yet."""
    text = {"drop_context": CONTEXT}
    return (
        an_applicant(application=text, school="Reed University College of Medicine"),
        an_applicant(s2=221, application=text, phone="+1 555 010 0199"),
        a_pending_applicant(expected_range=(245, 255)),
    )


def case_of(row):
    """The case of a row."""
    name, institution, specialty, _ = NAMES[row.name]
    program = a_program(
        program=name,
        institution=institution,
        specialty=specialty,
        nrmp_code=CODES.get(name, ""),
        reason=REASONS[row.reason],
        connection=TIES[(row.name + row.reason) % len(TIES)],
        impression=IMPRESSIONS[(row.name + row.reason // 3) % len(IMPRESSIONS)],
        step2_policy=POLICIES[row.policy],
        **STAGES[row.kind][row.stage],
    )
    liability = row.kind is LetterKind.CONTEXT or (row.name + row.reason) % 5 == 4
    number = 2 if row.kind is LetterKind.SCORE_PENDING else int(liability)
    return a_case(program, applicant=applicants()[number])


def facts_of(row):
    """The facts of a row."""
    thread = "Step 2 CK timing: Robin Sample, Internal Medicine, AAMC 10000001"
    return facts_for(case_of(row), specialties=shipped(), first_subject=thread, voice=row.voice)


# -- the rules: each gives what is wrong, or nothing

_ABBREVIATED = re.compile(r"\b(?:Dr|St|Inc|Univ|N|A|O|P\.C|i\.e|e\.g|etc|vs)\.$")
_VOWEL_NO_AN = re.compile(r"\ba (?!(?:uni|use|eu|one|US|U\.)\w*)[aeiou]\w*", re.IGNORECASE)
_AN_NO_VOWEL = re.compile(r"\ban (?!(?:hour|honest|honor|heir|M|F|L|N|R|S|X|H)\w*)[^aeiou\W]\w*")
_VERBS = frozenset(
    str.split(
        "is are was were has have had asked requested scored retook wanted remain remains continue"
        " completes understand know requires considers gives thank look am expect should will share"
        " believe reflects hope shows appreciate enjoyed came made grew took released submitted"
        " liked love loved want would run teach cares serves lives live did seems gave"
        " stayed think appreciated send go knew wrote went rotated matched be also"
        " could stands see keep sent"
    )
) | {"draws"}  # fmt: skip


def _sentences(text):
    found, start = [], 0
    for match in re.finditer(r"[.!?](?=\s|$)", text):
        said = text[start : match.end()].strip()
        following = text[match.end() :].lstrip()[:1]
        if _ABBREVIATED.search(said) and not (following == "" or following.isupper()):
            continue
        if re.search(r"\b(?:Dr|St|Univ|N|A|O)\.$", said):
            continue
        found.append(said)
        start = match.end()
    return [*found, *([text[start:].strip()] if text[start:].strip() else [])]


def message_of(body):
    """The two paragraphs between salutation and closing."""
    return " ".join(body.split("\n\n")[1:3])


def _first(pattern, text, flags=0):
    found = re.search(pattern, text, flags)
    return found[0] if found else ""


def doubled_word(body, row, facts):
    found = re.search(r"\b(\w+) \1\b", message_of(body), re.IGNORECASE)
    return found[0] if found else ""


def odd_marks(body, row, facts):
    return _first(
        r"(?<!\.)\.\.(?!\.)|(?<!Inc)(?<!P\.C)\.,|[,;:!?] ?,|,\.|[!?]\.| [.,;:!?](?: |$)|\(\)|  ",
        message_of(body),
    )


def small_start(body, row, facts):
    return next((s for s in _sentences(message_of(body)) if not re.match(r"[\"“]?[^\W\d_]", s)
                 or s.lstrip("\"“")[0].islower()), "")  # fmt: skip


def no_end(body, row, facts):
    return next((p for p in body.split("\n\n")[1:3] if not re.search(r"[.?]$", p)), "")


def no_verb(body, row, facts):
    for said in _sentences(message_of(body)):
        words = {w.lower() for w in re.findall(r"[A-Za-z']+", said)}
        spoken = {w.split("'")[0] for w in words if "'" in w} & {"i", "it"}
        if not (words & _VERBS or spoken):
            return said
    return ""


def scores(body, row, facts):
    count = message_of(body).count(facts["score"]) if facts["score"] else 0
    wanted = 0 if row.kind is LetterKind.SCORE_PENDING else 1
    return "" if count == wanted else f"{count} scores"


def no_place(body, row, facts):
    said = NAMES[row.name][3]
    return "" if key_of(said) in key_of(message_of(body)) else said


def no_position(body, row, facts):
    wanted = "preliminary" if NAMES[row.name][0].startswith("Med-Prelim") else "program"
    return "" if wanted in message_of(body) and facts["residency"] in message_of(body) else wanted


def residue(body, row, facts):
    return _first(r"[{}\[\]<>]|\bNone\b|\bnan\b|%|___", message_of(body))


def article(body, row, facts):
    text = message_of(body)
    bare = r"(?<!the )\b(?:University|Univ\.|Medical College|Hospital) of "
    return _first(_VOWEL_NO_AN.pattern, text) or _first(_AN_NO_VOWEL.pattern, text) or _first(
        rf"(?:at|to) {bare}", text
    )  # fmt: skip


def broken_joint(body, row, facts):
    return _first(
        r"\b(?:because of|reason is|most is|think about|best is|appreciated) (?:because|due|since|of|to"
        r"|that|it|it's|I|you|they|did|love|[-*•])\b|\bof of\b|\bin in\b|\bat at\b",
        message_of(body),
    )


def too_long(body, row, facts):
    count = len(message_of(body).split())
    return f"{count} words" if count > 120 else ""


def same_start(body, row, facts):
    starts = [tuple(s.split()[:3]) for s in _sentences(message_of(body))]
    own = REASONS[row.reason].split()[:2]
    return next(
        (" ".join(a) for a, b in pairwise(starts) if a == b and list(a[:2]) != own),
        "",
    )


def other_service(body, row, facts):
    others = [s for s in SERVICE_NAMES.values() if s and s != facts["service"]]
    return next((s for s in others if s in message_of(body)), "")


def twice_residency(body, row, facts):
    return _first(r"(?i)residency program residency|program program|residency residency", body)


RULES: tuple[Callable, ...] = (
    *(doubled_word, odd_marks, small_start, no_end, no_verb, scores, no_place, no_position),
    *(residue, article, broken_joint, too_long, same_start, other_service, twice_residency),
)


def mistakes(row, templates):
    """(rule, words) for each rule that the letter of a row breaks, and the letter."""
    facts = facts_of(row)
    text = templates.render(row.kind, facts)
    found = [(rule.__name__, said) for rule in RULES if (said := rule(text.body, row, facts))]
    subject = text.subject
    if "AAMC 10000001" not in subject or not re.match(r"(?:Re: )?Step 2 CK\b", subject):
        found.append(("subject", subject))
    return found, text
