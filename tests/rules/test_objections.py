"""What notes say against a letter, and what only sounds like it."""

import pytest

from planner.rules.clues import clues_of
from planner.rules.facts import ContactPolicy, Program, Status
from planner.rules.objection_words import Against
from planner.rules.objections import (
    LONGEST_WORDS,
    Facts,
    all_ways,
    noted,
    objections,
    unheeded,
    unheeded_of,
)
from tests.builders import a_program

SAYS = {
    Against.OUT: [
        "Rejected 11/18 via Thalamus, need to tick",
        "withdrew 11/10 (too far from J.)",
        "Post-IV rejection!!",
        'auto mail: "we have decided to move forward with other applicants"',
        "rejected from the rural track only",
        "no news, then rejected",
        "got rejected after the interview",
        "I WITHDREW",
        "They turned me down 🙁",
        "declined the invite",
        "IV cancelled 11/2",
        "not moving forward",
        "ranking them low / not ranking",
        "they passed on me",
        "II was rescinded in Oct",
        "pulled my application",
        "never applied, deadline passed",
        "I didn’t apply",
        "rej 10/3",
        "no longer under consideration per portal",
        "W/D 11/15",
        "wd",
        "w/d from ERAS 10/3",
        "loved it; wd 11/2",
        "R 11/9",
        "status: R Nov 9",
        "W 10/30",
        "No from them, Nov 12",
        "no 11/12",
        "they said no",
        "PD said no in person",
        "Got the no in ERAS on 11/21 :(",
        "It's a hard no",
        "cancelled",
        "they cancelled on me",
        "cancelled by program 11/3",
        "off my list",
        "crossed off my rank list",
        "DNR - red flag program",
        "cancelled my IV, took other offer",
    ],
    Against.NO_MAIL: [
        'Website: "Applicants should not contact the program by email."\nso dont!',
        "PD said do not email",
        "please don’t call or write",
        "no emails please",
        "PC said no LOIs",
        "DNC",
        "post-interview communication discouraged",
        "does not accept letters of intent",
        "their site discourages post-interview contact",
        "unsolicited emails are not read",
        "PC says they don't look at updates",
        "they do not respond to emails",
        "ignores LOIs",
    ],
    Against.TOLD: [
        "emailed PD 11/20 w/ my step 2 score",
        "told them my score on 11/2",
        "Interviewed 10/22 emailed 11/10",
        "sent update 11/3",
        "score sent 10/15",
        "already emailed",
        "notified the program coordinator of Step 2",
        "I let them know my score",
        "reached out 11/2",
        "LOI sent 11/12",
        "emailed Dr. Ng on 11/3 with score",
        "lovely day; sent my score to the PC",
        "they know my score",
        "contacted 11/3, no answer",
        "told them in IV about 251 (11/10)",
        "mentioned my score to the PD at the interview",
        "gave PD my score",
        "called 11/23, told coordinator about 251, she noted it",
        "emailed them with 247",
    ],
    Against.LOCKED: [
        "ranking meeting done, list certified 11/25",
        "ROL certified already",
        "Kit said on phone: ranking meeting done",
        "they have already ranked everyone",
        "rank list is already finalized",
        "PD says they certified their rank list",
    ],
    Against.CLOSED: [
        "they filled all spots",
        "all spots filled",
        "no more interviews",
        "program is closing in 2027",
        "lost its accreditation",
        "no longer participating in the Match",
        "WL then released 11/20",
        "was released from the wait list",
        "removed from waitlist",
    ],
    Against.LEFT: [
        "PD left, new PD unknown",
        "Dr. Patel left in October",
        "PD stepped down",
        "the program director is retiring",
        "Dr. O’Brien-Smith has resigned",
        "Dr. Ng is no longer PD",
    ],
}
SAYS_NOTHING = [
    "rejected by no one",
    "I would not withdraw",
    "not rejected yet",
    "they don’t reject anyone",
    "if rejected, SOAP",
    "may withdraw",
    "low rejection rate",
    "strong opioid withdrawal service",
    "PD told me they love me",
    'told by PC they "may release more spots in Dec"',
    'Asked me "when will Step 2 be back?"',
    "form email 10/20",
    "WL email 11/12",
    "need to email PD",
    "haven’t emailed yet",
    "emailed to schedule the interview",
    "PC emailed 10/3 with dates",
    "IV date emailed 10/3",
    "emailed by the PC",
    "emailed PD a thank you",
    "thank you emailed 11/3",
    "no emails from them yet",
    "no email address listed",
    "no contact since October",
    "they do not contact applicants before November",
    "called, they were friendly",
    "updated 11/28",
    "filled out the supplemental",
    "small class, spots for 8",
    "IV invites released 10/15",
    "PD left a great impression",
    "PD left me a voicemail",
    "new PD is very nice",
    "interim PD till July",
    "strong match list, my top rank",
    "they want Step 2 before ROL",
    "3 wd to answer",
    "housing has w/d in unit",
    "R side parking",
    "Dr. R. Quill",
    "x-ray elective",
    "no letters of rec needed",
    "said no visa problem",
    "they said no need to send anything",
    "no 4th letter",
    "flight cancelled",
    "top of my list",
    "DNR orders talk at noon conference",
    "does not rank without Step 2",
    "my ROL certified on 1/12",
    "my rank list certified",
    "w/d in apartment",
    "no 2/3 call",
    "R 11/9 hrs",
    "sub-I: W 10/3-10/20",
    "program already ranked #3 by Doximity",
    "DNR/ICU fellowship",
    "ranking meeting 12/10",
    "ask before list certified",
    "wrote about 240 beds in my essay",
    "website mentioned step 2 to be sent",
    "they mentioned my step 2 to me",
    "their ranking meeting is not done",
    "dont need updates",
    "will update them once the score is back",
    "Loved the noon conference.",
    "",
    "emailed " + "x" * 9_000,
]


