"""Looking at programs and setting their fields by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from planner.errors import ConfigError
from planner.rules.facts import (
    ContactPolicy,
    Program,
    Service,
    Signal,
    Specialty,
    Status,
    Step2Policy,
    Track,
)
from planner.rules.identity import differ, key_of
from planner.rules.near import did_you_mean, nearest
from planner.rules.situation import Situation
from planner.rules.specialties import Specialties
from planner.sheets.fields import BY_NAME
from planner.sheets.parsers import cells, vocabulary
from planner.sheets.parsers.dates import Season, outside_season, season_of
from planner.steps.approvals import void_moved
from planner.steps.plan import find_program
from planner.steps.recovering import recover_dead
from planner.steps.under_way import UnderWay, find_under_way
from planner.steps.workspace import Workspace
from planner.store import programs
from planner.store.engine import Transaction

# What an empty value sets a field to.
EMPTY = Program(id=0, program="", specialty="")
# An empty status would be "applied", and so would forget how far a program has come.
NEVER_EMPTY = {
    "program": "program=..., with a value.",
    "specialty": "specialty=..., with a value.",
    "status": f"One of: {', '.join(Status)}.",
}


def list_programs(ws: Workspace) -> list[Program]:
    """Every program, in the order of the list."""
    with ws.store.read() as tx:
        return programs.list_programs(tx)


def find(ws: Workspace, name: str) -> Program:
    """The program that a name means.  Raises UnknownNameError for none, or several."""
    return find_program(list_programs(ws), name)


def choose(
    everything: Iterable[Program],
    *,
    status: str | None = None,
    specialty: Specialty | None = None,
    ids: Collection[int] | None = None,
    sort: str = "id",
) -> list[Program]:
    """The programs that pass every filter given, sorted by a field, empty values last."""
    found = [
        program
        for program in everything
        if (status is None or program.status == status)
        and (specialty is None or program.specialty == specialty.name)
        and (ids is None or program.id in ids)
    ]

    def key(program: Program) -> tuple[bool, Any, int]:
        value = getattr(program, sort)
        text = value.casefold() if isinstance(value, str) else value
        return value in ("", None), "" if value is None else text, program.id

    return sorted(found, key=lambda p: p.id) if sort == "id" else sorted(found, key=key)


class Changed(NamedTuple):
    """A program as it was, the values set, remarks, and the letters whose approval is void.

    `under_way` are letters that a sender holds and that should not leave as they are.
    """

    program: Program
    values: Mapping[str, Any]
    remarks: Sequence[str]
    voided: Sequence[int]
    under_way: Sequence[UnderWay]


def set_by_hand(ws: Workspace, name: str, assignments: Sequence[str]) -> Changed:
    """Set fields of one program by FIELD=VALUE words.

    Raises UnknownNameError for a name that fits no program, or several, ConfigError for a
    word that makes no sense, and for a code that another program has.
    """
    situation = ws.situation()
    season = season_of(situation)
    values, remarks = parse_assignments(assignments, situation.specialties, season=season)
    recover_dead(ws)
    with ws.store.begin() as tx:
        found = find_program(programs.list_programs(tx), name)
        remarks += find_doubts(found, values, situation.specialties, season=season)
        voided = set_fields(tx, situation, found, values, account=ws.account)
        under_way = find_under_way(tx, situation, ws.account)
    return Changed(found, values, remarks, voided, under_way)


def parse_assignments(
    assignments: Sequence[str], specialties: Specialties, *, season: Season | None = None
) -> tuple[dict[str, Any], list[str]]:
    """FIELD=VALUE words to values, by the words that an import takes too, and remarks.

    A date without a year is of the `season`.

    Raises ConfigError naming the field and what was expected.
    """
    values: dict[str, Any] = {}
    remarks: list[str] = []
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        name = name.strip()
        if not equals:
            raise ConfigError(
                f'"{assignment}" is not FIELD=VALUE.',
                hint="Leave no space around the =, and put a name or a value of several words in"
                ' quotes: "Mercy General" reason="their clinic"',
                code="unknown_field",
            )
        if name not in BY_NAME:
            raise ConfigError(
                f'There is no field "{name}".{did_you_mean(nearest(name, BY_NAME))}',
                hint=f"Fields: {', '.join(BY_NAME)}.",
                code="unknown_field",
            )
        said = cells.clean_cell(text)
        values[name] = _value(name, said, specialties, season, remarks)
        for beside, value in _said_beside(name, said, values[name], specialties).items():
            values.setdefault(beside, value)
    return values, remarks


def _said_beside(
    name: str, text: str, value: object, specialties: Specialties
) -> Mapping[str, object]:
    """Return another field that a value gives: a policy's channel, a specialty's track."""
    if value is ContactPolicy.CHANNEL and (way := vocabulary.contact_channel(text)):
        return {"contact_channel": way}
    if name == "specialty" and (track := specialties.position(text)[1]):
        return {"track": track}
    return {}


# The words of fields that have a few; one of them may have been meant by a word that is none.
WORDS: Mapping[str, Iterable[str]] = {
    "application_service": Service,
    "contact_policy": ContactPolicy,
    "signal": Signal,
    "status": Status,
    "step2_policy": Step2Policy,
    "track": Track,
}


def _value(
    name: str, text: str, specialties: Specialties, season: Season | None, remarks: list[str]
) -> Any:
    if cells.is_missing(text) and text.casefold() not in BY_NAME[name].own:
        if name in NEVER_EMPTY:
            raise ConfigError(f"{name} cannot be empty.", hint=NEVER_EMPTY[name])
        return getattr(EMPTY, name)
    if name == "specialty":
        found = specialties.meant(text)
        if found is None:
            raise ConfigError(
                f'specialty: "{text}" is not known.{specialties.guess(text)}',
                code="unknown_specialty",
            )
        return found.name
    try:
        value = BY_NAME[name].parser(season)(text)
    except cells.BadCellError as bad:
        meant = did_you_mean(nearest(text, WORDS.get(name, ())))
        raise ConfigError(
            f'{name}: "{text}" is not understood; {bad.expected}.{meant}',
            code=bad.code,
            field=name,
        ) from None
    if isinstance(value, cells.Noted):
        remarks.append(f"{name}: {value.remark}")
        value = value.value
    return getattr(EMPTY, name) if value is None else value


def find_doubts(
    program: Program, values: Mapping[str, Any], specialties: Specialties, *, season: Season
) -> list[str]:
    """Return the remarks that an import would make about these values."""
    changed = replace(program, **values)
    specialty = specialties.named(changed.specialty)
    day = changed.interview_date if "interview_date" in values else None
    interviews = season.interview_days(specialty.match if specialty else None)
    text = outside_season(day, interviews) if day is not None else ""
    return [f"interview_date: {text}"] if text else []


def set_fields(
    tx: Transaction,
    situation: Situation,
    program: Program,
    values: dict[str, Any],
    *,
    account: str,
) -> list[int]:
    """Set fields by hand; return the letters whose approval that voids.

    Raises ConfigError for a code that another program has.
    """
    _refuse_twin(replace(program, **values), programs.list_programs(tx))
    programs.set_fields(tx, program, values)
    return void_moved(tx, situation, account=account, command="programs set")


def _refuse_twin(program: Program, everything: Iterable[Program]) -> None:
    """Two tracks may share name and ACGME ID if their NRMP codes differ; nothing else may."""
    key = key_of(program)
    for other in everything:
        if other.id == program.id:
            continue
        tracks = program.nrmp_code and other.nrmp_code and program.nrmp_code != other.nrmp_code
        other_acgme = program.acgme_id and other.acgme_id and program.acgme_id != other.acgme_id
        same_nrmp = program.nrmp_code and program.nrmp_code == other.nrmp_code and not other_acgme
        same_acgme = program.acgme_id and program.acgme_id == other.acgme_id and not tracks
        same_name = key == key_of(other) and not (
            tracks or other_acgme or differ(program.state, other.state)
        )
        if same_nrmp or same_acgme or same_name:
            code = program.nrmp_code if same_nrmp else program.acgme_id
            same = f"{code} is the code of" if same_nrmp or same_acgme else "That would be"
            raise ConfigError(
                f"{same} #{other.id} {other.program} already.",
                code="twin",
                other=other.id,
            )
