"""What a report says to type is a whole command, which does what it says."""

import shlex

import pytest

CONTACTS = "Program,Specialty,City,Contact Name,Contact E-Mail\n" + "".join(
    f"Élan {n},IM,Cañon City,Dr. Ana L{n * 'e'},ana{n}@elan.example\n" for n in range(1, 4)
)
HEAD = "Program,Specialty,City,PD Email,Notes"


def commands(done):
    lines = [x.partition("-> ")[2] for x in done.out.splitlines() if "-> planner import" in x]
    return [shlex.split(line)[1:] for line in lines]


def take(desk, text, *words):
    (desk.folder / "list.csv").write_text(text, "utf-8")
    return desk.type("import", "list.csv", *words)


def test_doctors_as_contacts_become_the_directors_by_what_is_printed(desk):
    done = take(desk, CONTACTS)
    decide = done.out.partition("To decide, starting with what could cost the most:")[2]
    assert decide.split("[")[1].startswith("doctors_as_contacts]")
    (command,) = commands(done)
    desk.good(*command)
    (first, *_) = desk.good("programs", "list", "--json").json["programs"]
    assert first["director_email"] == "ana1@elan.example"
    assert (first["director_last_name"], first["coordinator_email"]) == ("Le", "")


def test_notes_that_are_asked_about_are_notes_first(desk):
    done = take(desk, f"{HEAD}\nÉlan,IM,Ada,pd@elan.example,DNC\n")
    said = " ".join(done.out.replace("\xa0", " ").split())
    assert said.index('--map "Notes=notes"') < said.index('--map "Notes=status"')
    (command,) = commands(done)
    assert command == ["import", "list.csv", "--map", "Notes=notes"]
    desk.good(*command)
    (program,) = desk.good("plan", "--json").json["programs"]
    assert program["held_by"]


def test_the_command_keeps_what_was_typed(desk):
    done = take(desk, f"{HEAD}\nÉlan,,Ada,pd@elan.example,DNC\n", "--specialty", "IM")
    assert commands(done) == [["import", "list.csv", "--specialty", "IM", "--map", "Notes=notes"]]


def test_the_command_keeps_the_file_for_bad_rows(desk):
    bad = f"{HEAD}\nÉlan,IM,Ada,pd@elan.example,DNC\nOak,IM,Ada,pd@oak,\n"
    words = ("--on-error", "skip", "--rejects", "bad.csv")
    (command,) = commands(take(desk, bad, *words))
    assert command == ["import", "list.csv", *words, "--map", "Notes=notes"]
    assert "The bad rows are in bad.csv" in desk.type(*command).out


def test_a_column_that_may_matter_is_named_in_the_command(desk):
    rows = "Élan,IM,Ada,pd@elan.example,Rejected\nOak,IM,Ada,pd@oak.example,withdrew\n"
    done = take(desk, f"{HEAD}\n{rows}".replace("Notes", "How it went"))
    (command,) = commands(done)
    assert command[2:] == ["--map", "How it went=status"]
    desk.good(*command)
    programs = desk.good("programs", "list", "--json").json["programs"]
    assert [p["status"] for p in programs] == ["rejected", "withdrawn"]


def test_a_legend_of_missing_colors_is_passed_only_by_a_word_of_its_own(desk):
    text = f"{HEAD}\nÉlan,IM,Ada,pd@elan.example,\nLegend:,green = interview,red = rejected\n"
    done = take(desk, text)
    assert (done.code, "Import the workbook with the colors" in done.out) == (1, True)
    assert take(desk, text, "--on-error", "skip").code == 1
    assert desk.type("programs", "list", "--json").json["programs"] == []
    (command,) = commands(done)
    assert command[2:] == ["--without-colors"]
    desk.good(*command)
    assert len(desk.good("programs", "list", "--json").json["programs"]) == 1
    assert take(desk, text).code == 1  # it is asked each time: other rows may be red now


@pytest.mark.parametrize(
    "header",
    ["Where, state", "Where=state", 'The "where" of it', "It's there", "Where: (city); state"],
)
def test_a_column_of_any_name_can_be_named_as_it_is_printed(desk, header):
    quoted = header.replace('"', '""')
    text = f'Program,Specialty,"{quoted}"\nElm,IM,"Troy, NY"\nOak,IM,"Ames, IA"\n'
    done = take(desk, text, "--try")
    option = next(x for x in done.out.replace("\xa0", " ").splitlines() if "--map" in x)
    words = shlex.split(option.partition("? ")[2])
    assert "column 3" not in option
    assert words[1].endswith("=location")
    desk.good("import", "list.csv", *words)
    programs = desk.good("programs", "list", "--json").json["programs"]
    assert [(p["city"], p["state"]) for p in programs] == [("Troy", "NY"), ("Ames", "IA")]


