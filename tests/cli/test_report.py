"""`planner report`: one page that needs nothing else, and the same numbers in the terminal."""

import re
from html.parser import HTMLParser

import pytest

from tests.desk import TRANSCRIPT


class Tags(HTMLParser):
    """What a page consists of."""

    def __init__(self, text):
        super().__init__()
        self.names, self.values, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.values += [value for name, value in attrs if name in ("src", "href", "style")]

    def handle_data(self, data):
        self.text.append(data)


def page(desk):
    desk.good("report", "-o", "campaign.html")
    return (desk.folder / "campaign.html").read_text()


def test_the_terminal_fits_80_columns_and_has_every_part(desk):
    desk.approved(4)
    said = desk.good("report").out
    for part in ("cycle", "score is worth", "programs to letters", "needs attention"):
        assert part in said
    assert "NRMP" in said
    assert re.search(r"read and approved +4 █", said)
    assert "-> planner send" in said
    assert max(map(len, said.splitlines())) <= 80
    assert not [line for line in said.splitlines() if line != line.rstrip()]


def test_the_page_asks_nothing_of_the_network_and_runs_no_script(desk):
    desk.drafted(3)
    text = page(desk)
    found = Tags(text)
    assert not found.values
    assert {"script", "link", "img", "iframe"}.isdisjoint(found.names)
    assert "default-src 'none'" in text
    assert "url(" not in text


def test_every_picture_has_a_name_and_a_table_beside_it(desk):
    desk.approved(3)
    desk.good("send", "--dry-run", "--yes")
    text = page(desk)
    drawn = re.findall(r'<svg height="[^"]*" role="img" aria-label="([^"]+)"', text)
    assert len(drawn) == text.count('role="img"') >= 4
    for section in text.split("<section")[1:]:
        assert section.count('role="img"') <= section.count("<table")


def test_the_page_and_the_terminal_have_the_same_numbers(desk):
    desk.approved(3)
    stages = desk.good("report", "--json").json["funnel"]
    said, text = desk.good("report").out, page(desk)
    words = ("on your list", "worth a letter", "with a letter", "read and approved", "sent")
    for stage, word in zip(stages, words, strict=True):
        assert re.search(rf"{word} +{stage['count']}\b", said), word
        assert f"<b>{stage['count']}</b><span>{word}</span>" in text


def test_names_with_markup_are_text(desk):
    desk.a_list(
        1,
        Program="<script>alert(1)</script> & “Søster” Hospital",
        Status="invited",
        Why="<img src=x>",
    )
    desk.sql("update programs set interview_date = '2026-10-01'")
    text = page(desk)
    assert "script" not in Tags(text).names
    assert "Søster" in text


def test_the_page_is_private_and_opens_in_the_browser(desk, monkeypatch):
    desk.a_list(1)
    opened = []
    monkeypatch.setattr("click.launch", lambda path: opened.append(path) or 0)
    desk.good("report", "--open")
    desk.good("report", "-o", "c.html", "--open")
    assert opened[0].endswith("report.html")
    assert opened[1] == "c.html"
    assert (desk.folder / "c.html").stat().st_mode & 0o777 == 0o600


def test_a_browser_that_does_not_open_is_said(desk, monkeypatch):
    monkeypatch.setattr("click.launch", lambda path: 1)
    assert "open that file" in desk.good("report", "--open").out


def test_a_page_that_cannot_be_written_says_so(desk):
    done = desk.type("report", "-o", "config.toml/x.html")
    assert done.code == 2
    assert "Cannot write" in done.err
    assert "planner report -o FILE.html" in done.err


def test_an_empty_list_says_how_to_fill_it(desk):
    assert "-> planner import FILE" in desk.good("report").out
    assert "There are no programs yet." in page(desk)


@pytest.mark.parametrize("form", ["text", "page"])
def test_a_score_that_is_awaited_is_pending(desk, form):
    desk.configure(score="expected_on = 2027-01-13", transcript=TRANSCRIPT)
    path = desk.folder / "config.toml"
    path.write_text(path.read_text().replace("released_on = 2026-10-01\n", ""))
    desk.a_list(2)
    said = desk.good("report").out if form == "text" else page(desk)
    assert "pending" in said
    assert "Your score is expected" in said


