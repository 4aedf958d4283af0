"""Words of servers that refuse a sender: the account, its address, its network, its quota.

`smtp_words.py` explains the rows.
"""

from __future__ import annotations

from planner.rules.retries import Cause
from planner.rules.smtp_words import FULL, LIMIT, OF_A_MAILBOX, OF_A_MESSAGE, SENDERS, Row

# What no server says about a recipient, at any step.
SURELY = (
    Row(
        Cause.OWN_MAILBOX,
        r"\byour (own )?(mail ?box|account)( \w+){0,4} (full|quota|storage|space)|shutoffquota"
        r"|due to continuous mailbox full",
        "Exchange Online: continuous error throttling for SMTP AUTH submissions",
        (
            "dot: 550 5.2.251 Sender throttled due to continuous mailbox full errors.",
            (
                "dot: 554 5.2.0 STOREDRV.Submission.Exception:QuotaExceededException."
                "MapiExceptionShutoffQuotaExceeded; Cannot submit message."
            ),
            "mail: 452 4.2.2 Your mailbox is over quota, clean it up first",
        ),
    ),
    Row(
        Cause.SUSPENDED,
        r"outboundspam|\bwascl\b|tenant has exceeded threshold",
        "nodemailer issue 1486; Exchange Online's NDR codes 5.7.700 to 5.7.750",
        (
            (
                "dot: 554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; WASCL UserAction"
                " verdict is not None. Actual verdict is RefuseQuota, ShowTierUpgrade."
            ),
            "dot: 550 5.7.705 Access denied, tenant has exceeded threshold",
        ),
    ),
    Row(
        Cause.RATE,
        rf"^(?=.*(\bip\b|client host))(?=.*(temporar|rate.?limit|{LIMIT}|later|busy|deferred))",
        "Mimecast's, Yahoo's and Gmail's lists of replies",
        (
            "rcpt: 451 IP temporarily blacklisted",
            (
                "mail: 421 4.7.0 Our system has detected an unusual rate of mail originating from your"
                " IP address. It has been temporarily rate limited."
            ),
        ),
        digits="4",
    ),
    Row(
        Cause.SEND_AS,
        r"send[- ]?as[- ]?denied|continuous send as|\bnot owned by\b|\bnot one of your\b"
        r"|(not |un)(allowed|permitted|authori[sz]ed) to (send|use)( mail| e-?mail)? (as|from|on|using|this)"
        r"|permissions? to send (as|on behalf)|relaying disallowed as|not allowed to relay e-?mails"
        r"|\b(must|does not|doesn't|should) (be (the )?same|match|equal)\b.*\b(auth\w*|log\w*|user|account|sender)"
        r"|(?<!recipient )\b(from|sender|e-?mail|envelope):?( (e-?mail )?(address|domain|identity|header))? "
        r"(is |was |has |does )?not (been )?(verif|match|own|allow|permit|authori)"
        r"|not allowed in header|your own (e-?mail )?address|not local sender|incorrect sender|sender mismatch|unregistered domain",
        "gophish 2900, mailcow 253, Ghost 17012, dokuwiki-plugin-smtp 38, erpnext 19057; SES, GMX",
        (
            (
                "dot: 554 5.2.252 SendAsDenied; robin@o.example not allowed to send as {from};"
                " STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied"
            ),
            "dot: 550 5.7.60 SMTP; Client does not have permissions to send as this sender",
            "dot: 550 5.7.0 From address is not one of your addresses.",
            "rcpt: 553 5.7.1 <{from}>: Sender address rejected: not owned by user robin",
            "mail: 553 5.7.1 Sender address rejected: not owned by auth user.",
            "dot: 553 Relaying disallowed as {from}",
            "mail: 501 Mail from address must be same as authorization user",
            "mail: 553 Mail from must equal authorized user",
            "dot: 551 5.7.1 Not authorised to send from this header address",
            "dot: 554 Message rejected: Email address is not verified.",
            "rcpt: 550-Requested action not taken: mailbox unavailable\n550 Sender address is not allowed.",
            "mail: 550 5.2.252 Sender throttled due to continuous send as denied errors.",
        ),
    ),
    Row(
        Cause.QUOTA_DAY,  # or an hour's, or a pace: see `window`
        r"^5\d\d 5\.4\.5\b|5\.1\.90\b|ratelimit|submissionquota|too many (invalid|unknown|bad|failed)"
        rf"|^(?=.*({LIMIT}))(?=.*({SENDERS}))",
        "Gmail, Exchange Online, cPanel, IONOS, Amazon SES, mailcow, posteo; each an example",
        (
            "mail: 550 5.4.5 Daily user sending limit exceeded.",
            "dot: 554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
            "dot: 550 5.2.2 Submission quota exceeded",
            "dot: 550 5.1.90 Your message can't be sent: you've reached your daily limit",
            "dot: 550 Domain a.example has exceeded the max emails per hour (50/50 (100%)) allowed.",
            "rcpt: 554 5.7.1 <{to}>: Recipient address rejected: You have exceeded your Outmail quota",
            "dot: 550 5.7.0 too many emails per second",
            "rcpt: 450 Mail send limit exceeded.",
            "dot: 454 Throttling failure: Daily message quota exceeded",
            "rcpt: 451 4.7.1 Ratelimit 'user' exceeded",
            "data: 554 5.7.1 <DATA>: Data command rejected: limit of 400 rcpts per 24 hours reached",
            "data: 554 5.7.1 <DATA>: Data command rejected: only 10 messages per day",
            "rcpt: 450 4.7.1 <{to}>: Recipient address rejected: Policy Rejection- Quota Exceeded",
            "dot: 552 Message would take you over your relay quota of 500",
            "rcpt: 550 This IP has sent too many messages this hour. IB504",
        ),
        unless=rf"{OF_A_MESSAGE}|{OF_A_MAILBOX}|user has too many"
        r"|^\d+ [45]\.2\.[12]\b(?!.*(submission|sending|outgoing|outbound|relay))",
    ),
    Row(
        Cause.QUOTA_DAY,
        rf"^5\d\d 5\.7\.\d+\b.*({LIMIT})",
        "a refusal for policy that speaks of a limit: prolateral, policyd",
        ("rcpt: 554 5.7.1 <{to}>: Recipient address rejected: quota exceeded",),
        digits="5",
        unless=rf"{OF_A_MESSAGE}|{OF_A_MAILBOX}",
    ),
    Row(
        Cause.UNAUTHENTICATED,
        r"\b(spf|dkim|dmarc)\b|sender policy framework|unauthenticated (e-?mail|mail|message|sender)"
        r"|sender is unauthenticated",
        "Gmail, Yahoo, Mimecast, Zoho in sisimai's authfailure",
        (
            (
                "dot: 550 5.7.26 Unauthenticated email from a.example is not accepted due to domain's"
                " DMARC policy."
            ),
            "rcpt: 550 SPF Sender Invalid - envelope rejected",
        ),
    ),
    Row(
        Cause.RELAY,
        r"relay(ing)?\b.{0,30}(denied|not (allowed|permitted)|prohibit|reject|refus|disallow|forbid)"
        r"|(\b(not|cannot|can't|no|open)|unable)\b.{0,30}\brelay|rcpt-?hosts|credentials for relay"
        r"|\bauth\w* (is )?(required|needed)|\bnot (been )?authenticated|non-?local"
        r"|\b(must|need to|have to|please) (first )?(be )?(log ?[io]n|auth)",
        "Postfix, Sendmail, qmail, Exim, Exchange, MailEnable; sisimai's norelaying",
        (
            "rcpt: 554 5.7.1 <{to}>: Relay access denied",
            "rcpt: 550 5.7.1 <{to}>... Relaying denied. Proper authentication required.",
            "rcpt: 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
            "rcpt: 550 relay not permitted",
            "rcpt: 550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
            (
                "rcpt: 503 This mail server requires authentication when attempting to send to a"
                " non-local e-mail address."
            ),
            "rcpt: 451 Open relay not allowed",
        ),
    ),
    Row(
        Cause.CLIENT_NAME,
        r"\b(he|eh)lo\b",
        "Postfix; Gmail; Exchange Online 5.7.506",
        (
            "rcpt: 504 5.5.2 <[127.0.0.1]>: Helo command rejected: need fully-qualified hostname",
            "rcpt: 450 4.7.1 <laptop.local>: Helo command rejected: Host not found",
            "mail: 550 5.7.506 Access Denied, Bad HELO",
        ),
        unless=r"\bfirst\b|\bbefore\b|^50[023]\b",
    ),
    Row(
        Cause.NETWORK,
        r"client host|blocked using|\b(dns-?bl|rbl|spamhaus|spamcop|sorbs|surbl)\b|\bips?\b"
        r"|\b(reverse|rdns|ptr)\b|cannot (find|resolve) your|your host ?name|(poor|low) reputation|host network"
        r"|part of their network|your network",
        "Postfix, Exchange Online 5.7.606 to 5.7.649, Yahoo BL21, GoDaddy; sisimai's blocked",
        (
            (
                "rcpt: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using"
                " zen.spamhaus.org"
            ),
            "connect: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked",
            "rcpt: 450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]",
            "dot: 550 5.7.606 Access denied, banned sending IP [192.0.2.1].",
            (
                "mail: 553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip"
                " is in Spamhaus's list"
            ),
            "dot: 550 5.7.708 Access denied, traffic not accepted from this IP.",
        ),
    ),
    Row(
        Cause.SUSPENDED,
        r"unusual (\w+ )?(activity|amount|volume)|bad outbound sender|banned sender|abuse detected"
        r"|\b(outgoing|outbound)\b.{0,40}(block|suspend|disabl|restrict)|sending (is |has been |was )?"
        r"(denied|disabled|suspended|blocked|restricted)|sender (address )?(is |has been |was )?"
        r"(blocked|suspended|disabled|banned|restricted|throttled)"
        r"|\byour (e-?mail |mail |smtp )?(account|access|address|domain|mail ?box)\b.{0,30}"
        r"(suspend|block|disabl|lock|restrict|limited|compromis|deactiv)"
        r"|verify your|\b(log|sign) ?[io]n\b.{0,40}\b(browser|web)|invalid license|bounce limit",
        "Zoho, Exchange Online 5.1.8 and 5.7.501 to 5.7.503, Gmail, smtp2go (gophish 720)",
        (
            "dot: 550 5.4.6 Unusual sending activity detected",
            "dot: 554 5.1.8 Email Outgoing Blocked",
            "dot: 550 5.1.8 Access denied, bad outbound sender",
            "dot: 550 5.7.501 Access denied, spam abuse detected",
            'rcpt: 550 Outgoing mail from "a.example" has been suspended.',
            "dot: 552 Your account has been suspended. Please contact us to reactivate",
            "mail: 550 5.7.0 Mail Sending denied.",
        ),
    ),
    Row(
        Cause.SENDER_REFUSED,
        r"\b(sender|from address|mail from|envelope from|return.path|reverse.path)\b.{0,30}"
        r"(reject|denied|refus|invalid|unknown|unroutable|unresolvable|\bnot (exist|found|valid|accept|permit|allow|authori)"
        r"|does(n't| not) (exist|resolve)|verif\w* fail)"
        r"|\b(invalid|bad|unknown|bogus|unroutable) (\w+ )?(sender|from address|return.path)"
        r"|sender verif|verification failed for|domain of sender|storedrv\.(submission|clientsubmit)"
        r"|spoof|\bnot (allowed|permitted|authori[sz]ed) to (send|submit)\b",
        "Postfix, Exim's callout, Exchange 5.1.7; sisimai's rejected",
        (
            "rcpt: 550-Verification failed for <{from}>\n550-No Such User Here\n550 Sender verify failed",
            "rcpt: 550 5.1.0 <{from}>: sender rejected",
            "rcpt: 450 4.1.8 <{from}>: Sender address rejected: Domain not found",
            "dot: 553 5.1.7 Invalid sender address",
            "dot: 554 5.2.0 STOREDRV.Submission.Exception:ObjectNotFoundException; Cannot submit",
        ),
    ),
)

