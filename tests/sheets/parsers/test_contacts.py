"""Cells with the names and the addresses of several people."""

import pytest

from planner.sheets.parsers.cells import BadCellError
from planner.sheets.parsers.contacts import parse_contacts, placed
from tests.sheets.reading import listing


def people(text):
    director, coordinator, others = placed(parse_contacts(text))
    named = [(c.person.last, c.address) if c else None for c in (director, coordinator)]
    return (*named, others)


@pytest.mark.parametrize(
    ("cell", "director", "coordinator"),
    [
        ("PD: Jörg Weiß, MD (jweiss@x.example)", ("Weiß", "jweiss@x.example"), None),
        (
            "PD Étienne L'Hôpital, MD, PhD <elhopital@lahn.example>",
            ("L'Hôpital", "elhopital@lahn.example"),
            None,
        ),
        ("Bill Tran, DO, btran@neckar.example", ("Tran", "btran@neckar.example"), None),
        ("Müller, Anna-Lena (PD) am@bodensee.example", ("Müller", "am@bodensee.example"), None),
        ("Dr Øystein Bråten; obraten@jade.example", ("Bråten", "obraten@jade.example"), None),
        (
            "Dr. María Ñúñez <maria@k.example>; coordinator: Ann Lee <ann@k.example>",
            ("Ñúñez", "maria@k.example"),
            ("Lee", "ann@k.example"),
        ),
        (
            "Prof. Ülkü Sahin usahin@f.example / PC Debbie Fox dfox@f.example",
            ("Sahin", "usahin@f.example"),
            ("Fox", "dfox@f.example"),
        ),
        (
            "Dr. Lê Quang (lquang@isar.example), Coord. Sue Ann Pratt, spratt@isar.example",
            ("Lê", "lquang@isar.example"),
            ("Pratt", "spratt@isar.example"),
        ),
        (
            "Oscar Peñaloza, MD; op@oder.example; PC: Lu Wang; lwang@oder.example",
            ("Peñaloza", "op@oder.example"),
            ("Wang", "lwang@oder.example"),
        ),
        (
            "Dr. P. K. Raman <pkr@w.example>;\ncoordinator: Lottie Groß <lgross@w.example>",
            ("Raman", "pkr@w.example"),
            ("Groß", "lgross@w.example"),
        ),
        (
            "PC: Lu Wang lwang@oder.example; PD: Ana Ng ng@oder.example",
            ("Ng", "ng@oder.example"),
            ("Wang", "lwang@oder.example"),
        ),
        ("Dr. Karen Oduya <ko@m.example>; coordinator: n/a", ("Oduya", "ko@m.example"), None),
        (
            "Dr. F. Keïta (fk@r.example); coordinator: Ted Ros",
            ("Keïta", "fk@r.example"),
            ("Ros", ""),
        ),
        ("no PD found yet; neuro@havel.example", None, ("", "neuro@havel.example")),
        ("c/o GME office, gme@tauber.example", None, ("", "gme@tauber.example")),
        ("eider_im@eider.example", None, ("", "eider_im@eider.example")),
    ],
)
def test_each_address_goes_to_the_name_and_the_role_beside_it(cell, director, coordinator):
    assert people(cell) == (director, coordinator, [])


NGUYEN, SIMMS = ("Nguyen", "n@b.example"), ("Simms", "c@b.example")
NO_ADDRESS = ("Nguyen", "")


@pytest.mark.parametrize(
    ("cell", "director"),
    [
        ("Dr Nguyen (PD), Carla Simms (PC) c@b.example", NO_ADDRESS),
        ("Carla Simms (PC) c@b.example, Dr Nguyen (PD)", NO_ADDRESS),
        ("Dr Nguyen PD, Carla Simms PC c@b.example", NO_ADDRESS),
        ("PD Dr Nguyen, PC Carla Simms c@b.example", NO_ADDRESS),
        ("PD: Dr. Nguyen PC: Carla Simms c@b.example", NO_ADDRESS),
        ("Dr Nguyen - PD; Carla Simms - PC, c@b.example", NO_ADDRESS),
        ("Dr Nguyen (PD) and Carla Simms (PC) c@b.example", NO_ADDRESS),
        ("Dr Nguyen (PD) & Carla Simms (PC) c@b.example", NO_ADDRESS),
        ("Dr Nguyen (PD)/Carla Simms (PC) c@b.example", NO_ADDRESS),
        ("Dr Nguyen (PD)\nCarla Simms (PC)\nc@b.example", NO_ADDRESS),
        ("Dr Nguyen (PD) Carla Simms (PC) c@b.example", NO_ADDRESS),
        ("Nguyen (Program Director) • Simms, Carla (Coordinator) c@b.example", NO_ADDRESS),
        ("Dr Nguyen (she/her) (PD), Carla Simms, BA (PC) c@b.example", NO_ADDRESS),
        ("Dr Nguyen, PD, Carla Simms, PC, c@b.example", NO_ADDRESS),
        ("PD, Dr Nguyen, PC, Carla Simms, c@b.example", NO_ADDRESS),
        ("Dr Nguyen (PD) n@b.example, Carla Simms (PC) c@b.example", NGUYEN),
        ("Dr Nguyen n@b.example (PD); Carla Simms c@b.example (PC)", NGUYEN),
        ("Dr Nguyen (PD: n@b.example), Carla Simms (PC: c@b.example)", NGUYEN),
        ("Nguyen n@b.example PC Carla Simms c@b.example", NGUYEN),
        ("Carla Simms c@b.example; Dr. Nguyen n@b.example", NGUYEN),
        ("n@b.example (Dr Nguyen, PD); c@b.example (Carla Simms, PC)", NGUYEN),
        ("PD: Bo Nguyen\nEmail: n@b.example\nPC: Carla Simms\nEmail: c@b.example", NGUYEN),
    ],
)
def test_each_of_two_people_keeps_their_name_their_role_and_their_address(cell, director):
    assert people(cell) == (director, SIMMS, [])


