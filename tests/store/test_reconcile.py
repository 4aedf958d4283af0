"""After a copy is restored: sending is refused until reconciled, then no letter is doubled."""

import re
from contextlib import closing

import pytest

from planner.rules.states import LetterState
from planner.store.journal import Journal, chained, in_text, linked, open_journal
from planner.store.sqlite import sqlite3
from planner.store.taken import tells_more
from tests.fakes import ACCEPT, DROP, ScriptedServer

DATABASE = "planner.sqlite3"
# What became of five letters at the dot; a fifth was handed over before.
DOTS = [None, (ACCEPT, DROP), "554 5.6.0 no", "451 4.3.0 later"]
BECAME = ["sent", "unknown", "refused", "deferred", "exported"]


class Copying(ScriptedServer):
    """Has a copy of the database made just before it answers a verb for the first time."""

    def __enter__(self):
        self.moments = {}
        return super().__enter__()

    def _next(self, verb):
        if verb in self.moments:
            self.moments.pop(verb)()
        return super()._next(verb)

    def receivers(self):
        """The To line of everything that was taken, in order."""
        return [re.search(rb"^To: (.+?)\r$", m, re.MULTILINE)[1].decode() for m in self.accepted]


# The journal lies beside a file; what a server has instead is in test_restored_server.py.
pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def server():
    with Copying({"DOT": list(DOTS)}) as running:
        yield running


@pytest.fixture
def copies(desk):
    """Copies of the database, each made under a name."""

    class Copies:
        def make(self, name):
            with (
                closing(sqlite3.connect(desk.folder / DATABASE)) as source,
                closing(sqlite3.connect(desk.folder / f"{name}.copy")) as target,
            ):
                source.backup(target)

        def put_back(self, name):
            """Put a copy back; without one there is no database at all."""
            for kind in ("", "-wal", "-shm", "-journal"):
                (desk.folder / f"{DATABASE}{kind}").unlink(missing_ok=True)
            if (copy := desk.folder / f"{name}.copy").exists():
                (desk.folder / DATABASE).write_bytes(copy.read_bytes())
                (desk.folder / DATABASE).chmod(0o600)

    return Copies()


def campaign(desk, server, copies):
    """Five letters go their ways; copies are made before each stage."""
    desk.configure(port=server.port)
    desk.a_list(5)
    copies.make("imported")
    desk.good("draft")
    copies.make("drafted")
    desk.good("approve", "1-5", "--unseen")
    copies.make("approved")
    desk.good("outbox", "export", "5", "--eml", "out")
    server.moments = {"RCPT": lambda: copies.make("claimed"), "DOT": lambda: copies.make("marked")}
    assert desk.type("send", "--yes").code == 3
    copies.make("sent")
    assert desk.states() == BECAME


def by_program(desk):
    """The state of each program's letter."""
    return {letter["program"][4]: letter["state"] for letter in desk.letters()}


NOTHING = {
    "lines": 0,
    "damaged": 0,
    "letters": [],
    "voided": [],
    "unlearned": [],
    "foreign": [],
    "unwitnessed": False,
}


def unknown(desk):
    return [letter["id"] for letter in desk.letters() if letter["state"] == "unknown"]


def reconciled(desk):
    return desk.type("db", "reconcile", "--json")


STAGES = {
    # the copy, and what its letters are once the journal's word was taken
    "no copy": {"1": "sent", "2": "unknown", "3": "refused", "5": "exported"},
    "imported": {"1": "sent", "2": "unknown", "3": "refused", "5": "exported"},
    "drafted": {"1": "sent", "2": "unknown", "3": "draft", "4": "draft", "5": "exported"},
    "approved": {"1": "sent", "2": "unknown", "3": "refused", "4": "draft", "5": "exported"},
    "claimed": {"1": "sent", "2": "unknown", "3": "refused", "4": "draft", "5": "exported"},
    "marked": {"1": "sent", "2": "unknown", "3": "refused", "4": "draft", "5": "exported"},
}


