"""The words in notes that speak against a letter, as patterns.

Each is in lowercase without apostrophes, and is searched in one thought at a time.  To teach
the planner another way to say it, add a pattern to its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Against(StrEnum):
    """What speaks against a letter."""

    OUT = "out of play"
    NO_MAIL = "no mail"
    TOLD = "told already"
    CLOSED = "no place left"
    LOCKED = "list certified"
    LEFT = "the director left"
    NOT_SEEN = "no interview took place"
    LEFT_OUT = "said in a row that was left out"


_REACH = r"(?:contact|e-?mail|call|write|reach out|message|send)"
_SPOTS = r"(?:spots?|slots?|positions?|seats?|places?|interviews?|ivs?)"
_MAIL = (
    r"(?:contact|e-?mails?|calls?|communications?|correspondence|letters|updates|lois?"
    r"|letters of (?:intent|interest))"
)
_BE = r"(?: (?:is|was|has|have|had|just|already|now|being|been|recently|also|soon|suddenly|who|will|be))*"
_HEAD = rf"(?:(?:pd|director)(?: [a-z-]+)?|dr\.? ?[a-z-]+){_BE}"
NEWS = r"(?:scores?|step ?2(?: ck)?|ck|results?|updates?|lois?|letters? of (?:intent|interest))"
_DAY = (
    r"(?:on )?(?:\d{1,2}[/.-]\d{1,2}\b|\d{4}-\d\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"\.? \d|today\b|yesterday\b)"
)
# A word that is a remark of its own: nothing stands behind it, or a day, or who and how.
_ALONE = rf"(?= ?$| {_DAY}| (?:by|via|in|from|through|per|app|application|my)\b)"
# A whole day, and nothing behind it but how they said so: "R 11/9", not "R 11/9 hrs".
_ON_A_DAY = (
    r"(?:on )?(?:\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{4}-\d\d-\d\d"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?)"
    r"(?= ?$| (?:by|via|in|from|per|e-?mail|form)\b)"
)
_BE_DONE = r"(?: (?:is|are|was|were|has|have|been|already|now|all))*"
_WAIT_LIST = r"(?:wait ?-?list(?:ed)?|waiting list|wl|list|hold)"

# What an import keeps of a cell that says no beside the day of an interview that has passed.
NOT_SEEN = "not done, though its day has passed"
_NOT_SEEN = NOT_SEEN.partition(", ")[2]

WAYS: Mapping[Against, tuple[str, ...]] = {
    Against.OUT: (
        (
            r"(?<!transplant )(?<!organ )(?<!graft )\brej(?:ect(?:ed|ions?|s)?)?\b(?! (?:rates?|clinics?|risk|episodes?|therapy)\b)"
            r"(?! (?:by|of) no ?(?:one|body)\b)"
        ),
        r"\bdeclin(?:ed|es?)\b(?! (?:to|in) )",
        r"\bdeclining (?:the |their |my )?(?:iv|interview|invite|offer)",
        r"\bwithdr(?:ew|aw|awn|awing|awed)\b",
        r"\b(?:my|application) withdrawal\b",
        r"\brescind(?:ed|s)?\b",
        r"\b(?:un|dis)invited\b",
        r"\bturned (?:me |them |it )?down\b",
        r"\bmov(?:e|ed|ing) forward with (?:other|different)\b",
        r"\bregrets? to (?:inform|say)\b",
        r"\bnot (?:moving forward|selected|chosen|considered|being considered)\b",
        (
            r"\b(?:not|wont|will not|would not|dont) (?:be |going to )?rank(?:ed|ing)?\b"
            r"(?!(?: \w+){0,4} (?:without|w/o|until|till|unless|before)\b)"
        ),
        r"\bdnr\b(?!/)(?! (?:orders?|status|forms?|consults?|talks?|discussions?)\b)",
        rf"(?:^|[:/] ?)(?:i |i have |have )?w ?/?d(?! in\b){_ALONE}",
        rf"(?:^|[:/] ?)(?:r|w) {_ON_A_DAY}",
        rf"^no,? {_ON_A_DAY}",
        rf"\bno from (?:them|the program|the pd|pd|this one){_ALONE}",
        rf"\b(?:said|says|saying) no{_ALONE}",
        r"\b(?:said|says) no to (?:me|my (?:app|application|candidacy))\b",
        rf"\b(?:got|received|have|had|sent) (?:me |a |the |their |my )+no{_ALONE}",
        rf"\b(?:its|it is|was|is) (?:a |another |an )(?:hard |firm |clear |flat )*no{_ALONE}",
        rf"(?:^|[:/] ?)(?:(?:they|i|pd|program|just|got|was|it was) )*cancel+ed(?= (?:it|on me|me)\b|{_ALONE[3:]}",
        r"\b(?:off|crossed off|taken off|took (?:it |them )?off|not on) (?:of )?my (?:\w+ )?list\b",
        r"\bno longer (?:under consideration|considered|considering|interested)\b",
        r"\bpass(?:ed)? on (?:me|my)\b",
        r"\bdenied (?:me|my)\b",
        r"\bapplication denied\b",
        r"\bcancel+ed (?:my |the |this |our )?(?:interview|iv|application)\b",
        r"\b(?:interview|iv|application) (?:was |got |has been )?cancel+ed\b",
        r"\bpulled (?:out|my app\w*)\b",
        r"\b(?:backed|bowed|dropped) out\b",
        r"\b(?:did|have|has|do)(?:nt| not)(?: yet)? appl(?:y|ied)\b",
        r"\bnot (?:yet )?appl(?:y|ied)\b",
        r"\bnever applied\b",
        r"\bstruck through\b",
        r"\bfilled as the [a-z_ ]+ rows are\b",
    ),
    Against.NO_MAIL: (
        (
            r"(?<!they )(?<!we )(?<!programs )\b(?:do not|dont|never|should not|shouldnt|must not"
            rf"|may not|not to|please not)(?: please| ever)? {_REACH}\b"
        ),
        (
            r"\bno (?:contact|e-?mails?|calls?|lois?|communication|correspondence)\b"
            r"(?!,? (?:address|listed|found|given|yet|info|from|since|back|received|so far|today))"
        ),
        r"\bno post-?interview (?:contact|communications?|correspondence|letters|e-?mails?)\b",
        r"\bno (?:updates?|letters?) (?:please|accepted|allowed|wanted|of intent|of interest)\b",
        (
            r"\b(?:does|do)(?:nt| not) (?:want|accept|take|read|welcome|like|consider|look at|care (?:about|for)"
            r"|review|appreciate|entertain|answer|respond to|reply to)(?: any| more| to)?"
            rf" {_MAIL}\b"
        ),
        rf"\bdiscourag(?:es?|ed|ing)(?: [\w-]+){{0,3}} {_MAIL}\b",
        rf"\b(?:prohibit|forbid|ban)(?:s|ned|ed)?(?: [\w-]+){{0,3}} {_MAIL}\b",
        rf"\b{_MAIL} (?:is |are )?(?:discouraged|prohibited|forbidden|unwelcome|banned)\b",
        (
            rf"\b{_MAIL} (?:is |are )?not (?:allowed|accepted|permitted|welcome|read|considered"
            r"|wanted|answered)\b"
        ),
        rf"\bignores? (?:all |any )?{_MAIL}\b",
        r"\bdnc\b",
        r"\brefrain from\b",
        r"\bleave them alone\b",
        r"\bso (?:do not|dont)\b",
    ),
    Against.CLOSED: (
        rf"\bfilled\b(?! (?:out|in)\b)(?: \w+){{0,3}} {_SPOTS}\b",
        r"\bfilled up\b",
        rf"\b{_SPOTS} (?:are |is |were |was |all |already |now )*(?:filled|full|gone|taken)\b",
        rf"\bno (?:more|open|remaining|free) {_SPOTS}\b",
        rf"\bno {_SPOTS} (?:left|available|open|remaining)\b",
        (
            rf"\b(?:program|residency|track|hospital){_BE} (?:closed|closing|shut|shutting"
            r"|discontinued|terminated|suspended)\b"
        ),
        r"\bclosed (?:program|residency|down)\b",
        r"\b(?:lost|losing|lose)(?: \w+)? accreditation\b",
        r"\bout of the match\b",
        r"\bno(?:t| longer) (?:participating|in the match|accepting|recruiting|interviewing)\b",
        (
            r"\b(?:removed|taken|dropped|cut|released)(?: me)? (?:from|off)(?: of)? (?:the |their )?"
            rf"{_WAIT_LIST}\b"
        ),
        r"\b(?:was|got|been) released\b",
        rf"\b(?:{_WAIT_LIST}|and|later) released\b",
        r"^released\b(?= ?(?:\d|on\b|from\b|$))",
    ),
    Against.LOCKED: (
        (
            rf"(?<!my )(?<!my rank )(?<!my ranking )\b(?:rols?|(?:rank|ranking) (?:order )?lists?|lists?){_BE_DONE}"
            r" (?:certified|locked|finali[sz]ed|submitted)\b"
        ),
        (
            rf"\brank(?:ing)? (?:committee )?meetings?{_BE_DONE}"
            r" (?:done|over|held|finished|completed?|happened|took place|passed)\b"
        ),
        (
            r"\b(?:certified|locked|finali[sz]ed|submitted) (?:the |their |its )?"
            r"(?:rol|(?:rank|ranking) (?:order )?list)\b"
        ),
        r"\b(?:they|pd|program|have|has)(?: have| has)? already (?:ranked(?! (?:among|in|#|\d|top|highly|by|as|no)\b)(?! #)|finished ranking)\b",
    ),
    Against.LEFT: (
        (
            rf"\b{_HEAD} (?:left|leaving|leaves)\b"
            r"(?! (?:a|an|me|us|the room|the call|early|message|voicemail|feedback|comments?)\b)"
        ),
        rf"\b{_HEAD} step(?:ped|ping|s) down\b",
        rf"\b{_HEAD} (?:retir(?:ed|ing|es)|resign(?:ed|ing|s))\b",
        rf"\b{_HEAD} (?:moved on|died|is gone|passed away)\b",
        (
            r"\bnew (?:pd|director) (?:is )?(?:unknown|tbd|tba|not known|not named|to be named|soon"
            r"|coming|expected|starts?|search|since|as of|from)\b"
        ),
        r"\bno longer (?:the )?(?:pd|director)\b",
        r"\bformer (?:pd|director)\b",
    ),
    Against.NOT_SEEN: (rf"\b{_NOT_SEEN}\b",),
}
# What a note says that holds nothing else; in another column it may mean anything.
WHOLE: Mapping[Against, str] = {
    Against.OUT: r"(?:r|rej|w|wd|w/d|no|nope|x|dnr|cancel+ed)",
    Against.NO_MAIL: r"(?:dnc|no (?:mail|e-?mail))",
}
# Words before a match that take it back: "not rejected", "havent been rejected yet".
TAKEN_BACK = (
    r"\b(?:not|no|never|without|isnt|wasnt|arent|hasnt|havent|hadnt|wont|wouldnt|didnt|dont|cant"
    r"|if|unless|might|may|could|would|should|before|until|instead of|avoid|fear\w*|expect\w*)"
    r"(?: (?:been|be|being|get|getting|got|gotten|have|having|to|a|an|i|me|my|they|any|yet|ever"
    r"|officially|formally|post|pre|post-interview))* ?$"
)
# What ends a thought; words of one thought do not apply to the next.
CLAUSES = r"[;!?\n,()\[\]\"“”]+|(?<!\bdr)\.(?!\d)|\s[-–—→>|]+\s|->|\b(?:but|then)\b"
