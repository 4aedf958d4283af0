"""`planner rules` shows every number and table of the rules, from the code that decides."""

import pytest

from planner.rules import choice
from planner.rules.book import TOPICS
from planner.rules.facts import LetterKind, Scenario, Thresholds
from planner.rules.gates import GATES
from planner.rules.lint import TABLE as CHECKS
from planner.rules.targeting import TABLE

# What the rule book's pages say, by the topic that shows it: whole rows, as a person reads them.
SHOWN = {
    "score": [
        "competitive 250 240 235 rules.bar_competitive",
        "moderate 245 235 230 rules.bar_moderate",
        "standard 240 230 225 rules.bar_standard",
        "1 major_liability s2 below the passing standard of its test date",
        "2 strong_asset failed before, s2 >= T",
        "3 mild_asset failed before, s2 >= U",
        "4 mild_liability failed before:",
        "5 major_liability d <= -20, or s2 < U - 10",
        "6 mild_liability d <= -10, or s2 < U",
        "7 strong_asset s1 < W, s2 >= T",
        "8 mild_asset s1 < W, d >= 15",
        "9 neutral s1 < W",
        "10 strong_asset d >= 15, s2 >= T",
        "11 mild_asset d >= 5, s2 >= T",
        "12 neutral s1 is a number",
        "13 strong_asset s1 is not a number, s2 >= T, application not otherwise_strong",
        "14 mild_asset s1 is not a number, s2 >= T",
        "15 neutral otherwise",
        *("strong_asset 5", "mild_asset 3", "neutral 2", "mild_liability 1", "major_liability 0"),
        *(scenario.value for scenario in Scenario),
        *("new information", "clearly helps"),
        "209 from 2014-07-01, 214 from 2022-07-01, 218 from 2025-07-01",
        "110 moderate Emergency Medicine",
        "362 competitive Plastic Surgery (Integrated)",
        "140 standard Internal Medicine",
        "5 signals of one kind Emergency Medicine, Family Medicine, Pathology",
        "4 signals of one kind Radiation Oncology",
        "opens 2026-09-30 Emergency Medicine",
        "after an interview: coordinator Plastic Surgery (Integrated)",
        "ResidencyCAS Emergency Medicine, Obstetrics and Gynecology",
        "SF Match Ophthalmology",
        "its own service Plastic Surgery (Integrated)",
        "match sau Urology",
    ],
    "phases": [
        "applications_open 2026-09-23 2026-09-23 2026-09-01",
        "late_from 2026-12-01 2026-11-01 2026-11-01",
        "pre_rank_from 2027-02-01 2026-12-01 2026-12-01",
        "pending_from 2027-01-01 2026-12-01 2026-12-01",
        "lists_final 2027-03-03 21:00 2027-01-08 2027-01-04",
        "results_from 2027-03-15 10:00 2027-02-01 2027-02-02",
        "results_until 2027-03-19 12:00 2027-02-01 2027-02-02",
        "unconfirmed",
        *("preseason until", "early until", "late until", "pre_rank until", "closed from"),
    ],
    "decisions": [
        *dict.fromkeys(f"{rule.number} {rule.id}" for rule in TABLE),
        *dict.fromkeys(rule.when for rule in TABLE),
        "they ask step2_policy is requested or required_to_rank",
        "a favorite top_choice, signal gold, or signal yes in a specialty with at most 12",
        "contact_if_asked update_only",
        "no_address excluded",
        "same_address excluded",
        "1 those that ask 2 interviewed 3 on hold 4 favorites 5 connection 6 the rest",
        "at most 20 programs (rules.small_list)",
        "few signals of one kind at most 12",
        "more than 20 letters that nobody asked for (rules.mass_limit)",
        "strong, early may trigger an interview review",
        "strong, on hold or waitlisted may get you off the waitlist",
        "strong, after an interview may move you up slightly",
        "they asked, or require the score confirms eligibility",
        "passed after a failure, or a pass that ECFMG is waiting for you can now be ranked",
        "a mild asset kept in your file, rarely more",
        "weak, or nothing that helps usually ignored",
    ],
    "letters": [
        *LetterKind,
        "they asked, and it does not help",
        *choice.SAYS.values(),
        *(f"{name} {when}" for name, when, _ in GATES),
        *(why for _, _, why in choice.CLAIMS),
    ],
    "lint": [
        *(f"{check.code} {check.severity}" for check in CHECKS),
        "over 120 words",
        "over 78 characters",
        "90 % alike or more",
        "usefulness under 50",
        "180 to 290",
    ],
    "months": [
        "September 80 peak",
        "October 100 peak",
        "November 70 peak",
        "December 60 peak",
        "January 40",
        "February 30",
        *(f"{month} 0" for month in ("March", "April", "May", "June", "July", "August")),
    ],
}


def read(desk, topic):
    return " ".join(desk.good("rules", topic).out.split())


@pytest.mark.parametrize("topic", TOPICS)
def test_every_number_and_table_of_the_rule_book_is_shown(desk, topic):
    said = read(desk, topic)
    assert [text for text in SHOWN[topic] if text not in said] == []


def test_all_topics_come_one_after_another_and_nothing_is_cut_or_too_wide(desk):
    said = desk.good("rules").out
    assert "…" not in said
    assert max(map(len, said.splitlines())) <= 80
    flowed = " ".join(said.split())
    assert all(texts[0] in flowed for texts in SHOWN.values())


def test_each_key_of_rules_is_shown_and_what_is_yours_is_marked(desk):
    more = "[rules]\nbar_standard = 245\ngain = 12\n[cycle.nrmp]\nlate_from = 2026-11-20\n"
    desk.configure(more=f'{more}[specialty."Family Medicine"]\ntier = "moderate"')
    said = read(desk, "score")
    for field in Thresholds.__dataclass_fields__:
        assert f"rules.{field}" in said
    assert "245 235 230 rules.bar_standard (yours; default 240)" in said
    assert "8 mild_asset s1 < W, d >= 12" in said
    assert "120 moderate Family Medicine" in said
    assert said.count("(yours;") == 3
    assert "2026-11-20 (yours)" in read(desk, "phases")


def test_without_a_config_the_rules_are_shown_as_they_are_shipped(desk):
    (desk.folder / "config.toml").unlink()
    assert "standard 240 230 225" in read(desk, "score")


def test_a_config_with_a_mistake_is_not_passed_over(desk):
    desk.configure(more="[rules]\nbar_standard = 'high'")
    assert desk.type("rules").code == 2


def test_scripts_get_the_same_rows_by_column(desk):
    months = desk.good("rules", "months", "--json").json["rules"]["months"]
    (table,) = months
    assert {"month": "October", "usefulness": 100, "mark": "peak"} in table["rows"]
    everything = desk.good("rules", "--json").json["rules"]
    assert list(everything) == list(TOPICS)
    lint = everything["lint"][0]["rows"]
    assert all(row["what to do"] for row in lint)


def test_a_topic_that_is_none_names_those_that_are(desk):
    done = desk.type("rules", "scores")
    assert done.code == 2
    assert "'score'" in done.err
