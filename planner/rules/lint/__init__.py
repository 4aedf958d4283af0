"""Lint: what a letter may not contain.

An `error` blocks approval, a `warning` needs a look.  `table` has a row for each check; the
words that most of them seek stand in phrases.toml.  To change a check, change its row or its
phrases; `page` is the letter as its reader sees it, `campaign` everything around it.
"""

from planner.rules.lint.table import OVERRIDABLE, TABLE, Finding, Row, Severity, lint

__all__ = ["OVERRIDABLE", "TABLE", "Finding", "Row", "Severity", "lint"]
