"""The report of an import as a note to a person: what was read, what to decide, what to type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from planner import steps, system
from planner.cli import show
from planner.cli.hints.imports import note_text
from planner.cli.import_columns import columns_text, read_text
from planner.cli.import_costs import OF_FIELD, Cost, kind_of
from planner.cli.import_issues import SHOWN, SHOWN_ERRORS, Costs, issues_text
from planner.cli.import_preview import outlook_text
from planner.rules.visible import printable
from planner.sheets.columns import YOU
from planner.sheets.listing import Listing, called

if TYPE_CHECKING:
    from planner.steps.importing.report import Absent, FieldChange, Report

MOST_CHANGES = 12
LONGEST = 230  # characters of a change


class Typed(NamedTuple):
    """What was typed: the files, the options that hold for any file, and those for these alone.

    `for_rejects` are the options of an import of the rejects.
    """

    files: Sequence[str]
    everywhere: Sequence[str] = ()
    here: Sequence[str] = ()
    skipping: Sequence[str] = ()
    rejects: str | None = None
    dry_run: bool = False
    for_rejects: Sequence[str] = ()

    def again(self, *more: str) -> str:
        """The command that repeats the import, ready to paste."""
        return _pasted(*self.files, *self.everywhere, *self.here, *more)

    def for_real(self, *more: str) -> str:
        """The same once more, not as a try: bad rows go where they were to go."""
        kept = ["--rejects", self.rejects] if self.rejects else []
        return self.again(*self.skipping, *kept, *more)

    def of_rejects(self, rejects: str) -> str:
        """The import of the rows that were fixed in a file of their own."""
        return _pasted(rejects, *self.for_rejects)


def _pasted(*words: str) -> str:
    return printable(system.command_line(["planner", "import", *words]))


def report_text(
    report: Report, listings: Sequence[Listing], typed: Typed, *, whole: bool = False
) -> str:
    """The note; with the warnings that were seen before if it is to be `whole`."""
    parts = [_read(listing, brief=is_nothing_new(report)) for listing in listings]
    parts += [show.wrapped(show.unbroken(note_text(note)), hanging="  ") for note in report.notes]
    parts.append(counts_text(report))
    if report.changes:
        parts.append(_changes(report))
    parts += [_absent(report.absent)] if report.absent else []
    parts += _to_settle(report, listings, whole=whole)
    parts += _offers(report, typed)
    if report.seen and not whole:
        seen = show.plural(len(report.seen), "warning")
        parts.append(
            f"{seen} as last time; --all shows {'it' if len(report.seen) == 1 else 'them'}."
        )
    if report.voided:
        parts.append(show.voided(report.voided))
    if report.under_way:
        parts.append(show.under_way(report.under_way))
    if report.outlook is not None:
        parts.append(outlook_text(report.outlook))
    parts.append(_next(report, listings, typed))
    return "\n\n".join(filter(None, parts))


def _read(listing: Listing, *, brief: bool) -> str:
    """How a file was read; without its columns if nothing is new and they were not asked for."""
    asked = any(column.how == YOU for column in listing.columns)
    return read_text(listing) if brief and not asked else columns_text(listing)


def is_nothing_new(report: Report) -> bool:
    """Whether the files say of known programs what is known, and nothing else."""
    same = report.unchanged + report.merged
    return bool(report.read) and report.read == same and not report.stopped


def counts_text(report: Report) -> str:
    """How many rows there were, and what became of them."""
    rows = show.plural(report.read, "row")
    if not report.read:
        return "None of its rows is a program."
    if report.stopped:
        return f"{rows} read: {_fine_and_bad(report)}; nothing was written yet."
    if is_nothing_new(report):
        same = "the 1 row is" if report.read == 1 else f"all {rows} are"
        return f"Nothing new: {same} as before."
    counts = {
        "new": report.new,
        "changed": report.changed,
        "as before": report.unchanged,
        "merged into others": report.merged,
        "left out, to be fixed": report.rejected,
    }
    said = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    return show.wrapped(f"{rows} read: {said}.", hanging="  ")


def _fine_and_bad(report: Report) -> str:
    """What stopped rows are: neither new nor unchanged, but fine, or to be fixed."""
    fine, bad = report.read - report.rejected, report.rejected
    if not bad:
        return "each is fine by itself"
    needs = f"{bad} {'needs' if bad == 1 else 'need'} a fix"
    return f"{fine} {'is' if fine == 1 else 'are'} fine, {needs}" if fine else needs


def _changes(report: Report) -> str:
    """What changes, costliest first; a change that several programs share is reported once."""
    together: dict[tuple[Cost, str], list[str]] = {}
    for change in report.changes:
        cost = OF_FIELD.get(change.field, Cost.LOOKS)
        for said in _said(change):
            together.setdefault((cost, said), []).append(change.program)
    lines = [
        f"{programs[0]}: {said}"
        if len(programs) == 1
        else f"{said} ({show.plural(len(programs), 'program')}): {'; '.join(programs)}"
        for (_, said), programs in sorted(together.items(), key=lambda item: item[0][0])
    ]
    more = len(lines) - MOST_CHANGES
    rest = f"\n  ... and {more} more (all of them: --json)" if more > 0 else ""
    listed = show.bullets(show.clipped(line, LONGEST) for line in lines[:MOST_CHANGES])
    return f"What changes:\n{listed}{rest}"


def _said(change: FieldChange) -> list[str]:
    """What changes of a field; of the extras each that differs."""
    if not isinstance(change.old, Mapping) or not isinstance(change.new, Mapping):
        pairs: dict[str, tuple[Any, Any]] = {change.field: (change.old, change.new)}
    else:
        names = [n for n in {**change.old, **change.new} if change.old.get(n) != change.new.get(n)]
        pairs = {n: (change.old.get(n), change.new.get(n)) for n in names}
    return [
        f"{name} {steps.importing.format_value(change.field, old)} -> {steps.importing.format_value(change.field, new)}"
        for name, (old, new) in pairs.items()
    ]


def _absent(absent: Sequence[Absent]) -> str:
    """The programs that are no longer in the file, and what to do about them."""
    names = [f"#{p.id} {p.program} ({p.status})" for p in absent[:MOST_CHANGES]]
    more = len(absent) - len(names)
    listed = "; ".join([*names, *([f"and {more} more"] if more else [])])
    one = len(absent) == 1
    text = (
        f"{len(absent)} of yours {'is' if one else 'are'} no longer in this file, and"
        f" {'stays' if one else 'stay'}: {listed}"
    )
    number = absent[0].id
    return (
        f"{show.wrapped(text, hanging='  ')}\n"
        f"  -> planner programs remove {number}, or planner programs set {number} status=withdrawn"
    )


def _to_settle(report: Report, listings: Sequence[Listing], *, whole: bool) -> list[str]:
    """The issues: what must be fixed, what a person should decide, what was read how."""
    costs, several = Costs(listings), len(listings) > 1
    all_warnings = [*report.warnings, *(report.seen if whole else ())]
    # How columns were understood stands with the columns.
    said = [issue for issue in all_warnings if issue.code != "unknown_column"]
    asked = [issue for issue in said if kind_of(issue.code).asks]
    others = [issue for issue in said if not kind_of(issue.code).asks]
    groups = (
        ("error", "To fix, starting with what could cost the most:", report.errors),
        ("warning", "To decide, starting with what could cost the most:", asked),
        ("", "Read as follows; please check:", others),
    )
    most = {"error": SHOWN_ERRORS}
    found = [
        show.colored(color, title)
        + "\n"
        + issues_text(
            issues, costs, several=several, shown=None if whole else most.get(color, SHOWN)
        )
        for color, title, issues in groups
        if issues
    ]
    if not report.written and any(issue.code == "probable_twin" for issue in asked):
        found.append(
            "The numbers of new programs, as in merge, are valid once the import is written."
        )
    return found


def _offers(report: Report, typed: Typed) -> list[str]:
    """The whole commands by which warnings say that columns may be read otherwise."""
    offers = [issue.facts["maps"] for issue in report.warnings if "maps" in issue.facts]
    commands = [
        typed.for_real(*(word for text in maps for word in ("--map", text)))
        for maps in offers
        if isinstance(maps, list)
    ]
    return [f"Are they the directors? Then:\n  -> {command}" for command in commands]


def _next(report: Report, listings: Sequence[Listing], typed: Typed) -> str:
    """What to type next."""
    names = {listing.name for listing in listings}
    kept = "bad.csv" if "bad.csv" not in names else "rejects.csv"
    if report.stopped:
        return _after_a_stop(report, listings, typed, kept)
    if typed.dry_run:
        return f"This was only a try; nothing was written. To import it:\n  -> {typed.for_real()}"
    if report.rejects and typed.rejects:
        again = typed.of_rejects(typed.rejects)
        text = (
            f"The bad rows are in {printable(typed.rejects)}. Fix them there, then:\n  -> {again}"
        )
        return f"{text}\n{_in_the_sheet_too(listings)}"
    if report.rejects:
        text = f"The bad rows were not saved: import again with --rejects {kept} to get them."
        return f"{show.wrapped(text)}\n{_in_the_sheet_too(listings)}"
    if report.voided:
        return "Next: planner draft, then read and approve them again"
    return "Next: planner plan"


def _after_a_stop(report: Report, listings: Sequence[Listing], typed: Typed, kept: str) -> str:
    if report.undecided:
        return _undecided(report, listings, typed)
    if typed.rejects:
        where = printable(typed.rejects)
        text = f"Nothing was written. The rows to fix are in {where}, too, with what is wrong."
        return show.wrapped(text)
    if report.rejected == report.read:
        return f"Nothing was written. Fix these cells, then:\n  -> {typed.again()}"
    take = typed.again("--on-error", "skip", "--rejects", kept)
    return (
        f"Nothing was written. Fix these cells, then:\n  -> {typed.again()}\n"
        f"Or import the good rows now, and put the others into {kept}:\n  -> {take}\n"
        f"{_in_the_sheet_too(listings)}"
    )


def _undecided(report: Report, listings: Sequence[Listing], typed: Typed) -> str:
    """What to type where a file as a whole is not understood: whole, and the safer way."""
    codes = {issue.code for issue in report.errors}
    wanted = [str(issue.facts["map"]) for issue in report.errors if "map" in issue.facts]
    if wanted and "no_specialty" in codes:
        wanted = [*_of_specialties(listings), *wanted]
    maps = [word for each in wanted for word in ("--map", each)]
    said = ["Nothing was written."]
    if "second_table" in codes:
        said.append("Take what is named above out of this file.")
    if "colors_missing" in codes:
        said.append(
            "Import the workbook with the colors in place of this file. Or, if each row that matters"
            " says it in words, too:"
        )
        maps = ["--without-colors", *maps]
    elif maps:
        said.append("Say what these columns are; the safer way is:")
    else:
        said.append("Then:")
    again = typed.for_real(*maps)
    return f"{show.wrapped(' '.join(said))}\n  -> {again}"


def _of_specialties(listings: Sequence[Listing]) -> list[str]:
    """The columns that look like the specialty, as `--map` names them."""
    return [
        f"{called(column)}={target}"
        for listing in listings
        for column in listing.columns
        if (target := listing.suggestions.get(column.place)) == "specialty"
    ]


def _in_the_sheet_too(listings: Sequence[Listing]) -> str:
    """Why a fix belongs into the list as well."""
    lists = show.joined([printable(listing.name) for listing in listings])
    return show.wrapped(
        f"Will you import {lists} again? Then fix the same cells there, too, or the next import"
        " brings back what they say now."
    )
