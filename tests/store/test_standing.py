"""Database, journal and witness, each intact, restored, lost, damaged, or another one's.

Whatever of them comes together, no letter leaves twice, none leaves that was not approved or
was withdrawn, and `db reconcile` says what it could not learn.  The server's log is the judge.
"""

import itertools
import re
import shutil
from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk import Desk
from tests.fakes import DROP, ScriptedServer

pytestmark = [pytest.mark.long, pytest.mark.sqlite_only]

DATABASE = "planner.sqlite3"
AS_IT_IS, BACK, LOST, DAMAGED, HOLED, FOREIGN = (
    "as it is",
    "put back",
    "lost",
    "damaged",
    "holed",
    "another's",
)
DATABASES = (AS_IT_IS, BACK, LOST)
OTHERS = (AS_IT_IS, BACK, LOST, DAMAGED, HOLED, FOREIGN)
# Where all that is left tells the same old story, nothing can tell it from the truth.
UNKNOWABLE = {(BACK, journal, BACK) for journal in OTHERS}
# Nor is a campaign known of which nothing is left.
UNKNOWABLE |= {(LOST, LOST, LOST), (LOST, LOST, FOREIGN)}
TABLE = [x for x in itertools.product(DATABASES, OTHERS, OTHERS) if x not in UNKNOWABLE]
assert len(TABLE) >= 40

# Places in a file (0 to 1), bytes that are taken out there, and what is put in.
HARM = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 60), st.binary(max_size=60)),
    max_size=4,
)


