import io, sys, contextlib, pytest
from planner.cli import run
from tests.fakes import ScriptedServer

def typed(*words):
    out = io.StringIO()
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = out
    try:
        code = run([str(w) for w in words])
    finally:
        sys.stdout, sys.stderr = before
    return int(code), out.getvalue()

def go(desk, verb, act):
    said = []
    def hook(usual):
        if not said:
            said.append(act())
        return usual
    with ScriptedServer({verb: hook}) as server:
        desk.configure(port=server.port)
        desk.approved(3)
        done = desk.type("send", "--yes")
    print(said, done.code, done.out, done.err, desk.states(), len(server.accepted))
    return done

@pytest.mark.parametrize("verb", ["RCPT", "DOT"])
def test_a(desk, verb):
    go(desk, verb, lambda: typed("programs", "set", 1, "director_email=new@elm1.example"))
    assert 0

def conf(desk, old, new):
    p = desk.folder/"config.toml"
    t = p.read_text(); assert old in t
    p.write_text(t.replace(old, new))

@pytest.mark.parametrize("old,new", [("score = 248","score = 243"),("Robin Sample","Robin B. Sample"),("per_day = 0","per_day = 2"),("score = 248", "score = 24x"), ("planner.sqlite3","other.sqlite3"), ("eras = 2026-10-02", "eras = 2026-12-02")])
def test_b(desk, old, new):
    go(desk, "RCPT", lambda: conf(desk, old, new))
    assert 0