@pytest.mark.long
@pytest.mark.parametrize("stage", STAGES)
def test_a_copy_of_any_stage_is_brought_up_and_nothing_leaves_twice(desk, server, copies, stage):
    campaign(desk, server, copies)
    before = {letter["program"]: letter for letter in desk.letters()}
    copies.put_back(stage)
    refused = desk.type("send", "--yes", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (3, "older_copy")
    assert reconciled(desk).code == 3, "one is unknown: a person is needed"
    assert by_program(desk) == STAGES[stage]
    for letter in desk.letters():
        if letter["state"] == BECAME[int(letter["program"][4]) - 1]:
            same = ("message_id", "digest", "subject", "to", "cc", "sent_at", "approved_at")
            assert {k: letter[k] for k in same} == {k: before[letter["program"]][k] for k in same}
    desk.good("db", "check")
    states = desk.states()
    again = reconciled(desk)
    assert (again.code, again.json) == (3, {**NOTHING, "unknown": unknown(desk)})
    assert desk.states() == states
    # The rest of the story: bring in the list again, write what is missing, send all there is.
    desk.good("import", "list.csv")
    desk.good("draft")
    drafts = [x["id"] for x in desk.letters() if x["state"] == "draft"]
    if drafts:
        desk.good("approve", ",".join(map(str, drafts)), "--unseen")
    desk.type("send", "--yes")
    receivers = server.receivers()
    assert len(receivers) == len(set(receivers))
    assert by_program(desk)["4"] == "sent"
    desk.good("db", "check")


def test_a_database_that_knows_it_all_has_nothing_to_take(desk, server, copies):
    campaign(desk, server, copies)
    copies.put_back("sent")
    said = desk.type("db", "reconcile")
    assert said.out.splitlines() == [
        "The database, its journal and its witness agree.",
        "These may or may not have been delivered: 2.",
        "  -> planner outbox resolve ID --delivered (or --not-delivered)",
    ]
    assert said.code == 3, "one is unknown still"
    assert desk.states() == BECAME


def test_what_was_taken_is_said_letter_by_letter(desk, server, copies):
    campaign(desk, server, copies)
    copies.put_back("approved")
    done = desk.type("db", "reconcile")
    assert "letter 1, Elm 1 Hospital: approved -> sent" in done.out
    assert "letter 2, Elm 2 Hospital: approved -> unknown" in done.out
    assert "9 lines taken from the journal; 4 letters changed." in done.out
    assert "-> planner outbox resolve ID --delivered" in done.out
    story = desk.good("outbox", "show", "1", "--json").json["letters"][0]["events"][-1]
    assert (story["command"], story["from"], story["to"]) == ("db reconcile", "approved", "sent")
    assert story["why"] == "line 3 of the journal says: sent"


def test_a_letter_that_was_approved_again_is_known_by_its_program(desk, server, copies):
    server.script = {}
    desk.configure(port=server.port)
    desk.approved(1)
    copies.make("before")
    first = desk.letters()[0]["message_id"]
    desk.edit(1)
    desk.good("approve", "1", "--unseen")
    desk.good("send", "--yes")
    second = desk.letters()[0]["message_id"]
    copies.put_back("before")
    reconciled(desk)
    (letter,) = desk.letters()
    assert first != second == letter["message_id"]
    assert letter["state"] == "sent"
    assert "Yours" in desk.good("outbox", "show", "1").out
    desk.good("send", "--yes")
    assert len(server.accepted) == 1


def twice(desk, server, copies):
    """A letter that was lost on its way, read and approved again, and then sent."""
    server.script = {"DOT": [DROP]}
    desk.configure(port=server.port)
    desk.approved(1)
    desk.type("send", "--yes")
    copies.make("unknown")
    desk.good("outbox", "resolve", "1", "--not-delivered")
    desk.good("approve", "1", "--unseen")
    desk.good("send", "--yes")


@pytest.mark.parametrize("copy", ["unknown", "none"])
def test_the_last_of_several_letters_to_a_program_counts(desk, server, copies, copy):
    twice(desk, server, copies)
    copies.put_back(copy)
    reconciled(desk)
    assert desk.states() == ["sent"]
    desk.good("db", "check")


def test_a_letter_is_told_of_once_with_what_it_is_in_the_end(desk, server, copies):
    twice(desk, server, copies)
    copies.put_back("none")
    done = reconciled(desk)
    assert (done.code, [x["state"] for x in done.json["letters"]]) == (0, ["sent"])


def test_a_program_that_was_renamed_since_the_copy_is_kept_by_its_address(desk, server, copies):
    server.script = {}
    desk.configure(port=server.port)
    desk.approved(1)
    copies.make("before")
    desk.good("programs", "set", "1", "program=Oak Hospital")
    desk.good("draft")
    desk.good("approve", "1", "--unseen")
    desk.good("send", "--yes")
    copies.put_back("before")
    reconciled(desk)
    assert {x["program"]: x["state"] for x in desk.letters()} == {
        "Elm 1 Hospital": "draft",
        "Oak Hospital": "sent",
    }
    done = desk.type("approve", "1", "--unseen")
    assert "already gets the letter for #2 Oak Hospital" in done.out + done.err
    desk.type("send", "--yes")
    assert len(server.accepted) == 1


def test_letters_that_were_made_from_the_journal_live_on_like_any_other(desk, server, copies):
    campaign(desk, server, copies)
    copies.put_back("none")
    reconciled(desk)
    desk.good("import", "list.csv")
    number = {x["program"][4]: str(x["id"]) for x in desk.letters()}
    desk.good("outbox", "resolve", number["2"], "--not-delivered")
    desk.good("outbox", "resolve", number["5"], "--delivered")
    desk.good("edit", number["3"], "--subject", "Step 2 CK score")
    desk.good("draft")
    desk.good("approve", number["2"], number["3"], "--unseen")
    desk.good("send", "--yes")
    assert by_program(desk) == {"1": "sent", "2": "sent", "3": "sent", "4": "draft", "5": "sent"}
    desk.good("db", "check")


def test_a_line_that_a_crash_tore_is_counted_and_passed_over(desk, server, copies):
    campaign(desk, server, copies)
    journal = open_journal(desk.folder / DATABASE)
    first, second, rest = journal.read_bytes().split(b"\n", 2)
    torn = b'\n{"n": 2, "at": "2026-10-2\n'
    journal.write_bytes(first + b"\n" + second + torn + rest + b'{"n": 10, "sta')
    copies.put_back("approved")
    assert reconciled(desk).json["damaged"] == 0, "each was written again behind it"
    assert by_program(desk) == STAGES["approved"]


def test_a_letter_whose_mark_alone_is_known_is_unknown(desk, server, copies):
    server.script = {}
    desk.configure(port=server.port)
    desk.approved(1)
    copies.make("approved")
    desk.good("send", "--yes")
    journal = open_journal(desk.folder / DATABASE)
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:2]))
    for witness in desk.witnesses():
        witness.unlink()
    copies.put_back("approved")
    assert reconciled(desk).code == 3
    assert desk.states() == ["unknown"]