@pytest.mark.parametrize(("kind", "note"), [(k, note) for k, some in SAYS.items() for note in some])
def test_a_note_says_what_stands_against_a_letter(kind, note):
    found = objections(note)
    assert kind in {said.kind for said in found}, found
    assert all(said.words and len(said.words) <= LONGEST_WORDS for said in found)


@pytest.mark.parametrize("note", SAYS_NOTHING)
def test_a_note_that_only_sounds_like_it_says_nothing(note):
    assert objections(note) == ()


# The core of a note; people write it with a day, in quotes, in capitals, after other remarks.
CORES = {
    Against.OUT: [
        *("regret email", 'got the "we regret" email', "we regret to inform you", "denied", "rejd"),
        *("denied an interview", "not offered an interview", "unable to offer you an interview"),
        *(
            "cannot offer me an IV",
            "wont be offering me an interview",
            "no IV this year",
            "bad news",
        ),
        *(
            "no interview for me",
            "not moving fwd",
            "not moving forward w/ my app",
            "not proceeding",
        ),
        *("got dinged", "dinged", "no thx", "thx but no thx", "no thank you", "x'd out", "got cut"),
        *("turned me down", "ghosted (rejected)", "RIP", "did not make the cut", "filtered out"),
        *("they went with other candidates", "went in a different direction", "hard pass", "nixed"),
        *("decided not to go", "opted not to interview", "decided against it", "not going"),
        *("not attending the IV", 'moved to "not interested" pile', "not for me", "not a good fit"),
        *("crossed off my list", "removed from my list", "cancelled my interview", "SOAP only"),
        *("red flag - SOAP only", "passed on this one", "unfortunately we cannot offer you a spot"),
        *("no luck", "nope from them", '"sorry to inform you"', "didn't get it", "IV not offered"),
        *("no longer being considered", "dropping this one", "not pursuing", "off the list"),
        *("gave up my spot", "not worth it", "letting this one go", "removing from list"),
        *("not applying here", "application dropped", "dropped my app", "not applying"),
        *("rejcted", "we decided not to invite you", "not inviting me", "application closed"),
        *("Absage", "abgesagt", "leider abgelehnt", "Ablehnung erhalten", "zurückgezogen"),
        *("leider kein Interview", "rechazado", "me rechazaron", "no me invitaron", "me retiré"),
        "se rechazó mi solicitud",
        *("cxl'd my IV", "I'm out", "refusé le 3/11", "rejetée", "pas retenu", "j'ai été refusée"),
        *("j'ai retiré ma candidature", "entretien annulé", "malheureusement non", "désistée"),
        *("fui recusado", "rejeitada 3/11", "não me convidaram", "cancelei minha entrevista"),
        *("desisti", "infelizmente não", "nao fui aceito"),
    ],
    Against.NO_MAIL: [
        *("don't email Beth", "contact via ERAS only", "Thalamus messages only", "keine Mails"),
        *("no unsolicited emails", "no post-iv comms", "asked not to be emailed", "stop emailing"),
        *("PC hates emails", "don't bother PC", "no further communication", "Mails unerwünscht"),
        *("only through Thalamus", "only via ERAS", "only by phone", "only Thalamus messages"),
        *("only through their portal", "only use Thalamus"),
        *("don't mail them", "do not mail", "no mails pls", "mails not welcome", "no e mails"),
        *("please avoid mailing", "avoid emailing the PD", "avoid all mails", "stop mailing"),
        *("asked not to be mailed", "asked not to be disturbed", "don't ping the PC"),
        *("never text the PD", "please don't update them", "will not accept emails"),
        *("do not disturb PC", "dont approach PD by mail"),
        *("nur über Thalamus", "nicht anschreiben", "no enviar correos", "no escribir"),
        *("ne pas contacter", "pas de mails", "uniquement via ERAS", "não enviar e-mails"),
        *("nao escrever", "só pelo portal"),
    ],
    Against.UNREACHABLE: [
        *("address bounced", "mailbox full, bounced", "auto reply: inbox not monitored"),
        *("undeliverable", "no reply address", "noreply@elm.example", "inbox unmonitored"),
        *("this mailbox is not monitored", "email bounced back", "email address invalid"),
        *("returned mail", "mailbox unavailable", "email doesn't work", "bad address"),
        *("550 user unknown", "Mail kam zurück", "correo rebotado"),
        *("boîte pleine", "mail revenu", "email voltou", "caixa cheia"),
        *("delivery failed", "mailer-daemon wrote back", "wrong address", "unzustellbar"),
    ],
    Against.NOT_YET: [
        *("not before Dec 15", "not until 12/15", "hold until Dec 15", "hold off till January"),
        *("wait until 12/15", "PD said not before Dec 15", "PC asked to wait until mid-December"),
        *("email after Dec 15", "write them after the holidays", "nothing before 2026-12-15"),
        *(
            "hold the letter until Dec 15",
            "only after Dec 15",
            "Dec 15 or later",
            "earliest Dec 15",
        ),
        *("email them in January", "follow up after Jan 5", "update them after 12/15"),
        *("no mail before 12/15", "after December 15th"),
        *("email PD no earlier than Dec 15", "please wait till 15 December"),
    ],
    Against.CLOSED: ["they filled", "positions filled", "all spots now filled", "no vacancies"],
    Against.TOLD: [
        *("PD knows about 251", "Told at IV fair abt 251 already", "they have my score"),
        *("score sent", "mentioned 251 in interview", "mentioned my score", "told PC 251"),
        *("PD congratulated me on my score", "Dr. Ng is aware of my CK", "emailed abt CK"),
        *("they already know", "spoke to PD re: 251", "PC acknowledged score", "PC aware"),
        *(
            "left VM for PC re score",
            "score on file per PC",
            "they've seen my 251",
            "Mail geschickt",
        ),
        *("avisé al PD", "ya saben mi score", "PD weiß es schon"),
        *("déjà prévenu", "score envoyé", "j'ai écrit au PD", "ils savent déjà", "já avisei"),
        *("ja mandei meu score", "nota enviada", "escrevi ao PD"),
        *("brought up my CK during IV", "uploaded score to Thalamus", "they got my score"),
        *(
            "texted PC w/ score",
            "they saw my step 2",
            "Score schon gemeldet",
            "PD schon informiert",
        ),
        *("score mailed", "mailed score to PD", "mailed them", "intimated my score to PD"),
        *("score intimated", "conveyed my score to PC", "score communicated by mail"),
        *("communicated Step 2 to PC", "score updated with PD", "CK 248 shared", "pinged PD w/ CK"),
        *("score texted to PC", "apprised PD of 251", "step 2 score conveyed to them"),
        *("ya avisé", "ya les informé", "les avisé del score", "PD weiß Bescheid"),
    ],
}
AROUND = [
    *("{}", "{}.", "{}!!", "{} :(", "({})", '"{}"', "- {}", "{} 11/3", "{} (11/3)", "11/3: {}"),
    *("Lovely people; {}", "{}; visa ok", "J1 ok\n{}\nBeth is kind", "hmm... {}", "so: {}"),
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("kind", CORES)
def test_it_is_said_with_a_day_in_quotes_in_capitals_and_beside_other_remarks(kind, around):
    notes = [around.format(core) for core in CORES[kind]]
    every = {form for x in notes for form in (x, x.upper(), x.replace("'", "’"))}
    assert [x for x in sorted(every) if kind not in {said.kind for said in noted(x)}] == []


HARMLESS = [
    *(
        "unfortunately no parking nearby",
        "unfortunately far from home",
        "cut-off 230",
        "cutoff 220",
    ),
    *("unfortunately, not walkable", "short cut to downtown", "regret not rotating there"),
    *("decisions not before Dec 15", "no invites until Dec 15", "PC emails after Dec 15"),
    *("interviews only through Thalamus", "applied only via ERAS", "wait until they call"),
    *("interviews after Dec 15", "after Dec 15 they rank", "PC will contact me in January"),
    *("decision in January", "earliest IV Dec 15", "wrote in Jan of 2020", "pulled a double"),
    *("they email after Dec 15", "got an email after Dec 15", "on hold until Dec 15"),
    *("not before 9 am", "IV done", "paperwork done 11/2", "done with Step 3", "call after 5 pm"),
    *("no regrets", "denied no one?", "X-ray research", "filled out supplemental", "budget cut 5%"),
    *(
        "supplemental form filled 11/2",
        "filled in the form",
        "they filled me in",
        "knows my mentor",
    ),
    *("they know my mentor", "PD knows Dr. Lee", "they have step 2 policy", "they have 250 beds"),
    *("they know step 2 is pending", "they want to know my score", "wait until they have my score"),
    *("if they have my score", "visa denied last year", "no interview yet", "no IV yet"),
    *("no interview so far", "no interview dinner", "no ivs on fridays", "dinged my car"),
    *("including feeding program", "no thank you note sent", "passed step 2", "pass rate 98%"),
    *("rip current beach", "not interested in research track", "not for me to judge"),
    *("not for the faint of heart", "decided not to go to the dinner", "not going to be easy"),
    *("decided not to mention step 1", "3 spots cut in 2024", "cut from 12 to 10 spots"),
    *("keine Absage", "noch keine Mails bekommen", "keine Mail bisher", "noch nicht gemeldet"),
    *(
        "nicht abgesagt",
        "wenn Absage, SOAP",
        "no rechazado",
        "aún no avisé",
        "kein Interview bisher",
    ),
    *("bounced ideas off the chief", "bounce house at social", "no red flags", "rejoin family"),
    *("explained my red flag", "interviewing 250 applicants", "sent 220 emails this season"),
    *("talked about hiking", "discussed research", "spoke with residents, happy", "dead end road"),
    *("reported high board pass rate", "submitted my app 9/25", "told me 250 is their average"),
    *("moved forward to second look", "they are moving forward quickly", "applied via ERAS only"),
    *("wrote about regret in PS", "not a bad fit", "rural track not offered this year"),
    *("sorry state of the call rooms", "didn't get to meet the PD", "interview not offered yet"),
    *("unable to accommodate H1B", "dropped by the booth", "skip the resident dinner"),
    *("not worth the drive in winter", "gave my talk there", "no contact info for PC"),
    *("PD hates pagers", "stop by the booth", "PC confirmed IV date", "left message about housing"),
    *(
        "PC confirmed step 2 is required",
        "they already know how to do it",
        "she is aware of visa rules",
    ),
    *("friend told me", "told by a resident that they love IMGs", "spoke with PD re: research"),
    *("updated my CV", "shared my CV w/ PD", "presented poster 251 at ACP", "avg step 2 is 251"),
    *(
        "Step 2 done 8/30",
        "score received 11/18",
        "crossed the border",
        "cutting edge",
        "ripe for growth",
    ),
    *("trip 11/3", "dead of winter", "closed ICU", "not for IMGs", "no visa sponsorship", "nur J1"),
    *(
        "red flag: 3 PDs in 5 yrs",
        "PC hat geschrieben",
        "si me rechazan, SOAP",
        "retirado del ejército",
    ),
    *("solo 8 plazas", "keine Visa", "Absagequote hoch", "SOAPed 3 last year", "recline"),
    *("not applying for a visa", "not applying for HCA loans", "application dropped off on time"),
    *("mailed my LORs", "no mail from them yet", "score mailed to me", "mails come from Thalamus"),
    *("communicates well", "residents communicated well", "PC communicated the dates"),
    *("pinged me back", "never texted me back", "avoid winter flights", "on their mailing list"),
    *("do not disturb sign in call room", "will not accept visas", "score updated in ERAS"),
    *("PD conveyed warmth", "poorly communicated schedule", "LOR mailed 10/3", "no mails so far"),
    *("PD mails after Dec 15", "they mailed me the dates", "PC mailed 10/3 with dates"),
    *("score not yet communicated", "will convey my score", "never pinged them"),
    *("PD heard of my school", "email address on website", "COMLEX not accepted", "no reply yet"),
    *("pas encore invité", "pas de mail reçu", "pas encore refusé", "si refusé, SOAP"),
    *("they refuse J1 visas", "plus de détails sur le site", "le PC a envoyé les dates"),
    *("ainda não fui convidado", "ainda não avisei", "se recusado, SOAP", "PC me avisou"),
    *("j'ai envoyé mon CV", "cancelei o hotel", "I'm out of town 11/3", "score à envoyer"),
]


@pytest.mark.parametrize(
    "around", ["{}", "{}.", "({})", "- {}", "Lovely people; {}", "{}; visa ok", "hmm... {}"]
)
def test_words_that_are_near_it_say_nothing(around):
    notes = [around.format(note) for note in HARMLESS]
    assert [x for x in (*notes, *map(str.upper, notes)) if noted(x)] == []


@pytest.mark.parametrize(
    "cell", ["Pass", "Filled", "Not offered", "ERAS only", "Nope", "Skip", "X"]
)
def test_a_word_that_may_answer_another_column_says_nothing_there(cell):
    assert objections(cell) == ()
    assert noted(cell)


@pytest.mark.parametrize("address", ["", "a@elm.example"])
def test_mail_that_came_back_holds_a_letter_that_has_an_address(address):
    found = unheeded({"notes": "address bounced"}, Facts(address=address))
    expected = ["the letter would go to a@elm.example"] if address else []
    assert [said.contradicts for said in found] == expected


@pytest.mark.parametrize("note", ["R", "r.", "WD", "W/D!", "No 😭", "nope", "X", "(R)"])
def test_one_word_is_a_no_where_it_is_the_whole_note(note):
    assert [said.kind for said in noted(note)] == [Against.OUT]


def test_one_word_beside_others_is_none():
    assert noted("R: Smith, W: Jones, X: Lee") == ()


def test_one_letter_in_another_column_is_no_no():
    assert unheeded({"Region": "W", "Pod": "R", "Visa": "No"}, Facts()) == []


def test_a_note_says_several_things_each_once():
    found = objections("Rejected 11/2, rejected again!\nPD left; do not email, told them 11/3")
    assert [said.kind for said in found] == [
        Against.OUT,
        Against.NO_MAIL,
        Against.TOLD,
        Against.LEFT,
    ]


def test_of_a_long_note_the_thought_is_quoted():
    note = "The residents were kind and the noon conference was lovely. " * 3
    (said,) = objections(f"{note} Withdrew on 11/10: too far; {note}")
    assert said.words == "withdrew on 11/10: too far"


def test_every_way_to_object_has_a_word_that_is_looked_for_first():
    assert [way for _, way in all_ways() if not clues_of(way)] == []


APPLIED = Program(id=1, program="Elm", specialty="Internal Medicine", director_last_name="Núñez")
NOTE = "they said do not email; emailed 11/3; Rejected 11/9; PD left"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), ["status is applied", "contact_policy is open", "told_on is empty"]),
        (Facts(told=True), ["status is applied", "contact_policy is open"]),
        (
            Facts(Status.WAITLISTED, ContactPolicy.IF_ASKED, told=True, director="Núñez"),
            ["status is waitlisted", "contact_policy is if_asked", "the director is Núñez"],
        ),
        (Facts(Status.REJECTED), []),
        (Facts(Status.WITHDRAWN), []),
        (Facts("not_applied"), []),
        (Facts(policy="none"), []),
    ],
)
def test_what_the_fields_know_already_contradicts_nothing(facts, expected):
    assert [said.contradicts for said in unheeded({"notes": NOTE}, facts)] == expected


