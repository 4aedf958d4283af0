"""What to do next, for each cause for which a mail server does not take letters.

The rules say what an answer means, as a cause.  What a person does about it often depends
on the account: on how it logs in, and on its provider.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from planner.cli.hints import hint_of
from planner.mail.account import PRESETS, Account, Auth, Security, preset_of, provider_of
from planner.rules.retries import Cause
from planner.rules.stops import Stop, StopKind

# A text, or a function of the account where the hint depends on it.
Hint = str | Callable[[Account], str]

LATER = "later"  # the moment stands there, once it is known
SEND_AGAIN = f"Run planner send again {LATER}"
# The way out of every login that cannot be fixed from here.
BY_HAND = " Until then, send from your own mail program: planner hand ID"

_APP_PASSWORD = "an app password, not the one you log in to the web page with"  # noqa: S105

# What a well-known provider wants of its mailboxes before a program may log in.
LOGIN_NEEDS: Mapping[str, str] = {
    "gmail": (
        f"Gmail requires {_APP_PASSWORD}: turn on 2-Step Verification, then create one at"
        " myaccount.google.com/apppasswords, and store it with: planner login"
    ),
    "workspace": (
        f"Google Workspace requires {_APP_PASSWORD}, if your school allows one; otherwise"
        ' smtp.auth = "xoauth2" with smtp.password_command.'
    ),
    "microsoft365": (
        "Microsoft 365 must allow SMTP AUTH for your mailbox, and switches basic SMTP AUTH"
        ' off by default at the end of December 2026; then smtp.auth = "xoauth2" with'
        " smtp.password_command."
    ),
    "outlook": (
        'Outlook.com accepts only OAuth: set smtp.auth = "xoauth2" and smtp.password_command.'
    ),
    "icloud": (
        f"iCloud requires {_APP_PASSWORD}: create one at account.apple.com, and store it with:"
        " planner login"
    ),
    "yahoo": (
        f"Yahoo requires {_APP_PASSWORD}: create one on the account's security page, and store"
        " it with: planner login"
    ),
}


# --- connecting, protecting, logging in -----------------------------------------------------


def _no_greeting(account: Account) -> str:
    if account.security is Security.TLS:
        return f"{SEND_AGAIN}; if it stays silent, check smtp.host and smtp.port, or try another network."
    return (
        'This port may want smtp.security = "tls" (usual on port 465), or a firewall on this'
        f" network swallows what the server says: try another one. {SEND_AGAIN}."
    )


def _client_name(account: Account) -> str:
    now = f' (now "{account.client_name}")' if account.client_name else ""
    return (
        f"Set smtp.client_name{now} to the full name of this computer, such as"
        ' "laptop.mail.example": the server does not accept the name it was greeted with. If'
        " it accepts none, the network is the problem: try another."
    )


CHECK_PORT = (
    'Check smtp.host and smtp.port: mail goes out through port 465 (smtp.security = "tls") or 587'
    ' ("starttls").'
)


def _untrusted(account: Account) -> str:
    """Known providers never have a certificate that this computer does not know."""
    if preset := preset_of(account):
        return (
            f"Something is between you and {preset.name}: an antivirus program that scans"
            " mail, a proxy, or the login page of this network. Turn the scanning off, log in"
            " to the network, or try another one."
        )
    if account.ca_file:
        return (
            "The server's certificate does not come from the one in smtp.ca_file: ask the"
            " server's owner for the certificate of its authority, or of the server itself."
        )
    return (
        "Check smtp.host. If the server has its own certificate, ask its owner for it, check it with"
        " them, and name its file in smtp.ca_file."
    )


def _wrong_name(account: Account) -> str:
    if preset_of(account):
        return _untrusted(account)
    return (
        "Set smtp.host to the name that the certificate is for, if that is your mail server;"
        " ask its owner if you are not sure."
    )


def _use_password(account: Account) -> str:
    if account.auth.takes_token:
        return 'This server accepts a password: smtp.auth = "password", then planner login.'
    return 'Set smtp.auth = "password", which takes the login that the server offers.'


def _password_refused(account: Account) -> str:
    if provider := provider_of(account):
        return LOGIN_NEEDS[provider].removesuffix(".") + "." + BY_HAND
    return (
        "Check smtp.username (often the whole address), then store the password again with:"
        " planner login (or look at what smtp.password_command prints)." + BY_HAND
    )


def _token_refused(account: Account) -> str:
    return (
        "The token was refused. Run smtp.password_command yourself: it must print an access token for"
        f" {account.username} that is still good and allows sending mail (for Google the scope"
        " https://mail.google.com/, for Microsoft https://outlook.office.com/SMTP.Send)." + BY_HAND
    )


def _basic_auth_off(account: Account) -> str:
    """Microsoft's words, whatever the host is called."""
    if account.auth.takes_token:
        return (
            "Microsoft allows no SMTP login for this mailbox. Only its administrator, at a"
            ' school its IT service, can allow it ("Authenticated SMTP").' + BY_HAND
        )
    return (
        'Microsoft does not accept passwords here: set smtp.auth = "xoauth2" and a'
        " smtp.password_command that prints a token; the mailbox's administrator must allow"
        " SMTP AUTH as well." + BY_HAND
    )


