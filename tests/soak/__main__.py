"""The long form of the soak, `python -m tests.soak`; exits with 1 if anything was violated."""

import argparse
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests import postgresql
from tests.soak import sharing
from tests.soak.killing import VARIANTS, MailServer, lay_out, play

STRIDE = 4  # letters that a sender gets as far as, at most
SHARED = (1, 4)  # connections of each of two senders that share a server


def tell(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def told(judgements, happened, seconds):
    """Say what was found; gives how many judgements failed."""
    tell("  " + ", ".join(f"{number} {what}" for what, number in happened.items() if number))
    failed = {what: wrong for what, wrong in judgements.items() if wrong}
    for what, wrong in failed.items():
        tell(f"  {what}: {len(wrong)}")
        for one in wrong[:5]:
            tell("    " + str(one).strip().replace("\n", "\n    "))
    passed = len(judgements) - len(failed)
    tell(f"  {passed} passed, {len(failed)} failed ({seconds:.0f} s)")
    return len(failed)


def share(given, server, folder, until):
    """The same with senders that share a PostgreSQL server; gives how many judgements failed."""
    if reason := postgresql.why_not():
        tell(f"two senders of one PostgreSQL server: left out, {reason}")
        return 0
    failed = 0
    for number, connections in enumerate(SHARED):
        tell(f"two senders of one PostgreSQL server, {connections} connections each:")
        began, url = time.monotonic(), postgresql.shared().empty()
        share_of_time = (until - began) / (len(SHARED) - number)
        place = {"folder": folder / f"server-{connections}", "url": url, "server": server}
        how = {"seed": given.seed, "stride": STRIDE, "connections": connections}
        how["until"] = began + share_of_time
        failed += told(*sharing.play(given.letters, **place, **how), time.monotonic() - began)
    postgresql.stop()
    return failed


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--letters", type=int, default=300, help="in each variant")
    parser.add_argument("--minutes", type=float, default=14, help="then senders are left in peace")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--keep", type=Path, help="a new folder that is left with all databases")
    parser.add_argument("--only", default="", help="variants whose name has this")
    parser.add_argument("--file-only", action="store_true", help="not with PostgreSQL, too")
    given = parser.parse_args()
    tell(f"{given.letters} letters in each variant, --seed {given.seed}")
    failed, until = 0, time.monotonic() + given.minutes * 60
    with MailServer() as server, tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name) / "soak"
        folder.mkdir(mode=0o700)
        letters = lay_out(folder / "letters", server.port, given.letters)
        for number, variant in enumerate(VARIANTS):
            if given.only not in str(variant):
                continue
            tell(f"{variant}:")
            began, left = time.monotonic(), len(VARIANTS) + len(SHARED) - number
            judgements, happened = play(
                variant,
                letters,
                server,
                folder / str(number),
                seed=given.seed + number,
                stride=STRIDE,
                # Each variant has its share of the time that is left.
                until=began + (until - began) / left,
            )
            failed += told(judgements, happened, time.monotonic() - began)
        if not given.file_only:
            failed += share(given, server, folder, until)
    tell(f"{failed} judgements failed, --seed {given.seed}" if failed else "Nothing was violated.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
