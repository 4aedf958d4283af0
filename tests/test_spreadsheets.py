"""What an import promises, point by point; the details are tested beside each module."""

import pytest

pytestmark = pytest.mark.long

FULL = ["Program", "NRMP Code", "ACGME ID", "City", "Specialty", "Status", "PD Email", "PC Email"]


@pytest.fixture
def bring(desk):
    """Import rows, in Internal Medicine unless they say otherwise; gives the document."""

    def brought(*rows, options=(), header=FULL):
        desk.sheet(*rows, header=header)
        done = desk.type("import", "list.csv", "--specialty", "IM", "--json", *options)
        return {**done.json, "code": done.code}

    return brought


def listed(desk):
    return desk.good("programs", "list", "--json").json["programs"]


@pytest.mark.parametrize(
    "data",
    [
        "Program,City\nElm,Zürich\n".encode(),
        "Program\tCity\r\nElm\tZürich\r\n".encode("utf-16"),
        "My list\n\nProgram;City;\nElm;Zürich;\nProgram;City;\n".encode("utf-8-sig"),
        'Program|City\r"Elm"|Zürich\r'.encode("cp1252"),
    ],
)
def test_files(desk, data):
    (desk.folder / "list.csv").write_bytes(data)
    desk.good("import", "list.csv", "--specialty", "IM")
    assert [(p["program"], p["city"]) for p in listed(desk)] == [("Elm", "Zürich")]


def test_columns(desk, bring):
    header = ["PROGRAM_name", "pd", "Where", "Statuss", "Geo", "Sig"]
    row = dict(zip(header, ["Elm", "Dr. Ana Lee", "Troy", "applied", "yes", "gold"], strict=True))
    done = bring(row, header=header, options=["--map", "Where=city"])
    (elm,) = listed(desk)
    assert (elm["director_last_name"], elm["city"], elm["connection"]) == ("Lee", "Troy", "Geo")
    assert elm["extra"] == {"Statuss": "applied"}
    assert "Did you mean status?" in done["warnings"][0]["message"]


def test_identity(desk, bring):
    bring({"Program": "Elm", "City": "Troy"})
    bring({"Program": "Elm", "City": "Troy", "ACGME ID": "1400521057"})
    bring({"Program": "Elm Health", "ACGME ID": "1400521057", "NRMP Code": "1601140C0"})
    bring({"Program": "Elm Preliminary", "NRMP Code": "1601140P0", "ACGME ID": "1400521057"})
    assert [(p["program"], p["nrmp_code"]) for p in listed(desk)] == [
        ("Elm Health", "1601140C0"),
        ("Elm Preliminary", "1601140P0"),
    ]
    done = bring({"Program": "Fir", "ACGME ID": "1400521057"})
    assert [e["code"] for e in done["errors"]] == ["fits_two"]
    assert "#1 Elm Health" in done["errors"][0]["message"]
    assert "#2 Elm Preliminary" in done["errors"][0]["message"]


def test_folding(desk, bring):
    done = bring(
        {"Program": "Elm", "PD Email": "pd@elm.example", "Status": "applied"},
        {"Program": "Elm", "PC Email": "pc@elm.example"},
        {"Program": "Elm", "PC Email": "pc@elm.example"},
        {"Program": "Elm", "Status": "rejected"},
    )
    assert (done["read"], done["merged"], done["rejected"]) == (4, 2, 1)
    assert done["errors"][0]["line"] == 5
    assert "line 2 says applied" in done["errors"][0]["message"]


def test_specialty(desk, bring):
    done = bring(
        {"Program": "Elm", "Specialty": "FM"},
        {"Program": "Oak", "ACGME ID": "4000521057"},
        {"Program": "Ash", "NRMP Code": "1601110C0"},
        {"Program": "Fir"},
        {"Program": "Yew", "Specialty": "FM", "ACGME ID": "1400521057"},
    )
    assert [p["specialty"] for p in listed(desk)] == [
        "Family Medicine",
        "Psychiatry",
        "Emergency Medicine",
        "Internal Medicine",
        "Family Medicine",
    ]
    assert [w["code"] for w in done["warnings"]] == ["specialty_disagrees"]


