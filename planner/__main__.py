"""The `planner` command, also as `python -m planner`."""

import sys


def main() -> None:
    """Run what was typed; an interruption while it is still being loaded ends with 130, too."""
    try:
        from planner.cli import main as typed

        typed()
    except KeyboardInterrupt:
        sys.stderr.write("planner: Interrupted.\n")
        sys.exit(130)  # ExitCode.INTERRUPTED, which may not be loaded yet


if __name__ == "__main__":
    main()
