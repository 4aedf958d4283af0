"""The judge works: it reports wrong truths as well as wrong results."""

from dataclasses import replace
from datetime import date

import pytest

from tests.trackers import files
from tests.trackers.judge import Came, Verdict, brought_in, compare, judged
from tests.trackers.maker import tracker
from tests.trackers.sheet import Tracker, Truth

HEADER = ["Program", "Specialty", "City", "State", "PD", "PD Email", "PC Email", "Status", "Why"]
PLAIN = [
    ["Larchmont General Hospital of the Old Ferry Landing", "IM", "Dayton", "OH", "Inés Muñoz",
     "pd@larch.example", "pc@larch.example", "Interviewed", "the clinic on Larch Street"],
    ["Tamarack Health", "IM", "Akron", "OH", "Bo Featherstonehaugh",
     "pd@tamarack.example", "", "Rejected", ""],
]  # fmt: skip
TRUTHS = [
    Truth(PLAIN[0][0], "Internal Medicine", 2, "Dayton", "OH", frozenset({"interviewed"}),
          last="Muñoz", to="pd@larch.example", cc="pc@larch.example",
          reason="the clinic on Larch Street"),
    Truth(PLAIN[1][0], "Internal Medicine", 3, "Akron", "OH", frozenset({"rejected"}),
          last="Featherstonehaugh", to="pd@tamarack.example"),
]  # fmt: skip


def a_tracker(*, first=(), second=(), rows=PLAIN, **other):
    truths = [replace(TRUTHS[0], **dict(first)), replace(TRUTHS[1], **dict(second))]
    return Tracker(1, [HEADER, *rows], truths, **other)


def kinds(verdict):
    return {failure.kind for failure in verdict.failures}


def test_a_tracker_that_comes_in_right_is_right(tmp_path):
    verdict = judged(a_tracker(), tmp_path)
    assert (verdict.failures, verdict.right, verdict.letters) == ([], 2, 1)


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        ({"statuses": frozenset({"rejected"})}, "letter though rejected"),
        ({"statuses": frozenset({"not_applied"})}, "letter though not_applied"),
        ({"told": date(2026, 10, 20)}, "letter though told"),
        ({"closed": True}, "letter though closed to mail"),
        ({"held": "W/D 11/15"}, "letter though a note says no"),
        ({"stop": "nobody can tell"}, "came in though nobody can tell"),
        ({"last": "Nguyen"}, "greeting"),
        ({"last": ""}, "greeting"),
        ({"last": "Nguyen"}, "director"),
        ({"city": "Troy"}, "city"),
        ({"state": "NY"}, "state"),
        ({"to": "other@larch.example"}, "addresses"),
        ({"cc": ""}, "addresses"),
        ({"signal": "gold"}, "signal"),
        ({"specialty": "Pediatrics"}, "specialty"),
        ({"interview_date": date(2026, 11, 3)}, "interview date"),
        ({"acgme_id": "1400521057"}, "ACGME ID"),
        ({"reason": "another"}, "reason"),
        ({"name": "Elsewhere"}, "taken for a program"),
        ({"name": "Elsewhere"}, "passed over without a word"),
    ],
)
def test_a_wrong_truth_is_told(tmp_path, first, kind):
    assert kind in kinds(judged(a_tracker(first=first), tmp_path))


def test_a_letter_that_the_truth_wants_and_nobody_wrote_is_told(tmp_path):
    verdict = judged(a_tracker(second={"statuses": frozenset({"applied"})}), tmp_path)
    assert kinds(verdict) == {"status"}
    came = brought_in(files.written(a_tracker(), tmp_path), tmp_path, a_tracker(), {})
    verdict = Verdict(1)
    compare(a_tracker(), came._replace(letters=[], written_to=set()), verdict)
    assert kinds(verdict) == {"no letter"}


