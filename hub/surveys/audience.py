"""Whom a rule of `flows/surveys/invitations.yml` means, beside the role. Reads facts that are there; asks no store."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from hub.store.tables import Case, Person
from hub.surveys.lines import Lines


@dataclass(frozen=True, slots=True)
class Audience:
    """Empty: everybody. Of what is named, all must hold."""

    agencies: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    case_kinds: frozenset[str] = frozenset()
    closed_for: frozenset[str] = frozenset()
    tiers: frozenset[int] = frozenset()
    known_days: int = 0
    open_days: int = 0


EVERYBODY = Audience()


def read_audience(lines: Lines, body: dict[str, Any], *at: object) -> Audience:
    """Raises `FlowInvalid` with the line."""
    known = {each.name for each in fields(Audience)}
    for name, value in body.items():
        if name not in known:
            lines.refuse(f"an audience has no `{name}`: it can have {', '.join(sorted(known))}.", *at, name)
        if name.endswith("_days") and (not isinstance(value, int) or value < 1):
            lines.refuse(f"{name} is a whole number of 1 or more.", *at, name)
        if not name.endswith("_days") and not isinstance(value, list):
            lines.refuse(f"{name} is a list, such as [one, two].", *at, name)
    wanted: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value for name, value in body.items()
    }
    return Audience(**wanted)


def fits(audience: Audience, person: Person, case: Case | None, now: datetime) -> bool:
    team = person.worker.team.name if person.worker else ""
    agency = {person.agency.name, person.agency.short_name}
    return (
        (not audience.agencies or bool(audience.agencies & agency))
        and (not audience.teams or team in audience.teams)
        and (not audience.languages or person.language in audience.languages)
        and (not audience.tiers or person.tier in audience.tiers)
        and now - person.created_at >= timedelta(days=audience.known_days)
        and _fits_case(audience, case, now)
    )


def _fits_case(audience: Audience, case: Case | None, now: datetime) -> bool:
    if case is None:
        return not (audience.case_kinds or audience.closed_for or audience.open_days)
    return (
        (not audience.case_kinds or case.kind in audience.case_kinds)
        and (not audience.closed_for or case.closed_for in audience.closed_for)
        and (case.closed_at or now) - case.opened_at >= timedelta(days=audience.open_days)
    )
