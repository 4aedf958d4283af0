"""The `planner` command, also as `python -m planner`."""

import sys


def main() -> None:
    """Run the command; an interruption while it is still loading also exits with 130."""
    try:
        from planner.cli import main as typed

        typed()
    except KeyboardInterrupt:
        sys.stderr.write("planner: Interrupted.\n")
        sys.exit(130)  # ExitCode.INTERRUPTED, which may not be loaded yet


if __name__ == "__main__":
    main()
