"""The words that findings are about are marked in a text, and nothing of the text is lost."""

import time

from hypothesis import given
from hypothesis import strategies as st

from planner.web.marks import pieces

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
