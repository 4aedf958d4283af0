"""Two senders that share a PostgreSQL server, and are killed at random: the soak's other engine.

There is no journal and no lock.  What a killed sender had in its hands is free again when its
lease has run out, by the server's clock; here that takes seconds instead of hours.
"""

import signal
import time
from unittest import mock

import sqlalchemy as sa

from tests.soak import killing
from tests.soak.killing import Campaign, lay_out

LEASE = 2  # seconds; none of a living sender's steps takes so long
# A command in a process of its own, as in `killing`, with short leases.
PLANNER = killing.PLANNER.replace(
    "from planner.cli import main;",
    "import planner.steps.sending.record as r; from datetime import timedelta;"
    f" r.LEASE = timedelta(seconds={LEASE}); from planner.cli import main;",
)
JUDGES = (
    *("senders", "doubled", "taken, but neither sent nor unknown", "sent, but never taken"),
    *("unsettled", "other letters than approved", "other bytes than approved"),
    *("more unknown than blows", "db check", "db reconcile"),
)


class SharedCampaign(Campaign):
    """Letters of a database on a server; `url` names it."""

    def _read(self, columns, condition):
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.connect() as tx:
            return tx.exec_driver_sql(f"SELECT {columns} FROM letters WHERE {condition}").all()

    def _marked(self):
        return {message.message_id for message in self.server.taken}  # no journal has the marks


def killed_side_by_side(campaign):
    """Two at once; each is killed at a random moment, unless it ends before, and then well."""
    for _ in campaign.rounds():
        moment = campaign.next_moment()
        both = [campaign.start("send", "--yes") for _ in range(2)]
        for sender in campaign.chance.sample(both, 2):
            if campaign.reaches(sender, moment):
                campaign.harm(sender, signal.SIGKILL)
            else:
                campaign.ends_well(sender)
            # The other one has connected by now, and would never come to that moment.
            while (moment := campaign.next_moment()).phase == "connect":
                pass
        time.sleep(LEASE * campaign.chance.random())


def play(count, server, folder, url, **given):
    """Play it with so many letters in an empty database; gives (judgements, what happened)."""
    with mock.patch.object(killing, "PLANNER", PLANNER):
        lay_out(folder, server.port, count, url)
        with SharedCampaign(folder, server, url=url, **given) as campaign:
            try:
                killed_side_by_side(campaign)
            except AssertionError as error:
                campaign.violated(str(error))
            judged = campaign.judged()
            return {what: judged[what] for what in JUDGES}, campaign.happened
