"""Which row gave which field: the flat arrays say what a plain dict would."""

from hypothesis import given
from hypothesis import strategies as st

from planner.steps.ledger import BITS, Ledger

ROWS = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.lists(st.sampled_from("abcdef"), unique=True, max_size=4),
        st.integers(0, 3),
        st.integers(1, 2**39),
    ),
    max_size=30,
)


@given(ROWS)
def test_it_remembers_for_each_field_the_first_row_that_gave_it(rows):
    ledger, plain, first = Ledger(), {}, {}
    for program, names, file, line in rows:
        ledger.note(program, tuple(names), file, line)
        first.setdefault(program, (file, line))
        for name in names:
            plain.setdefault((program, name), (file, line))
    for program in range(7):
        assert ledger.knows(program) is (program in first)
        given = ledger.given(program)
        for name in "abcdef":
            assert ledger.has(given, name) is ((program, name) in plain)
            if program in first:
                assert ledger.place(program, name) == plain.get((program, name))
                assert ledger.first_place(program) == first[program]


def test_more_names_than_bits_are_remembered_together():
    ledger = Ledger()
    names = tuple(f"column {n}" for n in range(BITS + 5))
    ledger.note(1, names, 0, 7)
    assert all(ledger.has(ledger.given(1), name) for name in names)
