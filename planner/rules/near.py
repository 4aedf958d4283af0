"""Near misses: the known word that was probably meant by an unknown one.

To be said ("Did you mean ...?"), never to be acted upon.
"""

from __future__ import annotations

from collections.abc import Iterable

ALIKE = 67  # percent of two words that is the same, from which one may be meant by the other


def nearest(word: str, known: Iterable[str], *, most: int = 1) -> list[str]:
    """Up to so many of the known words that are like this one, the likest first.

    >>> nearest("smpt", ["smtp", "step1", "import"]), nearest("Genral Surgery", ["General surgery"])
    (['smtp'], ['General surgery'])
    """
    from rapidfuzz import fuzz, process  # takes as long as a small command, so only here

    found = process.extract(
        word, list(known), scorer=fuzz.ratio, processor=str.casefold, limit=most, score_cutoff=ALIKE
    )
    return [meant for meant, *_ in found]


def one_slip_from(word: str, known: Iterable[str]) -> str | None:
    """The known word from which this one is a slip of the fingers away, if any.

    A letter lost, doubled, replaced or swapped with its neighbor counts as a slip.

    >>> one_slip_from("gmial.com", ["gmail.com", "hotmail.com"])
    'gmail.com'
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=1)
    return found[0] if found else None


def did_you_mean(found: Iterable[str]) -> str:
    """The question at the end of a sentence; empty without a guess.

    >>> did_you_mean(["plan", "planet"]), did_you_mean([])
    (' Did you mean plan or planet?', '')
    """
    meant = " or ".join(found)
    return f" Did you mean {meant}?" if meant else ""
