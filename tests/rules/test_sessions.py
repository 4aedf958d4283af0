"""Before the first letter: who answered, how to log in, and what a refusal of that means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.mail.account import Auth
from planner.rules.retries import Cause, Fate, Outcome, Reply, Step
from planner.rules.sessions import (
    METHODS,
    Refusal,
    asks_for_user,
    judge_again,
    judge_hello,
    judge_login,
    judge_starttls,
    method_for,
    who_answered,
)
from planner.rules.smtp_replies import judge


@pytest.mark.parametrize(
    ("line", "cause", "said"),
    [
        ("HTTP/1.1 302 Found\r\n", Cause.WEB_SERVER, 'web server answered, not a mail server: "H'),
        ("<HTML><head>", Cause.WEB_SERVER, "web server"),
        ("<!DOCTYPE html>", Cause.WEB_SERVER, "web server"),
        ("* OK Dovecot ready.", Cause.NOT_SMTP, "IMAP or POP3"),
        ("* BYE too many", Cause.NOT_SMTP, "IMAP or POP3"),
        ("+OK POP3", Cause.NOT_SMTP, "IMAP or POP3"),
        ("-ERR no", Cause.NOT_SMTP, "IMAP or POP3"),
        ("SSH-2.0-x", Cause.NOT_SMTP, "SSH"),
        ("who are you?", Cause.NOT_SMTP, 'what answered is not a mail server: "who are you?"'),
        ("", Cause.NOT_SMTP, "not a mail server"),
        ("x" * 999, Cause.NOT_SMTP, "x" * 80 + '"'),
    ],
)
def test_who_answered_is_known_by_the_first_words(line, cause, said):
    words, found = who_answered(line)
    assert found is cause
    assert said in words


@pytest.mark.parametrize(
    ("code", "text", "fate", "cause"),
    [
        (501, "5.5.4 Invalid domain name", Fate.SENDER, Cause.CLIENT_NAME),
        (550, "5.7.1", Fate.SENDER, Cause.CLIENT_NAME),
        (554, "no", Fate.SENDER, Cause.CLIENT_NAME),
        (500, "what?", Fate.UNREACHABLE, Cause.NOT_SMTP),
        (502, "5.5.1 what?", Fate.UNREACHABLE, Cause.NOT_SMTP),
        (530, "Please login with USER and PASS.", Fate.UNREACHABLE, Cause.NOT_SMTP),
        (450, "4.3.2 later", Fate.UNREACHABLE, None),
        (421, "4.3.2 closing", Fate.BACK_OFF, None),
        (235, "early", Fate.UNREACHABLE, None),
    ],
)
def test_a_refused_name_needs_a_person_and_a_server_that_is_busy_does_not(code, text, fate, cause):
    found = judge_hello(Reply(code, text))
    assert (found.fate, found.cause, found.step) == (fate, cause, Step.CONNECT)


@pytest.mark.parametrize(
    ("auth", "offered", "found"),
    [
        ("password", "login plain", "plain"),
        ("password", "xoauth2 login", "login"),
        ("password", "", Cause.NO_LOGIN_OFFERED),
        ("password", "ntlm gssapi", Cause.LOGIN_UNKNOWN),
        ("password", "scram-sha-256", Cause.LOGIN_UNKNOWN),
        ("password", "xoauth2", Cause.USE_XOAUTH2),
        ("password", "oauthbearer xoauth2", Cause.USE_XOAUTH2),
        ("password", "ntlm oauthbearer", Cause.USE_OAUTHBEARER),
        ("plain", "plain login", "plain"),
        ("plain", "login", Cause.USE_PASSWORD),
        ("login", "plain login", "login"),
        ("login", "plain", Cause.USE_PASSWORD),
        ("login", "", Cause.NO_LOGIN_OFFERED),
        ("xoauth2", "plain xoauth2", "xoauth2"),
        ("xoauth2", "oauthbearer", Cause.USE_OAUTHBEARER),
        ("xoauth2", "plain login", Cause.USE_PASSWORD),
        ("xoauth2", "", Cause.NO_LOGIN_OFFERED),
        ("oauthbearer", "xoauth2 oauthbearer", "oauthbearer"),
        ("oauthbearer", "xoauth2", Cause.USE_XOAUTH2),
        ("oauthbearer", "ntlm", Cause.LOGIN_UNKNOWN),
    ],
)
def test_a_login_is_one_that_is_offered_or_nothing_is_said(auth, offered, found):
    method = method_for(auth, offered.split())
    if isinstance(method, Outcome):
        assert (method.fate, method.step, method.reply) == (Fate.LOGIN, Step.AUTH, None)
        assert all(name in method.detail for name in offered.split())
        method = method.cause
    assert method == found


def test_every_way_to_log_in_has_its_methods():
    assert {*METHODS} == {*Auth} - {Auth.NONE}


BOTH, ONE = ("plain", "login"), ("plain",)


@pytest.mark.parametrize(
    ("method", "offered", "code", "text", "fate", "cause"),
    [
        ("plain", BOTH, 535, "5.7.8 no", "login", Cause.PASSWORD_REFUSED),
        ("plain", BOTH, 550, "5.7.1 no", "login", Cause.PASSWORD_REFUSED),
        ("plain", BOTH, 534, "5.7.9 Application-specific", "login", Cause.PASSWORD_REFUSED),
        ("login", BOTH, 535, "", "login", Cause.PASSWORD_REFUSED),
        ("plain", BOTH, 534, "5.7.14 Please log in", "login", Cause.WEB_LOGIN),
        ("plain", BOTH, 535, "use your web browser", "login", Cause.WEB_LOGIN),
        ("plain", BOTH, 535, "5.7.139 basic authentication", "login", Cause.BASIC_AUTH_OFF),
        ("xoauth2", BOTH, 550, "5.7.30 no", "login", Cause.BASIC_AUTH_OFF),
        ("xoauth2", BOTH, 535, "5.7.3 no", "login", Cause.TOKEN_REFUSED),
        ("oauthbearer", BOTH, 553, "no", "login", Cause.TOKEN_REFUSED),
        ("oauthbearer", BOTH, 504, "no", "login", Cause.LOGIN_BROKEN),
        ("plain", BOTH, 553, "5.3.0 broken", "login", Cause.USE_LOGIN),
        ("plain", BOTH, 501, "5.5.4 Syntax", "login", Cause.USE_LOGIN),
        ("plain", ONE, 501, "5.5.4 Syntax", "login", Cause.LOGIN_BROKEN),
        ("login", BOTH, 504, "5.5.4 no", "login", Cause.USE_PLAIN),
        ("login", ("login",), 503, "5.5.1 no", "login", Cause.LOGIN_BROKEN),
        ("login", BOTH, 334, "VXNlcm5hbWU6", "login", Cause.LOGIN_BROKEN),
        ("plain", BOTH, 250, "fine?", "unreachable", Cause.LOGIN_BROKEN),
        ("plain", BOTH, 535, "Account is temporarily locked", "login", Cause.LOCKED_OUT),
        ("plain", BOTH, 535, "5.7.0 Too many bad auth attempts", "login", Cause.LOCKED_OUT),
        ("plain", BOTH, 454, "4.7.0 Too many login attempts", "back_off", Cause.LOGINS_LIMITED),
        ("plain", BOTH, 421, "4.7.0 Too many failed logins", "back_off", Cause.LOGINS_LIMITED),
        ("login", BOTH, 450, "login rate limit", "back_off", Cause.LOGINS_LIMITED),
        ("plain", BOTH, 454, "4.7.0 Temporary failure", "back_off", Cause.LOGIN_LATER),
        ("plain", BOTH, 451, "4.3.0 database is away", "unreachable", Cause.LOGIN_LATER),
    ],
)
def test_a_refused_login_has_a_cause(method, offered, code, text, fate, cause):
    found = judge_login(Refusal(Reply(code, text), method, offered))
    assert (found.fate, found.cause) == (fate, cause)


@pytest.mark.parametrize(
    ("code", "text", "fate", "cause"),
    [
        (535, "5.7.8 no", "login", Cause.TOKEN_REFUSED),
        (334, "e30=", "login", Cause.TOKEN_REFUSED),
        (501, "what?", "login", Cause.TOKEN_REFUSED),
        (535, "5.7.139 SMTP AUTH is off", "login", Cause.BASIC_AUTH_OFF),
        (454, "4.7.0 Temporary failure", "back_off", Cause.LOGIN_LATER),
    ],
)
def test_what_was_told_of_a_token_says_why_it_is_refused(code, text, fate, cause):
    found = judge_login(Refusal(Reply(code, text), "xoauth2", ["xoauth2"], "status 400"))
    assert (found.fate, found.cause, found.detail) == (fate, cause, "status 400")


@given(
    st.integers(100, 599).filter(lambda code: code != 235),
    st.text(max_size=30),
    st.sampled_from(["plain", "login", "xoauth2", "oauthbearer"]),
)
def test_every_refusal_stops_the_run_and_spends_nothing(code, text, method):
    found = judge_login(Refusal(Reply(code, text), method, [method]))
    assert found.fate in {Fate.LOGIN, Fate.BACK_OFF, Fate.QUOTA, Fate.UNREACHABLE}
    assert found.cause is not None
    assert found.step is Step.AUTH


@pytest.mark.parametrize(
    ("question", "first", "found"),
    [
        ("Password:", "Username:", False),
        ("password", "", False),
        ("Username:", "Username:", True),
        ("User Name", "Username:", True),
        ("Login:", "?", True),
        ("Benutzer", "Benutzer", True),
        ("Kennwort", "Benutzer", False),
        ("User password", "User", False),
        ("Password:", "Password:", False),
        ("", "", False),
    ],
)
def test_a_second_question_for_the_user_is_known(question, first, found):
    assert asks_for_user(question, first) is found


@pytest.mark.parametrize(
    ("step", "code", "text", "cause"),
    [
        ("mail", 530, "5.7.57 Client not authenticated", Cause.LOGIN_WANTED),
        ("mail", 530, "5.7.0 Must issue a STARTTLS command first", Cause.PROTECTION_WANTED),
        ("rcpt", 550, "SMTP AUTH is required", Cause.LOGIN_WANTED),
        ("mail", 503, "5.5.1 please authenticate first", Cause.LOGIN_WANTED),
        ("mail", 550, "You must be authenticated", Cause.LOGIN_WANTED),
        ("rcpt", 550, "5.7.1 Proper authentication required", Cause.LOGIN_WANTED),
        ("mail", 530, "not logged in", Cause.LOGIN_WANTED),
        ("rcpt", 550, "Please turn on SMTP Authentication in your client", Cause.LOGIN_WANTED),
        ("mail", 550, "5.7.30 no", Cause.BASIC_AUTH_OFF),
        ("dot", 550, "5.7.30 no", Cause.BASIC_AUTH_OFF),
        ("dot", 550, "5.7.26 Unauthenticated email is not accepted", None),
        ("rcpt", 550, "5.7.23 SPF: the sender is not authenticated by its domain", None),
        ("rcpt", 550, "5.1.1 no such user", None),
        ("mail", 451, "4.7.0 authentication required later", None),
    ],
)
def test_what_a_reply_to_a_letter_tells_of_the_login(step, code, text, cause):
    before = judge(Step(step), Reply(code, text))
    found = judge_again(before)
    assert found == (before if cause is None else before._replace(fate=Fate.LOGIN, cause=cause))


def test_where_nothing_was_said_nothing_is_judged_again():
    silence = judge(Step.DOT, None, "no answer")
    assert judge_again(silence) is silence


@pytest.mark.parametrize(
    ("code", "text", "fate", "cause"),
    [
        (454, "4.7.0 TLS not available due to local problem", "unreachable", "starttls_later"),
        (450, "later", "unreachable", "starttls_later"),
        (421, "closing", "back_off", "starttls_later"),
        (502, "5.5.1 what?", "login", "no_starttls"),
        (250, "ok", "login", "no_starttls"),
    ],
)
def test_tls_that_is_not_to_be_had_for_now_may_be_later(code, text, fate, cause):
    found = judge_starttls(Reply(code, text))
    assert (found.fate, found.cause, found.step) == (fate, cause, Step.TLS)
