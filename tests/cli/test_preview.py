"""`planner preview`: the page, the matrix, and what `outbox show` tells of a change."""

from email import message_from_bytes, policy
from html.parser import HTMLParser

import click
import pytest


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def page(desk, *words):
    desk.good("preview", *words, "--format", "html", "-o", "letters")
    return (desk.folder / "letters/index.html").read_text()


def test_the_page_has_every_letter_with_its_reasons_findings_and_state(desk):
    desk.approved(2)
    desk.good("unapprove", "2")
    text = Page(page(desk)).text
    for part in ("Elm 1 Hospital", "pd1@elm1.example", "pc1@elm1.example", "Dear Dr. Abarab"):
        assert part in text
    assert "after_interview, approved" in text
    assert "after_interview, draft" in text
    assert "They know you: interviewed" in text


def test_the_page_asks_nothing_of_the_network_and_runs_no_script(desk):
    desk.approved(1)
    made = Page(page(desk))
    assert not {"script", "img", "link", "iframe"} & set(made.tags)
    links = [value for name, value in made.attributes if name in ("href", "src")]
    assert links == ["#letter-1"]
    assert "default-src 'none'" in str(made.attributes)


def test_markup_in_a_letter_is_text_on_the_page(desk):
    desk.a_list(1, Program="<script>alert(1)</script> & Sons")
    desk.good("draft")
    text = page(desk)
    assert "<script>" not in text
    assert "<script>alert(1)</script> & Sons" in Page(text).text


def test_the_page_is_private_and_opens_in_the_browser(desk, monkeypatch):
    desk.approved(1)
    opened = []
    monkeypatch.setattr(click, "launch", lambda path: opened.append(path) or 0)
    done = desk.good("preview", "--open")
    (path,) = opened
    assert path in done.out
    assert desk.good("preview", "1", "--open", "-o", "x").code == 0
    assert (desk.folder / "x/index.html").stat().st_mode & 0o777 == 0o600


def test_a_browser_that_does_not_open_is_said(desk, monkeypatch):
    desk.approved(1)
    monkeypatch.setattr(click, "launch", lambda _: 1)
    assert "did not open" in desk.good("preview", "--open").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "html"], "-o DIR, or --open"),
        (["7", "--format", "html", "-o", "x"], "no letter 7"),
        (["--format", "html", "-o", "config.toml/x"], "Cannot write"),
    ],
)
def test_a_mistake_has_a_sentence(desk, words, said):
    desk.approved(1)
    done = desk.type("preview", *words)
    assert (done.code, said in done.err) == (2, True)


def test_an_eml_opens_with_the_intended_headers(desk):
    desk.approved(1)
    desk.good("preview", "1", "--format", "eml", "-o", "letters")
    data = (desk.folder / "letters/letter-0001.eml").read_bytes()
    message = message_from_bytes(data, policy=policy.default)
    assert message["To"] == "pd1@elm1.example"
    assert message["Cc"] == "pc1@elm1.example"


def test_the_matrix_shows_one_program_for_each_letter_wording_and_branch(desk):
    desk.a_list(3)
    desk.good("programs", "set", "2", "interview_date=2026-10-06")
    done = desk.good("preview", "--matrix")
    for voice in (1, 2, 3, 4):
        assert f"--- after_interview {voice}, plain: Elm 1 Hospital " in done.out
        assert f"--- after_interview {voice}, interview day: Elm 2 Hos" in done.out
    assert "Elm 3 Hospital" not in done.out
    assert "No program of yours can get:" in done.out
    assert max(map(len, done.out.splitlines())) < 80
    samples = desk.good("preview", "--matrix", "--json").json["samples"]
    assert {s["program"] for s in samples} == {"Elm 1 Hospital", "Elm 2 Hospital"}
    assert len({(s["kind"], s["voice"], s["branch"]) for s in samples}) == len(samples)


def test_what_changed_is_shown_with_the_old_and_the_new(desk):
    desk.approved(1)
    desk.good("programs", "set", "1", "director_last_name=Berg")
    story = desk.good("outbox", "show", "1")
    assert "salutation: Dear Dr. Abarab, -> Dear Dr. Berg," in story.out
    assert "  -Dear Dr. Abarab," in story.out
    assert "  +Dear Dr. Berg," in story.out
    assert desk.good("outbox", "show", "1", "--json").json["letters"][0]["difference"]
    desk.good("draft")
    assert "What today's facts would change" not in desk.good("outbox", "show", "1").out