class Campaign:
    """Six letters: one left before the copies were made, one was sent, one is unknown, and one
    withdrawn since; one is approved still, and one was never approved."""

    def __init__(self, desk, server, state):
        self.desk, self.server = desk, server
        self.copies = desk.folder / "copies"
        desk.configure(port=server.port)
        desk.a_list(6)
        desk.good("draft")
        desk.good("approve", "1-5", "--unseen")
        desk.good("send", "1", "--yes")
        self.database, self.journal = desk.folder / DATABASE, desk.folder / f"{DATABASE}.sent"
        (self.witness,) = (state / "planner").glob("*.witness")
        self.three = (self.database, self.journal, self.witness)
        self.copies.mkdir()
        for path in self.three:
            shutil.copy(path, self.copies)
        desk.good("send", "2", "--yes")
        server.script = {"DOT": [DROP]}
        desk.type("send", "3", "--yes")
        server.script = {}
        desk.good("cancel", "4")
        assert desk.states() == ["sent", "sent", "unknown", "cancelled", "approved", "draft"]
        self.before = {path: path.read_bytes() for path in self.three}

    def begin_again(self):
        """All three as they were when the story above was told, and so the server."""
        for folder in {path.parent for path in self.three}:
            for left in folder.iterdir():
                if left.is_file() and left.name.startswith((DATABASE, self.witness.stem)):
                    left.unlink()
        for path, data in self.before.items():
            path.write_bytes(data)
            path.chmod(0o600)
        del self.server.accepted[2:]

    def harm(self, path, how):
        """Have one of the three as it is, put back, lost, damaged, holed or another's."""
        data = path.read_bytes()
        lines = data.splitlines(keepends=True)
        if how == LOST:
            path.unlink()
        elif how == BACK:
            shutil.copy(self.copies / path.name, path)
        elif how == DAMAGED:
            middle = sum(map(len, lines[: len(lines) // 2]))
            path.write_bytes(data[:middle] + b"\0" * 40 + data[middle + 40 :])
        elif how == HOLED:
            path.write_bytes(b"".join(lines[: len(lines) // 2] + lines[len(lines) // 2 + 1 :]))
        elif how == FOREIGN and path == self.journal:
            path.write_bytes(b'{"n": 0, "uid": "0123456789abcdef"}\n' + b"".join(lines[1:]))
        elif how == FOREIGN:
            path.write_bytes(b"".join(b"0" * 16 + line[16:] for line in lines))

    def receivers(self):
        """How often each program was written to, by the server's log."""
        found = (re.search(rb"^To: pd(\d)@", m, re.MULTILINE) for m in self.server.accepted)
        return Counter(int(to[1]) for to in found)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where the story is told, once, and the server and the campaign that it is told of."""
    with ScriptedServer() as server:
        folder = tmp_path_factory.mktemp("campaign")
        yield SimpleNamespace(folder=folder, server=server, campaign=None)


@pytest.fixture
def campaign(place, monkeypatch, capsys):
    state = place.folder / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    monkeypatch.chdir(place.folder)
    desk = Desk(place.folder, monkeypatch, capsys, port=place.server.port)
    if place.campaign is None:
        place.campaign = Campaign(desk, place.server, state)
    place.campaign.desk = desk
    place.campaign.begin_again()
    return place.campaign


@pytest.mark.parametrize(("database", "journal", "witness"), TABLE)
def test_whatever_is_put_back_nothing_leaves_that_should_not(campaign, database, journal, witness):
    desk = campaign.desk
    for path, how in (("database", database), ("journal", journal), ("witness", witness)):
        campaign.harm(getattr(campaign, path), how)
    refused = desk.type("send", "--yes", "--json")
    assert refused.code in {0, 3}, refused.err
    if database != AS_IT_IS:
        assert refused.json["error"]["code"] == "older_copy"
    if "error" in refused.json:
        assert "planner db reconcile" in refused.err
        done = desk.type("db", "reconcile", "--json")
        assert done.code in {0, 3}, done.err
        assert "bug" not in done.err
        lost = [name for name in ("damaged", "unlearned", "unwitnessed") if done.json[name]]
        assert (done.code == 3) is bool(
            lost or done.json["unknown"] or any(x["id"] is None for x in done.json["letters"])
        )
        assert ("Sent folder" in done.err) is bool(lost)
        again = desk.type("db", "reconcile", "--json").json
        assert not any(again[x] for x in ("lines", "letters", "voided", "damaged", "unwitnessed"))
    desk.type("send", "--yes")
    receivers = campaign.receivers()
    assert set(receivers.values()) == {1}, "none is doubled"
    assert set(receivers) <= {1, 2, 5}, "none is unknown, withdrawn or unapproved"
    if database != LOST:
        desk.good("db", "check")


@pytest.mark.parametrize("journal", OTHERS)
@pytest.mark.parametrize("witness", OTHERS)
def test_where_nothing_is_open_all_may_be_approved_again(campaign, journal, witness):
    desk = campaign.desk
    if (BACK, journal, witness) in UNKNOWABLE:
        witness = AS_IT_IS
    for path, how in (("database", BACK), ("journal", journal), ("witness", witness)):
        campaign.harm(getattr(campaign, path), how)
    done = desk.type("db", "reconcile", "--json").json
    if done["damaged"] or done["unlearned"] or done["unwitnessed"]:
        return  # a person is told to look first
    desk.type("approve", *done["voided"], "--unseen")
    desk.type("send", "--yes")
    assert set(campaign.receivers().values()) == {1}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(back=st.booleans(), journal=HARM, witness=HARM)
def test_no_damage_makes_a_bug_or_a_second_letter(campaign, back, journal, witness):
    campaign.begin_again()
    if back:
        campaign.harm(campaign.database, BACK)
    for path, harm in ((campaign.journal, journal), (campaign.witness, witness)):
        harmed = bytearray(path.read_bytes())
        for where, length, put in harm:
            at = int(where * len(harmed))
            harmed[at : at + length] = put
        path.write_bytes(harmed)
    for words in (["send", "--yes"], ["db", "reconcile"], ["send", "--yes"], ["status"]):
        done = campaign.desk.type(*words)
        assert done.code in {0, 3}, (words, done.err)
    receivers = campaign.receivers()
    assert set(receivers.values()) == {1}
    assert set(receivers) <= {1, 2, 5}
