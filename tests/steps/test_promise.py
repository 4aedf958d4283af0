"""Promise 1, as a property: what would be sent is what was last shown, or nothing is sent."""

import shutil
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from planner.errors import PlannerError
from planner.mail.message import content_digest
from planner.rules.calendar import noon
from planner.rules.facts import LetterKind
from planner.rules.states import DUE, LetterState
from planner.steps import actions, edit, importing, review
from planner.steps import programs as setting
from planner.steps.draft import draft
from planner.steps.importing.report import Choices
from planner.store.letters import list_letters, read_frozen
from planner.wiring import Workspace
from tests.builders import EARLY
from tests.desk import CONFIG, TRANSCRIPT

pytestmark = pytest.mark.long

NUMBERS = st.integers(1, 3)
NAMES = st.sampled_from(["Abara", "Berg", "Dr. Ng", ""])
CHANGES = st.sampled_from(
    [
        "director_last_name=Berg",
        "director_last_name=",
        "director_email=new@elm.example",
        "coordinator_email=office@elm.example",
        "status=interviewed",
        "status=rejected",
        "notes=called them",
        "city=Troy",
        "contact_policy=none",
        "interview_date=2026-10-06",
    ]
)
URL = "sqlite:///planner.sqlite3"
BODIES = st.sampled_from(
    ["Dear Dr. Abara,\n\nMy score is 248.\n\nSincerely,\nRobin Sample\n", "Short.\n"]
)


class Campaign(RuleBasedStateMachine):
    """Imports, sets, edits, re-renders, looks and approvals, in any order."""

    def __init__(self):
        super().__init__()
        for left in Path().glob("planner.sqlite3*"):
            left.unlink()
        Path("config.toml").write_text(
            CONFIG.format(
                url=URL, port=1, s1=228, score="score = 248", transcript=TRANSCRIPT, more=""
            )
        )
        self.ws = Workspace("config.toml")
        self.ws.now = lambda: noon(EARLY)
        # What a person last saw of each letter: its envelope and its text.
        self.seen = {}
        self.bring(1, "Abara", "pd@elm.example")

    def teardown(self):
        self.ws.store.close()
        shutil.rmtree("letters", ignore_errors=True)

    def letters(self, **filters):
        with self.ws.store.read() as tx:
            return list_letters(tx, **filters)

    @rule(number=NUMBERS, name=NAMES, email=st.sampled_from(["pd@elm.example", "x@elm.example"]))
    def bring(self, number, name, email):
        Path("list.csv").write_text(
            "Program,Specialty,City,PD Last Name,PD Email,Status\n"
            f"Elm {number} Hospital,IM,Dayton,{name},{number}{email},interviewed\n"
        )
        listings, _ = importing.read_lists(self.ws, ["list.csv"], said={}, configured={})
        importing.import_lists(self.ws, listings, Choices())

    @rule(number=NUMBERS, change=CHANGES)
    def set_by_hand(self, number, change):
        self.tried(lambda: setting.set_by_hand(self.ws, f"#{number}", [change]))

    @rule()
    def render(self):
        draft(self.ws)

    def tried(self, act):
        """Do something that may be refused in words."""
        try:
            return act()
        except PlannerError:
            return None

    @rule(number=NUMBERS, body=BODIES)
    def edit(self, number, body):
        self.tried(lambda: edit.edit(self.ws, number, body=body))

    @rule(
        number=NUMBERS, kind=st.sampled_from([LetterKind.IMPROVEMENT, LetterKind.AFTER_INTERVIEW])
    )
    def choose(self, number, kind):
        self.tried(lambda: edit.edit(self.ws, number, kind=kind))

    @rule(number=NUMBERS)
    def look(self, number):
        for letter in self.letters(ids=[number]):
            self.seen[number] = (letter.to, letter.cc, letter.sender, letter.subject, letter.body)
            review.note_shown(self.ws, [letter])

    @rule(number=NUMBERS)
    def approve(self, number):
        self.tried(lambda: review.approve(self.ws, [number]))

    @rule()
    def go_through(self):
        self.render()
        for letter in self.letters(states=[LetterState.DRAFT]):
            self.look(letter.id)
            self.approve(letter.id)

    @rule(number=NUMBERS)
    def unapprove(self, number):
        self.tried(lambda: actions.unapprove(self.ws, [number]))

    @invariant()
    def what_would_leave_is_what_was_seen(self):
        for letter in self.letters(states=DUE):
            with self.ws.store.read() as tx:
                wire = read_frozen(tx, letter.id)
            to, cc, sender, subject, body = self.seen[letter.id]
            message = message_from_bytes(wire, policy=policy.default)
            assert message["Subject"] == subject
            assert tuple(a.addr_spec for a in message["To"].addresses) == to == letter.to
            copied = message["Cc"].addresses if message["Cc"] else ()
            assert tuple(a.addr_spec for a in copied) == cc == letter.cc
            assert message["From"].addresses[0].addr_spec == sender
            assert message.get_content().replace("\r\n", "\n") == body

    @invariant()
    def an_approved_letter_is_what_todays_facts_write_or_what_was_edited(self):
        with self.ws.store.read() as tx:
            composer = self.ws.composer(tx)
            by_id = {program.id: program for program in composer.programs}
            for letter in list_letters(tx, states=[LetterState.APPROVED]):
                now = composer.present_facts(letter, by_id[letter.program_id])
                assert dict(letter.facts) == now
                outline = composer.outline(letter.subject, letter.body, letter.to, letter.cc)
                assert letter.content_digest == content_digest(letter.letter, outline)


Campaign.TestCase.settings = settings(
    max_examples=25, stateful_step_count=18, deadline=None, derandomize=True
)
TestCampaign = Campaign.TestCase