@pytest.mark.parametrize("became", ["sent", "exported"])
def test_a_row_that_was_put_back_by_itself_is_noticed_before_anything_leaves(desk, server, became):
    server.script = {}
    desk.configure(port=server.port)
    desk.approved(2)
    left = {"sent": "send 1 --yes", "exported": "outbox export 1 --eml out"}
    desk.good(*left[became].split())
    desk.sql("UPDATE letters SET state = 'approved' WHERE id = 1")
    heard = len(server.log)
    done = desk.type("send", "--yes", "--json")
    assert (done.code, done.json["error"]["code"]) == (3, "older_copy")
    assert "Letter 1 is waiting to be sent, but has already left" in done.err
    assert "FAILED journal" in desk.type("db", "check").out
    assert len(server.log) == heard
    assert "letter 1, Elm 1 Hospital: approved -> " + became in desk.good("db", "reconcile").out
    assert desk.good("send", "--yes", "--json").json["sent"] == 1
    assert desk.states() == [became, "sent"]
    assert len(server.receivers()) == len(set(server.receivers()))


def test_another_sender_at_work_is_not_disturbed(desk):
    from planner.store.lock import sender_lock

    desk.approved(1)
    with sender_lock(desk.folder / DATABASE):
        assert reconciled(desk).code == 75


WRITING = [
    "import list.csv",
    "import list.csv --dry-run",
    "programs set 1 notes=x",
    "draft",
    "approve 1 --unseen",
    "unapprove 1",
    "leave-out 1",
    "edit 1 --subject x",
    "cancel 1",
    "send --yes",
    "send --dry-run",
    "send --yes --reflect me@applicant.example",
    "outbox retry 1",
    "outbox resolve 1 --delivered",
    "outbox record 1 --on 2026-10-12",
    "outbox export 1 --eml out",
]
READING = [
    "status",
    "plan",
    "why 1",
    "programs",
    "programs show 1",
    "programs export all.csv",
    "outbox list",
    "outbox show 1",
    "outbox export --failed failed.csv",
    "preview",
    "preview 1 --format raw",
]


def test_a_database_behind_its_journal_is_read_and_never_written(desk, server, copies):
    campaign(desk, server, copies)
    copies.put_back("approved")
    heard = len(server.log)
    for command in READING:
        assert desk.type(*command.split()).code == 0, command
    for command in WRITING:
        done = desk.type(*command.split())
        assert done.code == 3, command
        assert "This database is older than before" in done.err, command
        assert "-> planner db reconcile" in done.err, command
    for command in ("draft --json", "import list.csv --json", "send --yes --json"):
        error = desk.type(*command.split()).json["error"]
        assert (error["code"], "restored from a copy" in error["message"]) == (
            "older_copy",
            True,
        )
    assert len(server.log) == heard
    assert desk.states() == ["approved"] * 5
    assert not (desk.folder / "failed.csv").exists()
    block = desk.good("status", "--json").json["blocked_by"][0]
    assert (block["code"], block["command"]) == ("older_copy", "planner db reconcile")
    assert "transactions are missing" in block["text"]
    check = desk.type("db", "check")
    assert (check.code, "FAILED journal" in check.out) == (1, True)


