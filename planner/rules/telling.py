"""Finds out whether a note says that the applicant wrote to the program, or told it the news."""

from __future__ import annotations

import re

from planner.rules.objection_words import NEWS

_TELLS = re.compile(
    r"\b(?P<verb>(?:e-?)?mailed|messaged|notified|informed|contacted|told|wrote|called|updated|sent"
    r"|reached out|let|mentioned|shared|gave|texted|phoned|reported|disclosed|forwarded|uploaded"
    r"|submitted|re-?sent|pinged|apprised|intimated|conveyed|communicated|discussed|talked|spoke|brought up|emld|left (?:an? )?(?:vm|voicemail|message|msg))\b"
)
# Every thought that tells has one of these.
CLUES = frozenset(
    {"mailed", "messaged", "notified", "informed", "contacted", "told", "wrote", "called"}
    | {"updated", "sent", "reached out", "let ", "shared", "know", "mentioned", "gave", "texted"}
    | {"phoned", "reported", "disclosed", "forwarded", "uploaded", "submitted", "discussed"}
    | {"talked", "spoke", "brought up", "emld", "knew", "aware", "congrat", "came up"}
    | {"pinged", "apprised", "intimated", "conveyed", "communicated"}
    | {
        "on file",
        "update done",
        "update is done",
        "confirmed",
        "acknowledged",
        "ackd",
        "noted",
        "have it",
    }
    | {"has it", "got it", "logged", "recorded", "left vm", "left a vm", "voicemail", "left msg"}
    | {"left a m", "left m", "seen my"}
    | {"have my", "has my", "had my", "got my", "received my", "saw my", "heard"}
)
_THEM = re.compile(
    r" ?(?:to |back to |both |out to )*(?:the |their |my )?(?:them|pd|apd|pc|program|coordinator"
    r"|director|dr|him|her|office|committee|chair|residency)\b"
)
# A score by its number counts as one: "told them about 251", not "told them about 240 beds".
_THREE = (
    r"(?:1[89]\d|2\d\d)(?![\w/%-])(?! ?(?:\w+ )?(?:beds?|miles?|mi|patients?|residents?|physicians|people"
    r"|applicants?|hours?|hrs|days?|minutes?|mins?|cases|spots|e-?mails?|programs?|pages?|rooms|students"
    r"|deliveries|times|words|faculty|dollars|letters)\b)"
)
_NUMBER = rf"(?:about|abt|re:?|of|my|the|new|got|with|w/|w) ?(?:a |my |the )?{_THREE}"
_BY_VERB = rf"\b(?:told|mentioned|shared|gave|sent|(?:e-?)?mailed|reported|disclosed|texted)(?: [a-z]+){{0,3}} {_THREE}"
_TO_THEM = re.compile(rf"\b(?:to|with|w/){_THEM.pattern}")
_ABOUT_NEWS = re.compile(rf"\b{NEWS}\b|\b{_NUMBER}|{_BY_VERB}")
_BY_NUMBER = re.compile(rf"(?: (?:a|the|my|about|abt))* {_THREE}")
# Where people talk: "mentioned my score at the dinner".
_THERE = re.compile(
    r"\b(?:in|at|during|on|over|@)(?: (?:the|my|our|a|their|post|pre|virtual|career|residency))* ?"
    r"(?:ivs?|intvw|int|interviews?|fair|call|phone|zoom|visit|dinner|lunch|tour|social|meet\w*|conference"
    r"|open house|day|second look|booth)\b"
)
_DAY = re.compile(
    r"\b\d{1,2}/\d{1,2}\b|\b\d{4}-\d\d-\d\d\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}\b"
)
# Words before the verb that mean that somebody else told, or that it has not been done.
_NOT_ME = re.compile(
    r"\b(?:they|he|she|who|it|pd|apd|pc|program|coordinator|director|residents?|chief|faculty"
    r"|office|committee|friend|someone|was|were|been|be|being|get|got|gets|is|are|not|never|yet"
    r"|havent|hasnt|didnt|dont|wasnt|to|will|should|must|if|form|auto|dr\.? ?\w+|thank|thanks"
    r"|dates?|invites?|invitations?|offers?|link|website|site|faq|lors?|mspe|photo|documents?)"
    r"(?: (?:\w+ly|has|have|had|also|just|already|since|then|again|yet|been|be|you))* ?$"
)
_TO_ME = re.compile(r" (?:(?:to )?(?:me|us)|by|back|that)\b")
# Email about something else.
_ELSE = re.compile(
    r"\b(?:thank\w*|interview\w*|ivs?|schedul\w*|resched\w*|confirm\w*|visa|questions?|ask\w*"
    r"|dates?|zoom|lors?|recommendation|transcripts?|documents?|photo)\b"
)
# Who may know it already.
_WHO = (
    r"(?:they|theyre|theyve|she|shes|he|hes|everyone|all|pd|apd|pc|program|coordinator|director|office|chair|committee"
    r"|dr\.? ?[a-z-]+)(?: (?:are|is|both|all|already|now|also|definitely|probably|should))*"
)
_NOT_OUT = (
    r"(?!(?: (?:is|are|was|will|be|still|reports?))* (?:pending|coming|out|not|due|late|delayed|back|cut\w*"
    r"|policy|policies|require\w*|minimum|filter\w*|matter\w*|needed|optional|preferred|recommended)\b)"
)
_PASSIVE = re.compile(
    rf"\b{NEWS} (?:(?:letter|e-?mail|was|were|already|been|has|have|{_THREE}) )*(?:sent|(?:e-?)?mailed|shared|told"
    r"|reported|forwarded|uploaded|disclosed|given|intimated|conveyed|communicated|texted|messaged"
    rf"|updated (?:to|with){_THEM.pattern})\b(?! (?:by(?! (?:e-?)?mail\b| phone\b)|to me|me)\b)"
    rf"|\b{NEWS} (?:came up|was discussed|discussed|was mentioned|mentioned) (?:in|at|during) (?:my |the )?"
    r"(?:ivs?|intvw|interview)\b"
    rf"|\b{_WHO} (?:knows?|knew|aware|heard)(?: (?:about|abt|of|my|the|our|new))* (?:{NEWS}\b|{_THREE}){_NOT_OUT}"
    rf"|\b{_WHO} (?:have|has|had|got|received|saw|(?:have |has )?(?:seen|heard)) (?:my|our)(?: new| updated)*"
    rf" (?:{NEWS}\b|{_THREE}){_NOT_OUT}"
    rf"|\b{_WHO} (?:confirmed|acknowledged|ackd|noted|logged|recorded)(?: (?:receipt|receiving|of|my|the|our|new))*"
    rf" (?:{NEWS}\b|{_THREE}){_NOT_OUT}"
    rf"|\b{_WHO} (?:aware|already (?:knows?|(?:have|has|got) it)|(?:knows?|(?:have|has|got) it) already)"
    r"(?= ?$| (?:on )?\d{1,2}/\d)"
    rf"|\b{NEWS} (?:is |was |already )*on file\b|\bupdate (?:is |was )?done\b"
    rf"|\bcongrat\w*(?: me)? (?:on|for)(?: my| the| our)?(?: new)? (?:{NEWS}\b|{_THREE})"
)
_NOT_YET = re.compile(
    r"\b(?:not|no|never|havent|hasnt|dont|doesnt|didnt|will|wont|to be|must|until|till|if|once)\b"
)