def planted(tmp_path, change):
    """A verdict on the right result, changed at one place."""
    came = brought_in(files.written(a_tracker(), tmp_path), tmp_path, a_tracker(), {})
    verdict = Verdict(1)
    compare(a_tracker(junk=["Total: 39 programs"]), change(came), verdict)
    return verdict


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Tamarack Health", "words of another row"),
        ("Dr. Featherstonehaugh", "words of another row"),
        ("pd@tamarack.example", "words of another row"),
        ("Total: 39 programs", "words that belong in no letter"),
    ],
)
def test_words_of_others_within_a_letter_are_told(tmp_path, words, kind):
    def change(came):
        letter = came.letters[0]
        return came._replace(letters=[letter._replace(body=f"{letter.body}\n{words}\n")])

    assert kinds(planted(tmp_path, change)) == {kind}


def test_a_letter_to_one_that_was_rejected_is_told(tmp_path):
    def change(came):
        number = came.programs[1].id
        moved = came.letters[0]._replace(program_id=number)
        return came._replace(letters=[*came.letters, moved], written_to={*came.written_to, number})

    assert {"letter though rejected", "greeting", "words of another row"} <= kinds(
        planted(tmp_path, change)
    )


def test_a_line_that_became_a_program_is_told(tmp_path):
    def change(came):
        extra = replace(came.programs[0], id=99, program="TOTAL: 2 programs")
        return came._replace(programs=[*came.programs, extra])

    assert kinds(planted(tmp_path, change)) == {"taken for a program"}


def test_a_row_that_is_gone_without_a_word_is_told(tmp_path):
    def change(came):
        return Came(came.programs[1:], set(), [], [])

    assert kinds(planted(tmp_path, change)) == {"passed over without a word"}


def test_a_sentence_without_a_way_out_is_told(tmp_path):
    assert kinds(planted(tmp_path, lambda came: Came([], set(), [], [], "This list is odd."))) == {
        "no way out"
    }


def test_a_row_that_must_stop_and_stops_is_right(tmp_path):
    rows = [PLAIN[0], [*PLAIN[1][:7], "call back!", ""]]
    verdict = judged(a_tracker(rows=rows, second={"stop": "a status nobody knows"}), tmp_path)
    assert (verdict.failures, verdict.right) == ([], 2)


def test_a_row_that_stops_though_it_is_plain_does_not_count_as_right(tmp_path):
    rows = [PLAIN[0], [*PLAIN[1][:7], "call back!", ""]]
    verdict = judged(a_tracker(rows=rows), tmp_path)
    assert (verdict.right, len(verdict.stopped)) == (1, 1)


def test_a_question_is_answered_as_the_owner_would(tmp_path):
    grid = [[*HEADER[:7], "What became of it", "Why"], *PLAIN]
    made = replace(a_tracker(), grid=grid, answers={"What became of it": "status"})
    verdict = judged(made, tmp_path)
    assert (verdict.asked, verdict.failures, verdict.right) == (["What became of it"], [], 2)


@pytest.mark.parametrize("file", ["csv", "xlsx", "ods", "xls"])
def test_one_tracker_says_the_same_in_every_kind_of_file(tmp_path, file):
    assert judged(a_tracker(file=file), tmp_path).failures == []


def test_a_seed_always_gives_the_same_tracker():
    assert tracker(7).grid == tracker(7).grid
    assert tracker(7).grid != tracker(8).grid


def test_the_corpus_holds_every_habit():
    made = [tracker(seed) for seed in range(220)]
    habits = {habit.split(",")[0] for one in made for habit in one.habits}
    assert {
        f"status: {kept}" for kept in ("words", "stages", "both", "sections", "notes")
    } <= habits
    assert {"header: two lines", "filled down", "totals", "legend"} <= habits
    assert {one.file for one in made} == {"csv", "xlsx", "xls", "ods"}
    assert len({one.encoding for one in made}) >= 6
    assert len({one.separator for one in made}) == 4
    assert any(one.merges for one in made)
    barred = {truth.barred for one in made for truth in one.truths}
    assert {"rejected", "withdrawn", "not_applied", "told", "closed to mail"} <= barred
    assert any(truth.stop for one in made for truth in one.truths)
