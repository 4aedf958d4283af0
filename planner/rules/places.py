"""US states and Canadian provinces: their two letters, their names, and older short forms."""

from __future__ import annotations

import re
from functools import lru_cache

# USPS Publication 28, appendix B, and the Canadian provinces and territories.
NAMES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "VI": "Virgin Islands", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming", "GU": "Guam",
    "AS": "American Samoa", "MP": "Northern Mariana Islands",
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick",
    "NL": "Newfoundland", "NS": "Nova Scotia", "NT": "Northwest Territories", "NU": "Nunavut",
    "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec", "SK": "Saskatchewan",
    "YT": "Yukon",
}  # fmt: skip
# Short forms in newspapers, law books and older addresses, without dots.
_SHORT = {
    "AL": "ala", "AK": "alas", "AZ": "ariz", "AR": "ark", "CA": "cal;calif", "CO": "colo",
    "CT": "conn", "DE": "del", "FL": "fla", "HI": "haw;hawai'i;hawaiʻi;hawai’i", "ID": "ida",
    "DC": "washington dc;washington d c;wash dc;wash d c", "IL": "ill;ills", "IN": "ind",
    "KS": "kan;kans", "KY": "ken;kent", "MA": "mass", "MI": "mich", "MN": "minn", "MS": "miss",
    "MT": "mont", "NE": "neb;nebr", "NV": "nev", "NH": "new hamp", "NM": "n mex;new mex",
    "NC": "north car", "ND": "north dak", "OK": "okla", "OR": "ore;oreg", "PA": "penn;penna",
    "SC": "south car", "SD": "south dak", "TN": "tenn", "TX": "tex", "VI": "us virgin islands;usvi",
    "WA": "wash;washington state", "WV": "wva;west va;west virg", "WI": "wis;wisc", "WY": "wyo",
    "AB": "alta", "MB": "man", "NL": "nfld;newfoundland and labrador", "ON": "ont", "PE": "pei",
    "NT": "nwt", "QC": "que;québec;pq", "SK": "sask",
}  # fmt: skip
_COMPASS = {"n": "north", "no": "north", "s": "south", "so": "south", "w": "west", "north": "north",
            "south": "south", "west": "west"}  # fmt: skip


def _spaced(text: str) -> str:
    return " ".join(text.replace(".", " ").replace(",", " ").casefold().split())


_LETTERS = {_spaced(name): letters for letters, name in NAMES.items()} | {
    words: letters for letters, some in _SHORT.items() for words in some.split(";")
}
_CODES = {letters.casefold(): letters for letters in NAMES}
_AROUND = re.compile(
    r"^(?:the )?(?:state|commonwealth|province) of |[\s,]+(?:\d{5}(?:-\d{4})?|u\.?s\.?a?\.?"
    r"|united states(?: of america)?|canada)$",
    re.IGNORECASE,
)
# "Ohio (OH)", "OH - Ohio": one state in two ways.
_TWICE = re.compile(r"(.+?)\s*(?:\(|[-–—/|:]\s*|\s)\s*([A-Za-z. ]{2,})\)?")


@lru_cache(maxsize=4096)
def letters_of(text: str) -> str:
    """Return the letters of a state, from its letters or its name; "" for anything else.

    >>> letters_of("Ohio"), letters_of("d.c."), letters_of("OOS")
    ('OH', 'DC', '')
    >>> letters_of("Tex."), letters_of("N. Carolina"), letters_of("W.Va."), letters_of("OH (Ohio)")
    ('TX', 'NC', 'WV', 'OH')
    """
    whole = _AROUND.sub("", " ".join(text.split())) or text
    if found := _one_state(whole):
        return found
    twice = _TWICE.fullmatch(whole)
    if twice and (first := _one_state(twice[1])) and first == _one_state(twice[2]):
        return first
    return ""


def _one_state(text: str) -> str:
    spaced = _spaced(text)
    joined = spaced.replace(" ", "")
    if joined in _CODES and (len(spaced) == 2 or "." in text or spaced == " ".join(joined)):
        return _CODES[joined]
    first, _, rest = spaced.partition(" ")
    turned = f"{_COMPASS[first]} {rest}" if first in _COMPASS else spaced
    return _LETTERS.get(spaced) or _LETTERS.get(turned) or _LETTERS.get(joined, "")
