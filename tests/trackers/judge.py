"""Imports, plans and drafts for a tracker, and compares the result with the truth.

A row may come in as its truth says, or it may stop with a sentence that says what to do; it
may never come in otherwise.  Where the import asks about a column, the answer is what the
tracker's owner would give, and the file is imported again with it.
"""

import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from planner.errors import PlannerError
from planner.letters import Templates
from planner.rules.facts import ContactPolicy, Thresholds
from planner.rules.facts import Verdict as Answer
from planner.rules.specialties import shipped
from planner.sheets.columns import IGNORED, wishes
from planner.sheets.listing import read_listing
from planner.sheets.parsers.dates import Season
from planner.sheets.reader import open_table
from planner.steps.draft import draft
from planner.steps.importing.load import bring_in
from planner.steps.importing.report import Choices
from planner.steps.plan import plan
from planner.store import programs
from planner.store.database import open_store
from planner.store.lineage import read_standing
from planner.store.witness import Testimony, Witness
from tests.builders import Worktop, an_applicant
from tests.trackers import files
from tests.trackers.pools import STATES
from tests.trackers.sheet import EDIT, RELEASED, TODAY

DRAFTS = 2
ROUNDS = 8  # questions that the import may ask, one after the other
# A sentence that says what to do names a flag, a command, or what to write instead.
WAY_OUT = re.compile(
    r"--(map|ignore|specialty|sheet)\b|\bplanner [a-z]+ |\bexpected\b"
    r"|\b(give|write|keep|remove|put|save|type|fix|correct|add|delete|choose|take) ",
    re.IGNORECASE,
)


class Failure(NamedTuple):
    """What was wrong, with the tracker's seed, the line, and what was found."""

    kind: str
    seed: int
    line: int
    said: str

    def __str__(self):
        return f"{self.kind}: seed {self.seed}, line {self.line}: {self.said}"


@dataclass
class Verdict:
    """What became of one tracker."""

    seed: int
    failures: list = field(default_factory=list)
    rows: int = 0
    right: int = 0
    asked: list = field(default_factory=list)
    stopped: list = field(default_factory=list)
    letters: int = 0

    def fail(self, kind, line, said):
        """Note a failure."""
        self.failures.append(Failure(kind, self.seed, line, said))


class Came(NamedTuple):
    """What an import left: the programs, who gets a letter, the letters, what was said."""

    programs: list
    written_to: set
    letters: list
    issues: list
    error: str = ""


def judged(tracker, folder, *, drafts=DRAFTS):
    """Bring a tracker in and say what is wrong.

    The plan says of every program whether it gets a letter; so many letters are drafted and
    read, of those that may be, and all that may not.
    """
    verdict = Verdict(tracker.seed, rows=len(tracker.truths))
    path = files.written(tracker, folder)
    said, came = {}, None
    for _ in range(ROUNDS):
        came = brought_in(path, folder, tracker, said, drafts=drafts)
        questions = {
            header: tracker.answers.get(header, IGNORED)
            for header in questions_of(came)
            if header not in said
        }
        if not questions or EDIT in questions.values():
            break
        said |= questions
        verdict.asked += questions
    compare(tracker, came, verdict)
    return verdict


def brought_in(path, folder, tracker, said, *, drafts=DRAFTS):
    """Import with these answers, plan and draft; gives what came of it."""
    specialty = tracker.specialty
    for old in folder.glob("planner.sqlite3*"):
        old.unlink()
    (folder / "planner.sqlite3").write_bytes(_empty_database())
    store = open_store("sqlite:///planner.sqlite3", base=folder)
    witness = _begin_again(store)
    book = shipped()
    try:
        listing = read_listing(
            open_table(str(path)),
            specialties=book,
            specialty=book.named(specialty) if specialty else None,
            wanted=wishes(said),
            season=Season(2027, TODAY),
        )
        report = bring_in(store, [listing], Choices(skip_errors=True), void=lambda db: [],
                          keep=lambda report: None)  # fmt: skip
        ws = Worktop(
            store,
            templates=_templates(),
            day=TODAY,
            applicant=an_applicant(s2=262, step2={"released_on": RELEASED}),
            thresholds=Thresholds(small_list=60),
        )
        with store.read() as tx:
            everything = programs.list_programs(tx)
        written_to = {x.program.id for x in plan(ws).decisions if x.verdict is Answer.EMAIL}
        only = _to_draft(tracker, everything, written_to, drafts)
        drafted = draft(ws, [f"#{number}" for number in only], allow_mass=True)
        return Came(everything, written_to, drafted.letters, report.errors)
    except PlannerError as error:
        return Came([], set(), [], [], f"{error} {error.hint or ''}")
    finally:
        store.close()
        witness.unlink()


