"""config.toml: every key is known, every mistake is named, no secret is taken."""

import re
import stat
import tomllib
from datetime import date
from pathlib import Path

import pytest

from planner.config import find_config, load_settings
from planner.errors import ConfigError
from planner.options.table import OPTIONS, SPECIALTY_KEYS
from planner.rules.calendar import noon
from planner.rules.facts import Match, Service, Step1Word

ME = '[applicant]\nname = "R"\naamc_id = "10000001"\nemail = "r@a.example"\n'


def settings(text, head=ME):
    path = Path("config.toml")
    path.write_text(head + text)
    return load_settings(path.absolute())


def mistakes(text, head=ME):
    with pytest.raises(ConfigError) as caught:
        settings(text, head)
    assert caught.value.exit_code == 2
    assert caught.value.hint
    return caught.value.message


def test_the_example_documents_every_key_and_loads(root):
    text = (root / "config.example.toml").read_text()
    load_settings(root / "config.example.toml")
    uncommented = re.sub(r"^# (?=\[|[a-z_0-9]+ = )", "", text, flags=re.MULTILINE)
    document = tomllib.loads(uncommented)
    for section, keys in OPTIONS.items():
        table = document
        for part in section.split("."):
            table = table[part]
        if section == "specialty":
            assert set(table["Internal Medicine"]) == set(SPECIALTY_KEYS)
        else:
            assert set(keys) <= set(table), section
    Path("whole.toml").write_text(uncommented)
    whole = load_settings(Path("whole.toml").absolute())
    assert whole.calendars[Match.NRMP].source == "your config"
    assert whole.account.provider == "gmail"


def test_defaults_are_those_of_a_careful_applicant():
    found = settings("")
    assert (found.pace.per_minute, found.pace.per_day) == (1, 20)
    assert found.pace.window is not None
    assert (found.account.security, found.account.port) == ("starttls", 587)
    assert found.account.username == "r@a.example"
    assert found.season == 2027
    assert found.applicant.step2.pending


@pytest.mark.parametrize(
    ("keys", "port", "security"),
    [
        ("port = 465", 465, "tls"),
        ("port = 587", 587, "starttls"),
        ("port = 25", 25, "starttls"),
        ("port = 2525", 2525, "starttls"),
        ("port = 465\nsecurity = 'starttls'", 465, "starttls"),
        ("port = 587\nsecurity = 'tls'", 587, "tls"),
        ("security = 'tls'", 465, "tls"),
        ("security = 'starttls'", 587, "starttls"),
        ("security = 'none'\nhost = 'localhost'", 25, "none"),
        ("provider = 'gmail'", 465, "tls"),
        ("provider = 'gmail'\nport = 587", 587, "starttls"),
        ("provider = 'gmail'\nport = 2465", 2465, "tls"),
        ("provider = 'gmail'\nsecurity = 'starttls'", 587, "starttls"),
        ("provider = 'gmail'\nsecurity = 'tls'", 465, "tls"),
        ("provider = 'icloud'", 587, "starttls"),
        ("provider = 'icloud'\nport = 465", 465, "tls"),
    ],
)
def test_port_and_security_follow_from_each_other(keys, port, security):
    found = settings(f"[smtp]\n{keys}")
    assert (found.account.port, found.account.security) == (port, security)