# If no recipient has been named yet, a full mailbox is ours.
AT_MAIL = (
    FULL._replace(
        cause=Cause.OWN_MAILBOX,
        words=rf"{FULL.words}|^5\d\d 5\.2\.2\b",
        examples=("mail: 552 5.2.2 Over quota", "mail: 550 mailbox full"),
        digits="5",
    ),
)

# Refusals that are about us, unless the reply blames the recipient.
PERHAPS = (
    Row(
        Cause.QUOTA_DAY,
        LIMIT,
        "a limit without a name: at the end of a letter it is the account's",
        ("dot: 550 quota exceeded", "dot: 552 limit reached"),
        digits="5",
        unless=rf"{OF_A_MESSAGE}|{OF_A_MAILBOX}",
    ),
    Row(
        Cause.SPAM,
        r"\bspam|unsolicited|\b(ube|uce|bulk|junk)\b|phish|content (was |is )?reject|suspicious"
        r"|mass mail",
        "Yandex, rspamd, Gmail; sisimai's spamdetected",
        (
            "dot: 554 5.7.1 [2] Message rejected under suspicion of SPAM",
            "dot: 550 5.7.1 Our system has detected that this message is likely unsolicited mail.",
            "dot: 554 5.7.1 Spam message rejected",
        ),
        digits="5",
    ),
    Row(
        Cause.SUSPENDED,
        r"\b(suspend|deactivat|compromis)|\b(account|user|access|sender|login)\b.{0,30}"
        r"(disabled|locked|frozen|restricted)",
        "web hosts; sisimai's suspend, at a step that names no recipient",
        ("dot: 550 Account suspended",),
        digits="5",
    ),
    Row(
        Cause.BLOCKED,
        r"\bblock(s|ed|ing|list\w*)?\b|black-?list|deny-?list|\bbanned\b|reputation",
        "Barracuda, Proofpoint, AT&T; sisimai's blocked",
        (
            "rcpt: 550 5.7.1 Blocked - see https://support.proofpoint.example/lookup",
            "dot: 550 blocked for abuse",
        ),
        digits="5",
    ),
)
