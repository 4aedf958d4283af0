"""Hostile cells: refused, or rendered harmless; never a crash, a new header or a recipient."""

from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.mail.message import FIXED_HEADERS, Outline, freeze
from planner.sheets.fields import FIELDS, SPECIAL

pytestmark = pytest.mark.long

EVIL = {
    "crlf": "Elm\r\nBcc: all@evil.example",
    "lf": "Elm\nBcc: all@evil.example",
    "encoded word": "=?utf-8?q?Elm=0ABcc:_all@evil.example?=",
    "line separator": "Elm\u2028Bcc: all@evil.example",
    "next line": "Elm\x85Bcc: all@evil.example",
    "terminal": "Elm\x1b]0;owned\x07\x1b[2J",
    "c1 terminal": "Elm\x9b2J",
    "template": "{{ ''.__class__.__mro__ }}{% for x in y %}",
    "right to left": "Elm\u202emoc.live@dp",
    "endless": "x" * 200_000,
    "quotes": 'Elm" <all@evil.example>, "',
    "formula": "=cmd|' /C calc'!A0",
    "command": "pd@elm.example\nRCPT TO:<all@evil.example>",
    "quoted over lines": '"pd@elm.example\nall"@evil.example',
    "list behind a header": "To: pd@elm.example\nBcc: all@evil.example",
}
ALLOWED = {*FIXED_HEADERS, "Cc", "Date", "In-Reply-To", "References"}
HEADER = ["Program", "Specialty", "City", "PD Last Name", "PD Email", "Status"]
CONTROL = {"\x1b", "\x07", "\x9b", "\x00", "\r"}
HEADERS_OF_FIELDS = [*(f.name for f in FIELDS), *(s.headers[0] for s in SPECIAL if s.headers)]


def headers_of(wire):
    message = message_from_bytes(wire, policy=policy.default)
    return message, {name.casefold() for name in message}


def a_good_row(number):
    return {
        "Program": f"Elm {number} Hospital",
        "Specialty": "IM",
        "City": f"Town {number}",
        "PD Last Name": "Abara",
        "PD Email": f"pd{number}@elm.example",
        "Status": "interviewed",
    }


@pytest.mark.parametrize("header", HEADERS_OF_FIELDS)
def test_hostile_cells_make_no_header_and_no_recipient(desk, header):
    names = {"program": "Program", "specialty": "Specialty", "status": "Status", "city": "City"}
    names |= {"director_last_name": "PD Last Name", "director_email": "PD Email"}
    header = names.get(header, header)
    rows = [{**a_good_row(n), header: evil} for n, evil in enumerate(EVIL.values(), 1)]
    desk.sheet(*rows, header=HEADER if header in HEADER else [*HEADER, header])
    done = desk.type("import", "list.csv", "--on-error", "skip", "--rejects", "bad.csv", "--json")
    assert done.code in (0, 1), done.err + done.out
    assert done.json["read"] == len(EVIL)
    if "unknown_column_matters" in {error["code"] for error in done.json["errors"]}:
        assert (done.json["new"], done.json["written"]) == (0, False)
        return
    assert done.json["new"] + done.json["rejected"] == len(EVIL)
    assert len({error["line"] for error in done.json["errors"]}) == done.json["rejected"]
    if not done.json["new"]:
        return
    said = [desk.type("draft"), desk.good("plan")]
    assert "bug" not in said[0].err
    said += [desk.good("programs", "show", n) for n in range(1, done.json["new"] + 1)]
    letters = desk.letters()
    if letters:
        numbers = [letter["id"] for letter in letters]
        said += [desk.good("preview", *numbers), desk.type("approve", *numbers)]
    assert not CONTROL & set("".join(output.out + output.err for output in said))
    good = {row["PD Email"] for row in map(a_good_row, range(1, len(EVIL) + 1))}
    for letter in letters:
        assert set(letter["to"]) <= good
        assert (len(letter["to"]), letter["cc"]) == (1, [])
    assert len({letter["to"][0] for letter in letters}) == len(letters)
    approved = [x["id"] for x in desk.letters() if x["state"] == "approved"]
    if approved:
        desk.good("preview", *approved, "--format", "eml", "-o", "out")
    paths = list((desk.folder / "out").glob("*.eml"))
    assert len(paths) == len(approved)
    for path in paths:
        message, found = headers_of(path.read_bytes())
        assert found <= {name.casefold() for name in ALLOWED}
        assert [a.addr_spec for a in message["To"].addresses][1:] == []
        assert message["To"].addresses[0].addr_spec in good
        assert message["From"].addresses[0].addr_spec == "robin@applicant.example"


def test_of_two_addresses_in_a_cell_the_second_gets_a_copy_and_that_is_said(desk):
    row = {**a_good_row(1), "PD Email": "pd1@elm.example, office@elm.example"}
    desk.sheet(row, header=HEADER)
    done = desk.good("import", "list.csv", "--json").json
    assert [w["code"] for w in done["warnings"]] == ["two_addresses"]
    desk.good("draft")
    (letter,) = desk.letters()
    assert (letter["to"], letter["cc"]) == (["pd1@elm.example"], ["office@elm.example"])


def test_a_nul_makes_a_file_no_list_and_nothing_is_written(desk):
    desk.sheet(a_good_row(1), {**a_good_row(2), "Program": "Elm\x00Hospital"}, header=HEADER)
    done = desk.type("import", "list.csv", "--on-error", "skip", "--rejects", "bad.csv", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "not_a_spreadsheet")
    assert desk.good("programs", "list", "--json").json["programs"] == []


TEXT = st.text(max_size=40)


@settings(max_examples=80)
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
