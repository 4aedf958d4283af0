"""Recovers what calamine drops: errors, formulas without a value, links, line breaks.

python-calamine returns an empty cell for a formula's error, and for a formula that was never
computed.  An empty status means "applied", so such a cell must not pass for an empty one.
Each kind of workbook has a module here that reads through one sheet and finds those cells.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from planner.errors import PlannerError
from planner.sheets.recovered import ods, xls, xlsb, xlsx
from planner.sheets.recovered.found import Found

__all__ = ["Found", "recover"]


def recover(path: Path, title: str, name: str, titles: Sequence[str]) -> Found:
    """Find the cells of sheet `title` that calamine drops; `titles` names all sheets in order.

    Raises PlannerError if they cannot be told from empty ones.
    """
    try:
        if not zipfile.is_zipfile(path):
            return xls.recover(path, list(titles).index(title))
        with zipfile.ZipFile(path) as archive:
            names = {part.casefold() for part in archive.namelist()}
            if "content.xml" in names:
                return ods.recover(archive, title)
            if any(part.endswith("workbook.bin") for part in names):
                return xlsb.recover(archive, title)
            return xlsx.recover(archive, title)
    except PlannerError:
        raise
    except Exception as error:
        raise PlannerError(
            f'{name}: in the sheet "{title}", errors of formulas cannot be told from empty cells'
            f" ({error}).",
            hint="Open it in your spreadsheet program, save it as XLSX, and import that.",
            code="not_a_spreadsheet",
        ) from error
