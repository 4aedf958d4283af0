"""States as addresses name them: the two letters and the names."""

# USPS Publication 28, appendix B, and the Canadian provinces with residency programs.
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
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NL": "Newfoundland",
    "NS": "Nova Scotia", "ON": "Ontario", "QC": "Quebec", "SK": "Saskatchewan",
}  # fmt: skip
_LETTERS = {name.casefold(): letters for letters, name in NAMES.items()} | {
    letters.casefold(): letters for letters in NAMES
}


def letters_of(text: str) -> str:
    """The letters of a state, by its letters or its name; empty for anything else.

    >>> letters_of("Ohio"), letters_of("d.c."), letters_of("OOS")
    ('OH', 'DC', '')
    """
    return _LETTERS.get(" ".join(text.replace(".", "").casefold().split()), "")