@pytest.mark.parametrize("where", ["notes", "reason", "connection", "Scribbles"])
def test_it_is_seen_wherever_somebody_writes_remarks(where):
    from dataclasses import replace

    field = {"extra": {where: NOTE}} if where == "Scribbles" else {where: NOTE}
    said = unheeded_of(replace(APPLIED, **field))
    assert {x.where for x in said} == {where}
    assert str(said[0]) == f'{where}: "{NOTE}", but status is applied'


@pytest.mark.parametrize(
    ("notes", "policy", "heeded"),
    [
        ("no post-interview communication", ContactPolicy.OPEN, False),
        ("no post-interview communication", ContactPolicy.NOT_AFTER_INTERVIEW, True),
        ("do not contact us after your IV", ContactPolicy.NOT_AFTER_INTERVIEW, True),
        ("do not email", ContactPolicy.NOT_AFTER_INTERVIEW, False),
        ("do not email", ContactPolicy.CHANNEL, True),
    ],
)
def test_a_note_is_heeded_by_the_contact_policy_that_says_the_same(notes, policy, heeded):
    program = a_program(notes=notes, contact_policy=policy)
    assert (unheeded_of(program) == []) is heeded


def test_what_a_row_that_was_left_out_said_need_not_be_understood():
    program = a_program(extra={"Where I'm at (left out)": "Rejekted"})
    assert [str(said) for said in unheeded_of(program)] == [
        'Where I\'m at (left out): "Rejekted", but the row or column that says so was left out'
    ]


@pytest.mark.parametrize(
    ("locked", "contradicts"), [(False, ["rank_list_locked is no"]), (True, [])]
)
def test_a_certified_list_contradicts_only_a_program_whose_list_is_open(locked, contradicts):
    found = unheeded({"notes": "ROL certified already"}, Facts(locked=locked))
    assert [said.contradicts for said in found] == contradicts


@pytest.mark.parametrize(
    ("day", "contradicts"), [("", ""), ("2026-10-05", "interview_date is 2026-10-05")]
)
def test_an_interview_that_did_not_take_place_contradicts_its_date_alone(day, contradicts):
    assert Facts(interview=day).against(Against.NOT_SEEN) == contradicts
