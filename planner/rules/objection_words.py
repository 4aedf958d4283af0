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
    UNREACHABLE = "no mail gets through"
    TOLD = "told already"
    CLOSED = "no place left"
    LOCKED = "list certified"
    LEFT = "the director left"
    NOT_SEEN = "no interview took place"
    NOT_YET = "not before a day"
    LEFT_OUT = "said in a row or column that was left out"


_REACH = (
    r"(?:contact|(?:e-?)?mail|call|write|reach out|message|send|text|ping|approach|pester|bother"
    r"|(?:disturb|update|dm) (?:them|him|her|pd|pc|the (?:pd|pc|program)))"
)
_OTHER_WAYS = r"(?:eras|myeras|thalamus|portal|residencycas|phone|slack)"
_FURTHER = r"(?:unsolicited|further|more|additional|follow-?up|any|other|direct) "
_BOX = (
    r"(?:inbox|mailbox|e-?mails?|e-?mail address|address|e-?mail account|account|in-box|mail box)"
)
# How a refusal goes on after "unfortunately"; parking and the weather do not go on so.
_THEY = (
    r"(?:we|you|your|after|at this time|this (?:year|season|cycle)|they (?!have no|only|dont have|require)"
    r"|i (?:was|am|did)|im not|not (?!far|close|near|cheap|walkable)|no (?:iv|interview|offer|invite|spot)"
    r"|rejected|passed|cannot|cant|unable)\b"
)
_SPOTS = r"(?:spots?|slots?|positions?|seats?|places?|interviews?|ivs?)"
_MAIL = (
    r"(?:contact|(?:e[- ]?)?mails?|calls?|communications?|correspondence|letters|updates|lois?"
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
_I = r"(?:interviews?|ivs?|intvw?s?|iis?|invites?|invitations?)"
_NOT = r"(?:not|no longer|cannot|cant|can not|could not|couldnt|unable|isnt|arent|wasnt|werent|wont|wouldnt|didnt|dont|doesnt|never)"
_ON = r"(?:forward|fwd|ahead|further)"
_BE_DONE = r"(?: (?:is|are|was|were|has|have|been|already|now|all))*"
_WAIT_LIST = r"(?:wait ?-?list(?:ed)?|waiting list|wl|list|hold)"

# A day or a month to wait for; and asking to wait for it.
_WHEN = (
    r"(?:(?:the )?(?:mid|early|late|end of|beginning of|first of|week of)[ -]?)?(?:the )?"
    r"(?:\d{1,2}[/.-]\d{1,2}\b|\d{4}-\d\d-\d\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"(?:\.? \d{1,2}(?:st|nd|rd|th)?\b)?|\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|holidays|new year|thanksgiving|christmas)"
)
_ASKS_TO = r"(?:^|^- |[:/] ?|\b(?:said|says|asks?|asked|please|pls|better|best)(?: (?:me|us|to|for|mail|e-?mail))* )"
# Not they: "they email after Dec 15", "got an email after Dec 15".
_NO_NEWS = r"(?<!they )(?<!we )(?<!an )(?<!the )(?<!got )(?<!pd )(?<!pc )"

# What an import keeps of a cell that says no beside the day of an interview that has passed.
NOT_SEEN = "not done, though its day has passed"
_NOT_SEEN = NOT_SEEN.partition(", ")[2]

