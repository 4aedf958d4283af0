"""Specialties that a text speaks of by name."""

import doctest
import random

import pytest

from planner.rules import mentions
from planner.rules.mentions import Mentions, akin
from planner.rules.specialties import shipped

ALL = shipped()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("viktor_psych.xlsx", ["Psychiatry"]),
        ("Viktor – Psychiatry match 2027 (updated 28 Nov)", ["Psychiatry"]),
        ("Elm-FM", ["Family Medicine"]),
        ("IM/FM backup", ["Internal Medicine", "Family Medicine"]),
        ("Internal Medicine / Psychiatry", ["Internal Medicine/Psychiatry"]),
        ("Élm Obstetrics & Gynecology, OB/GYN", ["Obstetrics and Gynecology"]),
        ("St. Mary's Child Neurology", ["Child Neurology (Neurology)"]),
        ("my tracker.csv", []),
        ("im a fan of Fm radio", []),
        ("Ent, Im & Co", []),
        ("School of Medicine, Department of Surgery, Room 140", []),
        ("Shriners Pediatric Orthopedic Hospital", []),
    ],
)
def test_a_text_names_specialties(text, names):
    assert [s.name for s in Mentions(ALL).of(text)] == names


def test_a_specialty_is_akin_to_its_parts():
    both, one, other = map(ALL.named, ("IM/Psych", "Psychiatry", "Family Medicine"))
    assert akin(both, one)
    assert not akin(one, other)


def test_the_examples_hold():
    found = doctest.testmod(mentions)
    assert (found.failed, found.attempted > 1) == (0, True)


def test_the_quick_look_misses_nothing_that_the_slow_one_finds():
    """Texts made of names and of words that are near them, in any order and with any gap."""
    draw, found = random.Random(20261020), Mentions(ALL)  # noqa: S311 - no secret
    names = [name for s in ALL.all for name in (s.name, *s.aliases)]
    near = ["Elm", "Medical", "St.", "(IM)", "&", "-", "/", "O'Brien", "IM/FM", "Emergency", "Peds"]
    for _ in range(4_000):
        words = [draw.choice(names if draw.random() < 0.4 else near) for _ in range(4)]
        text = draw.choice([" ", "/", ", ", " - "]).join(words)
        assert found.of(text) == found.of(f"\N{EN DASH} {text}"), text
