"""Near misses: the known word that was probably meant by an unknown one.

The guess is only shown ("Did you mean ...?"), never acted on.
"""

from __future__ import annotations

from collections.abc import Iterable

ALIKE = 67  # percent of similarity from which on one word may be meant by another


def nearest(word: str, known: Iterable[str], *, most: int = 1) -> list[str]:
    """Return up to `most` known words that are like this one, the most similar first.

    >>> nearest("smpt", ["smtp", "step1", "import"]), nearest("Genral Surgery", ["General surgery"])
    (['smtp'], ['General surgery'])
    """
    from rapidfuzz import fuzz, process  # slow to load, so only here

    found = process.extract(
        word, list(known), scorer=fuzz.ratio, processor=str.casefold, limit=most, score_cutoff=ALIKE
    )
    return [meant for meant, *_ in found]


def one_slip_from(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is one typo away from this one, or None.

    A letter lost, doubled, replaced or swapped with its neighbor counts as one typo.

    >>> one_slip_from("gmial.com", ["gmail.com", "hotmail.com"])
    'gmail.com'
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=1)
    return found[0] if found else None


def did_you_mean(found: Iterable[str]) -> str:
    """Return a question to end a sentence with; "" without a guess.

    >>> did_you_mean(["plan", "planet"]), did_you_mean([])
    (' Did you mean plan or planet?', '')
    """
    meant = " or ".join(found)
    return f" Did you mean {meant}?" if meant else ""
