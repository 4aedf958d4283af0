"""Many letters at once: real track names, three applicants to one director, subjects of any length."""

import csv
import re
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pytest

from planner.letters import Templates
from planner.mail.message import Outline, freeze
from planner.rules.facts import LetterKind, Track
from planner.rules.specialties import shipped
from planner.rules.tracks import of_code
from planner.rules.wording import VOICES, facts_for, voice_of
from tests.builders import a_case, a_program, an_applicant
from tests.templates.grammar import KINDS, STAGES, Row, case_of, facts_of

TEMPLATES = Templates()
HOUSE = "Pine Valley Hospital"


def tracks():
    """(name, NRMP code) of real tracks."""
    path = Path(__file__).with_name("track_names.csv")
    lines = [line for line in path.read_text("utf-8").splitlines() if line[0] != "#"]
    return [(row["name"], row["code"]) for row in csv.DictReader(lines)]


def test_500_real_tracks_name_their_hospital_and_position_in_every_letter():
    """Each name in every kind; the wordings go round, the codes of a name share its letters."""
    real = tracks()
    assert len(real) == 500
    for number, (name, code) in enumerate(sorted({(n, c[4:8]): (n, c) for n, c in real}.values())):
        specialty = shipped().with_code(code[4:7])
        program = a_program(
            program=name, specialty=specialty.name, nrmp_code=code, institution=HOUSE
        )
        for kind in KINDS:
            case = a_case(program, applicant=case_of(Row(kind, "1", 0, 0, 0, 0)).applicant)
            voice = VOICES[(number + KINDS.index(kind)) % len(VOICES)]
            facts = facts_for(case, specialties=shipped(), first_subject="Step 2 CK", voice=voice)
            text = TEMPLATES.render(kind, facts)
            said = " ".join(text.body.split())
            assert HOUSE in said, (kind, name)
            assert facts["residency"] in said, (kind, name)
            prelim = of_code(code) is Track.PRELIMINARY and not name.startswith("Transitional")
            assert ("preliminary" in said) is prelim, (kind, name)
            assert ("Prelim" in text.subject) is (prelim and kind is not LetterKind.SCORE_POSTED)


@pytest.mark.parametrize("kind", KINDS)
def test_letters_of_three_applicants_share_less_than_three_quarters_of_their_words(kind):
    """Even where all three have the same reason, a whole sentence."""
    for stage in range(len(STAGES[kind])):
        for policy in (2, 3) if kind is LetterKind.SCORE_NOTICE else range(4):
            said = []
            for voice in VOICES:
                row = Row(kind, voice, stage, policy, 35, 12)
                body = TEMPLATES.render(kind, facts_of(row)).body
                said.append(re.findall(r"\w+", re.sub(r"Robin Sample|\d+", "", body)))
            for one, other in combinations(said, 2):
                assert SequenceMatcher(None, one, other, autojunk=False).ratio() < 0.75, (
                    one,
                    other,
                )


def test_the_wording_follows_from_the_aamc_id_and_each_is_somebodys():
    found = [voice_of(f"{number:08}") for number in range(10_000_001, 10_000_201)]
    assert found == [voice_of(f"{number:08}") for number in range(10_000_001, 10_000_201)]
    assert all(30 < found.count(voice) < 70 for voice in VOICES)


@pytest.mark.parametrize("kind", [k for k in KINDS if k is not LetterKind.SCORE_POSTED])
@pytest.mark.parametrize("specialty", shipped().names())
def test_subjects_carry_specialty_and_aamc_id_and_fit(kind, specialty):
    case = a_case(a_program(specialty=specialty, program="Cedar Hospital"))
    subject = TEMPLATES.render(kind, facts_for(case, specialties=shipped())).subject
    assert "Robin Sample, " in subject
    assert "AAMC 10000001" in subject
    assert len(subject) <= 78


@pytest.mark.long
def test_a_subject_of_any_length_from_1_to_200_reads_back():
    for length in range(1, 201):
        for word in ("Christopher Montgomery ", "x", "Ünal "):
            subject = (word * length)[:length].strip()
            outline = Outline("Robin Sample", "r@x.example", ("a@y.example",), (), subject, "Hi.\n")
            assert freeze(outline).wire


def test_a_signature_has_school_and_phone_where_they_are_given():
    who = an_applicant(school="Reed University", phone="+1 555 010 0199")
    facts = facts_for(a_case(applicant=who), specialties=shipped())
    body = TEMPLATES.render(LetterKind.STRONG_SCORE, facts).body
    assert body.endswith(",\nRobin Sample\nAAMC ID 10000001\nReed University\n+1 555 010 0199\n")
    bare = TEMPLATES.render(
        LetterKind.STRONG_SCORE, facts_for(a_case(), specialties=shipped())
    ).body
    assert bare.endswith(",\nRobin Sample\nAAMC ID 10000001\n")