def test_a_new_database_beside_an_old_journal_is_refused_too(desk):
    with Journal(desk.folder / DATABASE, "0123456789abcdef") as journal:
        line = {"state": "sent", "message_id": "<1@x>", "at": "2026-10-20"}
        journal.append([linked(in_text(line), 1, chained("", [in_text(line)]))])
    desk.sheet({"Program": "Elm", "Specialty": "IM"})
    done = desk.type("import", "list.csv", "--json")
    assert (done.code, done.json["error"]["code"]) == (3, "older_copy")
    assert desk.good("status", "--json").json["programs"] == 0


@pytest.mark.parametrize("state", LetterState)
@pytest.mark.parametrize("same", [True, False])
def test_no_word_of_the_journal_takes_back_what_was_sent(state, same):
    for to in ("sent", "unknown", "exported"):
        told = tells_more(state, LetterState(to), same=same)
        assert told is (state not in {"sent", to})
    before_the_end = state in {"approved", "deferred", "claimed", "committing"}
    assert tells_more(state, LetterState.REFUSED, same=same) is (same and before_the_end)


TRACKS = ["Program", "Specialty", "ACGME ID", "NRMP Code", "PD Email", "Status"]


def test_two_tracks_of_a_program_are_two(desk, server, copies):
    server.script = {}
    desk.configure(port=server.port)
    elm = {"Program": "Elm", "Specialty": "IM", "ACGME ID": "1400521057", "Status": "interviewed"}
    codes = {"1601140C0": "a@elm.example", "1601140P0": "b@elm.example"}
    rows = [{**elm, "NRMP Code": code, "PD Email": to} for code, to in codes.items()]
    desk.good("import", desk.sheet(*rows, header=TRACKS))
    desk.good("draft")
    desk.good("approve", "1-2", "--unseen")
    desk.good("send", "--yes")
    copies.put_back("none")
    reconciled(desk)
    assert desk.states() == ["sent", "sent"]


def test_an_address_that_two_programs_share_gets_its_last_word(desk, server, copies):
    server.script = {"DOT": [DROP]}
    desk.configure(port=server.port)
    desk.a_list(2, **{"PD Email": "shared@elm.example", "PC Email": ""})
    desk.good("draft")
    desk.good("approve", "1", "--unseen")
    desk.type("send", "--yes")
    desk.good("outbox", "resolve", "1", "--not-delivered")
    desk.good("leave-out", "1")
    desk.good("draft")
    desk.good("approve", "2", "--unseen")
    desk.good("send", "--yes")
    copies.put_back("none")
    assert "bug" not in reconciled(desk).err
    assert "sent" in desk.states()


@pytest.mark.parametrize("copy", ["drafted", "approved"])
def test_an_outcome_whose_mark_is_damaged_lets_nothing_leave_twice(desk, server, copies, copy):
    server.script = {}
    desk.configure(port=server.port)
    desk.a_list(1)
    desk.good("draft")
    copies.make("drafted")
    desk.good("approve", "1", "--unseen")
    copies.make("approved")
    desk.good("send", "--yes")
    journal = open_journal(desk.folder / DATABASE)
    head, _, outcome = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(head + b"\0" * 40 + b"\n" + outcome)
    copies.put_back(copy)
    # Without its mark only an approved letter is known again by its Message-ID.
    assert reconciled(desk).code == 3
    assert desk.states() == (["draft"] if copy == "drafted" else ["sent"])
    desk.type("approve", "1", "--unseen")
    desk.type("send", "--yes")
    assert len(server.accepted) == 1


WORDLESS = "550 5.7.1 Delivery not authorized, message refused"


@pytest.mark.parametrize("dots", [[None, WORDLESS, WORDLESS], [None, None, WORDLESS, WORDLESS]])
@pytest.mark.parametrize("stage", ["approved", "refused", "taken back"])
def test_a_copy_from_before_or_after_refusals_were_taken_back_loses_and_doubles_nothing(
    desk, copies, stage, dots
):
    with Copying({"DOT": dots}) as server:
        desk.configure(port=server.port)
        desk.approved(5)
        copies.make("approved")
        desk.type("send", "--yes", "--limit", str(len(dots) - 1))
        copies.make("refused")
        assert "refused" in desk.states()
        assert desk.type("send", "--yes", "--limit", "1").code == 3
        copies.make("taken back")
        assert "refused" not in desk.states()
        assert desk.good("db", "check")
        known = desk.states()
        copies.put_back(stage)
        if stage != "taken back":
            assert desk.type("send", "--yes").code == 3
            voided = reconciled(desk)
            assert voided.code == 0
            desk.good("approve", *voided.json["voided"], "--unseen")
        assert desk.good("db", "check")
        for _ in range(3):
            desk.type("send", "--yes")
    receivers = server.receivers()
    assert len(receivers) == len({*receivers}) >= known.count("sent")
    assert desk.states().count("sent") == len(receivers)
    assert {*desk.states()} <= {"sent", "refused"}