def tells(thought: str) -> bool:
    """Whether a thought says that the applicant told the program, or wrote to it.

    >>> tells("emailed pd 11/20 w/ my step 2 score"), tells("pd told me to wait")
    (True, False)
    >>> tells("emailed to schedule the interview"), tells("need to email them")
    (False, False)
    """
    return telling(thought) is not None


def telling(thought: str) -> int | None:
    """Return where the words that say it begin; a date after them is when they were told.

    >>> telling("interviewed 10/22 emailed 11/10")
    18
    """
    passive = _PASSIVE.search(thought)
    news = bool(passive or _ABOUT_NEWS.search(thought))
    if passive and not _NOT_YET.search(thought):
        return passive.start()
    verbs = _TELLS.finditer(thought)
    return next((v.start() for v in verbs if _is_telling(thought, v, news=news)), None)


def _is_telling(thought: str, verb: re.Match[str], *, news: bool) -> bool:
    before, behind = thought[: verb.start()], thought[verb.end() :]
    if _NOT_ME.search(before) or _TO_ME.match(behind) or (not news and _ELSE.search(behind)):
        return False
    to_them = bool(_THEM.match(behind))
    match verb["verb"]:
        case "told":
            return to_them or news
        case "mentioned" | "shared" | "gave" | "discussed" | "talked" | "spoke" | "brought up":
            mine = behind.startswith(" my ") or bool(_BY_NUMBER.match(behind))
            spoken = to_them or _TO_THEM.search(behind) or _THERE.search(behind)
            return news and (mine or bool(spoken))
        case "wrote" | "updated":
            return to_them
        case "intimated" | "conveyed" | "communicated":
            return news
        case "let":
            return to_them and " know" in behind
        case word if word.startswith("left"):
            return news
        case "called" | "reported" | "disclosed" | "forwarded" | "uploaded" | "submitted":
            return news
        case "sent":
            return news or (to_them and bool(re.search(r"\b(?:e-?mail|message|note)\b", behind)))
        case _:
            return to_them or news or not behind.strip() or bool(_DAY.match(behind.strip(" on:")))