def test_every_bad_cell(desk, bring):
    rows = [{"Program": "Elm"}, {"Program": "Oak", "PD Email": "x", "Status": "maybe"}]
    done = bring(*rows)
    assert (done["code"], done["written"], listed(desk)) == (1, False, [])
    assert [(e["line"], e["column"], e["value"]) for e in done["errors"]] == [
        (3, "Status", "maybe"),
        (3, "PD Email", "x"),
    ]
    assert all("expected" in e["message"] for e in done["errors"])
    bring(*rows, options=["--on-error", "skip", "--rejects", "bad.csv"])
    assert [p["program"] for p in listed(desk)] == ["Elm"]
    bad = desk.folder / "bad.csv"
    bad.write_text(bad.read_text("utf-8-sig").replace("maybe,x", "applied,pd@oak.example"))
    desk.good("import", "bad.csv", "--specialty", "IM")
    assert [p["program"] for p in listed(desk)] == ["Elm", "Oak"]


def test_re_import(desk, bring):
    row = {"Program": "Elm", "City": "Troy", "Status": "applied", "PD Email": "pd@elm.example"}
    assert bring(row)["new"] == 1
    assert bring(row)["unchanged"] == 1
    changed = bring({**row, "Status": "invited", "PD Email": ""})
    assert changed["changes"] == [
        {"program": "Elm", "field": "status", "old": "applied", "new": "invited"}
    ]
    desk.good("programs", "set", "Elm", "status=interviewed")
    assert [w["code"] for w in bring(row)["warnings"]] == ["kept_yours"]
    assert listed(desk)[0]["status"] == "interviewed"
    assert bring(row, options=["--force"])["changed"] == 1
    cleared = bring({**row, "PD Email": ""}, options=["--clear-empty"])
    assert [c["field"] for c in cleared["changes"]] == ["director_email"]
    bring({"Program": "Oak"})
    assert [p["program"] for p in listed(desk)] == ["Elm", "Oak"]


def test_e_mail(desk, bring):
    done = bring(
        {"Program": "Elm", "PD Email": "pd@gmial.com", "PC Email": "PD@gmial.com"},
        {"Program": "Oak", "PD Email": "not an address"},
        options=["--on-error", "skip"],
    )
    assert {w["code"] for w in done["warnings"]} == {"unusual_domain"}
    assert [e["code"] for e in done["errors"]] == ["bad_email"]
    assert listed(desk)[0]["coordinator_email"] == ""


def test_id_shapes(desk, bring):
    done = bring(
        {"Program": "Elm", "ACGME ID": "400521057"},
        {"Program": "Oak", "ACGME ID": "1400521057.0"},
        {"Program": "Ash", "ACGME ID": "1.400521058E9"},
        {"Program": "Fir", "NRMP Code": "1978140c3\u200b"},
        {"Program": "Yew", "ACGME ID": "1409921059"},
    )
    assert done["code"] == 0
    assert [p["acgme_id"] or p["nrmp_code"] for p in listed(desk)] == [
        "0400521057",
        "1400521057",
        "1400521058",
        "1978140C3",
        "1409921059",
    ]
    assert [w["code"] for w in done["warnings"]] == ["lost_zero"]


def test_size(desk):
    """Memory stays flat: ten times the rows take hardly more of it."""
    import subprocess
    import sys

    peaks = []
    for count in (1_000, 10_000):
        rows = "".join(f"Hospital {n} of the valley,IM,City {n % 97}\n" for n in range(count))
        (desk.folder / "list.csv").write_text("Program,Specialty,City\n" + rows)
        script = (
            "import resource, sys; from planner.cli import run; code = run(sys.argv[1:]);"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr);"
            "sys.exit(code)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, "import", "list.csv", "--json"],
            capture_output=True,
            text=True,
            cwd=desk.folder,
            check=True,
        )
        peaks.append(int(done.stderr.split()[-1]))
    assert peaks[1] < peaks[0] * 1.6
