"""A list from text or bytes, for the tests of this folder."""

from datetime import date
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.rules.specialties import shipped
from planner.sheets.columns import wishes
from planner.sheets.listing import read_listing
from planner.sheets.parsers.dates import Season
from planner.sheets.reader import open_table

ALL = shipped()
SEASON = Season(2027, date(2026, 11, 28))


def listing(data, **options):
    Path("list.csv").write_bytes(data if isinstance(data, bytes) else data.encode())
    options = {"season": SEASON, "wanted": wishes(options.pop("mapping", {})), **options}
    return read_listing(open_table("list.csv"), specialties=ALL, **options)


def records(data, **options):
    return list(listing(data, **options).records)


def refused(data, **options):
    with pytest.raises(PlannerError) as caught:
        records(data, **options)
    assert caught.value.hint
    return caught.value