def test_values_arrive_where_they_belong():
    found = settings(
        """
[step1]
result = "fail"
[step2_ck]
score = 231
expected_range = "225-235"
[transcript]
sfmatch = "2026-10-02"
[cycle.sau]
late_from = 2026-11-05
[rules]
bar_standard = 238
passing_standard = 214
[specialty."Sleep Medicine"]
tier = "moderate"
[letters]
templates = "mine"
[smtp]
provider = "gmail"
password_command = "pass show mail"
window = "09:00-12:30"
window_days = "mon, Fri"
[smtp.timeouts]
dot = 5
"""
    )
    assert found.applicant.step1.result is Step1Word.FAIL
    assert found.applicant.step2.expected_range == (225, 235)
    assert found.applicant.transcript == {Service.SFMATCH: date(2026, 10, 2)}
    assert found.calendars[Match.SAU].late_from.date() == date(2026, 11, 5)
    assert found.thresholds.bar_standard == 238
    assert found.thresholds.passing_score(None) == 214
    assert found.specialties.named("Sleep Medicine").tier == "moderate"
    assert found.templates == found.folder / "mine"
    assert (found.account.host, found.account.port, found.account.security) == (
        "smtp.gmail.com",
        465,
        "tls",
    )
    assert found.password_command == ("pass", "show", "mail")
    assert found.pace.days == {0, 4}
    assert (found.account.timeouts.dot, found.account.timeouts.connect) == (5, 30)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[step2_ck]\nscor = 248", "did you mean score?"),
        ("[smpt]\nhost = 'x'", "did you mean [smtp]?"),
        ("[wonder]\nx = 1", "unknown section; known:"),
        ("[smtp]\npassword = 'hunter2'", "planner login"),
        ("[smtp]\napp-password = 'hunter2'", "$PLANNER_SMTP_PASSWORD"),
        ("[smtp]\nwonder = 1", "known here: provider"),
        ("[step2_ck]\nscore = '248'", "found '248'; expected a whole number"),
        ("[smtp]\nprovider = 'gmial'", "found 'gmial'; expected one of gmail, "),
        ("[smtp]\nprovider = 'gmial'", "another host. Did you mean gmail?"),
        ("[smtp]\nauth = 'passwort'", '"none". Did you mean password?'),
        ("[letters]\naddress = 'nobody'", '"both"'),
        ("[step2_ck]\nscore = 301", "from 1 to 300"),
        ("[step2_ck]\nscore = true", "whole number"),
        ("[step2_ck]\ntest_date = 'soon'", "a date such as 2026-10-20"),
        ("[step2_ck]\nat_submission = 'maybe'", '"planned", "not_reported", "reported"'),
        ("[step2_ck]\nexpected_range = [255, 245]", "a range such as"),
        ("[step1]\nresult = 'good'", '"pass", "fail", "not_taken"'),
        ("[application]\nborderline = 'yes'", "true or false"),
        ("[cycle.nrmp]\nlate_from = 'later'", "with a time"),
        ("[cycle.nrmp]\nlate_from = 2027-02-20", "pre_rank_from is before late_from"),
        (
            "[cycle]\nseason = 2028\n[cycle.nrmp]\nlate_from = 2027-12-01",
            "season 2028 is not shipped",
        ),
        ("[rules]\npassing_standard = { soon = 214 }", "scores by test date"),
        ("[step2_ck]\nscore = 620", "COMLEX-USA"),
        ("[specialty.IM]\ntier = 'golden'", '"competitive"'),
        ("[specialty.IM]\ntier = 'moderate'", '[specialty."Internal Medicine"]'),
        ("[specialty.Peds]\nopens = 'soon'", "a date such as"),
        ("[specialty.IM]\ncolor = 'red'", "known here: tier"),
        ("[specialty]\nIM = 1", "expected a table"),
        ("[specialty.IM]\naliases = 'IM'", "a list such as"),
        ("[smtp]\nsecurity = 'none'\nhost = 'mail.example'", "for this machine only"),
        ("[smtp]\nclient_name = 'my laptop'", "expected a host name"),
        ("[smtp]\nclient_name = 'läptop.example'", "expected a host name"),
        ("[smtp]\nauth = 'ntlm'", '"oauthbearer"'),
        ("[smtp]\nprovider = 'aol'", "leave it out"),
        ("[smtp]\nprovider = ['gmail']", "found a list"),
        ("[smtp]\nusername = {x = 'hunter2'}", "found a table"),
        ("[smtp]\nwindow = '17:00-08:00'", '"always"'),
        ("[smtp]\nwindow_days = ['moonday', 'x']", "days such as"),
        ("[smtp]\ntimezone = 'Mars/Base'", "a time zone such as"),
        ("[smtp]\npassword_command = []", "a command such as"),
        ("[smtp.timeouts]\ndot = 0", "seconds, more than 0"),
        ("[letters]\ntemplates = 3", "text in quotes"),
    ],
)
def test_each_mistake_is_named_with_its_place_and_what_was_expected(text, said):
    message = mistakes(text)
    assert said in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("", "[applicant] name: is missing"),
        ("specialty = 1\n" + ME, "expected tables such as"),
        ("name = 'R'\n", "it belongs under [applicant]"),
        ("wonder = 1\n", "every key belongs in a section"),
        ("password = 'hunter2'\n", "planner login"),
        (ME.replace("10000001", "123"), "8 digits"),
        (ME.replace("r@a.example", "r at a"), "an email address"),
        (ME.replace('"R"', '"R\\nBcc: x"'), "without control characters"),
        (ME.replace('"R"', '""'), "expected your name"),
        ("[applicant\n", "not valid TOML"),
    ],
)
def test_mistakes_in_the_applicant_and_around_it(head, said):
    assert said in mistakes("", head)


def test_days_may_be_given_as_a_range():
    assert settings('[smtp]\nwindow_days = "mon-fri"').pace.days == {0, 1, 2, 3, 4}
    assert settings('[smtp]\nwindow_days = "Sat-Mon wed"').pace.days == {5, 6, 0, 2}


def test_all_mistakes_are_told_at_once():
    assert "2 mistakes" in mistakes("[step2_ck]\nscore = 0\n[smtp]\nport = 0")


def test_a_season_that_is_not_shipped_needs_no_more_than_the_matches_in_use():
    assert Match.NRMP not in settings("[cycle]\nseason = 2028").calendars


