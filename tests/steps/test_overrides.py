"""A finding that a person lets stand is that very one, and comes with their reason."""

import pytest

from planner.errors import PlannerError
from planner.steps import overrides
from planner.steps.overrides import Override
from tests.builders import a_kept_letter

ERROR = {
    "code": "other_program",
    "severity": "error",
    "text": "Elm 2 Hospital",
    "place": "body, line 3",
}
OTHER = {**ERROR, "text": "Łódź Memorial"}
WARNING = {"code": "too_long", "severity": "warning", "text": "312 words", "place": "body, line 3"}


def test_what_makes_a_finding_the_same_is_its_code_its_words_and_their_place():
    assert overrides.make_identity(ERROR) == overrides.make_identity({**ERROR, "fix": "anything"})
    assert overrides.make_identity(ERROR) != overrides.make_identity(OTHER)


def test_only_errors_that_nobody_let_stand_are_open():
    found = [ERROR, WARNING, OTHER]
    assert overrides.open_errors(found, []) == {1: ERROR, 3: OTHER}
    assert overrides.open_errors(found, [ERROR]) == {3: OTHER}


def test_a_finding_is_chosen_by_its_number_and_keeps_the_reason():
    letter = a_kept_letter(findings=[ERROR, OTHER])
    (kept,) = overrides.choose_overrides(letter, [Override("2", "they merged last year")])
    assert kept["text"] == "Łódź Memorial"
    assert "they merged last year" in overrides.told(kept)


def test_a_reason_has_words_and_is_one_line():
    letter = a_kept_letter(findings=[ERROR])
    (kept,) = overrides.choose_overrides(letter, [Override("1", " they\n merged ")])
    assert kept["because"] == "they merged"
    with pytest.raises(PlannerError, match="say why it may stand"):
        overrides.choose_overrides(letter, [Override("1", " \n")])


def test_another_list_of_findings_has_another_digest():
    one = overrides.digest_of([ERROR, WARNING])
    assert one == overrides.digest_of([{**ERROR, "fix": "anything"}, WARNING])
    assert one != overrides.digest_of([WARNING, ERROR])


@pytest.mark.parametrize("finding", ["3", "0", "no_such_code"])
def test_what_is_no_finding_of_the_letter_is_refused(finding):
    letter = a_kept_letter(findings=[ERROR, OTHER])
    with pytest.raises(PlannerError):
        overrides.choose_overrides(letter, [Override(finding, "because")])
