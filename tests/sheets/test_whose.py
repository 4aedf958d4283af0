"""Whose addresses are in a column that is only called "Email"."""

import pytest

from tests.sheets.reading import listing, records

GIL, GOMEZ = "Bo Gil,bgil@elm.example", '"Patrícia Gómez-Hall, MD",gomezhall@oak.example'
OFFICE = "Ola Berg,im.residency@fir.example"


def target(text, header="Email"):
    return {c.header: c.target for c in listing(text).columns}[header]


@pytest.mark.parametrize("rows", [[GIL, GOMEZ], [GIL, OFFICE], ["Bo Gil,", ",a@elm.example"]])
@pytest.mark.parametrize("header", ["Email", "E-mail", "Email Address"])
def test_an_address_right_behind_the_director_is_the_directors(rows, header):
    lines = "\n".join(f"Elm {n},{row}" for n, row in enumerate(rows))
    assert target(f"Program,PD,{header}\n{lines}\n", header) == "director_email"


def test_addresses_made_of_the_directors_names_are_theirs_wherever_they_stand():
    text = "Email,Program,PD\nbgil@elm.example,Elm,Bo Gil\nim@oak.example,Oak,Ada Lee\n"
    assert target(text) == "director_email"


@pytest.mark.parametrize(
    "text",
    [
        f"Program,PD,Email\nElm,{OFFICE}\nOak,Ada Lee,gme@oak.example\n",
        "Program,PD,Coordinator,Email\nElm,Bo Gil,Cat Dee,cdee@elm.example\n",
        "Program,PD,City,Email\nElm,Bo Gil,Troy,office@elm.example\n",
        "Program,Email\nElm,bgil@elm.example\n",
        "Program,PD,PD Email,Email\nElm,Bo Gil,bgil@elm.example,bgil2@elm.example\n",
        "Program,PD,Coordinator Email\nElm,Bo Gil,bgil@elm.example\n",
    ],
)
def test_any_other_address_is_the_offices(text):
    assert list(listing(text).columns)[-1].target == "coordinator_email"


def test_two_columns_of_addresses_belong_to_those_whom_they_stand_behind():
    text = "Program,PD,Email,Coordinator,Email\nElm,Bo Gil,pd@elm.example,Cat Dee,pc@elm.example\n"
    (found,) = records(text)
    assert found.values["director_email"] == "pd@elm.example"
    assert found.values["coordinator_email"] == "pc@elm.example"


def test_what_was_said_of_the_column_holds():
    found = listing(f"Program,PD,Email\nElm,{GIL}\n", mapping={"Email": "coordinator_email"})
    assert found.columns[-1].target == "coordinator_email"


CONTACTS = "Program,City,{},{}\nElm,Troy,Dr. Ana Lee,a@elm.example\nOak,Ada,{},b@oak.example\n"


def offered(text):
    said = [w for w in listing(text).warnings if w.code == "doctors_as_contacts"]
    return [w.facts["maps"] for w in said]


@pytest.mark.parametrize("second", ['"Bo Berg, MD"', '"Bo Berg, D.O."', "Dr Berg", ""])
@pytest.mark.parametrize("headers", [("Contact Name", "Contact E-Mail"), ("Contact", "Email")])
def test_contacts_who_are_doctors_are_offered_as_the_directors(second, headers):
    name, address = headers
    text = CONTACTS.format(name, address, second)
    assert offered(text) == [[f"{name}=director", f"{address}=director_email"]]


@pytest.mark.parametrize(
    "text",
    [
        CONTACTS.format("Contact Name", "Contact Email", "Cat Dole"),  # half of them
        CONTACTS.format("Coordinator", "Contact Email", "Dr. Bo Berg"),  # it says who
        CONTACTS.format("Contact Name", "PD Email", "Dr. Bo Berg"),
        CONTACTS.format("Contact Name", "Program Director", "Dr. Bo Berg"),
        CONTACTS.replace("Dr. Ana", "Ana").format("Contact Name", "Email", "Bo Berg"),
        CONTACTS.format("Contact Name", "Role", "Dr. Bo Berg"),
    ],
)
def test_contacts_who_may_be_coordinators_are_not(text):
    assert offered(text) == []


def test_who_said_what_the_contacts_are_is_not_asked():
    text = CONTACTS.format("Contact Name", "Email", "Dr. Bo Berg")
    assert not [
        w
        for w in listing(text, mapping={"Contact Name": "coordinator_name"}).warnings
        if w.code == "doctors_as_contacts"
    ]
