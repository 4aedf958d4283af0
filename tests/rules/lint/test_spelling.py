"""Texts as their reader sees them, and the way back to what was written."""

import pytest

from planner.rules.lint.spelling import as_read, plain_letter

READ = [
    ("I will rank\nyou", "I will rank you"),
    ("a \t\u00a0 b", "a b"),
    ("one\n\n\ntwo", "one\ntwo"),
    ("one\u2029two", "one two"),
    ("number-\none", "number-one"),
    ("so -\none", "so - one"),
    ("a\n- b", "a - b"),
    ("Müller, Søren, Łukasz, Straße", "Muller, Soren, Lukasz, Strasse"),
    ("\u2018a\u2019 \u201cb\u201d", "'a' \"b\""),
    ("ﬁne №1", "fine No.1"),
    ("rаnk mе", "rank me"),  # Cyrillic a and e
    ("ｒａｎｋ ２４８", "rank 248"),
    ("𝐫𝐚𝐧𝐤 ⓡⓐⓝⓚ ʀᴀɴᴋ", "rank rank rank"),
    ("🅡 🅰", "R A"),
    ("r\u0336a\u0336nk", "rank"),
    ("ra\u200bnk pro\u00admise \u202eme", "rank promise me"),
    ("٢٤٨", "248"),
    ("*rank* **me** ~~now~~", "rank me now"),
    ("2 * 3", "2 * 3"),
    ("r a n k and r-a-n-k", "rank and rank"),
    ("U R G E N T", "URGENT"),
    ("U.S.A.F.", "U.S.A.F."),
    ("I.will.rank.you", "I will rank you"),
    ("pd@elm.valley.health.example", "pd@elm.valley.health.example"),
    ("out side, en-closed, dead- line", "outside, enclosed, deadline"),
    ("r4nk, pr0mise, REAS0N", "rank, promise, REASON"),
    ("the p53 gene on day 4th", "the p53 gene on day 4th"),
    ("pleeease, sooo", "please, so"),
    ("Level III, www", "Level III, www"),
    ("u r gr8", "you are great"),
    ("IM, PLS, U of M", "IM, PLS, U of M"),
    ("I garantee, im sure, dont", "I guarantee, i'm sure, don't"),
    ("Ill rank, id love, ill patients", "I'll rank, i'd love, ill patients"),
    ("l will come", "I will come"),
    ("the Univ. of Elm", "the University of Elm"),
    ("anaesthesia", "anesthesia"),
    ("한국 İ", "한국 I"),
]


@pytest.mark.parametrize(("text", "read"), READ)
def test_a_text_is_read_as_it_looks(text, read):
    assert as_read(text).text == read


@pytest.mark.parametrize(
    ("text", "word", "written"),
    [
        ("I will rank\n   you now", "rank you", "rank\n   you"),
        ("I рromise\u200b you", "promise you", "рromise\u200b you"),
        ("one\n\ntwo  r a n k  three", "rank", "r a n k"),
        ("a ﬁne ﬁnd", "ine", "ﬁne"),
        ("u  r  first", "you are", "u  r"),
        ("en-\nclosed", "enclosed", "en-\nclosed"),
    ],
)
def test_what_was_found_leads_back_to_what_was_written(text, word, written):
    flowed = as_read(text)
    at = flowed.text.index(word)
    assert text[slice(*flowed.written(at, at + len(word)))] == written


def test_a_place_of_the_original_has_its_place_in_the_text():
    flowed = as_read("one\n\n\n  two ﬁ three")
    assert [flowed.text[flowed.at(n)] for n in (0, 8, 12)] == ["o", "t", "f"]
    assert flowed.at(4) == flowed.text.index("\n")
    assert flowed.at(14) == flowed.text.index("three")


@pytest.mark.parametrize(
    ("text", "disguised"),
    [
        ("rаnk me", ["rаnk"]),
        ("сосе is Cyrillic", ["сосе"]),
        ("ｒａｎｋ 𝐦𝐞 ⓘ", ["ｒａｎｋ", "𝐦𝐞", "ⓘ"]),
        ("ra\u200dnk", ["ra\u200dnk"]),
        ("r4nk u", ["r4nk", "u"]),
        ("r a n k", ["r a n k"]),
        ("TNFα, β-blockers, µg and Søren Müller", []),
        ("prom\u00adise \u201cquoted\u201d garantee dont", []),
        ("Привет", []),
    ],
)
def test_a_disguise_is_remembered(text, disguised):
    assert [text[a:b] for a, b in as_read(text).disguised] == disguised


def test_a_letter_that_looks_like_no_other_stays():
    assert plain_letter("街") == "街"
    assert plain_letter("½") == "1⁄2"
    assert plain_letter("\x85") == "\n"
