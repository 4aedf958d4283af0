"""A server's database restored from a backup: the witness shows it, and no letter is doubled."""

import pytest

from tests import postgresql
from tests.fakes import ACCEPT, DROP, ScriptedServer

pytestmark = pytest.mark.outside


@pytest.fixture
def backups(desk):
    """A campaign of four letters on a server, with a backup of each stage by its name."""
    if reason := postgresql.why_not():
        pytest.skip(reason)
    server = postgresql.shared()
    desk.url = server.fresh()
    taken = {}
    with ScriptedServer({"DOT": [None, (ACCEPT, DROP), "554 5.6.0 no"]}) as smtp:
        desk.configure(port=smtp.port)
        desk.a_list(4)
        desk.good("draft")
        taken["drafted"] = server.copy(desk.url)
        desk.good("approve", "1-3", "--unseen")
        taken["approved"] = server.copy(desk.url)
        desk.type("send", "--yes")
        assert desk.states() == ["sent", "unknown", "refused", "draft"]
        desk.smtp, desk.put_back = smtp, lambda name: server.put_back(desk.url, taken[name])
        yield taken
    for url in (*taken.values(), desk.url):
        server.drop(url)


@pytest.mark.parametrize("stage", ["drafted", "approved"])
def test_nothing_leaves_a_backup_until_it_was_reconciled(desk, backups, stage):
    delivered = list(desk.smtp.accepted)
    desk.put_back(stage)
    for words in (["send", "--yes"], ["approve", "4", "--unseen"]):
        done = desk.type(*words)
        assert (done.code, "planner db reconcile" in done.err) == (3, True)
    assert desk.smtp.accepted == delivered


@pytest.mark.parametrize("stage", ["drafted", "approved"])
def test_what_the_witness_knows_to_have_left_leaves_no_second_time(desk, backups, stage):
    delivered = len(desk.smtp.accepted)
    desk.put_back(stage)
    done = desk.type("db", "reconcile", "--json").json
    if stage == "approved":
        known = [(letter["id"], letter["state"]) for letter in done["letters"]]
        assert (known, done["unknown"]) == ([(1, "sent"), (2, "unknown")], [2])
    else:  # the backup does not know the messages that left, so a person has to say whose they were
        assert len(done["unlearned"]) == 2
    assert "approved" not in desk.states()
    waiting = [str(letter["id"]) for letter in desk.letters() if letter["state"] == "draft"]
    gone = [letter["id"] for letter in desk.letters() if letter["state"] == "sent"]
    desk.type("approve", *waiting, "--unseen")
    desk.type("send", "--yes")
    if stage == "approved":
        assert gone[:1] == [1]
        assert (waiting, desk.states()[1]) == (["3", "4"], "unknown")
        assert len(desk.smtp.accepted) == delivered + len(waiting)