# They said no.
_REFUSED = (
    (
        r"(?<!transplant )(?<!organ )(?<!graft )\brej(?!oi|uv|ig)[a-z]*\b(?! (?:rates?|clinics?|risk|episodes?|therapy)\b)"
        r"(?! (?:by|of) no ?(?:one|body)\b)"
    ),
    r"\bdeclin(?:ed|es?)\b(?! (?:to|in) )",
    r"\brescind(?:ed|s)?\b",
    r"\b(?:un|dis)invited\b",
    r"\bturn(?:ed|ing)? (?:me |them |it |this |my \w+ )?down\b",
    (
        rf"\b(?:mov(?:e|ed|ing)|go|going|gone|went|proceed\w*)(?: {_ON}| on)? (?:with (?:other|different|someone)"
        r"|without me)\b"
    ),
    r"\b(?:chose|picked|took|selected) (?:other|different) (?:applicants?|candidates?|people)\b",
    r"\b(?:in|go|going|went|gone|took)(?: in)?(?: an| a)? (?:another|different|other) direction\b",
    (
        r"(?<!\bi )(?<!\bid )(?<!about )\bregret(?:s|fully)?\b"
        r"(?! (?:not|that i|having|applying|missing|my|skipping|leaving|it)\b)"
    ),
    rf"\bregrettably{_ALONE}|\b(?:sadly|regrettably|unfortunately) {_THEY}",
    rf"\bunfortunately{_ALONE}",
    (
        r"(?<!visa )(?<!claim )(?<!claims )(?<!loan )(?<!insurance )\bdenied\b"
        r"(?! (?:no ?(?:one|body)|that|the rumou?rs?|rumou?rs?|having|any|it|claims?|care|coverage|parking|housing)\b)"
    ),
    rf"\bdenial(?: (?:e-?mail|letter|notice)\b|{_ALONE})",
    r"\bnot (?:being )?(?:selected|chosen|considered|successful|picked|shortlisted|advanced)\b",
    r"\b(?:i|was|am|im|got) not accepted\b",
    r"\bunsuccessful\b(?! (?:search|attempts?|block|match)\b)",
    (
        rf"\b{_NOT}(?: (?:be|able to|going to|to|planning to|yet|be able to|interested in))*"
        rf" (?:mov(?:e|ing)|go(?:ing)?|proceed(?:ing)?|advanc(?:e|ed|ing)|continu(?:e|ing)|progress(?:ing)?)"
        rf"(?: (?:me|us|you|with (?:me|you|my app\w*|your app\w*)|my app\w*))?(?: {_ON}|(?<=ing){_ALONE})"
    ),
    (
        rf"\b{_NOT}(?: (?:be|being|able to|going to|to|be able to|planning to|get|getting|got))*"
        rf" (?:offer(?:ed|ing)?|extend(?:ed|ing)?|grant(?:ed|ing)?|giv(?:e|en|ing)|send(?:ing)?|get(?:ting)?)"
        rf"(?: (?:you|me|us|my|an|a|any|the|their|your))* (?:{_I}|spot|position)\b(?!,? (?:yet|so far|on|till|until)\b)"
    ),
    rf"\b(?:was|am|im|got|were) not offered{_ALONE}",
    (
        rf"\b{_NOT}(?: (?:be|being|able to|going to|to|be able to|planning to))*"
        r" (?:invit|interview|consider|rank|accept|tak)(?:e|ing)? (?:you|me|us|my app\w*)\b"
    ),
    (
        rf"\bno {_I}(?: offers?| offered)? (?:this (?:year|cycle|season|time|round)|for (?:me|you)\b|per\b"
        rf"|from (?:them|pd|pc|program)\b|after all|{_DAY})(?!.*\b(?:yet|so far|as of)\b)"
    ),
    r"\bding(?:ed)?\b(?! (?:dong|my|the|a|up|on)\b)",
    r"\bno,? (?:thx|thanks|thank you|ty|tnx)\b(?!-| (?:note|e-?mail|letter|card|sent|yet|needed|necessary|message))",
    r"\bpassed over\b",
    rf"(?:^|[:/] ?|\b(?:got|was|were|been|being|get|am|im|they) )cut(?: me\b|{_ALONE})(?! from \d)",
    r"\b(?:did(?:nt| not)|do(?:nt| not)|missed) (?:make )?the (?:first |final |last )?cut\b",
    r"\b(?:filtered|screened|weeded) (?:me )?out\b",
    r"\bnot a (?:good |great |right )?(?:fit|match)\b",
    r"\b(?:application|app|file|applicant portal) (?:is |was |got |now )*closed\b(?! loop)",
    r"\bbad news\b",
    rf"\bno (?:luck|bueno|dice|go){_ALONE}",
    rf"(?:^|\b(?:so|very|got the|got a) )sorry(?:{_ALONE}| (?:e-?mail|letter|to (?:inform|say|tell))\b)",
    rf"\bdid(?:nt| not) get (?:it|in|one|picked|chosen|selected){_ALONE}",
    rf"\b{_I} not offered\b(?! (?:yet|so far)\b)",
    rf"\bunable to (?:accommodate|offer|invite|interview|consider|accept)(?: (?:me|you|your|my)\b|{_ALONE})",
    (
        r"\b(?:not|wont|will not|would not|dont) (?:be |going to )?rank(?:ed|ing)?\b"
        r"(?!(?: \w+){0,4} (?:without|w/o|until|till|unless|before)\b)"
    ),
    rf"(?:^|[:/] ?)(?:r|w|rd) {_ON_A_DAY}",
    rf"^no,? {_ON_A_DAY}",
    rf"\b(?:no|nope) from (?:me|them|the program|the pd|pd|this one){_ALONE}",
    rf"\b(?:said|says|saying) no{_ALONE}",
    r"\b(?:said|says) no to (?:me|my (?:app|application|candidacy))\b",
    rf"\b(?:got|received|have|had|sent) (?:me |a |the |their |my )+no{_ALONE}",
    rf"\b(?:its|it is|was|is) (?:a |another |an )(?:hard |firm |clear |flat )*no{_ALONE}",
    r"\bpass(?:ed)? on (?:me|my)\b",
    r"\bfilled as the [a-z_ ]+ rows are\b",
)
# The applicant said no, or the list does.
_GIVEN_UP = (
    r"\bdeclining (?:the |their |my )?(?:iv|interview|invite|offer)",
    r"\b(?:withdr|w/?dr)(?:ew|aw|awn|awing|awed)\b",
    r"\b(?:my|application) withdrawal\b",
    (
        r"\b(?:decided|chose|opted|elected|choosing|deciding|electing|opting) (?:not to|against)"
        rf" (?!(?:go|going) (?:to (?:the |their |any )?(?!{_I})|with|into|by|for)\b)(?:go|going|attend\w*"
        rf"|interview\w*|{_I}|apply\w*|pursu\w+|continu\w+|proceed\w*|move|rank\w*|accept\w*|tak\w+"
        r"|do (?:it|this|the)|schedul\w+|invite|offer|extend|consider|it|this|them|me|the program)\b"
    ),
    rf"(?:^|\bim |\bi am )not (?:going|attending|doing (?:it|this)){_ALONE}",
    rf"\b(?:wont|will not|not|cant|cannot)(?: be)?(?: going to)? attend(?:ing)?(?: (?:it|this|the|my|their))*(?: {_I}\b|{_ALONE})",
    r"\b(?:hard|easy|big) (?:pass|no)\b",
    rf"\b(?:i|will|ill|im|gonna|going to|they|pd) (?:pass|passed|passing){_ALONE}",
    r"\bpass(?:ed|ing)? on (?:it|this|them|this one|the (?:iv|interview|invite|offer))\b",
    r"\b(?:x|xd|xed|x-ed|cross|crossed|scratched|scratch|struck|strike) (?:it |them |this |this one )?(?:out|off)\b(?! of \d)",
    r"\bnixed\b",
    rf"\b(?:dropp(?:ed|ing)|skip(?:ped|ping)?|scratch(?:ed|ing)?) (?:it|them|this|that)(?: one| program)?{_ALONE}",
    r"\b(?:not|no longer|stopped) pursuing\b",
    rf"\b(?:gave|giving|give|released) (?:up |away |back )?my (?:\w+ )?{_SPOTS}\b",
    rf"\blet(?:ting)? (?:(?:this|it|them)(?: one)? go{_ALONE}|go of (?:this|it|them))\b",
    r"\bnot worth (?:it|going|attending|applying|ranking)\b",
    r"(?:^|[:/] ?)rip\b(?! (?:current|tide|van|off|in)\b)",
    r"\bnot interested\b(?! in (?!them\b|this\b|it\b|me\b|my\b|the program|program|ranking|going|interviewing))",
    r"\b(?:not|isnt|wasnt) (?:really |quite |exactly |just |the right )?(?:for|a fit for|right for|a good fit for|the one for) me\b(?! to\b)",
    r"\b(?:not|isnt) (?:my vibe|happening)\b",
    (
        r"\b(?:taken|took|taking|crossed|cross|dropped|drop|removed|remove|removing|struck|deleted|scratched)"
        r"(?: (?:it|them|this|this one|program))? (?:off|from)(?: of)?(?: my| the| our)?(?: \w+)? list\b"
    ),
    r"\bsoap only\b|\bonly (?:for |in |via |if |as )?soap\b",
    r"^(?:big |huge |major |total )?red flags?(?= ?$| program)",
    r"\bdnr\b(?!/)(?! (?:orders?|status|forms?|consults?|talks?|discussions?)\b)",
    rf"(?:^|[:/] ?)(?:i |i have |have )?w ?/?d(?! in\b){_ALONE}",
    rf"(?:^|[:/] ?)(?:(?:they|i|pd|program|just|got|was|it was) )*cancel+ed(?= (?:it|on me|me)\b|{_ALONE[3:]}",
    r"\b(?:off|crossed off|taken off|took (?:it |them )?off|not on) (?:of )?(?:my|the) (?:\w+ )?list\b",
    r"\bno longer (?:under consideration|(?:being )?considered|considering|interested)\b",
    rf"\b(?:cancel+(?:ed|ing)?|cxl(?:d|ed)?) (?:my |the |this |our )?(?:{_I}|app(?:lication)?)\b",
    rf"(?:^|[-:/] ?)(?:so )?im out{_ALONE}",
    rf"\b(?:{_I}|app(?:lication)?) (?:was |got |has been |is )?cancel+ed\b",
    r"\bpulled (?:out|(?:my |the )?app(?:s|lications?)?)\b",
    r"\b(?:backed|bowed|dropped) out\b",
    r"\b(?:did|have|has|do)(?:nt| not)(?: yet)? appl(?:y|ied)\b",
    r"\bnot (?:yet )?appl(?:y|ied)\b",
    r"\bnever applied\b",
    rf"\bnot applying(?: (?:here|there|anymore|this (?:year|cycle|season)))?{_ALONE}",
    rf"\b(?:app|application) dropped{_ALONE}|\bdropped (?:my |the )app(?:lication)?\b",
    r"\bstruck through\b",
    r"\bcrossed out by \S{1,3} beside the name\b",
)
WAYS: Mapping[Against, tuple[str, ...]] = {
    Against.OUT: (*_REFUSED, *_GIVEN_UP),
    Against.NO_MAIL: (
        (
            r"(?<!they )(?<!we )(?<!programs )\b(?:do not|dont|never|should not|shouldnt|must not"
            rf"|may not|not to|please not)(?: please| ever)? {_REACH}\b"
        ),
        (
            rf"\bno (?:{_FURTHER})*(?:contact|(?:e[- ]?)?mails?|calls?|lois?|communications?|comms|correspondence)\b"
            r"(?!,? (?:address|listed|found|given|yet|info|from|since|back|received|so far|today|issues?|problems?|skills|barriers?))"
        ),
        r"\bno (?:post|after)[- ]?(?:interview|iv) (?:contact|communications?|comms|correspondence|letters|e-?mails?)\b",
        r"\bnot (?:to )?be (?:(?:e-?)?mailed|contacted|called|written to|bothered|disturbed|messaged|approached)\b(?! (?:by|until|before)\b)",
        rf"\b(?:hates?|dislikes?|annoyed by|tired of|sick of) (?:all |any |getting |these )*{_MAIL}\b",
        r"\bdont bother (?:them|him|her|pc|pd|the)\b|\bstop (?:(?:e-?)?mailing|messaging|writing|contacting|sending|calling)\b|^unsubscribe",
        r"\bno (?:updates?|letters?) (?:please|accepted|allowed|wanted|of intent|of interest)\b",
        (
            r"\b(?:(?:does|do)(?:nt| not)|wont|will not) (?:want|accept|take|read|welcome|like|consider|look at|care (?:about|for)"
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
        (
            r"\bavoid (?:any |all |further |sending |direct )*(?:(?:(?:e[- ]?)?mail|contact|call|messag|writ|text)ing"
            r"|(?:e[- ]?)?mails|lois?|letters|updates|correspondence)\b"
        ),
        (
            r"\b(?:contact|messages?|messag\w+|communicat\w+|updates?|lois?|scores?|write|reach|mail)\b(?: [\w/]+){0,4}"
            rf" (?:only|exclusively)(?: (?:via|through|by|in|on|over))?(?: the| their)? {_OTHER_WAYS}\b"
        ),
        rf"(?<!applied )(?<!apply )\b(?:via|through|by|contact|use) {_OTHER_WAYS}(?: messag\w+)? only\b",
        rf"\b{_OTHER_WAYS} messag\w+ only\b",
        (
            r"(?:^|^- |[:/] ?)only (?:(?:through|via|by|in|on|over|per|use|using) )?(?:the |their )?"
            rf"{_OTHER_WAYS}(?: messag\w+)?{_ALONE}"
        ),
        # A column about mail that the user calls notes: "Updates?: no".
        rf"(?:^|^- |[:/] ?)(?:{_MAIL}|mails?|messages?|e-?mail them)\??: ?(?:no|nope|nein)(?= ?$)",
        r"\bdnc\b",
        r"\brefrain from\b",
        r"\bleave them alone\b",
        r"\bso (?:do not|dont)\b",
    ),
    Against.UNREACHABLE: (
        (
            rf"\b{_BOX}(?: (?:is|are|was|be|its|currently|now))* (?:not|no longer|never|isnt|arent|un)"
            r" ?(?:being )?(?:monitored|checked|read|in use|used|active|valid|working|working anymore|looked at|attended)\b"
        ),
        rf"\b(?:unmonitored|unattended|inactive|invalid|dead|wrong|bad|defunct) {_BOX}\b(?! (?:corrected|fixed|was)\b)",
        rf"\b{_BOX}(?: (?:is|was|are|now))* (?:unmonitored|unattended|inactive|invalid|dead|wrong|defunct|full|over quota|unavailable)\b",
        rf"\b{_BOX} (?:does not|doesnt|no longer|did not|didnt) (?:exists?|works?)\b",
        rf"\b{_BOX} (?:is |was )?not (?:found|working|valid|reachable)\b",
        r"\b(?:user|recipient|addressee) unknown\b|\breturned mail\b",
        r"\bbounc(?:ed|es|ing)(?: back)?\b(?! (?:around|ideas?|between|from|off|back from|house)\b)",
        r"\bundeliver(?:able|ed)\b",
        r"\b(?:delivery|e-?mail|message|mail|sending) (?:has |was |to \w+ )*(?:failed|failure|returned|blocked|came back)\b",
        rf"\bno[- ]?reply {_BOX}\b(?! (?:yet|so far|from|to|since))|\bno-reply\b|\bnoreply\b|\bdo-?not-?reply\b",
        r"\bmailer-? ?daemon\b",
    ),
    Against.CLOSED: (
        (
            rf"\b(?:they|program|residency|track|pd|all|already|now|everything|{_SPOTS}){_BE} ?\bfilled\b"
            r"(?! (?:out|in|me|my|us|the|a|with (?:joy|laughter))\b)"
        ),
        r"^filled (?:per|via|already|internally|for this|(?:w/|with) ?(?:an? )?internal)\b",
        rf"\bno (?:spots?|slots?|positions?|seats?)(?= ?$| {_DAY}| per\b)",
        r"\bno vacanc(?:y|ies)\b|\bno openings?(?= ?$| (?:left|this|now|for)\b)",
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
    Against.NOT_YET: (
        (
            rf"{_ASKS_TO}(?:not|nothing|hold(?: off)?|wait|no (?:e-?)?mails?|no letters?)"
            rf"(?: (?:with |the |a |my )*(?:letter|e-?mail|mail|update))? (?:before|until|till|til) {_WHEN}"
        ),
        rf"(?:^|^- |[:/] ?)(?:(?:only )?after|earliest|no (?:earlier|sooner) than|from) {_WHEN}(?: on(?:ward)?s?)?(?= ?$| {_DAY})",
        rf"(?:^|^- |[:/] ?){_WHEN} (?:or later|at the earliest|earliest)(?= ?$| {_DAY})",
        (
            rf"{_NO_NEWS}\b(?:{_REACH}|follow up|update (?:them|him|her|pd|pc|the program))"
            r"(?: (?:them|him|her|pd|pc|the (?:pd|pc|program)|again|back|only|earliest|not|no earlier"
            rf"|no sooner|letter|it))* (?:after|before|than|starting|until|till) {_WHEN}"
        ),
        (
            rf"{_NO_NEWS}\b(?:write|contact|send|reach out|follow up|e-?mail (?:them|him|her|pd|pc))"
            rf"(?: (?:them|him|her|pd|pc|the (?:pd|pc|program)|again|letter|it))* (?:in|on) {_WHEN}"
        ),
    ),
}
# The day beside the only word of a note.
DAY_ALONE = (
    r"\b(?:on )?(?:\d{4}-\d\d-\d\d|\d{1,2}[/.-]\d{1,2}\b(?:[/.-]\d{2,4})?\.?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?)"
)
# What a note says that holds nothing else; in another column it may mean anything.
WHOLE: Mapping[Against, str] = {
    Against.OUT: r"(?:r|w|no|x|xd|out|cut|pass|dead|r\.?i\.?p|not (?:offered|for me|going))",
    Against.CLOSED: r"(?:filled|full|closed)",
    Against.TOLD: (
        r"(?:all |already )?done|(?:already )?(?:told|e-?mailed|informed|notified|contacted|messaged|sent"
        r"|sent (?:an |the )?(?:e-?mail|message|msg|update))(?: already)?"
    ),
}
# The same for one thought of a note: "Nope, too far", "Beth is kind; ERAS only".
THOUGHT: Mapping[Against, str] = {
    Against.OUT: r"(?:rej|rejd|wd|w/d|nope(?: nope)*|nah|nein|dnr|cancel+ed|skip(?:ping)?|ding"
    r"|passing|declining|dropp(?:ed|ing)|sorry)",
    Against.NO_MAIL: (
        rf"(?:dnc|no (?:mail|e-?mail)|(?:{_OTHER_WAYS}|calls?) only(?: please| pls)?|(?:only|nur|s[oó]lo) {_OTHER_WAYS}"
        rf"|use (?:the |their )?{_OTHER_WAYS}(?: only| instead)?)"
    ),
}
# Words before a match that take it back: "not rejected", "havent been rejected yet".
TAKEN_BACK = (
    r"\b(?:not|no|never|without|isnt|wasnt|arent|hasnt|havent|hadnt|wont|wouldnt|didnt|dont|cant"
    r"|if|unless|keine?|nicht|ohne|falls|wenn|sin|nunca|jamais|sans|si|sem|pas encore|ainda n[aã]o|might|may|could|would|should|before|until|instead of|avoid|fear\w*|expect\w*)"
    r"(?: (?:been|be|being|get|getting|got|gotten|have|having|to|a|an|i|me|my|they|any|yet|ever"
    r"|officially|formally|post|pre|post-interview))* ?$"
)
# What ends a thought; words of one thought do not apply to the next.
CLAUSES = r"(?<!unfortunately)(?<!sadly)(?<!regrettably),+|(?:[;!\n()\[\]\"“”]|\?(?!:))+|(?<!\bdr)(?<!\d\.\d\d)(?<!\d\.\d)\.(?!\d)|\s[-–—→>|]+\s|->|\b(?:but|then)\b"
