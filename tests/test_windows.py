"""On Windows, which here is wine with the Python of python.org: `make windows` runs this.

Wine has no console and no real NTFS: it shows imports, locks, paths, code pages and SMTP.
"""

import re

import pytest

from tests import windows
from tests.fakes import ScriptedServer

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(bool(windows.why_not()), reason=windows.why_not() or "it can run"),
]

NAME = "Szpital w Łodzi — 総合病院"
LIST = f"Program,Specialty,PD,PD Email,Status\n{NAME},IM,Dr. Ng,ng@lodz.example,Interviewed\n"
NUMBER = 30  # of its letter, after those of the demo


def good(*words, folder):
    code, out, err = windows.run(*words, folder=folder)
    assert code == 0, out + err
    return out


def test_a_season_on_windows_its_lock_and_a_kill(tmp_path):
    said = good("demo", "--keep", "play", folder=tmp_path)
    assert "29 letters arrived, 29 of them byte for byte as approved." in said
    assert "1   strong_score" in said
    folder = tmp_path / "play"
    with ScriptedServer({"DOT": (120.0, "250 taken")}) as server:
        config = (folder / "config.toml").read_text("utf-8")
        config = re.sub(r"^port = \d+$", f"port = {server.port}", config, flags=re.MULTILINE)
        (folder / "config.toml").write_text(config, encoding="utf-8")
        (folder / "łist of mine.csv").write_text(LIST, encoding="utf-8")
        assert NAME in good("import", "łist of mine.csv", folder=folder)
        good("draft", folder=folder)
        good("approve", NUMBER, "--unseen", folder=folder)
        with windows.start("send", "--yes", folder=folder) as first:
            try:
                assert server.wait_for(lambda: "." in server.log, within=60), server.log
                code, _, err = windows.run("send", "--yes", folder=folder)
                assert code == 75, err
                assert re.search(
                    r"Another planner is at work .*\(process \d+\)", " ".join(err.split())
                )
            finally:
                first.kill()
        server.play({})
        code, out, err = windows.run("send", "--yes", folder=folder)
        assert code == 3, out + err  # the lock is free, and a person must find out
        assert f"letter {NUMBER}" in out + err
        assert server.log.count(".") == 1

    said = good("db", "check", folder=folder)
    assert len(re.findall(r"^ok  ", said, re.MULTILINE)) == 8
