"""Every error code that steps and rules raise has a hint that a person can type."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

import planner
from planner.cli import COMMANDS
from planner.cli.hints import TABLE, hint_for, hint_of
from planner.cli.hints.checks import BLOCKS, INVARIANTS
from planner.cli.hints.findings import FIXES, fix_of
from planner.cli.hints.imports import ENDINGS
from planner.cli.import_costs import KINDS
from planner.errors import PlannerError
from planner.rules.lint import TABLE as CHECKS
from planner.rules.states import LetterState
from planner.sheets.parsers.cells import BadCellError
from planner.steps.status import TO_DO

FLOORS = ("steps/", "rules/", "store/", "mail/", "credentials.py")
SAMPLES = {
    "variable": "PLANNER_SMTP_PASSWORD",
    "specialty": "Family Medicine",
    "letter": 12,
    "program": 34,
    "other": 5,
    "field": "nrmp_code",
    "value": "1234567A0",
    "number": 3,
    "numbers": [1, 3],
    "overridable": True,
    "into": 7,
    "state": LetterState.DRAFT,
    "said": None,
    "known": 8,
    "fresh": 9,
    "own": "robin@applicant.example",
}


def under(root, floor):
    """The modules of a floor, which may be one."""
    place = root / "planner" / floor
    return place.rglob("*.py") if place.is_dir() else [place]


class Raised(NamedTuple):
    """A place that gives a code: an error that is made, a refusal, a check, a note."""

    place: str
    code: str | None  # None: not written there as it is
    facts: frozenset[str]
    has_hint: bool


def errors():
    """Every error of ours by its name."""
    for module in pkgutil.walk_packages(planner.__path__, "planner."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, left = {}, [PlannerError]
    while left:
        one = left.pop()
        found[one.__name__] = one
        left += one.__subclasses__()
    return found


# What else carries a code, and the places of code, facts and hint among its arguments.
CARRIERS = {"ActionResult": (3, 5), "Check": (5, 3), "Note": (1, 3), "refused": (1, None)}


def _name(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _argument(call, name, place):
    by_name = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in by_name:
        return by_name[name]
    return call.args[place] if place is not None and place < len(call.args) else None


def raised(root):
    """Every place below the command line that gives a code."""
    known = errors()
    for path in sorted(p for floor in FLOORS for p in under(root, floor)):
        for call in (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)):
            name = _name(call)
            if name == "__init__" and call.keywords:
                name = "PlannerError"  # that of a class of ours
            if name not in known and name not in CARRIERS:
                continue
            if name in known and known[name].__init__ is not PlannerError.__init__:
                continue  # the code is given where that class is
            at, hint_at = CARRIERS.get(name, (None, None))
            code, hint = _argument(call, "code", at), _argument(call, "hint", hint_at)
            if code is None and name in CARRIERS:
                continue
            usual = known[name].usual_code if name in known else ""
            facts = _argument(call, "facts", None if at is None else at + 1)
            keys = facts.keys if isinstance(facts, ast.Dict) else []
            yield Raised(
                f"{path.relative_to(root)}:{call.lineno}",
                usual if code is None else getattr(code, "value", None),
                frozenset(k.arg for k in call.keywords if k.arg)
                | {key.value for key in keys if isinstance(key, ast.Constant)}
                | ({"letter"} if name == "refused" else set())
                | ({"numbers", "overridable"} if name == "refused" else set()),
                has_hint=hint is not None,
            )


def without(found, allowed):
    """What is left of places that are allowed to have no row."""
    return [one for one in found if not one.place.startswith(allowed)]


# A code that another error brought along, and what cannot happen to a person.
BROUGHT = ("planner/steps/review.py", "planner/steps/doctor.py", "planner/steps/importing/load.py")
INSIDE = ("planner/store/send_queue.py",)


def test_every_code_that_is_raised_has_its_row(root):
    found = [one for one in raised(root) if not one.has_hint]
    assert len(found) > 20
    literal = [one for one in found if isinstance(one.code, str)]
    assert without((x for x in literal if x.code not in TABLE), INSIDE) == []
    others = [one for one in found if not isinstance(one.code, str) and "field" not in one.facts]
    assert without(others, BROUGHT) == []


def test_every_row_is_raised_somewhere(root):
    assert set(TABLE) - {one.code for one in raised(root)} == set()


def test_every_row_is_filled_in_by_the_facts_that_are_raised_with_it(root):
    for one in raised(root):
        row = TABLE.get(one.code, "")
        if one.has_hint or not row:
            continue
        if callable(row):
            names = inspect.signature(row).parameters
            needed = {n for n, p in names.items() if p.default is inspect.Parameter.empty}
        else:
            needed = {name for _, name, _, _ in Formatter().parse(row) if name}
        assert needed <= one.facts, one


def spoken(facts=SAMPLES):
    """Every hint, filled in."""
    for code, row in TABLE.items():
        taken = inspect.signature(row).parameters if callable(row) else facts
        yield hint_for(code, {name: facts[name] for name in taken})
    yield from (*BLOCKS.values(), *INVARIANTS.values(), *FIXES.values())
    yield from (ending.format_map(facts) for ending in ENDINGS.values())


def test_every_command_that_a_hint_names_is_there():
    texts = list(spoken())
    assert all(texts)
    words = [word for text in texts for word in re.findall(r"planner ([a-z-]+)", text)]
    assert len(words) > 40
    assert {*words} - {*COMMANDS} == set()
    assert not [text for text in texts if "{" in text]


def test_advice_of_its_own_goes_before_the_row_of_the_code():
    own = PlannerError("It is taken.", hint="Name another.", code="twin", other=4)
    assert hint_of(own) == "Name another."
    assert hint_of(PlannerError("It is taken.", code="twin", other=4)) == "planner programs show 4"
    assert hint_of(PlannerError("Nobody knows what to do.")) == ""


def test_braces_and_percent_signs_in_a_fact_are_text():
    facts = {"program": 8, "field": "acgme_id", "value": "{letter} 100 %"}
    assert hint_for("two_programs", facts).endswith("acgme_id={letter} 100 %...")


def test_a_value_that_was_typed_has_its_hint_whatever_is_wrong_with_it():
    bad = BadCellError("bad_date", "expected a date")
    assert hint_for(bad.code, {"field": "told_on"}) == "planner programs set PROGRAM told_on=..."


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"program": 9},
            "planner programs remove 9 --undo brings back one that you took off the list.",
        ),
        (
            {"program": 9, "letter": 4, "into": None},
            "planner programs remove 9 --undo goes on from there.",
        ),
        ({"program": 9, "letter": 4, "into": 2}, "planner plan: #2 goes on from there."),
    ],
)
def test_a_program_that_is_out_is_brought_back_or_met_where_it_went(facts, said):
    assert hint_for("retired_program", facts) == said


def test_findings_that_may_stand_are_let_stand_all_by_one_command():
    facts = {"letter": 12, "numbers": [2, 5], "overridable": True}
    said = hint_for("open_errors", facts)
    assert said.endswith('approve 12 --override 2 --because "..." --override 5 --because "..."')
    firm = hint_for("open_errors", {**facts, "overridable": False})
    assert "--override" not in firm
    assert "planner preview 12" in firm


def test_every_finding_of_the_lint_has_its_fix():
    assert {*FIXES} == {*(row.code for row in CHECKS), "unsendable"}
    finding: Mapping[str, str] = {"code": "unsendable", "text": "x", "place": "message"}
    assert fix_of(finding) == FIXES["unsendable"]
    assert fix_of({**finding, "fix": "Shorten the word."}) == "Shorten the word."


def test_every_ending_of_an_issue_is_that_of_an_issue():
    assert {*ENDINGS} <= {*KINDS}


def test_every_block_of_status_has_its_command(root):
    """A block's code is the first word that `Block(...)` gets, or stands in a table of theirs."""
    steps = [Path(root) / f"planner/steps/{name}.py" for name in ("status", "figures")]
    trees = [ast.parse(step.read_text()) for step in steps]
    calls = [
        n
        for tree in trees
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and _name(n) == "Block"
    ]
    codes = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert {*BLOCKS} == codes | {code for code, _ in TO_DO.values()} | {"older_copy"}


def test_the_page_names_its_own_tools_where_it_has_them():
    from planner.cli.hints import TABLE
    from planner.cli.hints.on_page import REFUSALS, fix_on_page
    from planner.web import corrections

    assert REFUSALS.keys() <= TABLE.keys()
    for code in FIXES:
        said = fix_on_page({"code": code})
        assert "planner edit" not in said
        assert "PROGRAM reason=" not in said
    for code in corrections.TABLE:
        assert "planner programs set" not in fix_on_page({"code": code})
    # What the page has no tool for is still typed.
    assert "planner programs merge" in fix_on_page({"code": "address_refused"})
