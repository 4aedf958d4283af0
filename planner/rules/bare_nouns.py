"""A countable noun that stands alone: "rural training track" needs a word before it in a letter.

Notes leave out articles, sentences do not.  What belongs to a program can only be "your" track;
for anything else ("talk with Dr. Ng") only its writer knows whether it is a, the or my.
"""

from __future__ import annotations

import re

# What a program has one of, or talks of as its own.
_THEIRS = frozenset(
    str.split(
        "track clinic program curriculum rotation elective fellowship center centre hospital unit"
        " service department lab laboratory pathway residency conference schedule system model"
        " approach environment atmosphere culture mission reputation emphasis focus project"
        " initiative partnership institute network site campus facility ward icu micu nicu picu ed"
        " workshop series course bootcamp registry group cohort setting location team structure"
        " philosophy simulation-center sub-internship internship collaborative consortium"
        " certificate concentration stream immersion retreat garden van shelter pantry lecture"
        " workforce population catchment database biobank committee council academy institution"
    )
)
# Countable, but hardly ever a program's own.
_OTHERS = frozenset(
    str.split(
        "city town state region neighborhood school university college family sister brother mother"
        " father wife husband partner spouse fiancé fiancée friend mentor resident fellow physician"
        " doctor surgeon director coordinator chief attending patient nurse conversation talk tour"
        " discussion story case moment day visit question answer trial grant job house"
        " interview meeting presentation poster paper"
    )
)
_MARKED = frozenset(
    str.split(
        "the a an your my our its their his her this that these those some any no one each every"
        " both all either neither another such what which whose how why where when who whatever"
        " several many much more most few enough plenty lots being having"
        " two three four five six seven eight nine ten"
    )
)
_END = frozenset(
    str.split(
        "of in at on for with from by to about near between among through into over under within"
        " without during across around after before behind beyond like than as and or but"
        " that which who whose where when while because so"
        " led run based located known"
    )
)
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*|\d[\w-]*|[,;:&(]")


def head_of(phrase: str) -> str:
    """The noun that a bare phrase is about; "" where a word before it says whose or which.

    >>> head_of("rural training track in two counties"), head_of("your rural track")
    ('track', '')
    """
    head = ""
    for word in _WORD.findall(phrase):
        low = word.casefold().replace("\u2019", "'")
        if low in _MARKED:
            if not head:
                return ""
            break  # "clinic every week"
        if low.endswith(("'s", "s'")):
            return ""  # "Ohio's only rural track"
        if low in _END or not word[0].isalnum():
            break
        head = word
    return head


def with_owner(phrase: str) -> tuple[str, str]:
    """The phrase with the word that it lacks, and what is still in doubt.

    >>> with_owner("rural training track")
    ('your rural training track', '')
    >>> with_owner("strong mentorship"), with_owner("global health electives")
    (('strong mentorship', ''), ('global health electives', ''))
    """
    head = head_of(phrase)
    named = head[:1].isupper() and not head.isupper()  # "Street Medicine Program" is a name
    low = head.casefold()
    if named or low not in _THEIRS | _OTHERS:
        return phrase, ""
    if low in _THEIRS:
        return f"your {phrase}", ""
    return phrase, "it lacks a word such as a, the or your"
