"""How an import understood the columns of a file, and how to say otherwise."""

from __future__ import annotations

from collections.abc import Mapping

import click

from planner.cli import show
from planner.sheets import fields, kinds, whose
from planner.sheets.columns import BEFORE, BESIDE, IGNORED, NUMBERS, Column
from planner.sheets.listing import Listing, option

MOST = 60  # columns that are listed; more are not a list that somebody keeps
WIDEST = 26  # characters of a header
_GUESSED = frozenset({*kinds.CALLED.values(), whose.CELLS})
# What a column of its own way is taken for, where its name alone would not say it.
_SAID: Mapping[str | None, str] = {
    None: "(kept, unused)",
    IGNORED: "(left out)",
    NUMBERS: "(left out)",
    fields.REJECTED: "(left out)",
    fields.DIRECTOR: "director",
    fields.PEOPLE: "director, coordinator",
    fields.LOCATION: "city, state",
    **fields.NAMED_AS,
    fields.GOLD: "signal: gold",
    fields.SILVER: "signal: silver",
    **dict.fromkeys((fields.NO_CONTACT, fields.CONTACT_OK), "contact_policy"),
    fields.WANTED: "step2_policy",
    fields.TO_RANK: "step2_policy: to rank",
    **{target: f"{field}, day first" for field, target in fields.DAY_FIRST.items()},
    fields.TIE: "connection",
    **dict.fromkeys(fields.CONTACTS, "contact, by role"),
    **{stage.value: f"status: {stage}" for stage in fields.STAGES},
}


def columns_text(listing: Listing) -> str:
    """How a file was read, then its columns, one a line, then what was guessed."""
    listed = [c for c in listing.columns if (c.header or c.example) and c.how != BESIDE]
    return "\n".join(
        [read_text(listing), _table(listed[:MOST]), *_more(listed), *_guesses(listing, listed)]
    )


def read_text(listing: Listing) -> str:
    """How a file was read."""
    text = f"{listing.name}: {listing.understood}; header in line {listing.header.line}"
    lines = [show.wrapped(text, hanging="  ")]
    if listing.as_before and listing.specialty and listing.parser.defaulted:
        text = (
            f"Rows without a specialty count as {listing.specialty.name}, as before (--specialty"
            " changes it)."
        )
        lines.append(show.wrapped(text, hanging="  "))
    return "\n".join(lines)


def _table(columns: list[Column]) -> str:
    reasoned = any(column.how for column in columns)
    rows = []
    for column in columns:
        why = [column.how] if reasoned else []
        called = show.clipped(column.name, WIDEST)
        rows.append((called, _taken(column), *why, column.example or "(empty)"))
    heads = ("COLUMN", "TAKEN AS", *(["WHY"] if reasoned else []), "FOR EXAMPLE")
    return show.table(rows, heads)


def _taken(column: Column) -> str:
    if column.target is None and column.is_remark:
        return "(remark, kept)"
    return _SAID.get(column.target, column.target or "")


def _more(listed: list[Column]) -> list[str]:
    over = len(listed) - MOST
    return [f"... and {show.plural(over, 'column')} more"] if over > 0 else []


def _guesses(listing: Listing, listed: list[Column]) -> list[str]:
    """How to undo what the cells of a column decided, and what unknown ones may be."""
    lines = []
    if guessed := next((c for c in listed if c.how in _GUESSED), None):
        lines.append(
            "WHY shows where cells decided, not just the name. If a guess is wrong:"
            f" {option('ignore', guessed)}, or {option('map', guessed, 'FIELD')} with a FIELD of"
            " planner import --columns."
        )
    if any(column.how == BEFORE for column in listed):
        lines.append(
            "as before: what you said in an earlier import; another --map or --ignore changes it,"
            " --forget-map forgets it all."
        )
    meant = [(c, listing.suggestions[c.place]) for c in listed if c.place in listing.suggestions]
    if meant:
        options = "; ".join(option("map", column, target) for column, target in meant)
        lines.append(f"Did you mean one of these? {options}")
    if reason := next((c for c in listed if c.target == "reason"), None):
        lines.append(
            f'The text under "{reason.name}" goes into letters: planner reasons'
            " shows each in its sentence."
        )
    return [show.wrapped(show.unbroken(line), hanging="  ") for line in lines]


def print_known(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    """Print what an import knows, and end."""
    if not wanted or ctx.resilient_parsing:
        return
    known = [(f.name, f.shape, ", ".join(f.also) or "-") for f in fields.FIELDS]
    special = [
        (s.name, f"{s.shape}; gives {', '.join(s.gives)}", ", ".join(s.headers))
        for s in fields.SPECIAL
        if s.name in fields.NAMEABLE
    ]
    further = fields.SPECIAL_BY_NAME[fields.STATUS_TOO]
    special.append(
        ("status", f"{further.shape}, in any further column", ", ".join(further.headers))
    )
    for rows in (known, special):
        for name, shape, headers in rows:
            click.echo(show.wrapped(f"{name}  ({shape})", hanging="    "))
            click.echo(show.wrapped(f"also: {headers}", indent="    ", hanging="    "))
        click.echo()
    text = (
        "Headers match without regard to case, spacing and punctuation. Anything else:"
        ' --map "Their Header=NAME" with a name from the left, such as "Where I stand=status" or'
        ' "Where=location". A column that matches nothing is kept as an extra.'
    )
    click.echo(show.wrapped(text))
    ctx.exit()
