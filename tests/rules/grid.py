"""The golden grid: what is decided for each phase, status, policy and category.

`python -m tests.rules.grid` writes `grid.txt` beside this file.  A test compares the two, so
that whatever a change of a rule does shows as a difference of that file, to be read.
"""

import itertools
from pathlib import Path

from planner.rules.facts import Category, Phase, Status, Step2Policy
from planner.rules.planning import make_plan
from tests.builders import a_pending_applicant, a_program, a_situation, an_applicant

FILE = Path(__file__).with_name("grid.txt")
# Step 1 and Step 2 CK of an applicant in Internal Medicine, for each category.
SCORES = {
    Category.STRONG_ASSET: (228, 248),
    Category.MILD_ASSET: (240, 245),
    Category.NEUTRAL: (250, 252),
    Category.MILD_LIABILITY: (245, 234),
    Category.MAJOR_LIABILITY: (245, 224),
}
HEAD = """\
What is decided for a program in Internal Medicine that nothing else singles out, on a list of
{count} programs; the interview has no date. For each phase and score category: status, Step 2
policy, decision, rule, letter. Written by: python -m tests.rules.grid
"""


def applicants():
    """One applicant for each category, and one who waits; each with a name for the grid."""
    for category in Category:
        s1, s2 = SCORES[category]
        yield category, an_applicant(s1=s1, s2=s2, application={"drop_context": "I was ill."})
    yield None, a_pending_applicant()


def programs():
    """A program for each status and policy."""
    pairs = itertools.product(Status, Step2Policy)
    return [
        a_program(number, status=status, step2_policy=policy)
        for number, (status, policy) in enumerate(pairs, 1)
    ]


def made():
    """The whole grid, as the file has it."""
    everyone = programs()
    parts = [HEAD.format(count=len(everyone))]
    for phase in Phase:
        for category, applicant in applicants():
            plan = make_plan(a_situation(applicant=applicant, phase=phase), everyone, [])
            decisions = plan.by_program()
            assert {d.category for d in decisions.values()} == {category}
            parts.append(f"\n== {phase}, {category or 'pending'}\n")
            parts += [_line(decisions[program.id]) for program in everyone]
    return "".join(parts)


def _line(decision):
    program = decision.program
    cells = (program.status, program.step2_policy, decision.verdict, decision.rule)
    widths = (13, 20, 13, 24)
    text = "".join(str(cell).ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"{text}{decision.letter or '-'}\n"


if __name__ == "__main__":
    FILE.write_text(made(), "utf-8")
