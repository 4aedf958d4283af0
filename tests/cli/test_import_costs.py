"""The kinds of issues of an import: each code has its cost and its title."""

import ast
import re
import time

import pytest

from planner.cli.import_costs import KINDS, Cost, cost_of, kind_of

# Where a code stands among the arguments of what makes an issue, or a part of one.
PLACES = {
    "fail": 2,
    "warn": 2,
    "Issue": 4,
    "BadCellError": 0,
    "Noted": 1,
    "_word": 2,
    "_Settled": 1,
}
CODE = re.compile(r"[a-z]+(?:_[a-z0-9]+)*")


def words_in(node):
    """The words that an expression may be: one, or one of two."""
    constants = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
    return {w for w in constants if isinstance(w, str) and CODE.fullmatch(w)}


def codes_in(tree):
    """Codes that a module gives, to a call that takes one or beside the words of a remark."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in PLACES and len(node.args) > PLACES[name]:
                found |= words_in(node.args[PLACES[name]])
        if isinstance(node, ast.Tuple):
            for code, said in zip(node.elts, node.elts[1:], strict=False):
                words = ast.unparse(said)
                is_said = (
                    isinstance(said, ast.JoinedStr) or "message" in words or "_expected" in words
                )
                if is_said and isinstance(code, ast.Constant):
                    found |= words_in(code)
    return found


def test_every_code_of_an_import_has_a_row_and_every_row_a_code(root):
    folders = (root / "planner/sheets", root / "planner/steps")
    files = [path for folder in folders for path in folder.rglob("*.py")]
    codes = set().union(*(codes_in(ast.parse(path.read_text("utf-8"))) for path in files))
    assert codes == set(KINDS)


def test_a_code_without_a_row_would_still_be_told():
    assert kind_of("brand_new").title == "Brand new"
    assert cost_of("brand_new", ("status",)) is Cost.WRONG_LETTER


@pytest.mark.parametrize(
    ("code", "fields", "cost"),
    [
        ("conflict", ("status",), Cost.WRONG_LETTER),
        ("conflict", ("director_email",), Cost.WRONG_READER),
        ("conflict", ("interview_date",), Cost.WRONG_DATE),
        ("bad_date", ("told_on",), Cost.WRONG_LETTER),
        ("bad_date", ("interview_date",), Cost.WRONG_DATE),
        ("formula_error", ("contact_policy",), Cost.WRONG_LETTER),
        ("formula_error", ("city", "state"), Cost.WRONG_PROGRAM),
        ("formula_error", (), Cost.LOOKS),
        ("probable_twin", ("program",), Cost.WRONG_PROGRAM),
    ],
)
def test_the_same_mistake_costs_what_its_field_is_worth(code, fields, cost):
    assert cost_of(code, fields) is cost


def test_titles_are_told_apart():
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)


def seconds_of(desk, rows, columns):
    """How long the import of a list takes, in seconds of this process alone."""
    header = [
        "Program",
        "Specialty",
        "PD Email",
        "Status",
        *map("Spalte {}".format, range(columns)),
    ]
    row = ["Elm Hospital", "IM", "pd@elm.example", "interviewed", *["x"] * columns]
    lines = [",".join(header), *[",".join(row)] * rows]
    (desk.folder / "list.csv").write_text("\n".join(lines))
    began = time.process_time()
    assert desk.type("import", "list.csv", "--dry-run").code < 2
    return time.process_time() - began


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("few", "many"), [((500, 0), (8000, 0)), ((1, 150), (1, 2400))])
def test_the_same_row_again_and_many_columns_cost_what_they_are_and_no_square_of_it(
    desk, few, many
):
    seconds_of(desk, *few)  # what is loaded on first use
    before = seconds_of(desk, *few)
    assert seconds_of(desk, *many) < before * 16 * 4, "16 times as much; its square would be 256"
