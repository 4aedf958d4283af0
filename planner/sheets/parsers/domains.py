"""Recognizes email domains that look like typos, for a remark, never a correction.

To teach it another common domain, add it to `WELL_KNOWN`.
"""

from __future__ import annotations

from functools import lru_cache

from planner.rules.near import one_slip_from

# Large email providers, and universities whose hospitals train residents.  Short domains are
# left out, because they are one letter away from too many others.
WELL_KNOWN = [
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "outlook.com",
    "icloud.com",
    "yahoo.com",
    "comcast.net",
    "protonmail.com",
    "verizon.net",
    "harvard.edu",
    "stanford.edu",
    "jhmi.edu",
    "hopkins.edu",
    "columbia.edu",
    "cornell.edu",
    "upenn.edu",
    "northwestern.edu",
    "uchicago.edu",
    "vanderbilt.edu",
    "pittsburgh.edu",
    "rutgers.edu",
    "rochester.edu",
    "georgetown.edu",
    "dartmouth.edu",
    "tulane.edu",
    "temple.edu",
    "drexel.edu",
    "jefferson.edu",
    "montefiore.org",
    "mountsinai.org",
    "nyulangone.org",
    "northwell.edu",
    "kaiser.org",
    "clevelandclinic.org",
    "mayoclinic.org",
    "ascension.org",
    "commonspirit.org",
    "michigan.edu",
    "wisconsin.edu",
    "minnesota.edu",
    "washington.edu",
    "virginia.edu",
    "kentucky.edu",
    "arizona.edu",
    "colorado.edu",
    "cincinnati.edu",
    "houstonmethodist.org",
    "utsouthwestern.edu",
]

# Endings that do not exist, or that hardly any hospital has, with what was meant.
ENDINGS = {
    "con": "com",
    "cmo": "com",
    "ocm": "com",
    "comm": "com",
    "vom": "com",
    "xom": "com",
    "cim": "com",
    "cm": "com",
    "ogr": "org",
    "orgg": "org",
    "rog": "org",
    "prg": "org",
    "or": "org",
    "nett": "net",
    "ner": "net",
    "nte": "net",
    "eud": "edu",
    "eduu": "edu",
    "edi": "edu",
    "deu": "edu",
    "ed": "edu",
    "gvo": "gov",
    "ogv": "gov",
}


_KNOWN = frozenset(WELL_KNOWN)
_KNOWN_ENDINGS = frozenset(domain.rpartition(".")[2] for domain in WELL_KNOWN)
MOST_DOMAINS = 10_000  # to cache: more than a country's programs have
SHORTEST = 9  # characters of a domain to compare with the well-known ones


@lru_cache(maxsize=MOST_DOMAINS)
def meant_by(domain: str) -> str | None:
    """Return the domain that was probably meant; None if this one looks right.

    >>> meant_by("mail.havard.edu"), meant_by("umich.edu")
    ('mail.harvard.edu', None)
    """
    above, _, ending = domain.rpartition(".")
    below, dot, name = above.rpartition(".")
    if dot and (meant := meant_by(f"{name}.{ending}")):  # mail.havard.edu
        return f"{below}.{meant}"
    if ending in ENDINGS:
        return f"{above}.{ENDINGS[ending]}"
    if domain in _KNOWN or len(domain) < SHORTEST - 1:
        return None
    meant = one_slip_from(domain, WELL_KNOWN)
    # yahoo.co lacks a letter, but outlook.biz is a different domain.
    lost = meant is not None and len(domain) < len(meant)
    return meant if lost or ending in _KNOWN_ENDINGS else None