def with_one_that_cannot_leave(desk):
    """Three drafts; the second goes to an address that no server of every kind takes."""
    desk.a_list(3)
    desk.good("programs", "set", "2", "coordinator_email=dürr@elm2.example")
    desk.good("draft")


def test_what_cannot_be_frozen_is_found_when_it_is_drafted(desk):
    with_one_that_cannot_leave(desk)
    found = {x["id"]: [f["code"] for f in x["findings"]] for x in desk.letters()}
    assert found == {1: [], 2: ["unsendable"], 3: []}
    done = desk.type("approve", "2", "--unseen")
    assert done.code == 3
    assert "non-ASCII letters before the @" in done.out


def test_a_letter_that_cannot_leave_hides_none_of_the_others(desk):
    with_one_that_cannot_leave(desk)
    assert desk.good("preview").out.count("\nDear Dr. Abara") == 3
    for form in ("raw", "eml"):
        done = desk.type("preview", "--format", form)
        assert done.code == 1
        assert done.out.count("Message-ID: <") == 2
        assert "Letter 2 cannot be sent as it is: 'dürr@elm2.example'" in done.err
        desk.type("preview", "--format", form, "-o", form)
        assert sorted(path.name for path in (desk.folder / form).iterdir()) == [
            f"letter-0001.{form}",
            f"letter-0003.{form}",
        ]


LONG_NAMES = ("Maria Fernanda Castellanos", "Mohammed Rivera", "Christopher Montgomery")


@pytest.mark.parametrize("name", LONG_NAMES)
@pytest.mark.parametrize("specialty", ["IM", "PM&R", "OB/GYN", "Med-Peds", "Plastic Surgery"])
def test_ordinary_names_in_every_specialty_are_drafted_shown_and_approved(desk, name, specialty):
    config = desk.folder / "config.toml"
    config.write_text(config.read_text().replace("Robin Sample", name))
    desk.a_list(2, Specialty=specialty)
    desk.good("programs", "set", "2", "status=waitlisted")
    desk.good("programs", "set", "1", "interview_date=2026-10-12", "status=interviewed")
    desk.day = desk.day.replace(day=20)
    desk.good("draft")
    assert f"From:    {name}" in desk.good("preview", 1, 2).out
    desk.good("approve", "1-2")


def test_what_strangers_wrote_is_shown_on_the_page_as_it_is_and_does_nothing(desk):
    name = "Ünïted & Sons' “Çelik” <Memorial> Hospital \" onload=x"
    desk.a_list(1, Program=name)
    desk.good("draft")
    text = "Dear Dr. Abarab,\n\nThe {{ 7 * 7 }} clinics & <img src=x onerror=y>.\n"
    (desk.folder / "body.txt").write_text(text)
    desk.type("edit", "1", "--body-file", "body.txt")
    made = Page(page(desk))
    assert name in made.text
    assert text in made.text
    assert not {"memorial", "img"} & set(made.tags)
    assert "onload" not in dict(made.attributes)


def test_the_text_of_a_letter_keeps_its_lines_on_the_page(desk):
    desk.approved(1)
    body = desk.good("preview", "1", "--json").json["letters"][0]["body"]
    assert f"\n{body}" in Page(page(desk)).text


def test_what_the_user_has_noted_about_a_program_stands_beside_its_letter(desk):
    """No list of words knows all that people write, so whoever reads the letter sees it."""
    noted = "coffee with Dr. Ng;\nshe plays the viola"
    desk.sheet(
        {
            "Program": "Elm",
            "Specialty": "IM",
            "PD Email": "pd@elm.example",
            "Director": "Ada Long",
            "Status": "interviewed",
            "Notes": noted,
        },
        header=["Program", "Specialty", "Director", "PD Email", "Status", "Notes"],
    )
    desk.good("import", "list.csv")
    desk.good("draft")
    line = "Your notes: coffee with Dr. Ng; she plays the viola"
    assert line in desk.good("preview", "1").out
    assert line in " ".join(desk.good("why", "Elm").out.split())
    (letter,) = desk.good("preview", "--json").json["letters"]
    assert "viola" not in letter["body"]


def test_of_several_numbers_those_that_exist_are_shown_and_the_others_named(desk):
    desk.approved(2)
    seen = desk.type("preview", "1-4")
    assert seen.code == 2
    assert [f"--- letter {number}," in seen.out for number in (1, 2)] == [True, True]
    assert "There are no letters 3, 4." in seen.err
    refused = desk.type("approve", "1-4")
    assert "There are no letters 3, 4." in refused.err
