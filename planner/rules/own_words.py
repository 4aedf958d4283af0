"""Fits the applicant's own words into a letter, as part of a sentence or as one of its own.

People write a reason as they think of it: "because of your clinic", "I loved the team.",
"- street medicine".  A letter has one place for it, so the first words and the verb tell a
fragment from a sentence, and mistakes that are certain are corrected.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from planner.rules.bare_nouns import with_owner
from planner.rules.places import letters_of


class Fitted(NamedTuple):
    """A text as a `phrase` or as a `sentence`, whichever it is; `doubt` says what does not fit."""

    phrase: str = ""
    sentence: str = ""
    doubt: str = ""


FEWEST, MOST = 3, 30  # words of a text that fits
_BULLET = re.compile(r"^\s*(?:[-*•·–—>+]|\d{1,2}[.)])\s+")
_BULLETS = re.compile(r"\S\s+[-*•·–]\s+\S.*\s[-*•·–]\s+\S|[•·].*[•·]")
_CLAUSE_LEAD = re.compile(r"^(?:because|since)\s+(?!of\b)", re.IGNORECASE)
_PHRASE_LEAD = re.compile(
    r"^(?:(?:especially |mainly |mostly |largely )?(?:because of|due to|owing to|thanks to)|of)\s+",
    re.IGNORECASE,
)
_SHORTHAND = re.compile(r"\s[+]\s|->|=>|\s/\s|\bw/|\.\.\.|…|[☀-➿\U0001f300-\U0001faff]")
_END = re.compile(r"[\s.,;:!?]+$")
_THE_WAY = re.compile(r"^the way that (?!is\b|was\b|has\b)")
_HERE = re.compile(
    r"\b(?:up|born|raised|live|lived|living|family|moved|studied|worked|rotated|trained|back) here\b",
    re.IGNORECASE,
)
# A text that begins like this is a main clause.
_SUBJECT = re.compile(
    r"(?:i|we|you|they|he|she|it|there|this|these|those|everyone|everybody)(?:'(?:m|ve|d|ll|s|re))?\b",
    re.IGNORECASE,
)
# "As a pharmacist I checked ...": a sentence that begins with something else.
_OPENING = re.compile(
    r"(?:as|when|while|after|before|if|although|having)\b.* (?:i|we|you)\b "
    r"|.*, (?:but|so) (?:i|it|we|you)\b "
)
_NOMINAL = re.compile(r"(?:this|these|those|that) \w+", re.IGNORECASE)
# Notes omit the subject of these verbs: it is "I".
_BARE = re.compile(
    r"(?:(?:really|strongly|truly|always|deeply|also|just|would|absolutely) )*"
    r"(?:love|loved|like|liked|want|wanted|hope|believe|feel|felt|think|enjoy|enjoyed|admire|admired"
    r"|value|appreciate|appreciated|did|do|was|am|have|had|grew|went|met|rotated|trained|worked|lived"
    r"|studied|spent|volunteered|attended|graduated|moved|served|heard|saw|learned|wish|need|know|got"
    r"|would|could|plan|look|looking|interested|excited|drawn|impressed|fell|born|raised)\b(?! (?:of|for)\b)",
    re.IGNORECASE,
)
_BEING = re.compile(r"(?:interested|excited|drawn|impressed|looking|born|raised)\b", re.IGNORECASE)
_FINITE = frozenset(
    str.split(
        "is are was were has have had can will would could should does did isn't aren't wasn't"
        " weren't hasn't haven't can't won't seems seem lives live offers gives makes takes knows"
        " serves teaches treats keeps lets allows provides includes emphasizes requires sends gets"
        " wants feels combines cares stands matches trains accepts sees reaches"
        " showed gave became matters"
    )
)
# A verb after one of these belongs to a part of the phrase: "clinic that serves refugees".
_RELATIVE = frozenset(
    str.split(
        "that which who whom whose where when how what why whether as if because since while and"
        " but than to"
    )
)
_DETERMINER = frozenset(
    str.split("the a an your my our their his her its i we you they it he she every each dr")
)
_BEFORE_NOUN = frozenset(
    str.split(
        "of in at on for with from by to and or about near between among through into over under"
        " within without during across around after before behind beyond but like than & ,"
    )
)
# "your residents teach from the first year": people in the plural and what they do.
_PEOPLE_DO = re.compile(
    r"(?:your|the) (?:[\w-]+ )?(?:residents|interns|fellows|chiefs|attendings|graduates|students|teams)"
    r" (?:teach|run|care|lead|rotate|train|learn|go|serve|stay|know|treat|get|take|seem|make)\b"
)
# Words that are capitalized only because a cell begins with them.
_COMMON = frozenset(
    str.split(
        "the a an your my our its their this these those some many both every each all any no one"
        " two three four how what why where when being having working learning training getting"
        " caring seeing living serving helping strong great excellent good best clear early late"
        " close close-knit diverse broad deep rich new old small large big high low long short wide"
        " full real true warm supportive friendly kind collegial rural urban local global public"
        " private academic clinical medical surgical research teaching mentorship mentoring"
        " opportunities opportunity exposure access chance commitment dedication emphasis focus"
        " interest proximity location community culture curriculum faculty residents resident"
        " fellowship fellowships alumni patients patient people family families friends wellness"
        " diversity variety volume breadth depth balance autonomy support training simulation"
        " street addiction palliative critical intensive primary hospice trauma stroke transplant"
        " oncology cardiology ultrasound global-health population women's children's veterans'"
        " scholarly procedural longitudinal integrated interdisciplinary multidisciplinary"
        " outpatient inpatient bedside hands-on quality health innovation technology teaching"
        " resident-led resident-run student-run free integration robust impressive outstanding"
        " innovative unique dedicated committed underserved"
    )
)


def flowed(text: str) -> str:
    """Put a text on one line."""
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def fit_reason(text: str) -> Fitted:
    """Fit a reason after "because of", or into a sentence of its own; empty without a word.

    >>> fit_reason("Because of the Street Medicine Program.").phrase
    'the Street Medicine Program'
    >>> fit_reason("I loved the team").sentence
    'I loved the team.'
    >>> fit_reason("to be close to my family in Ohio").phrase
    'the chance to be close to my family in Ohio'
    """
    bare = _BULLET.sub("", flowed(text).replace("\u2019", "'" if "'" in text else "\u2019"))
    if not re.search(r"[^\W\d_]{2}", bare):
        return Fitted()
    doubt = _doubt(bare)
    clause = bool(_CLAUSE_LEAD.match(bare))
    if clause and re.search(r", (?:i|you|we|your|my|it)\b", bare, re.IGNORECASE):
        return Fitted(sentence=_sentence(bare), doubt=doubt)  # "Since I rotated there, I know"
    bare = _CLAUSE_LEAD.sub("", bare)
    bare = bare if clause else _PHRASE_LEAD.sub("", bare)
    ended = bare.rstrip().endswith((".", "!", "?"))
    question = bare.rstrip().endswith("?")
    bare = _keep_abbreviation(bare)
    low = bare.casefold().replace("\u2019", "'")
    first = low.split()[0]
    if re.search(r"[.!?]\s+[\"'(]?[A-Z]", bare) and _is_clause(low.split(". ")[0], ended=True):
        return Fitted(sentence=_sentence(bare), doubt=doubt)
    if re.match(r"(?:they|their|pd|program|apd|pc|place|site)\b", low):
        doubt = doubt or "it talks about them, but the letter is addressed to them"
    if first == "to" and len(low.split()) > 1:
        return Fitted(phrase=f"the chance {_uncapital(bare)}", doubt=doubt or "it begins with to")
    if re.match(r"that (?:the|your|my|our|you|i|we|they|it|there|a|an|so|all|every)\b", low):
        fact = f"the fact {_uncapital(bare)}"
        return Fitted(phrase=fact, doubt=doubt or "it begins with that")
    if _OPENING.match(low):
        return Fitted(sentence=_sentence(bare), doubt=doubt)
    if _SUBJECT.match(low) and not _NOMINAL.match(low) and len(low.split()) > 1:
        return Fitted(sentence=_sentence(bare), doubt=doubt)
    if _BARE.match(low) and not first.endswith("ing"):
        being = "was " if first in {"born", "raised"} else "am " if _BEING.match(low) else ""
        said = f"I {being}{_uncapital(bare)}"
        return Fitted(sentence=_sentence(said), doubt=doubt or "it has no subject")
    if question:
        return Fitted(sentence=_capital(_END.sub("", bare)) + "?", doubt=doubt)
    if _PEOPLE_DO.match(low) or _is_clause(low, ended=ended) or (clause and len(low.split()) > 2):
        return Fitted(sentence=_sentence(bare), doubt=doubt)
    article = "the " if first in {"opportunity", "chance", "ability"} else ""
    phrase, lack = with_owner(f"{article}{_uncapital(bare)}")
    return Fitted(phrase=_THE_WAY.sub("the way ", phrase), doubt=doubt or lack)


HERE = "you do not write from there; name the place"


def _doubt(text: str) -> str:
    """Return why a text does not fit; "" if it does."""
    count = len(text.split())
    if _BULLETS.search(text):
        return "it is a list"
    if _SHORTHAND.search(text):
        return "it is shorthand"
    if "!" in text or "?" in text:
        return "it has ! or ?"
    if _HERE.search(text):
        return HERE
    if count < FEWEST or count > MOST:
        return f"it has {count} word{'' if count == 1 else 's'}, but should have {FEWEST} to {MOST}"
    return ""


def _keep_abbreviation(text: str) -> str:
    """Remove the marks at the end, except the period of "etc." and "M.D."."""
    bare = text.strip()
    if re.search(r"\b(?:etc|Inc|Jr|Sr|St|[A-Za-z]\.[A-Za-z])\.$", bare):
        return bare
    return _END.sub("", bare)


def _is_clause(low: str, *, ended: bool) -> bool:
    """Whether a lowercase text has a subject and a verb of its own."""
    words = re.findall(r"[\w'-]+|[,;:]", low)
    for at, word in enumerate(words[:14]):
        before = words[:at]
        if word in _RELATIVE and word not in {"and"} and at > 0:
            return False
        if word in _FINITE and at > 0 and at + 1 < len(words):
            return not any(
                w in _DETERMINER and before[n - 1] not in _BEFORE_NOUN
                for n, w in enumerate(before)
                if n > 0
            )
    return False


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _uncapital(text: str) -> str:
    """Remove a capital that is there only because the cell begins with it."""
    first, _, rest = text.partition(" ")
    bare = first.strip("\"'“‘(,;:").casefold()
    endings = ("ing", "tion", "tions", "ment", "ity", "ness", "ship", "ance", "ence", "ical")
    common = bare in _COMMON or (len(bare) > 5 and "-" not in bare and bare.endswith(endings))
    if first[:1].isupper() and first[1:].islower() | (len(first) == 1) and common:
        following = rest[:1]
        # "Street Medicine Program" is a name; "Street medicine" is not.
        named = following.isupper() and bare not in _ALWAYS_SMALL and not rest.split()[0].isupper()
        return text if named else first[:1].lower() + text[1:]
    if bare in {"to", "that"} or (bare not in {"i"} and bare in _ALWAYS_SMALL):
        return first[:1].lower() + text[1:]
    if _BARE.match(f"{bare} ") and not first.isupper():
        return first[:1].lower() + text[1:]
    return text


_ALWAYS_SMALL = frozenset(
    str.split(
        "the a an your my our its their this these those some many both every each all any how what"
        " why where when being having working strong great excellent good best and of in at"
    )
)


def _sentence(text: str) -> str:
    """Make a text a sentence: it begins with a capital and ends with one mark."""
    bare = text.strip()
    bare = re.sub(r"\bi(?=\b(?:'| ))", "I", bare)
    kept = bare if bare.endswith("?") else _keep_abbreviation(bare)
    return _capital(kept if kept.endswith((".", "?")) else f"{kept}.")


_KIN = (
    r"(?:family|families|parents?|mother|mom|father|dad|sisters?|brothers?|siblings?|husband|wife"
    r"|partner|spouse|fianc[eé]e?|boyfriend|girlfriend|significant other|grand\w+|aunts?|uncles?"
    r"|cousins?|in-laws|children|kids|son|daughter|friends|relatives)"
)
_KIN_PHRASE = re.compile(
    rf"(?:(?:i have|have|my|our|close|extended|immediate|large|most of my) )*"
    rf"(?P<who>{_KIN}(?:(?:'s)? {_KIN})?(?:(?:,| and| &) (?:my )?{_KIN})*)"
    r" (?P<where>(?:lives? |are |is |live )?(?:in|near|around|outside|outside of|at|nearby|close by)\b.*)",
    re.IGNORECASE,
)
_CAME = re.compile(
    r"(?P<be>born|raised|from|originally from|based)\b|(?P<do>grew up|lived|live|went to|studied|rotated"
    r"|did|worked|trained|attended|graduated|volunteered|spent|completed|moved|served|interned|taught)\b",
    re.IGNORECASE,
)
_NATIVE = re.compile(r"(?:(?:a|an) )?(?P<of>[A-Z][\w. ]+?) (?P<what>native|resident)$")
_SCHOOL = re.compile(
    r"(?P<what>college|undergrad|undergraduate|med(?:ical)? school|high school|grad(?:uate)? school)"
    r" (?P<where>(?:in|at|near)\b.+)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?:[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,2})(?:, [A-Z]{2})?")


@lru_cache(maxsize=4096)
def fit_tie(text: str) -> str:
    """Turn a connection into a clause; "" unless we can be sure of it.

    >>> fit_tie("grew up in Peoria"), fit_tie("sister in Dayton"), fit_tie("Ohio")
    ('I grew up in Peoria', 'I have a sister in Dayton', 'I have ties to Ohio')
    >>> fit_tie("yes"), fit_tie("family")
    ('', 'I have family in the area')
    """
    bare = _keep_abbreviation(_BULLET.sub("", flowed(text))).split("; ")[0]
    low = bare.casefold()
    if re.fullmatch(r"(?:my )?family(?: nearby| ties?| here| there)?", low):
        return "I have family in the area"
    if re.match(r"(?:i|my|our|we)\b(?! state\b)", low) and _is_tie_clause(low):
        return bare if re.match(r"I\b", bare) else _capital_i(_small_first(bare))
    if came := _CAME.match(bare):
        verb = "was" if low.startswith(("born", "raised")) else "am"
        lead = f"I {verb} " if came["be"] else "I "
        return lead + _small_first(bare)
    if kin := _KIN_PHRASE.fullmatch(bare):
        return _kin(kin["who"], kin["where"])
    if school := _SCHOOL.fullmatch(bare):
        what = re.sub(r"\bmed\b", "medical", school["what"].casefold())
        what = {"undergrad": "college", "undergraduate": "college"}.get(what, what)
        return f"I went to {what} {school['where']}"
    if (native := _NATIVE.fullmatch(bare)) and len(bare.split()) <= 4:
        article = "an" if native["of"][0] in "AEIOU" else "a"
        return f"I am {article} {native['of']} {native['what']}"
    if letters_of(bare) or (_PLACE.fullmatch(bare) and "," in bare):
        return f"I have ties to {bare}" if len(bare) > 2 else ""
    return ""


def _is_tie_clause(low: str) -> bool:
    return bool(re.match(r"i [a-z']+", low)) or _is_clause(low, ended=True)


def _capital_i(text: str) -> str:
    return re.sub(r"^i\b", "I", text)


def _small_first(text: str) -> str:
    return text[:1].lower() + text[1:]


_ONE = re.compile(
    r"(?:mother|mom|father|dad|sister|brother|sibling|husband|wife|partner|spouse|fianc[eé]e?|son"
    r"|boyfriend|girlfriend|significant other|daughter|aunt|uncle|cousin|grand(?:mother|father|son))",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"(?:mother|mom|father|dad|parents|husband|wife|partner|spouse|in-laws|significant other)",
    re.IGNORECASE,
)


def _kin(who: str, where: str) -> str:
    """Say who lives where: "my parents live near Akron"; "I have a sister in Dayton"."""
    people = _small_first(who.replace("&", "and"))
    place = re.sub(r"^(?:lives?|are|is) ", "", where)
    several = bool(re.search(r",| and |'s", people))
    if _MINE.match(people) or several:
        one = bool(_ONE.fullmatch(people)) or people.endswith("family")
        return f"my {people} {'lives' if one else 'live'} {place}"
    article = ("an " if people[0] in "aeiou" else "a ") if _ONE.fullmatch(people) else ""
    return f"I have {article}{people} {place}"


@lru_cache(maxsize=4096)
def fit_context(text: str) -> Fitted:
    """Turn what was said about a drop into a sentence; more than one, or no verb, is doubtful.

    >>> fit_context("I was ill").sentence, fit_context("because of illness").doubt
    ('I was ill.', 'it is not a sentence with a verb')
    """
    bare = _BULLET.sub("", flowed(text))
    if not bare:
        return Fitted()
    low = bare.casefold().replace("\u2019", "'")
    doubt = ""
    if re.search(r"(?<!\bDr)(?<!\bSt)[.!?]\s+[\"'(]?[A-Z]", bare):
        doubt = "it is more than one sentence"
    elif not (_has_verb(low)):
        doubt = "it is not a sentence with a verb"
    return Fitted(sentence=_sentence(bare), doubt=doubt)


_PAST = re.compile(r"\b(?:i|we|he|she|it|they|there) [a-z']+|\b[a-z']+ [a-z]{2,}ed\b")


def _has_verb(low: str) -> bool:
    if re.match(r"(?:because|due to|owing to|since|of|after|during)\b", low) and "," not in low:
        return False
    words = re.findall(r"[a-z']+", low)
    return bool(_PAST.search(low)) or any(
        word in _FINITE or word in {"died", "fell", "broke", "got", "came", "took", "had", "lost"}
        for word in words[1:]
    )


_SENTENCE_END = re.compile(r"(?<!\bDr)(?<!\bSt)[.!?](?= +[A-Z\"“]|$)")


def sentence_around(text: str, words: str) -> str:
    """Return the sentence of a text that holds these words, each whole; "" if none does.

    >>> sentence_around("I know. I like ____ most. Bye.", "____")
    'I like ____ most.'
    >>> sentence_around("I know. There is no other.", "no")
    'There is no other.'
    """
    whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    paragraphs = (flowed(paragraph) for paragraph in text.split("\n\n")) if words else ()
    found = next(filter(None, map(whole.search, paragraphs)), None)
    if found is None:
        return ""
    flat, at = found.string, found.start()
    ends = [m.end() for m in _SENTENCE_END.finditer(flat, 0, at)]
    last = _SENTENCE_END.search(flat, at + len(words) - 1)
    return flat[ends[-1] if ends else 0 : last.end() if last else None].strip()
