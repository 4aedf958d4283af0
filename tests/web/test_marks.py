"""The words that findings are about are marked in a text, and nothing of the text is lost."""

import time

from hypothesis import given
from hypothesis import strategies as st

from planner.web.marks import lines_of, pieces

WORDS = st.text(alphabet="ab .\n<é", max_size=8)
FINDINGS = st.lists(
    st.builds(
        lambda text, severity: {"text": text, "severity": severity},
        WORDS,
        st.sampled_from(["error", "warning"]),
    ),
    max_size=4,
)


@given(st.text(alphabet="ab .\n<é", max_size=40), FINDINGS)
def test_the_pieces_joined_are_the_text(text, findings):
    assert "".join(piece.text for piece in pieces(text, findings)) == text


def test_words_are_found_over_a_line_break_and_in_another_case():
    found = pieces("Dear Dr. Ng,\n\nI BEG\nyou.", [{"text": "I beg you", "severity": "warning"}])
    assert [(p.text, p.severity, p.numbers) for p in found][1:] == [
        ("I BEG\nyou", "warning", (1,)),
        (".", "", ()),
    ]


def test_where_two_findings_overlap_the_error_is_shown():
    found = pieces(
        "rank me first",
        [{"text": "rank me", "severity": "warning"}, {"text": "me first", "severity": "error"}],
    )
    assert [(p.text, p.severity, p.numbers) for p in found] == [
        ("rank ", "warning", (1,)),
        ("me", "error", (1, 2)),
        (" first", "error", (2,)),
    ]


def test_a_long_text_of_one_word_takes_no_time():
    began = time.process_time()
    found = pieces("a " * 100_000, [{"text": "a", "severity": "error"}] * 30)
    assert time.process_time() - began < 2
    assert len([p for p in found if p.severity]) == 20


def changed(line):
    return [text for text, is_changed in line.parts if is_changed]


def test_only_the_words_that_changed_are_marked():
    went, came = lines_of(
        ["@@ -1 +1 @@", "-I liked the rural clinic.", "+I liked the free clinic."]
    )
    assert (went.kind, changed(went)) == ("went", ["rural"])
    assert (came.kind, changed(came)) == ("came", ["free"])


def test_lines_that_have_little_in_common_are_marked_as_a_whole():
    found = lines_of(["-I appreciate your time.", "+Thank you for all of it."])
    assert [changed(line) for line in found] == [[], []]


def test_a_line_that_came_alone_and_one_that_stayed_have_no_words_marked():
    found = lines_of([" Dear Dr. Ng,", "+", "+A new line.", " Yours"])
    assert [(line.kind, changed(line)) for line in found] == [
        ("", []),
        ("came", []),
        ("came", []),
        ("", []),
    ]


LINES = st.lists(
    st.tuples(st.sampled_from("-+ "), st.text(alphabet="ab .", max_size=9)).map("".join), max_size=8
)


@given(LINES)
def test_the_parts_of_lines_joined_are_the_lines(lines):
    found = lines_of(lines)
    for kind, sign in (("went", "-"), ("came", "+")):
        texts = ["".join(text for text, _ in line.parts) for line in found if line.kind == kind]
        assert texts == [line[1:] for line in lines if line[0] == sign]


def test_a_long_line_takes_no_time():
    began = time.process_time()
    lines_of(["-" + "a b " * 50_000, "+" + "b a " * 50_000])
    assert time.process_time() - began < 2
