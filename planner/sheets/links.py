"""Email addresses that are only in the link behind a cell, such as "Email Dr. Lee"."""

from __future__ import annotations

from planner.sheets import fields
from planner.sheets.columns import Column
from planner.sheets.records import Record

# Columns of addresses, and columns of names that may include an address.
ADDRESSES = frozenset({"director_email", "coordinator_email", fields.CONTACT_EMAIL})
NAMES = frozenset({fields.DIRECTOR, "director_last_name", "coordinator_name", fields.CONTACT_NAME})


def followed(record: Record, column: Column, text: str, address: str) -> str:
    """Return the text of a cell with the address that it links to, if the text has none."""
    if "@" in text:
        return text
    if column.target in NAMES:
        return f"{text} <{address}>"
    if column.target not in ADDRESSES:
        return text
    remark = f"taken from the link behind it: {address}"
    record.warn(column.name, text, "address_in_link", remark)
    return address
