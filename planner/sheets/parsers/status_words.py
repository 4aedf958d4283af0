"""The words for each status, as people write them in their lists.

To teach the import another word, add it to its status.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.rules.facts import Status

# The beginnings of words that mean out of play, whatever else the cell says.
OUT_STEMS = (
    ("reject", Status.REJECTED),
    ("rejec", Status.REJECTED),
    ("regret", Status.REJECTED),
    ("denied", Status.REJECTED),
    ("denial", Status.REJECTED),
    ("declin", Status.REJECTED),
    ("rescind", Status.REJECTED),
    ("revok", Status.REJECTED),
    ("uninvit", Status.REJECTED),
    ("disinvit", Status.REJECTED),
    ("withdr", Status.WITHDRAWN),
    ("cancel", Status.WITHDRAWN),
)
# The words for each status, apart from those in ON_A_DAY.
WORDS: Mapping[Status, str] = {
    Status.NOT_APPLIED: """
        not applied; did not apply; decided not to apply; chose not to apply; opted not to apply;
        decided against applying; didnt apply; not applying; not going to apply; wont apply;
        will not apply; not yet applied; have not applied; havent applied; not submitted;
        not yet submitted; to apply; will apply; plan to apply; planning to apply; considering;
        skip; skipped; not started; apply later; apply by; apply on;
        apply before; apply until; apply soon; apply next year; apply next season;
        apply tomorrow; apply asap; need to apply; have to apply; still to apply; yet to apply;
        should apply; do not apply; dont apply""",
    Status.APPLIED: """
        applied; apply; submitted; application submitted; app submitted; application sent;
        application received; application complete; application completed; app complete;
        received; sent; pending; pending review; pending decision; decision pending; in review;
        under review; being reviewed; reviewing; reviewed; application under review; awaiting;
        awaiting response; awaiting reply; awaiting decision; awaiting review; awaiting invite;
        awaiting invitation; awaiting interview invite; waiting; waiting to hear; still waiting;
        waiting to hear back; waiting for response; waiting on response; no response; no reply;
        no answer; no news; no word; no update; no updates; no decision; no status; nothing;
        nothing yet; not heard; not heard back; have not heard; havent heard; havent heard back;
        heard nothing; silence; silent; radio silence; crickets; ghosted; active; not invited;
        not yet invited; no invite; no invitation; no ii; no iv; no interview; no interview invite;
        no interview offer; no interview offered; no offer; never heard; never heard back;
        awaited; result awaited; results awaited; reply awaited; response awaited; decision awaited;
        outcome awaited; in progress; in process; under consideration; being considered;
        in consideration; not reviewed; not yet reviewed; unreviewed""",
    Status.INVITED: """
        invited; invite; inv; invd; invitation; invites; interview invite; interview invited;
        interview invitation; interview invite received; invited to interview;
        invited for interview; invited for an interview; invite received; received invite;
        got invite; got interview; ii; ii received; iv offered; iv offer; iv invite; iv invited;
        iv received; interview offered; interview offer; interview received; offered interview;
        offered an interview; offered iv; offered; offer; accepted; accepted invite;
        accepted interview; interview accepted; iv accepted; ii accepted; invite accepted;
        awaiting interview; awaiting iv; interview pending; pending interview; iv pending;
        need to schedule; to schedule; to be scheduled; interview to be scheduled;
        interview tbd; iv tbd; iid;
        shortlisted; short listed; shortlisted for interview; short listed for interview;
        selected for interview; called for interview; call for interview; interview call""",
    Status.INTERVIEWED: """
        interviewed; ivd; interviewd; interview done; interview complete; interview completed; interview finished;
        interview attended; interview over; attended interview; attended; completed interview;
        done interview; done interviewing; finished interview; had interview; iv done;
        iv complete; iv completed; post iv; iv attended; iv finished; ii done; int done; post interview;
        ranked; to be ranked""",
    Status.WAITLISTED: """
        waitlisted; waitlist; waitlists; wait list; wait listed; waiting list; on waiting list;
        waitlisted for interview;
        waitlisted for an interview; waitlisted for iv; interview waitlist;
        interview waitlisted; iv waitlist; iv waitlisted; ii waitlist; wl; wled; on waitlist;
        on the waitlist; on wait list; placed on waitlist; put on waitlist; alternate;
        alternate list; standby; stand by; w l; reserve; reserve list; reserved list; on reserve;
        on reserve list; on the reserve list; wld; alt; alt list; alternates""",
    Status.ON_HOLD: "on hold; hold; held; holding; application on hold; app on hold; paused",
    Status.REJECTED: """
        not shortlisted; not short listed; rejected; rejection; reject; rej; r; turned down; not selected; not chosen;
        not considered; not being considered; no longer considered;
        no longer under consideration; no longer being considered; not moving forward;
        not a fit; not a good fit; filtered; passed on me; passed on my application;
        not offered; not offered interview; not offered an interview; unsuccessful; passed over;
        screened out; filtered out; auto rejected; auto rejection; declined; said no; they said no; a no; got a no; got the no;
        no from them; rd; rejd; rjct; rjctd; rejct; rejcted; they passed; not eligible; ineligible; negative; a negative; negative decision; no longer considering me; removed from consideration;
        not invited this year; not invited this cycle; not invited this season; no ii this year;
        no ii this cycle; no invite this year; no invite this cycle; no iv this cycle;
        turned me down; they turned me down; turned my app down; no thanks; no thx; no thank you;
        thanks but no thanks; thx but no thx; dinged; ding; got dinged; rip; got cut; was cut; bad news;
        not moving fwd; not advancing; not going forward; not successful; unsuccessful; did not
        make the cut; didnt make the cut; cancelled by program; cancelled by the program; cancelled
        by them; cancelled by pd; cancelled by pc; cancelled on me; they cancelled; program
        cancelled; canceled by program; canceled by the program; canceled by them; canceled on me;
        they canceled; program canceled; no iv this year; no interview this year""",
    Status.WITHDRAWN: """
        withdrawn; withdrew; withdraw; withdrawing; w; wd; i declined; declined interview;
        declined iv; declined ii; declined invite; declined invitation; declined offer;
        declined the interview; interview declined; iv declined; ii declined; invite declined;
        offer declined; dropped; pulled; pulled application; cancelled; canceled;
        no longer interested; not interested; pulled out; backed out; bowed out; w d; turned down interview; turned down invite;
        declined them; i declined them; turned them down; i turned them down; rejected them;
        passed on them; i passed; i said no; said no to them; hard pass; not going; decided not to
        go; not attending; not for me; crossed off; crossed off my list; off my list; x d out; xd
        out; x out; nixed; cxl; cxld; canx; wdd; took myself out; took my name out; opted out; opt out; opting out;
        im out; out; no go; nogo; dnr;
        do not rank; dont rank""",
}
# Words about a day: a date after them is the interview's.
ON_A_DAY: Mapping[Status, str] = {
    Status.INVITED: """
        interview; interviews; iv; int; scheduled; sched; interview scheduled; iv scheduled; interview sched;
        iv sched; scheduled interview; scheduled iv; interview set; iv set; interview booked;
        iv booked; booked; interview confirmed; iv confirmed; confirmed; rescheduled;
        interview rescheduled; upcoming interview; interview upcoming; upcoming;
        schedd; i v; scheduled for; interview on; interview is; iv on; will interview; to interview;
        interviewing; interviewing on""",
    Status.INTERVIEWED: "interviewed; interviewed on",
}
# It may be the application or the interview that is done; the header tells which.
DONE = frozenset({"done", "complete", "completed", "finished"})
# These say little by themselves; beside any other status word, they do not count.
WEAK = frozenset({"interview", "iv", "int", "sent", "received", "waiting", "awaiting", "apply"})

# What somebody attends before the interview: "attended OH" is none.
EVENTS = frozenset(
    str.split("oh house info session webinar meet greet fair social hall zoom qa q tour dinner")
)

# Words that may come before a status without making it doubtful.
FILLERS = frozenset(
    str.split(
        "a an am and app application as at been by currently early eras finally for from got had"
        " has have i in is it just my now of officially on program residency sadly status still"
        " the then they to unfortunately update updated was we were with yes mon tue tues wed thu thur"
        " thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday"
    )
)
DOUBT = frozenset(
    str.split(
        "maybe might may possibly probably likely hopefully hope hoping if unless should expect"
        " expecting expected think guess unsure unclear perhaps pray fingers"
    )
)
NEGATIONS = frozenset(
    str.split("not no never without isnt wasnt arent hasnt havent didnt dont cant")
)