def _login_wanted(account: Account) -> str:
    if account.auth is Auth.NONE:
        return 'The server requires a login: smtp.auth = "password", then planner login.'
    return (
        "The server requires a login on another port: try smtp.port = 587, or 465 with"
        ' smtp.security = "tls".' + BY_HAND
    )


def _nobody_listens(account: Account) -> str:
    """On this computer, a server listens only while the program is open that has it."""
    from planner.options.assemble import is_loopback

    if not is_loopback(account.host):
        return CHECK_PORT
    from planner.cli.practice import PORT

    serve = "planner demo --serve" + (f" --port {account.port}" if account.port != PORT else "")
    return (
        f"That server is on this computer: is {serve} running, or your own mail"
        " server? Start it in another terminal, and check smtp.port."
    )


CONNECTING: Mapping[Cause, Hint] = {
    Cause.NO_SUCH_HOST: "Check smtp.host for a typo, and that this computer is online.",
    Cause.NO_NAME_SERVER: f"Check that this computer is online. {SEND_AGAIN}.",
    Cause.CONNECTION_REFUSED: _nobody_listens,
    Cause.NO_ANSWER: f"{CHECK_PORT} Some networks block these ports, and most block 25.",
    Cause.NO_NETWORK: f"Check that this computer is online. {SEND_AGAIN}.",
    Cause.NO_GREETING: _no_greeting,
    Cause.WEB_SERVER: (
        "A network login page or a wrong port? Open a web page to log in to the network; else"
        " check smtp.host and smtp.port."
    ),
    Cause.NOT_SMTP: CHECK_PORT,
    Cause.CLIENT_NAME: _client_name,
    Cause.NO_STARTTLS: (
        "Often a firewall or antivirus program on this network takes STARTTLS away: try"
        ' smtp.port = 465 with smtp.security = "tls", or another network.'
    ),
    Cause.STARTTLS_LATER: f"The server cannot protect the line now. {SEND_AGAIN}.",
    Cause.NOT_TLS: (
        'This port does not begin with TLS: use smtp.security = "starttls" here (usual on port'
        " 587), or smtp.port = 465."
    ),
    Cause.TLS_BROKEN_OFF: (
        "Check smtp.port and smtp.security: 465 is tls, 587 is starttls. A firewall or antivirus"
        " program may break the line: try another network."
    ),
    Cause.TLS_TOO_OLD: "The server's protection is too old to be safe; ask its owner." + BY_HAND,
    Cause.CERTIFICATE_UNTRUSTED: _untrusted,
    Cause.CERTIFICATE_NAME: _wrong_name,
    Cause.CERTIFICATE_DATES: (
        "Check the date of this computer first. If it is right, the server's owner must renew"
        " the certificate." + BY_HAND
    ),
    Cause.PROTECTION_WANTED: 'The server requires an encrypted connection: smtp.security = "starttls".',
    Cause.NO_LOGIN_OFFERED: (
        'It needs no login here: smtp.auth = "none" for the relay of your own network;'
        " otherwise smtp.port = 587." + BY_HAND
    ),
    Cause.LOGIN_UNKNOWN: (
        "Try another port (587, or 465), or ask the server's owner for a login by password."
        + BY_HAND
    ),
    Cause.USE_PASSWORD: _use_password,
    Cause.USE_XOAUTH2: (
        'This server accepts tokens: smtp.auth = "xoauth2" with a smtp.password_command that'
        " prints one." + BY_HAND
    ),
    Cause.USE_OAUTHBEARER: (
        'This server accepts tokens: smtp.auth = "oauthbearer" with a smtp.password_command that'
        " prints one." + BY_HAND
    ),
    Cause.USE_LOGIN: 'The server fails on PLAIN: try smtp.auth = "login".' + BY_HAND,
    Cause.USE_PLAIN: 'The server fails on LOGIN: try smtp.auth = "plain".' + BY_HAND,
    Cause.LOGIN_WANTED: _login_wanted,
    Cause.LOGIN_BROKEN: (
        "The server did not understand a login that it offers: try another port, or ask its"
        " owner." + BY_HAND
    ),
    Cause.LOGIN_LATER: f"The server cannot check logins now. {SEND_AGAIN}; it is not your password.",
    Cause.LOGINS_LIMITED: (
        f"{SEND_AGAIN}, and not before: every attempt in between counts as one more login, and makes the"
        " wait longer."
    ),
    Cause.LOCKED_OUT: (
        "Log in to the account's web page, do what it asks, and wait an hour before you try"
        " again; each try counts." + BY_HAND
    ),
    Cause.WEB_LOGIN: (
        "Log in to the account's web page in a browser, confirm that it was you, then try again."
        + BY_HAND
    ),
    Cause.BASIC_AUTH_OFF: _basic_auth_off,
    Cause.PASSWORD_REFUSED: _password_refused,
    Cause.TOKEN_REFUSED: _token_refused,
    Cause.OWN_ADDRESS: (
        "The server does not know your own address: check applicant.email for a typo, and that"
        " this is the server of that mailbox."
    ),
}


