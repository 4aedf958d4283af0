"""Links that open a letter in a mail program: parsed as mail programs do, they contain it whole."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.mail.message import Outline, UnsafeMessageError, freeze
from planner.mail.note import note_of
from planner.rules.compose_links import CARRIES_CC, MAKERS, MOST, Note, Way, link, trouble

USERS = st.from_regex(r"[a-z0-9]{1,8}([.+&'%=-][a-z0-9]{1,8}){0,2}", fullmatch=True)
ADDRESSES = st.builds("{}@{}.example".format, USERS, st.from_regex(r"[a-z]{1,12}", fullmatch=True))
LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="=?")
    | st.sampled_from(" &=?#+%;:,'\"<>/\\|{}[]~ñüŁ—’🩺"),
    max_size=90,
).map(str.strip)
NOTES = st.builds(
    Note,
    to=st.lists(ADDRESSES, min_size=1, max_size=3, unique=True).map(tuple),
    cc=st.lists(ADDRESSES, max_size=2, unique=True).map(tuple),
    subject=LINES.filter(lambda line: line and "=?" not in line),
    body=st.lists(LINES, min_size=1, max_size=9).map("\n".join).filter(str.strip),
)


def a_note(**fields):
    given = {"to": ("pd@elm.example",), "cc": (), "subject": "S", "body": "B\n"}
    return Note(**{**given, **fields})


def read(made):
    """A link as the other side reads it."""
    url = urlsplit(made)
    fields = {name: values[0] for name, values in parse_qs(url.query).items()}
    if url.scheme == "mailto":  # RFC 6068: a plus sign is one
        fields = {n: unquote(v) for n, _, v in (x.partition("=") for x in url.query.split("&"))}
        fields["to"] = ",".join(unquote(part) for part in url.path.split(","))
    to = tuple(fields["to"].replace(";", ",").split(","))
    cc = tuple(fields["cc"].split(",")) if "cc" in fields else ()
    subject = fields["su"] if "su" in fields else fields["subject"]
    return Note(to, cc, subject, fields["body"].replace("\r\n", "\n"))


@given(NOTES, st.sampled_from(sorted(MAKERS)))
def test_a_link_gives_back_the_letter(note, way):
    made = link(way, note)
    cc = note.cc if way in CARRIES_CC else ()
    assert read(made) == note._replace(cc=cc, body=note.body.rstrip("\n"))
    assert made.isascii()
    assert made.isprintable()
    assert " " not in made


@pytest.mark.long
@given(NOTES)
def test_what_is_typed_is_what_was_frozen(note):
    outline = Outline("Zoë Łukasz-O’Neil", "zoe@applicant.example", *note)
    try:
        frozen = freeze(outline)
    except UnsafeMessageError:
        return
    assert note_of(frozen.wire)._replace(body="") == note._replace(body="")
    assert note_of(frozen.wire).body.splitlines() == note.body.splitlines()


@given(st.integers(0, 3 * MOST), st.sampled_from(sorted(MAKERS)))
def test_no_link_is_longer_than_every_computer_takes_without_a_warning(length, way):
    note = a_note(body="ü" * (length // 6) + "x" * (length % 6))
    assert (len(link(way, note)) > MOST) == ("its link has" in trouble(way, note))


@pytest.mark.parametrize("way", Way)
def test_only_outlook_reads_a_plus_sign_of_an_address_as_a_blank(way):
    found = trouble(way, a_note(to=("pd+im@elm.example",)))
    assert bool(found) == (way in {Way.OUTLOOK, Way.OUTLOOK_COM})


def test_a_letter_without_cc_has_no_empty_field_for_it():
    assert all("cc=" not in link(way, a_note()) for way in MAKERS)
