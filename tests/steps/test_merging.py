"""Two programs become one, and what forbids a letter to either forbids it to both."""

import pytest

from planner.errors import ConfigError, UnknownNameError
from planner.steps import merging, outbox, programs


def test_the_one_that_stays_is_filled_up_and_keeps_its_own(ws):
    programs.set_by_hand(ws, "#2", ["city=Besançon-sur-Lac", "state=VT"])
    joined = merging.merge(ws, "#1", "#2")
    kept = programs.find(ws, "#1")
    assert (kept.program, kept.city) == ("Elm 1 Hospital", "Besançon-sur-Lac")
    assert joined.taken["city"] == ("", "Besançon-sur-Lac")
    assert [program.id for program in programs.list_programs(ws)] == [1, 3]


@pytest.mark.parametrize("change", ["status=rejected", "contact_policy=none"])
@pytest.mark.parametrize("who", ["#1", "#2"])
def test_what_forbids_a_letter_to_either_wins(ws, who, change):
    programs.set_by_hand(ws, who, [change])
    merging.merge(ws, "#1", "#2")
    name, _, value = change.partition("=")
    assert getattr(programs.find(ws, "#1"), name) == value


def test_programs_that_their_codes_tell_apart_stay_two(ws):
    programs.set_by_hand(ws, "#1", ["acgme_id=1403521234"])
    programs.set_by_hand(ws, "#2", ["acgme_id=1403521235"])
    with pytest.raises(ConfigError) as refused:
        merging.merge(ws, "#1", "#2")
    assert refused.value.code == "two_programs"
    assert len(programs.list_programs(ws)) == 3


def test_a_program_that_is_taken_out_and_brought_back_is_what_it_was(ws):
    before = programs.find(ws, "#3")
    removed = merging.remove(ws, "#3")
    assert removed.withdrawn == [3]
    with pytest.raises(UnknownNameError):
        programs.find(ws, "#3")
    assert merging.bring_back(ws, "#3") == before
    assert outbox.get_letter(ws, 3).state == "left_out"
