"""Keys of the config and fields of the list, in the words of somebody who sees only a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

WORDS = {
    "step1.result": "your Step 1 result",
    "step1.failed_attempts": "the number of failed attempts at Step 1",
    "step2_ck.score": "Step 2 CK score",
    "step2_ck.released_on": "the day your Step 2 CK score came out",
    "step2_ck.expected_on": "the day you expect your score",
    "step2_ck.failed_attempts": "the number of failed attempts at Step 2 CK",
    "step2_ck.at_submission": "what your application said of Step 2 CK",
    "application.drop_context": "your own words about the drop from Step 1",
    "transcript.eras": "the day you sent the transcript through ERAS",
    "transcript.residencycas": "the day you sent the transcript through ResidencyCAS",
    "transcript.sfmatch": "the day you sent the transcript through SF Match",
    "transcript.other": "the day you sent the transcript another way",
    "cycle.season": "the season",
    "rules.bar_standard": "your own bar for the other specialties",
    "rules.bar_moderate": "your own bar for moderate specialties",
    "rules.bar_competitive": "your own bar for competitive specialties",
    "failure_on_application": "an earlier failure on the application",
    "drop_context": "your own words about the drop",
    "pending_from": "the day on which a pending score may be told",
    "small_list": "a few",
    "contact_channel": "the channel that they want",
    "contact_policy": "contact policy",
    "step2_policy": "Step 2 policy",
    "top_choice": "top choice",
    "rank_list_locked": "rank list certified",
    "told_on": "the day you told them",
}
MATCHES = {"nrmp": "NRMP", "sau": "SAU", "sfmatch": "SF Match"}
_NAME = "|".join(re.escape(key) for key in (*WORDS, *MATCHES))
_FOUND = re.compile(rf"(?<![\w.@-])(?:\((?P<said>{_NAME})\)|(?P<key>{_NAME}))(?![\w@-]|\.\w)")


def explained(text: str) -> Markup:
    """A sentence with its keys in words, and each key small beside them.

    A key in parentheses comes after its words, so it only becomes small.

    >>> explained("top_choice = yes")
    Markup('top choice <small class="config">top_choice</small> = yes')
    """
    from markupsafe import Markup, escape

    found, end = [], 0
    for match in _FOUND.finditer(text):
        found += [escape(text[end : match.start()]), _explained(match)]
        end = match.end()
    return Markup().join([*found, escape(text[end:])])


def _explained(match: re.Match[str]) -> Markup:
    from markupsafe import Markup, escape

    key = match["said"] or match["key"]
    if key in MATCHES:
        return escape(match[0].replace(key, MATCHES[key]))
    small = Markup('<small class="config">{}</small>').format(key)
    return small if match["said"] else Markup("{} {}").format(WORDS[key], small)