# --- answers about a letter, its sender, its recipients -------------------------------------

APPROVE_AGAIN = "then planner draft, and approve the letters again"
BROWSER = "Log in to the mail account in a browser and do what it asks"


def _is(account: Account, *providers: str) -> bool:
    hosts = {PRESETS[provider].host for provider in providers}
    return account.provider in providers or account.host in hosts


def _send_as(account: Account) -> str:
    login = f"The login {account.username}" if account.username else "This account"
    if _is(account, "icloud"):
        more = "; a custom domain must be set up for the same Apple Account, as an address of it"
    elif _is(account, "gmail", "workspace"):
        more = '; another address must be added there under "Send mail as"'
    else:
        more = ""
    return (
        f"{login} may not send as applicant.email: make applicant.email and smtp.username the"
        f" same mailbox{more}; {APPROVE_AGAIN}."
    )


def _relay(account: Account) -> str:
    if account.auth is Auth.NONE:
        return (
            "The server accepts mail for others only from people who log in: set smtp.auth ="
            f' "password" and smtp.username, then planner login; {APPROVE_AGAIN}.'
        )
    return (
        "Check smtp.host: it must be the server for outgoing mail of the mailbox"
        f" {account.username}, on port 587 or 465, not the one that receives mail;"
        f" {APPROVE_AGAIN}."
    )


def _suspended(account: Account) -> str:
    if _is(account, "microsoft365", "workspace"):
        return f"{BROWSER}; if it asks for nothing, your school's IT must unblock it. Then planner send."
    if _is(account, "outlook"):
        return "Log in to Outlook.com in a browser and confirm the account; then planner send."
    return f"{BROWSER}, or ask the provider why it is blocked; then planner send."


QUOTA = f"Run planner send again {LATER}; smtp.per_day should be below what the provider allows."

ANSWERING: Mapping[Cause, Hint] = {
    Cause.SEND_AS: _send_as,
    Cause.SENDER_REFUSED: (
        "Check applicant.email: it must be an address that exists, of the account in"
        f" smtp.username; {APPROVE_AGAIN}."
    ),
    Cause.UNAUTHENTICATED: (
        "Mail from applicant.email must go through its own provider's server: set smtp.host,"
        f" or write from another address; {APPROVE_AGAIN}."
    ),
    Cause.RELAY: _relay,
    Cause.NETWORK: (
        "The letter is not the cause. Use your provider's server for outgoing mail (smtp.host, port 587"
        " or 465, with a login), or send from another network; then planner send."
    ),
    Cause.SUSPENDED: _suspended,
    Cause.BLOCKED: _suspended,
    Cause.SPAM: (
        f"{BROWSER}: a provider that suspects an account says so there. Else send one letter by"
        " hand and ask the provider, before planner send."
    ),
    Cause.OWN_MAILBOX: "Delete or move mail until your own mailbox has room; then planner send.",
    Cause.OUT_OF_ORDER: (
        "planner doctor looks at the server; something between it and you, such as an antivirus"
        " program or a proxy, may be changing the dialogue."
    ),
    Cause.SAME_TWICE: (
        "Look at what the server said. Log in to the mail account in a browser for a notice about"
        " it, and check applicant.email and smtp.username; then planner send."
    ),
    Cause.QUOTA_DAY: QUOTA,
    Cause.QUOTA_HOUR: QUOTA,
    Cause.TOO_MANY_SESSIONS: f"Run planner send again {LATER}; smtp.connections should be 1.",
}

HINTS: Mapping[Cause, Hint] = {**CONNECTING, **ANSWERING}


def hint_for(cause: Cause | None, account: Account) -> str:
    """What to do about a cause; empty if there is nothing to say."""
    hint = HINTS.get(cause, "") if cause is not None else ""
    return hint if isinstance(hint, str) else hint(account)


# --- what ended a run, where no cause is known ----------------------------------------------

STOPPED: Mapping[StopKind, str] = {
    StopKind.BACK_OFF: f"{SEND_AGAIN}.",
    StopKind.QUOTA: f"{SEND_AGAIN}.",
    StopKind.UNREACHABLE: f"{SEND_AGAIN}; planner doctor looks at the server.",
    StopKind.LOGIN: "planner doctor looks at the account.",
    StopKind.SENDER: "planner doctor looks at the account.",
    StopKind.POLICY: "A person should look before more is sent: planner outbox list",
    StopKind.LONG_WAIT: f"{SEND_AGAIN}; planner send --watch waits for it.",
    StopKind.USER: "planner send continues with the rest; planner outbox list shows each letter.",
}


def hint_for_stop(stop: Stop, account: Account) -> str:
    """What to do about the end of a run, by its cause, by the error, or by what kind it is."""
    if stop.error is not None:
        return hint_of(stop.error)
    return hint_for(stop.cause, account) or STOPPED[stop.kind]