def test_a_match_with_two_calendars_is_told_once(desk):
    rows = [{"Program": f"Elm {n}", "Specialty": s} for n, s in enumerate(["EM", "EM", "IM"])]
    desk.good("import", desk.sheet(*rows))
    said = desk.good("report")
    assert said.out.count("for NRMP") == 1
    assert len(re.findall("(?m)^NRMP ", said.out)) == 1
    assert len(re.findall("(?m)^Emergency Medicine ", said.out)) == 1
    assert "Applications open, Emergency Medicine" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    assert desk.good("report", "--json").json["phases"].keys() == {"nrmp"}
    assert page(desk).count("NRMP: ") == 1


def test_a_specialty_in_another_phase_than_its_match_is_named(desk):
    desk.configure(more='[specialty."Emergency Medicine"]\nlate_from = 2026-10-02')
    rows = [{"Program": f"Elm {n}", "Specialty": s} for n, s in enumerate(["EM", "IM"])]
    desk.good("import", desk.sheet(*rows))
    said = " ".join(desk.good("report").out.split())
    assert "is early for NRMP, late for Emergency Medicine." in said


def test_a_program_that_is_worth_a_letter_and_has_none_needs_attention(desk):
    desk.approved(2)
    more = desk.sheet(
        {
            "Program": "Oak",
            "Specialty": "IM",
            "PD Email": "pd@oak.example",
            "Status": "interviewed",
        },
        name="more.csv",
    )
    desk.good("import", more)
    text = page(desk)
    assert "1 more program is worth a letter now." in text
    assert "<code>planner draft</code>" in text
    assert "Nothing waits for you" not in text
    assert "1 more program is worth a letter now." in desk.good("report").out
    assert "unwritten" in [b["code"] for b in desk.good("report", "--json").json["blocked_by"]]
    desk.good("draft")
    assert "worth a letter now" not in page(desk)


def test_without_any_letter_it_is_said_once_that_there_are_none(desk):
    desk.a_list(2)
    codes = [b["code"] for b in desk.good("report", "--json").json["blocked_by"]]
    assert codes == ["no_letters"]


def test_who_gets_no_letter_is_named_a_few_and_the_number_of_the_rest(desk):
    desk.a_list(5, Status="rejected")
    text = page(desk)
    assert "Elm 1 Hospital, Elm 2 Hospital, Elm 3 Hospital, and 2 more" in text
    assert "planner why NAME" in text
    assert "rejected, withdrawn, or not applied" in text
    assert "not_in_play" not in text
    assert max(map(len, desk.good("report").out.splitlines())) <= 80


def test_a_program_without_an_address_needs_attention_with_its_name(desk):
    desk.a_list(1, **{"PD Email": "", "PC Email": ""})
    text = page(desk)
    assert "1 program has no usable address: Elm 1 Hospital." in text
    assert "director_email=ADDRESS" in text


def test_no_rule_and_no_value_is_told_by_its_code(desk):
    from planner.cli.report_words import LOSSES
    from planner.rules.facts import Verdict
    from planner.rules.last_looks import LAST_LOOKS
    from planner.rules.targeting import TABLE

    assert {r.id for r in TABLE if r.verdict is not Verdict.EMAIL} <= LOSSES.keys()
    assert {look.rule for look in LAST_LOOKS} <= LOSSES.keys()


def test_days_are_told_as_people_write_them(desk):
    desk.a_list(1)
    text = page(desk)
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", text)
    assert "Mar 3, 2027" in text


def test_matches_in_the_same_phase_are_told_together(desk):
    rows = [
        {"Program": f"{name} Hospital", "Specialty": name, "Status": "applied"}
        for name in ("Pediatrics", "Urology", "Ophthalmology")
    ]
    desk.good("import", desk.sheet(*rows))
    said = " ".join(desk.good("report").out.split())
    assert "is early for NRMP, Urology (SAU) and SF Match." in said


def test_an_empty_campaign_has_no_row_of_zeros(desk):
    text = page(desk)
    assert 'class="tiles"' not in text
    assert "There are no programs yet." in text


def test_the_number_of_a_week_and_of_an_answer_stands_in_the_picture(desk):
    desk.approved(3)
    desk.good("outbox", "export", "1-3", "--eml", "eml")
    desk.good("outbox", "resolve", "1-3", "--delivered")
    text = page(desk)
    assert re.search(r">week of [A-Z][a-z]+ [0-9]+, 2026: 3</text>", text)
    assert ">interviewed: 3</text>" in text
