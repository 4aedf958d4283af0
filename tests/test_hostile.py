"""Hostile cells: refused, or rendered harmless; never a crash, a new header or a recipient."""

from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.mail.message import FIXED_HEADERS, Outline, freeze
from planner.sheets.fields import FIELDS, SPECIAL

EVIL = {
    "crlf": "Elm\r\nBcc: all@evil.example",
    "lf": "Elm\nBcc: all@evil.example",
    "encoded word": "=?utf-8?q?Elm=0ABcc:_all@evil.example?=",
    "line separator": "Elm\u2028Bcc: all@evil.example",
    "next line": "Elm\x85Bcc: all@evil.example",
    "nul": "Elm\x00Hospital",
    "terminal": "Elm\x1b]0;owned\x07\x1b[2J",
    "c1 terminal": "Elm\x9b2J",
    "template": "{{ ''.__class__.__mro__ }}{% for x in y %}",
    "right to left": "Elm\u202emoc.live@dp",
    "endless": "x" * 200_000,
    "quotes": 'Elm" <all@evil.example>, "',
    "formula": "=cmd|' /C calc'!A0",
    "list of addresses": "pd@elm.example, all@evil.example",
}
ALLOWED = {*FIXED_HEADERS, "Cc", "Date", "In-Reply-To", "References"}
GOOD = {
    "Program": "Elm Hospital",
    "Specialty": "IM",
    "PD Last Name": "Abara",
    "PD Email": "pd@elm.example",
    "Status": "interviewed",
}
HEADERS_OF_FIELDS = [*(f.name for f in FIELDS), *(s.headers[0] for s in SPECIAL)]


def headers_of(wire):
    message = message_from_bytes(wire, policy=policy.default)
    return message, {name.casefold() for name in message}


@pytest.mark.parametrize("kind", EVIL)
@pytest.mark.parametrize("header", HEADERS_OF_FIELDS)
def test_a_hostile_cell_makes_no_header_and_no_recipient(desk, header, kind):
    row = dict(GOOD)
    names = {"program": "Program", "specialty": "Specialty", "status": "Status"}
    names |= {"director_last_name": "PD Last Name", "director_email": "PD Email"}
    header = names.get(header, header)
    row[header] = EVIL[kind]
    desk.sheet(row, header=[*GOOD, *([header] if header not in GOOD else [])])
    done = desk.type("import", "list.csv", "--json")
    assert done.code in (0, 1, 2), done.err
    if done.code:
        assert done.json.get("errors") or done.json["error"]["hint"]
        return
    drafted = desk.type("draft")
    assert "bug" not in drafted.err
    said = drafted.out + desk.good("plan").out + desk.good("programs", "show", "1").out
    assert not {"\x1b", "\x07", "\x9b", "\x00", "\r"} & set(said)
    for letter in desk.letters():
        assert letter["to"] == ["pd@elm.example"]
        assert letter["cc"] == []
        shown = desk.type("preview", letter["id"])
        assert not {"\x1b", "\x07", "\x9b", "\x00", "\r"} & set(shown.out + shown.err)
        approved = desk.type("approve", letter["id"])
        assert approved.code in (0, 3)
        if approved.code == 0:
            desk.good("preview", letter["id"], "--format", "eml", "-o", "out")
            (path,) = (desk.folder / "out").glob("*.eml")
            message, names_found = headers_of(path.read_bytes())
            assert names_found <= {name.casefold() for name in ALLOWED}
            assert [a.addr_spec for a in message["To"].addresses] == ["pd@elm.example"]
            assert message["From"].addresses[0].addr_spec == "robin@applicant.example"


TEXT = st.text(max_size=40)


@settings(max_examples=150)
@given(name=TEXT, subject=TEXT, body=st.text(max_size=200), local=st.text(max_size=8))
def test_whatever_a_message_is_made_of_it_has_the_intended_headers_exactly_or_is_refused(
    name, subject, body, local
):
    outline = Outline(
        name, "robin@applicant.example", (f"{local}pd@elm.example",), (), subject, body or "x"
    )
    try:
        frozen = freeze(outline)
    except PlannerError:
        return
    message, found = headers_of(frozen.wire)
    assert found <= {header.casefold() for header in ALLOWED}
    assert len(message.keys()) == len(found)
    assert len(message["To"].addresses) == 1
    assert message["To"].addresses[0].addr_spec == f"{local}pd@elm.example"
    assert message["Subject"] == subject
