"""What to do about each finding in a letter, by its code."""

from __future__ import annotations

from collections.abc import Mapping

# PROGRAM stands for the number of the letter's program where that is known.
FIXES: Mapping[str, str] = {
    "unfilled": "Fill it in, or take it out.",
    "salutation_changed": (
        "Greet the director of this program; another name goes into the list first: planner"
        " programs set PROGRAM director_last_name=..."
    ),
    "place_missing": "Name the hospital or university you are writing to.",
    "no_place": "Name the hospital or university: planner programs set PROGRAM institution=...",
    "context_not_a_sentence": "Write one sentence with a verb: drop_context under [application].",
    "specialty_missing": "Name their specialty.",
    "other_specialty": "Mention only this program's specialty.",
    "other_program": "Name only this program and its people.",
    "interview_outside_season": (
        "Correct the date: planner programs set PROGRAM interview_date=YYYY-MM-DD, or leave it"
        " empty (interview_date=)."
    ),
    "wrong_service": "Name the service this program uses.",
    "score_mismatch": "State the recorded score only.",
    "score_missing": "State the score once in the body.",
    "score_repeated": "State the score only once.",
    "no_reason": "Say what draws you there: planner programs set PROGRAM reason=...",
    "generic_reason": "Give each program its own reason.",
    "told_before": "They already know this score; leave the letter out, unless something else is new.",
    "asks_rank": "Never ask about rank, chances or status.",
    "bargain": "Never offer anything for being ranked.",
    "promise": "Never promise to rank or to come.",
    "outside_match": "No offers outside the Match.",
    "gift": "Do not mention gifts, money, favors or influential friends.",
    "number_one_twice": "Only one program can be the first choice of a season.",
    "urology_rank": "Do not mention ranking to urology programs.",
    "attachment": "Letters have no attachments; do not mention one.",
    "no_letter": "Shorten it: this is no longer a letter.",
    "bad_salutation": (
        "Set the name: planner programs set PROGRAM director_last_name=..., or leave it empty."
    ),
    "probable_twin": (
        "If they are the same program: planner programs merge NUMBER NUMBER, the one to keep first."
    ),
    "note_contradicts": (
        "Is that right? Then: planner programs set PROGRAM status=rejected (or withdrawn),"
        " contact_policy=none (or not_after_interview), told_on=YYYY-MM-DD, rank_list_locked=yes,"
        " interview_date= (it did not take place), director_last_name=NAME, or"
        " director_email=ADDRESS. If not: planner programs set PROGRAM notes=..., or approve with"
        " --override note_contradicts."
    ),
    "told_early": (
        "Did you tell them this score? Then: planner programs set PROGRAM told_on=YYYY-MM-DD. If it"
        " was other news: planner programs set PROGRAM told_on=, or approve with --override"
        " told_early."
    ),
    "address_refused": (
        "Are they the same program? Then: planner programs merge NUMBER NUMBER. If not, say so with"
        " --override, or give the program its own address."
    ),
    "bad_header": "Take out line breaks and control characters.",
    "hidden_character": (
        "Take it out: planner edit, or planner programs set PROGRAM for a name from the list."
    ),
    "garbled": (
        "Type it as it should read: planner edit, or planner programs set PROGRAM for a name or"
        " a reason from the list."
    ),
    "number_one": "Be sure that it is true; it commits you.",
    "note_to_self": "This reads like a note to yourself; keep those in the notes column.",
    "nothing_specific": (
        "Name one thing about them: a clinic, patients, a part of the training, a tie."
    ),
    "off_topic": ("Say what draws you there, not your plans, your odds or what they should do."),
    "begging": "State the news; do not plead.",
    "flattery": "Praise one real thing, in plain words.",
    "belittling": "Write about this program, not about others.",
    "too_personal": "Leave this out of a letter to a stranger.",
    "score_talk": "Let the one number speak for itself.",
    "informal": "Write as you would to someone you have not met.",
    "shouting": "Use lowercase, without !!.",
    "odd_spelling": "Check the spelling.",
    "reason_does_not_fit": (
        "Read it aloud, then name a thing or write a sentence: planner programs set PROGRAM"
        " reason=... (or impression=...)"
    ),
    "odd_salutation": (
        "Is this the last name? planner programs set PROGRAM director_last_name=... corrects it."
    ),
    "odd_case": (
        "Write it as they do: planner programs set PROGRAM program=... or institution=..., your"
        " own name in the config."
    ),
    "similar_reason": "Make the reasons differ in substance.",
    "other_city": "Check that this city belongs here.",
    "too_long": "Shorten it: one paragraph and two sentences.",
    "subject_long": "Keep the subject to 78 characters or fewer.",
    "failure_story": "Do not retell a failure.",
    "pressure": "Do not press for an answer.",
    "question": "Ask at most one question, and not in passing.",
    "names_other_signal": "Name the signal that you sent.",
    "wrong_interview_date": "Check the date.",
    "off_peak": "Few letters are read at this time; be sure you need this one.",
    "free_mail": "Check that this address is really theirs.",
    "no_director_name": "Find the director's name.",
    "unsendable": ("Remove it from the letter, your list, or the config; then: planner draft"),
    "service_in_reason": "Check that ERAS means what you want here.",
}


def fix_of(finding: Mapping[str, str]) -> str:
    """What to do about a finding; one that brings its own advice keeps it."""
    return finding.get("fix") or FIXES[finding["code"]]