def _begin_again(store):
    """Let the witness know no later state of what is a copy; gives its file."""
    with store.read() as tx:
        standing = read_standing(tx)
    witness = Witness(standing.uid)
    witness.replace(Testimony(standing.generation, standing.line))
    return witness.path


def _to_draft(tracker, everything, written_to, drafts):
    """The programs whose letters are drafted: all that look wrong, and some others."""
    fine = {_folded(truth.name) for truth in tracker.truths if not (truth.barred or truth.held)}
    odd = {x.id for x in everything if _folded(x.program) not in fine}
    others = sorted(written_to - odd)
    begin = tracker.seed % max(1, len(others) - drafts + 1)
    return odd | set(others[begin : begin + drafts])


@cache
def _templates():
    """The letters that are shipped; each is compiled once."""
    return Templates()


@cache
def _empty_database():
    """A new database, made once: most of a tracker's time would go into it."""
    with tempfile.TemporaryDirectory() as folder:
        open_store("sqlite:///planner.sqlite3", base=Path(folder)).close()
        return (Path(folder) / "planner.sqlite3").read_bytes()


def questions_of(came):
    """The headers of the columns that the import asks about."""
    texts = [came.error, *(issue.message for issue in came.issues)]
    asked = {}
    for text in texts:
        for header in re.findall(r'--(?:map|ignore) "([^"=]+)', text):
            asked[header] = None
    return list(asked)


def compare(tracker, came, verdict):
    """Everything that the truth has a word on."""
    found = _matched(tracker, came, verdict)
    said_of = {issue.line: issue for issue in came.issues}
    letters = {letter.program_id: letter for letter in came.letters}
    verdict.letters = len(came.written_to)
    _sentences(came, verdict)
    for number, truth in enumerate(tracker.truths):
        program = found.get(number)
        issue = said_of.get(truth.line)
        if program is None:
            _missing(truth, issue, came, verdict)
            continue
        if program.id in came.written_to:
            _may_be(truth, verdict)
        if program.id in letters:
            _may_leave(truth, letters[program.id], verdict)
            _letter(tracker, truth, letters[program.id], verdict)
        if truth.stop:
            verdict.fail("came in though nobody can tell", truth.line, truth.stop)
            continue
        wrong = list(_wrong(truth, program))
        for kind, values in wrong:
            verdict.fail(kind, truth.line, values)
        if not wrong:
            verdict.right += 1
            _expected_letter(truth, program.id in came.written_to, verdict)


def _matched(tracker, came, verdict):
    """Which program is which row: by name and state."""
    left = list(came.programs)
    found = {}
    for exact in (True, False):
        for number, truth in enumerate(tracker.truths):
            if number in found:
                continue
            for program in left:
                same = _folded(program.program) == _folded(truth.name)
                if same and (not exact or _state(program.state) == truth.state):
                    found[number] = program
                    left.remove(program)
                    break
    for program in left:
        verdict.fail("taken for a program", 0, program.program)
        if program.id in came.written_to:
            verdict.fail("letter to no program", 0, program.program)
    return found


def _sentences(came, verdict):
    for issue in came.issues:
        if not WAY_OUT.search(issue.message):
            verdict.fail("no way out", issue.line, f"{issue.code}: {issue.message}")
    if came.error and not WAY_OUT.search(came.error):
        verdict.fail("no way out", 0, came.error)


def _missing(truth, issue, came, verdict):
    """A row that did not come in: it stopped, or its whole file did, or nothing was said."""
    if truth.stop and (issue is not None or came.issues):
        verdict.right += 1  # as it must
    elif issue is not None:
        verdict.stopped.append((truth.line, f"{issue.code} {issue.value!r}: {issue.message}"))
    elif came.error:
        verdict.stopped.append((truth.line, came.error))
    elif not came.programs and came.issues:
        last = came.issues[-1]  # what the file as a whole leaves open is said last
        verdict.stopped.append((truth.line, f"{last.code}: {last.message}"))
    else:
        verdict.fail("passed over without a word", truth.line, truth.name)


