"""Invisible characters in a text: how they are shown, and which belong to honest text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.visible import SUSPECT, hidden, named, printable, visible

HONEST = {
    "Persian": "می\u200cخواهم",
    "Hindi": "क्\u200dष",
    "Malayalam, at the end": "ന്\u200d",
    "Sinhala": "ශ්\u200dරී",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ\u180eᠠ ᠭᠠ\u180b",
    "a heart": "❤\ufe0f",
    "a mark that is an emoji, too": "\u203c\ufe0f",
    "a keycap": "1\ufe0f\u20e3",
    "a physician": "👩🏽\u200d⚕\ufe0f",
    "a family": "👨\u200d👩\u200d👧",
    "a flag": "🏳\ufe0f\u200d🌈",
    "a Japanese name": "葛\U000e0100城",
    "a Chinese name": "\u8fbb\ufe00",
    "accents and quotes": "Zoë O’Brien-Łukaszewicz, MD · 東京 ½",
    "a composed accent": "Jose\u0301",
    "a no-break space": "St.\xa0Elm",
    "Hebrew": "בית חולים",
    "an Arabic number sign": "\u0600١",
}
HIDING = [
    *("\x00", "\x07", "\x1b", "\r", "\x7f", "\x85", "\x9b", "\xad", "\u034f", "\u061c"),
    *("\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028", "\u2029"),
    *("\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\u3164", "\udc9b", "\ue000", "\ufdd0"),
    *("\ufe00", "\ufe0f", "\ufeff", "\uffff", "\U000e0041", "\U000e0100", "\U0010ffff"),
]


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST.keys())
def test_honest_writing_of_any_script_is_shown_as_it_is(text):
    assert list(hidden(text)) == []
    assert printable(text) == text


@pytest.mark.parametrize("character", HIDING, ids=ascii)
@pytest.mark.parametrize("where", ["{}Elm", "El{}m", "Elm{}"])
def test_what_hides_between_latin_letters_is_found_and_escaped(character, where):
    text = where.format(character)
    assert list(hidden(text)) == [(where.index("{"), character)]
    for shown in (printable(text), visible(text)):
        assert shown.isprintable()
        assert shown == where.format(character.encode("unicode_escape").decode())


@pytest.mark.parametrize(
    "text",
    [
        "م\u200c\u200c\u200cی",  # one joiner is enough
        "م \u200dی",
        "👩\u200dElm",
        "\ufe0f\u200d⚕",
        "1\ufe0f",
        ".\ufe0f",
        "葛\u200d",
        "\U0001f3f4\U000e0067\U000e007f",
    ],
    ids=ascii,
)
def test_a_joiner_or_selector_that_joins_nothing_is_found(text):
    assert list(hidden(text))


def test_every_control_and_format_character_of_unicode_is_suspected():
    spared = {chr(c) for c in (9, 10, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2)}
    spared |= {"\U000110bd", "\U000110cd"}  # visible signs before a number
    kinds = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    everything = map(chr, range(0x110000))
    missed = {c for c in everything if unicodedata.category(c) in kinds and not SUSPECT.match(c)}
    assert missed == spared


@given(st.text(st.characters()))
def test_what_is_shown_holds_nothing_hidden_and_one_line(text):
    shown = printable(text)
    assert list(hidden(shown)) == []
    assert "\n" not in shown
    assert "\t" not in shown
    assert printable(shown) == shown


def test_a_line_of_a_stranger_cannot_pass_for_a_line_of_ours():
    assert printable("a\n  -> planner x\r\tb") == "a   -> planner x\\r\\tb"
    assert visible("a\n\tb\r") == "a\n\tb\\r"


@pytest.mark.parametrize(
    ("character", "words"),
    [
        ("\x1b", "U+001B ESCAPE"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\x01", "U+0001 a character without a name"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    ],
)
def test_a_character_that_cannot_be_shown_has_a_name(character, words):
    assert named(character) == words
