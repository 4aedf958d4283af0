"""UTF-8 that was read in an old encoding is repaired, and honest text is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rules.garbled import garbled_words, is_damaged, ungarbled

TEXTS = [
    "José Muñoz",
    "MUÑOZ",
    "ÍÑIGO ÁVILA-JIMÉNEZ",
    "Zoë",
    "Renée Lefèvre-Brûlé",
    "Günther Weiß",
    "Þórður Jóhannsdóttir",
    "Łukasz Kościuszko",
    "Dvořák",
    "Ștefan Țepeș",
    "Nguyễn Phương",
    "Université de Montréal – “St. Mary’s” …",
    "Women’s & Children’s",
    "✓",
    "100 €, ½ °C ™",
]
HONEST = [
    "CAFÉ’S",
    "SÃO JOSÉ’S",
    "IRMÃ’S",
    "“JOSÉ” …",
    "CAFÉ…",
    "É…",
    "HALLÅ…",
    "Sverre Å’s clinic",
    "à la carte",
    "3 ≈ 4, √2",
    "BĂŞESCU MĂŞTI",
    "FÄŠ",
    "ŁÓDŹ",
    "coeur",
    "naïve—yes",
    "l·l",
    "¿Qué? ¡Sí!",
]


def read_as(text, encoding):
    """UTF-8 as a program shows it that takes it for another encoding."""
    return "".join(bytes((b,)).decode(encoding, "ignore") or chr(b) for b in text.encode())


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman"])
def test_garbled_text_is_put_right(text, encoding):
    garbled = read_as(text, encoding)
    assert garbled != text
    assert ungarbled(garbled) == text


@pytest.mark.parametrize("text", ["José Muñoz", "Łukasz Kościuszko", "Zoë Weiß", "Women’s"])
def test_the_windows_of_the_east_garbles_too(text):
    assert ungarbled(read_as(text, "cp1250")) == text


@pytest.mark.parametrize("text", ["José Muñoz", "Günther Weiß", "Women’s"])
@pytest.mark.parametrize("first", ["cp1252", "latin-1"])
def test_text_that_was_garbled_twice_is_put_right(text, first):
    assert ungarbled(read_as(read_as(text, first), "cp1252")) == text


@pytest.mark.parametrize("text", [*TEXTS, *HONEST])
def test_honest_text_stays_as_it_is(text):
    assert ungarbled(text) == text
    assert not list(garbled_words(text))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_stays_as_it_is(text):
    assert ungarbled(text) == text


@given(st.text(max_size=20))
def test_no_text_makes_it_stumble(text):
    ungarbled(text)
    list(garbled_words(text))


def test_words_are_named_where_they_stand():
    text = "Dear Dr. MuÃ±oz, the clinic of Universit\ufffd and JosÃ©’s patients"
    assert [word for _, word in garbled_words(text)] == ["MuÃ±oz,", "Universit\ufffd", "JosÃ©’s"]
    assert all(text.startswith(word, at) for at, word in garbled_words(text))


@pytest.mark.parametrize(
    "name",
    [
        "Mu?oz",
        "Mu\ufffdoz",
        "H?pital Sacr?-C?ur",
        "Universit\ufffd",
        "?ukasz",
        "Ana ?wi?tek",
        "St. ?lan",
    ],
)
def test_a_name_without_some_of_its_letters_is_damaged(name):
    assert is_damaged(name)


@pytest.mark.parametrize(
    "name", ["Muñoz", "Elm Hospital?", "Elm (prelim?)", "? Elm", "Oak ? Elm", "?Elm", "Who?"]
)
def test_a_question_about_a_name_is_no_damage(name):
    assert not is_damaged(name)


@pytest.mark.parametrize("text", ["ð\x82“\x83", "\uf8ffà£≥"])
def test_letters_that_stand_for_no_letter_in_any_way_stay_as_they_are(text):
    assert ungarbled(text) == text
