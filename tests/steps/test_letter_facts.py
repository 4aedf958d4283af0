"""The facts of a letter, on the day of its approval, and how a change of them is told."""

from datetime import timedelta

from planner.steps import outbox, programs, review
from planner.steps.letter_facts import LetterFacts, describe_changes
from planner.store import letters
from planner.store import programs as stored_programs


def facts_of(ws, *, later=timedelta()):
    """What the letters of a workspace follow from, some time later."""
    situation = ws.situation()
    with ws.store.read() as tx:
        known = [letter.fact() for letter in letters.list_letters(tx)]
        return LetterFacts(
            situation._replace(now=situation.now + later),
            stored_programs.list_programs(tx),
            known,
            ws.account,
        )


def present(book, letter):
    program = next(p for p in book.programs if p.id == letter.program_id)
    return book.present_facts(letter, program)


def test_every_fact_that_a_draft_used_is_as_it_was(ws):
    letter = outbox.get_letter(ws, 1)
    assert present(facts_of(ws), letter) == letter.facts


def test_time_alone_changes_no_fact_of_an_approved_letter(ws):
    review.note_shown(ws, outbox.list_letters(ws).letters)
    review.approve(ws, [1])
    letter = outbox.get_letter(ws, 1)
    assert present(facts_of(ws, later=timedelta(days=45)), letter) == letter.facts


def test_a_note_against_a_letter_is_a_fact_that_no_template_uses(ws):
    programs.set_by_hand(ws, "#1", ["notes=they passed on me"])
    now = present(facts_of(ws), outbox.get_letter(ws, 1))
    assert "they passed on me" in now["notes_against"]


def test_a_change_is_told_with_both_values_and_an_empty_one_is_called_so():
    said = describe_changes({"director_email": ("", "zoë@ashgrove.example"), "city": ("Łódź", "")})
    assert said == "director email: (empty) -> zoë@ashgrove.example; city: Łódź -> (empty)"
