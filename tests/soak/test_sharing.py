"""The soak on the other engine, in short: two senders share a server, and are killed."""

import pytest

from tests import postgresql
from tests.soak import killing, sharing

pytestmark = [pytest.mark.long, pytest.mark.outside]


@pytest.mark.parametrize("connections", [1, 3])
def test_no_letter_is_lost_or_doubled_by_two_that_share_a_server(connections, tmp_path):
    url = postgresql.shared().empty()
    with killing.MailServer() as server:
        judged, happened = sharing.play(
            20, server, tmp_path / "campaign", url, seed=20261020, stride=6, connections=connections
        )
    assert {what: wrong for what, wrong in judged.items() if wrong} == {}, happened
    assert happened["sent"] + happened["unknown"] == 20
    assert happened["SIGKILL"] >= 3, "it was harmed"