@pytest.mark.parametrize(
    ("cell", "whole"),
    [
        ("Dr. Priya Raman", "Priya Raman"),
        ("Priya Raman, MD", "Priya Raman"),
        ("Dr Nguyen, Carla Simms (PC) c@b.example", "Nguyen"),
    ],
)
def test_a_doctor_without_a_role_or_an_address_is_the_director_with_a_remark(cell, whole):
    director, *_ = placed(parse_contacts(cell))
    assert director.person.whole == whole
    assert [code for code, _ in director.person.notes] == ["title_decides"]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Ruth Ellison", "Ruth Ellison"),
        ("Ruth Ellison, BA", "Ruth Ellison"),
        ("Dr. Priya Raman, Ruth Ellison", "Ruth Ellison"),
        ("Dr. Ana Ng; Dr. Bo Lee", "Ana Ng"),  # which of them?
        ("PD: Ana Ng; Dr. Bo Lee", "Bo Lee"),  # there is a director
        ("Nguyen/Simms c@b.example", "Nguyen"),
    ],
)
def test_a_name_that_may_be_anybodys_is_refused_with_what_to_write(cell, name):
    with pytest.raises(BadCellError) as refused:
        parse_contacts(cell)
    assert f"PD {name} or {name} (PC)" in refused.value.expected


@pytest.mark.parametrize(
    "cell",
    [
        "PD/PC: Ana Lee a@x.example",
        "Ana Lee (PD & PC) a@x.example",
        "Co-PD Ana Lee a@x.example",
        "Vice Program Director: Ana Lee a@x.example",
        "Ana Lee a@x.example, PC, Bo Ng b@x.example",  # whose role is it?
        "Dr Nguyen (PD), Carla Simms (PC); n@x.example; c@x.example",  # whose is which?
        "Ana Lee (PD) or Bo Ng (PC)",
        "PD PC Ana Lee a@x.example",
    ],
)
def test_where_it_is_not_sure_whose_a_role_or_an_address_is_the_cell_is_refused(cell):
    with pytest.raises(BadCellError):
        parse_contacts(cell)


def test_a_last_name_before_two_given_names_is_remarked():
    _, coordinator, _ = placed(parse_contacts("Nguyen, Carla Ann (PC) c@b.example"))
    assert coordinator.person.whole == "Carla Ann Nguyen"
    assert [code for code, _ in coordinator.person.notes] == ["ambiguous_name"]


@pytest.mark.parametrize(
    "cell",
    [
        "Dr. Ana Ng <ng@y.example> (on leave till March) acting: Dr. Beth Cho <bc@y.example>",
        "Ana Ng, not ng@old.example but ng@new.example",
        "Ana Ng (retired) ng@y.example",
        "ask the office first: gme@y.example",
        "Ana Ng <ng@y.example>, she is very kind and answers within a day",
        "Ana Ng <ng@@y.example>",
    ],
)
def test_anything_else_beside_an_address_is_refused(cell):
    with pytest.raises(BadCellError):
        parse_contacts(cell)


def test_a_third_person_is_left_out_and_said():
    *_, others = people("Ana Ng <a@x.example>; PC: Bo Lee <b@x.example>; PC: Cy Roe <c@x.example>")
    assert [c.address for c in others] == ["c@x.example"]


@pytest.mark.parametrize(
    "header",
    ["PD / PC contact", "Contacts", "PD name & email", "Contact info"]
    + ["Program Director / Coordinator", "PD name and e-mail"],
)
def test_a_column_of_names_and_addresses_is_understood(header):
    rows = 'Saint-Élan,FM,"PD: Jörg Weiß, MD (jw@x.example)"\nOak,FM,Bo Ng bo@oak.example\n'
    found = listing(f"Program,Specialty,{header}\n{rows}Ash,FM,ask them: who@ash.example\n")
    first, second, third = found.records
    assert found.columns[2].target == "people"
    values = [first.values[f"director_{name}"] for name in ("first_name", "last_name", "email")]
    assert values == ["Jörg", "Weiß", "jw@x.example"]
    assert second.values["director_last_name"] == "Ng"
    assert [e.code for e in third.errors] == ["bad_contact"]
    assert "director_email" not in third.values


def test_an_unknown_column_of_names_and_addresses_is_offered_as_one():
    rows = "Elm,Bo Ng bo@oak.example\nOak,Ana Lee <a@oak.example>\n"
    assert listing(f"Program,Menschen\n{rows}").suggestions == {1: "people"}


@pytest.mark.parametrize("line", ["RCPT TO:<all@other.example>", "Bcc: all@other.example"])
def test_the_head_of_a_mail_line_is_no_name(line):
    with pytest.raises(BadCellError):
        parse_contacts(f"pd@elm.example\n{line}")


def test_a_column_of_names_with_their_roles_is_understood_without_addresses():
    rows = '"Dr Nguyen (PD), Carla Simms (PC)"\nOak,FM,"PD Ana Ng, PC Bo Lee"\n'
    found = listing(f"Program,Specialty,PD / PC\nElm,FM,{rows}Ash,FM,Dr. Priya Raman\n")
    *_, last = list(found.records)
    assert found.columns[2].target == "people"
    assert last.values["director_last_name"] == "Raman"
    assert [w.code for w in last.warnings] == ["title_decides"]


def test_a_column_of_names_alone_is_not_taken_for_people_with_roles():
    found = listing("Program,Specialty,PD / PC\nElm,FM,Nguyen\nOak,FM,Ana Ng\n")
    assert found.columns[2].target is None
