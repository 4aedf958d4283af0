"""The short form of `make soak`: no letter is lost or doubled, whatever befalls its sender."""

import pytest

from tests.soak.killing import (
    Campaign,
    MailServer,
    Taken,
    Variant,
    interrupted,
    killed,
    lay_out,
    play,
    put_back,
    restored,
    started_twice,
    stopped,
)

pytestmark = pytest.mark.long

LETTERS, STRIDE, SEED = 24, 13, 20261020
VARIANTS = [
    Variant(killed, 1),
    Variant(killed, 4),
    Variant(stopped, 1),
    Variant(started_twice, 1),
    Variant(interrupted, 1),
    Variant(put_back, 4),
    Variant(restored, 1),
    Variant(restored, 4),
]


@pytest.fixture(scope="module")
def server():
    with MailServer() as running:
        yield running


@pytest.fixture(scope="module")
def letters(server, tmp_path_factory):
    return lay_out(tmp_path_factory.mktemp("soak") / "letters", server.port, LETTERS)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_no_letter_is_lost_or_doubled(variant, letters, server, tmp_path):
    folder = tmp_path / "campaign"
    judgements, happened = play(variant, letters, server, folder, seed=SEED, stride=STRIDE)
    assert {what: wrong for what, wrong in judgements.items() if wrong} == {}, happened
    settled = happened["sent"] + happened["unknown"] + happened["looked up"]
    assert settled == LETTERS
    assert sum(n for what, n in happened.items() if what.startswith("SIG")) >= 3, "it was harmed"


def test_the_judges_see_what_is_wrong(letters, server):
    with Campaign(letters, server, seed=SEED, stride=STRIDE) as campaign:
        name, letter = next(iter(campaign.approved.items()))
        wire = b"Date: Tue, 20 Oct 2026 16:00:00 +0000\r\n" + letter.wire
        server.taken += [Taken(name, letter.envelope, wire)] * 2
        server.taken += [Taken("<another@x.example>", letter.envelope, b"Subject: 1\r\n" + wire)]
        judgements = campaign.judged()
    wrong = {what: len(found) for what, found in judgements.items() if found}
    assert wrong == {
        "doubled": 1,
        "taken, but neither sent nor unknown": 2,
        "unsettled": LETTERS,
        "other bytes than approved": 1,
        "taken without a mark": 2,
    }
