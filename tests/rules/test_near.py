"""What was probably meant: one way to guess, for commands, keys, specialties and domains."""

import doctest

import pytest

from planner.cli import COMMANDS
from planner.options.table import OPTIONS
from planner.rules import near
from planner.rules.near import nearest, one_slip_from
from planner.rules.specialties import shipped


def test_the_examples_are_right():
    assert doctest.testmod(near).failed == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("aprove", "approve"),
        ("lsit", None),
        ("statsu", "status"),
        ("Preveiw", "preview"),
        ("unaprove", "unapprove"),
        ("leaveout", "leave-out"),
        ("docter", "doctor"),
        ("xyzzy", None),
        ("help", "help"),
    ],
)
def test_a_command_is_guessed_or_not(typed, meant):
    assert nearest(typed, COMMANDS) == ([meant] if meant else [])


@pytest.mark.parametrize(
    ("section", "typed", "meant"),
    [
        ("smtp", "per_minutes", "per_minute"),
        ("smtp", "user_name", "username"),
        ("application", "failures_explained", "failure_explained"),
        ("rules", "bar_competetive", "bar_competitive"),
        ("applicant", "color", None),
    ],
)
def test_a_key_is_guessed_or_not(section, typed, meant):
    assert nearest(typed, OPTIONS[section]) == ([meant] if meant else [])


def test_the_likest_comes_first_and_no_more_than_asked_for():
    names = ["Internal Medicine", "Neurological Surgery", "Neurology", "Surgery", "Urology"]
    assert nearest("neurolgy", names, most=2) == ["Neurology", "Urology"]
    assert nearest("neurological surgry", shipped().names(), most=2) == ["Neurological Surgery"]


@pytest.mark.parametrize("slip", ["gmai.com", "gmaill.com", "gnail.com", "gmial.com"])
def test_one_slip_is_one_of_four_kinds(slip):
    assert one_slip_from(slip, ["harvard.edu", "gmail.com"]) == "gmail.com"


@pytest.mark.parametrize("word", ["gmalis.com", "agmil.com", "mailg.com", "example.com"])
def test_two_slips_and_a_letter_that_wandered_are_none(word):
    assert one_slip_from(word, ["harvard.edu", "gmail.com"]) is None


def test_nobody_guesses_in_another_way(root):
    paths = (root / "planner").rglob("*.py")
    assert not [path for path in paths if "get_close_matches" in path.read_text("utf-8")]
