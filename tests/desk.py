"""An applicant's desk for tests: a folder, a config, the command, and its output."""

import csv
import json
import re
from pathlib import Path

import platformdirs
import sqlalchemy as sa

from planner import wiring
from planner.cli import run
from planner.config import load_settings
from planner.rules.calendar import noon
from planner.store.database import open_store
from planner.store.letters import update_letter
from planner.store.schema import letters
from tests import postgresql
from tests.builders import EARLY, surname

CONFIG = """
[applicant]
name = "Robin Sample"
aamc_id = "10000001"
email = "robin@applicant.example"
[step1]
result = {s1}
[step2_ck]
{score}
test_date = 2026-09-01
released_on = 2026-10-01
at_submission = "not_reported"
[transcript]
{transcript}
[database]
url = "{url}"
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
auth = "none"
per_minute = 0
per_day = 0
window = "always"
{more}
"""
TRANSCRIPT = "\n".join(f"{s} = 2026-10-02" for s in ("eras", "residencycas", "sfmatch", "other"))

HEADER = ["Program", "Specialty", "Director", "PD Email", "PC Email", "Status", "Why"]


_DRAFTED = {}


class Output:
    """What a command said and how it ended."""

    def __init__(self, code, out, err):
        # Errors are wrapped to the terminal; tests look for sentences.
        self.code, self.out, self.err, self.lines = code, out, " ".join(err.split()), err

    @property
    def json(self):
        """The one document on stdout, without the number that every one begins with."""
        document = json.loads(self.out)
        assert document.pop("schema") == 1
        return document


class Desk:
    """Types commands in a folder; `day` is what the clock says."""

    def __init__(self, folder, monkeypatch, capsys, url="sqlite:///planner.sqlite3", **config):
        self.url = url
        self.folder, self.day, self._capsys = Path(folder), EARLY, capsys
        monkeypatch.setattr(wiring, "now", lambda: noon(self.day))
        self.configure(**config)

    def configure(
        self, *, port=1, s1=228, score="score = 248", transcript=TRANSCRIPT, more="", path=None
    ):
        """Write the config again."""
        text = CONFIG.format(
            url=self.url, port=port, s1=s1, score=score, transcript=transcript, more=more
        )
        (path or self.folder / "config.toml").write_text(text)

    def start_over(self):
        """An empty database again, for the next example of a property."""
        for left in [*self.folder.glob("planner.sqlite3*"), *self.witnesses()]:
            left.unlink()
        if not self.url.startswith("sqlite"):
            self.url = postgresql.shared().fresh()

    def witnesses(self):
        """What tells each database of this desk from older copies of itself."""
        return list(Path(platformdirs.user_state_dir("planner")).glob("*.witness"))

    def other_bytes(self, old, new):
        """Put other bytes in place of those that were approved, in every letter."""
        with open_store(self.url, base=self.folder).begin() as tx:
            for number, wire in tx.execute(sa.select(letters.c.id, letters.c.wire)).all():
                update_letter(tx, number, wire=wire.replace(old, new))

    def with_login(self, **config):
        """Write a config that wants a password; gives the settings."""
        self.configure(**config)
        path = self.folder / "config.toml"
        path.write_text(path.read_text().replace('auth = "none"\n', ""))
        return load_settings(path)

    def type(self, *words):
        """Run a command."""
        self._capsys.readouterr()
        code = run([str(word) for word in words])
        said = self._capsys.readouterr()
        return Output(int(code), said.out, said.err)

    def good(self, *words):
        """Run a command that must end with 0."""
        done = self.type(*words)
        assert done.code == 0, done.err + done.out
        return done

    def sheet(self, *rows, header=HEADER, name="list.csv"):
        """Write a list; each row is a dict by header."""
        with (self.folder / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return name

    def a_list(self, count=3, **fields):
        """Import so many interviewed programs."""
        rows = [
            {
                "Program": f"Elm {n} Hospital",
                "Specialty": "IM",
                "Director": f"Ada {surname(n)}",
                "PD Email": f"pd{n}@elm{n}.example",
                "PC Email": f"pc{n}@elm{n}.example",
                "Status": "interviewed",
                **fields,
            }
            for n in range(1, count + 1)
        ]
        self.good("import", self.sheet(*rows))

    def approved(self, count=3, **fields):
        """A list whose letters are drafted and approved."""
        self.drafted(count, **fields)
        return self.good("approve", f"1-{count}", "--unseen")

    def drafted(self, count=3, **fields):
        """A list whose letters are drafted; that is done once, where all but the port is the same."""
        config = re.sub(r"port = \d+", "", (self.folder / "config.toml").read_text())
        key = (count, repr(fields), self.day, config)
        is_first = not (self.folder / "planner.sqlite3").exists()
        if is_first and key in _DRAFTED:
            for name, content in _DRAFTED[key].items():
                file = self.folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                file.chmod(0o600)
            return
        self.a_list(count, **fields)
        self.good("draft")
        if is_first and len(list(self.folder.glob("planner.sqlite3*"))) == 2:  # it, and its lock
            files = [self.folder / "list.csv", self.folder / "planner.sqlite3", *self.witnesses()]
            _DRAFTED[key] = {file.relative_to(self.folder): file.read_bytes() for file in files}

    def edit(self, number, old="Sincerely", new="Yours"):
        """Replace a word in a letter, as from another terminal."""
        text = self.good("preview", number, "--json").json["letters"][0]["body"]
        (self.folder / "mine.txt").write_text(text.replace(old, new))
        self.good("edit", number, "--body-file", "mine.txt")

    def letters(self):
        """Every letter, as scripts see it."""
        return self.good("outbox", "list", "--json").json["letters"]

    def states(self):
        """The state of every letter, in order."""
        return [letter["state"] for letter in self.letters()]

    def sql(self, statement):
        """Look at, or harm, the database behind the program's back."""
        with open_store(self.url, base=self.folder).begin(reconciling=True) as tx:
            done = tx.exec_driver_sql(statement)
            return [tuple(row) for row in done] if done.returns_rows else []
