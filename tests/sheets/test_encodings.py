"""Files that are not Unicode: the encoding is guessed from their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.sheets.encodings import likeliest
from tests.sheets.reading import listing

NAMES = ["Muñoz", "Jóhannsdóttir", "Renée Lefèvre", "Günther Müller", "Ángel Çelik", "ÍÑIGO ÁVILA"]
WESTERN = ["cp1252", "mac_roman"]


@pytest.mark.parametrize("encoding", WESTERN)
@pytest.mark.parametrize("newline", ["\r", "\r\n", "\n"])
def test_names_read_as_they_were_typed(encoding, newline):
    lines = ["Program,Specialty,PD", *(f"Elm {n},IM,{name}" for n, name in enumerate(NAMES))]
    found = listing(newline.join(lines).encode(encoding) + newline.encode())
    lasts = [r.values["director_last_name"] for r in found.records]
    assert lasts == [*(name.split()[-1] for name in NAMES[:5]), "Ávila"]
    said = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman"}[encoding]
    assert said in found.understood
    assert said in found.warnings[0].message


@pytest.mark.parametrize("encoding", WESTERN)
@pytest.mark.parametrize(
    "text", ["José", "Zoë", "naïve – really", "“quoted” words", "O’Brien’s Muñoz", "Øystein"]
)
def test_one_word_is_enough_to_tell(encoding, text):
    assert likeliest([text.encode(encoding)]) == encoding


def test_names_of_the_east_read_as_they_were_typed():
    text = "Dvořák, Wójcik, Šťastný, Kőszegi, Brzęczyszczykiewicz"
    assert likeliest([text.encode("cp1250")]) == "cp1250"


def test_without_a_hint_it_is_what_windows_writes():
    assert likeliest([b"plain words only"]) == "cp1252"
    assert likeliest([]) == "cp1252"


@given(st.lists(st.sampled_from(NAMES), min_size=1), st.sampled_from(WESTERN))
def test_the_order_and_number_of_names_do_not_matter(names, encoding):
    assert likeliest([", ".join(names).encode(encoding)]) == encoding