def test_files_of_editors_that_mark_utf_8_are_taken_and_others_explained():
    Path("config.toml").write_bytes(b"\xef\xbb\xbf" + ME.encode())
    assert load_settings(Path("config.toml").absolute()).applicant.name == "R"
    Path("config.toml").write_bytes(ME.encode("utf-16"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_settings(Path("config.toml"))


def test_the_config_is_looked_for_in_its_order(own_home):
    with pytest.raises(ConfigError, match="no config file: neither"):
        find_config(None, environment={})
    user = own_home / ".config/planner/config.toml"
    user.parent.mkdir(parents=True)
    user.write_text(ME)
    assert find_config(None, environment={}) == user
    (own_home / "config.toml").write_text(ME)
    assert find_config(None, environment={}) == own_home / "config.toml"
    (own_home / "else").mkdir()
    (own_home / "else/config.toml").write_text(ME)
    named = {"PLANNER_CONFIG": "else"}
    assert find_config(None, environment=named) == own_home / "else/config.toml"
    assert find_config("config.toml", environment=named) == own_home / "config.toml"


@pytest.mark.parametrize("written", ["2026-13-01", "09/01/2026"])
def test_a_date_that_is_none_is_shown_with_its_line(desk, written):
    path = desk.folder / "config.toml"
    path.write_text(path.read_text().replace("test_date = 2026-09-01", f"test_date = {written}"))
    done = desk.type("plan")
    assert (done.code, f"That line is: test_date = {written}" in done.err) == (2, True)
    assert "-> Write a real date as year-month-day" in done.err


def test_a_line_that_may_hold_a_secret_is_not_shown(desk):
    with (desk.folder / "config.toml").open("a") as file:
        file.write('password = "hunter2-1-2\n')
    done = desk.type("plan")
    assert (done.code, "not valid TOML" in done.err, "hunter" in done.err) == (2, True, False)


@pytest.mark.parametrize(
    ("given", "environment"), [("gone", {}), (None, {"PLANNER_CONFIG": "gone"})]
)
def test_a_config_that_was_named_must_be_there(given, environment):
    with pytest.raises(ConfigError, match=r"named by (--config|\$PLANNER_CONFIG)"):
        find_config(given, environment=environment)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("resdency", "residency/config.toml"),
        ("resdency/config.toml", "residency/config.toml"),
        ("residency/confg.toml", "residency/config.toml"),
        ("residency/mine.toml", "residency/config.toml"),
        ("residency/zweites-jähr.toml", "residency/zweites-jahr.toml"),
    ],
)
def test_a_config_that_was_nearly_named_is_asked_about(tmp_path, monkeypatch, typed, meant):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "residency").mkdir()
    for name in ("config.toml", "zweites-jahr.toml"):
        (tmp_path / "residency" / name).touch()
    with pytest.raises(ConfigError, match=re.escape(f"Did you mean {meant}?")) as caught:
        find_config(typed, environment={})
    assert "planner init" not in caught.value.hint


@pytest.mark.parametrize(
    ("typed", "folder"), [("fresh", "fresh"), ("fresh/config.toml", "fresh"), ("a/b/c", "a/b/c")]
)
def test_a_config_that_is_nowhere_near_is_to_be_written_where_it_was_named(
    tmp_path, monkeypatch, typed, folder
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        find_config(typed, environment={})
    assert f"planner init {folder} " in caught.value.hint


def test_a_config_that_cannot_be_read_is_said_so():
    with pytest.raises(ConfigError, match="Cannot read"):
        load_settings(Path("nowhere.toml"))


def test_init_writes_a_config_that_only_its_owner_can_read_and_never_twice(desk):
    done = desk.good("init", "fresh")
    path = desk.folder / "fresh/config.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "cd fresh, fill in config.toml, then: planner import" in done.out
    load_settings(path)
    again = desk.type("init", "fresh")
    assert (again.code, "not touched" in again.err) == (2, True)
    doctor = desk.type("--config", path, "doctor", "--offline")
    assert doctor.code == 1
    still = "still from the example config: applicant.name, applicant.aamc_id, applicant.email"
    assert still in " ".join(doctor.out.split())


def test_noon_is_eastern():
    assert noon(date(2026, 12, 1)).utcoffset().total_seconds() == -5 * 3600


@pytest.mark.parametrize("words", ['"C:\\tools\\tok.exe"', '["C:\\bin\\tok.exe", "-v"]'])
def test_backslashes_that_double_quotes_have_eaten_are_named(tmp_path, words):
    (tmp_path / "config.toml").write_text(f"[smtp]\npassword_command = {words}\n")
    with pytest.raises(
        ConfigError, match=r"within single quotes: 'C:\\tools\\token.exe'|Unescaped"
    ):
        load_settings(tmp_path / "config.toml")


def test_a_mistake_names_a_file_that_an_installed_user_can_have(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("[applicant]\nnmae = 'Robin'\n")
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert "planner init DIR" in caught.value.hint
    assert "config.example.toml" not in caught.value.hint
