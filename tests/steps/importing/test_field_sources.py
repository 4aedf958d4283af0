"""Which row gave which field: the flat arrays agree with a plain dict."""

import time

from hypothesis import given
from hypothesis import strategies as st

from planner.steps.importing.field_sources import FieldSources

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
    sources, plain, first, files = FieldSources(), {}, {}, {}
    for program, names, file, line in rows:
        sources.note(program, tuple(names), file, line)
        first.setdefault(program, (file, line))
        files.setdefault(program, set()).add(file)
        for name in names:
            plain.setdefault((program, name), (file, line))
    for some in ({0}, {1, 3}, {0, 1, 2, 3}, {9}):
        assert list(sources.programs(some)) == sorted(p for p in files if files[p] & some)
    for program in range(7):
        assert sources.knows(program) is (program in first)
        assert sources.files(program) == files.get(program, set())
        given = sources.given(program)
        for name in "abcdef":
            assert sources.has(given, name) is ((program, name) in plain)
            if program in first:
                assert sources.place(program, name) == plain.get((program, name))
                assert sources.first_place(program) == first[program]


def test_names_may_be_many():
    sources = FieldSources()
    names = tuple(f"column {n}" for n in range(200))
    sources.note(1, names[:100], 0, 7)
    sources.note(1, names[100:], 1, 8)
    assert sources.place(1, "column 99") == (0, 7)
    assert sources.place(1, "column 199") == (1, 8)
    assert sources.files(1) == {0, 1}
    assert list(sources.programs()) == [1]


def test_a_program_that_comes_again_and_again_is_as_quick_to_ask_about():
    sources, began = FieldSources(), time.process_time()
    for line in range(40_000):
        sources.note(1, ("program", "city"), 0, line + 2)
        assert sources.place(1, "city") == (0, 2)
        assert sources.has(sources.given(1), "program")
    assert time.process_time() - began < 4  # walking all rows before it would take minutes