@pytest.mark.parametrize(
    "header",
    ["City, ST", "City/State", "City & State", "City and State", "Town, ST", "City, State, ZIP"],
)
def test_city_and_state_under_one_header_are_a_place(desk, header):
    desk.good("import", *_listed(desk, header))
    (program,) = desk.good("programs", "list", "--json").json["programs"]
    assert (program["city"], program["state"]) == ("Cañon City", "CO")


@pytest.mark.parametrize("header", ["City/Town", "City, vibe"])
def test_another_header_with_a_city_in_it_is_no_place(desk, header):
    desk.good("import", *_listed(desk, header))
    (program,) = desk.good("programs", "list", "--json").json["programs"]
    assert program["state"] == ""


def _listed(desk, header):
    text = f'Program,Specialty,"{header}"\nElm,IM,"Cañon City, CO"\n'
    (desk.folder / "list.csv").write_text(text, "utf-8")
    return ["list.csv"]


TRACKER = (
    "Program,Specialty,City,PD Email,Status,Updates?,Notes,Vibes ok?,Emailed?,Wrote to them,Told PD\n"
    "Élan,IM,Ada,pd@elan.example,interviewed,rejected,DNC,yes,,10/20,10/21\n"
    "Oak,IM,Ada,pd@oak.example,interviewed,they are nice,lovely,no,,,\n"
    "Ash,IM,Ada,pd@ash.example,interviewed,withdrew,,yes,10/3,,\n"
    "Fir,IM,Ada,pd@fir.example,interviewed,,no emails please,yes,,,10/4\n"
)


@pytest.mark.parametrize("without", [(), ("Status",), ("Notes",), ("Status", "Notes", "Emailed?")])
def test_every_command_that_is_printed_is_accepted_as_it_is(desk, without):
    rows = [line.split(",") for line in TRACKER.splitlines()]
    kept = [n for n, header in enumerate(rows[0]) if header not in without]
    text = "".join(",".join(row[n] for n in kept) + "\n" for row in rows)
    typed, waiting = [], commands(take(desk, text))
    while waiting:
        typed.append(waiting.pop(0))
        done = desk.type(*typed[-1])
        assert (done.code in {0, 1}, done.err) == (True, "")  # bad cells, but no refusal
        waiting += [command for command in commands(done) if command not in [*typed, *waiting]]
    plan = desk.good("plan", "--json").json["programs"]
    free = {p["program"] for p in plan if not p["held_by"] and p["decision"] == "email"}
    assert free <= {"Oak"}


def test_a_column_that_is_left_out_holds_the_letters_that_it_speaks_against(desk):
    rows = "Élan,IM,Ada,pd@elan.example,rejected\nOak,IM,Ada,pd@oak.example,fine\n"
    done = take(desk, f"{HEAD}\n{rows}".replace("Notes", "How"), "--ignore", "How")
    said = " ".join(done.out.replace("\xa0", " ").split())
    assert "line 2, How (left out) 'rejected'" in said
    held = [p["program"] for p in desk.good("plan", "--json").json["programs"] if p["held_by"]]
    assert held == ["Élan"]
    take(desk, f"{HEAD}\n{rows.replace('rejected', 'fine')}".replace("Notes", "How"))
    assert [p["held_by"] for p in desk.good("plan", "--json").json["programs"]] == [[], []]


def test_the_command_for_the_rejects_keeps_what_was_said_of_notes_and_policies(desk):
    text = f"{HEAD},Log,Mail\nÉlan,IM,Ada,nowhere,nice,rejected,no\nOak,IM,Ada,o@oak.example,,,no\n"
    maps = ("--map", "Log=notes", "--map", "Mail=contact_ok", "--on-error", "skip")
    done = take(desk, text, *maps, "--rejects", "bad.csv")
    (command,) = commands(done)
    assert command[2:] == list(maps[:4])
    bad = desk.folder / "bad.csv"
    bad.write_text(bad.read_text("utf-8-sig").replace("nowhere", "e@elan.example"), "utf-8")
    desk.good(*command)
    programs = desk.good("programs", "list", "--json").json["programs"]
    assert {(p["notes"], p["contact_policy"]) for p in programs} == {
        ("nice\nrejected", "none"),
        ("", "none"),
    }