def _wrong(truth, program):
    """Each value that is not what the truth says."""
    for kind, right, ours in (
        ("specialty", truth.specialty, program.specialty),
        ("city", _folded(truth.city), _folded(program.city)),
        ("state", truth.state, _state(program.state)),
        ("director", _plain(truth.last), _plain(program.director_last_name)),
        ("interview date", truth.interview_date, program.interview_date),
        ("told", truth.told, program.told_on),
        ("closed to mail", truth.closed, program.contact_policy is ContactPolicy.NONE),
        ("signal", truth.signal, str(program.signal)),
        ("reason", truth.reason, program.reason),
        ("ACGME ID", truth.acgme_id, program.acgme_id),
        ("addresses", _mail(truth.to, truth.cc),
         _mail(program.director_email, program.coordinator_email)),
    ):  # fmt: skip
        if right != ours:
            yield kind, f"{truth.name}: {right!s} is right, not {ours!s}"
    if str(program.status) not in truth.statuses:
        right = "/".join(sorted(truth.statuses))
        yield "status", f"{truth.name}: {right} is right, not {program.status}"
    if program.director_last_name.isupper() and len(program.director_last_name) > 3:
        yield "director", f"{truth.name}: {program.director_last_name} is shouted"


def _may_be(truth, verdict):
    """One gets a letter: may it?"""
    if truth.barred:
        verdict.fail(f"letter though {truth.barred}", truth.line, truth.name)
    if truth.stop:
        verdict.fail("letter though nobody can tell", truth.line, f"{truth.name}: {truth.stop}")


def _may_leave(truth, letter, verdict):
    """A letter against which a note speaks waits for a person."""
    if truth.held and "note_contradicts" not in {finding["code"] for finding in letter.findings}:
        verdict.fail("letter though a note says no", truth.line, f"{truth.name}: {truth.held}")


def _letter(tracker, truth, letter, verdict):
    """Is a letter addressed as the truth says, and whose words are in it?"""
    greeting = f"Dear Dr. {truth.last}" if truth.last else "Dear Program Director"
    if not re.match(re.escape(greeting) + r"(?!\w)", letter.body, re.IGNORECASE):
        verdict.fail("greeting", truth.line, f"{letter.body.splitlines()[0]} for {greeting!r}")
    text = "\n".join((letter.subject, letter.body, *letter.to, *letter.cc))
    own = "\n".join(marks_of(truth)).casefold()
    for other in tracker.truths:
        for mark in marks_of(other) if other is not truth else ():
            if mark.casefold() not in own and holds(text, mark):
                verdict.fail("words of another row", truth.line, f"{mark!r} of {other.name}")
    words = [*(word for each in tracker.truths for word in each.private), *tracker.junk]
    for mark in words:
        if len(mark) > 4 and mark.casefold() not in own and holds(text, mark):
            verdict.fail("words that belong in no letter", truth.line, repr(mark))


def _expected_letter(truth, written_to, verdict):
    """One that waits for nothing and has an address is written to."""
    ahead = truth.interview_date is not None and truth.interview_date > TODAY
    waits = ahead or "invited" in truth.statuses or truth.barred
    if not written_to and truth.to and not waits and not truth.stop:
        verdict.fail("no letter", truth.line, truth.name)


def marks_of(truth):
    """The words that only this row's letter may carry."""
    return [x for x in (truth.name, truth.last, truth.to, truth.cc, truth.reason) if x]


def holds(text, mark):
    """Is the mark in the text, as whole words?

    >>> holds("Dear Dr. Ngata,", "Ng"), holds("Dear Dr. Ng,", "Ng")
    (False, True)
    """
    if mark.casefold() not in text.casefold():
        return False  # nearly always, and far quicker
    return re.search(rf"(?<!\w){re.escape(mark)}(?!\w)", text, re.IGNORECASE) is not None


def _folded(text):
    return " ".join(text.split()).casefold()


def _plain(name):
    return _folded(name.replace("’", "'"))


def _state(state):
    names = {name.casefold(): code for code, name in STATES.items()}
    return names.get(state.casefold(), state)


def _mail(to, cc):
    """Whom a letter is for and who is copied: whoever exists if only one does."""
    both = [x.casefold() for x in (to, cc) if x]
    return both[:1] if both[:1] == both[1:] else both


def by_kind(failures):
    """How many of each kind, the most frequent first."""
    return Counter(failure.kind for failure in failures).most_common()
