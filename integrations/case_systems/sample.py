"""Invented files of a case system, as real ones look: people, their cases, and appointments on working days.

    python -m integrations.case_systems.sample --appointments 500 --out sample --seed 7 --start 2026-12-07

The same seed gives the same files. Every number is from the range kept for films and tests. Knows no store.
"""

import argparse
import csv
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import holidays

FIRST_NUMBER, LAST_NUMBER = 900_100, 900_999  # below them are the demo's own lines and phones
MOST_PEOPLE = LAST_NUMBER - FIRST_NUMBER + 1
APPOINTMENTS_PER_PERSON = 5 / 3
MOST_APPOINTMENTS = int(MOST_PEOPLE * APPOINTMENTS_PER_PERSON)


def _words(line: str) -> list[str]:
    return line.split()


FIRST_NAMES = _words(
    "Aaron Aisha Amir Beth Callum Chloe Connor Dafydd Danielle Dylan Ella Emeka Femi Gareth Grace Hamza Ioana"
    " Isla Jack Jade Kacper Kayleigh Kieran Leah Liam Magda Marek Megan Nia Nathan Olu Paige Rhys Ricky Sadia"
    " Sián Tariq Tyler Zara Zoë"
)
LAST_NAMES = _words(
    "Ahmed Bailey Begum Campbell Carter Davies Edwards Evans Fletcher Griffiths Harris Hussain Ionescu Jones"
    " Jenkins Kaminski Khan Lewis Morgan Murphy Nowak O'Neill Okafor Patel Price Roberts Shah Singh Taylor"
    " Smith-Barker Walker Williams"
)
LANGUAGES = ("en",) * 17 + ("cy", "cy", "pl")
PLACES = (
    (
        "Probation office, 12 Canal Street, DE1 1AA",
        "Five minutes from the bus station. Ring the second bell.",
    ),
    ("Community hub, 3 Mill Lane, DE1 2BB", "Bus 7 stops outside. The door is at the back, with a ramp."),
    ("Women's centre, 40 Park Road, DE1 3CC", ""),
    ("Library, Market Square, DE1 4DD", "First floor. There is a lift."),
    ("Job centre, 1 Station Road, DE1 5EE", ""),
)
TO_MEET = (
    "Priya",
    "Tom",
    "Ann",
    "the drugs and alcohol service",
    "the debt adviser",
    "the victim awareness course",
)
TO_BRING = ("", "", "", "photo ID", "your letter", "proof of your address")
HOW = ("in_person",) * 8 + ("phone", "video")
MINUTES = (30, 30, 30, 45, 60, 120)
KINDS = ("conditional_caution", "community_resolution", "diversionary_caution", "bail", "iom")
QUARTERS_OF_THE_DAY = tuple(time(hour, minute) for hour in range(9, 17) for minute in (0, 15, 30, 45))

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Sample:
    people: Rows
    cases: Rows
    appointments: Rows


def make(appointments: int, *, seed: int, start: date, days: int = 14, worker_email: str = "") -> Sample:
    """Invent a sample: three people to five appointments, from `start` over `days` days.

    Raises `ValueError` above 1,500 appointments: there are not more invented numbers.
    """
    if not 1 <= appointments <= MOST_APPOINTMENTS:
        raise ValueError(f"Choose from 1 to {MOST_APPOINTMENTS} appointments: there are {MOST_PEOPLE} numbers.")
    chance = random.Random(seed)  # noqa: S311 - invented data that must repeat, not a secret
    people = list(_people(chance, round(appointments / APPOINTMENTS_PER_PERSON) or 1, worker_email))
    return Sample(
        people=people,
        cases=list(_cases(chance, people, start, worker_email)),
        appointments=list(_appointments(chance, people, appointments, working_days(start, days), worker_email)),
    )


def working_days(start: date, days: int) -> list[date]:
    """The days from `start` that are no weekend and no bank holiday of England; at least one."""
    closed = holidays.country_holidays("GB", subdiv="ENG")
    found: list[date] = []
    day = start
    while day < start + timedelta(days=days) or not found:
        if day.weekday() < 5 and day not in closed:
            found.append(day)
        day += timedelta(days=1)
    return found


def _people(chance: random.Random, how_many: int, worker_email: str) -> Iterator[dict[str, str]]:
    numbers = chance.sample(range(FIRST_NUMBER, LAST_NUMBER + 1), how_many)
    for count, number in enumerate(numbers, 1):
        first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        yield {
            "person_ref": f"P{count:04}",
            "name": f"{first} {last}",
            "preferred_name": first if chance.random() < 0.8 else "",
            "role": "supervised",
            "mobile": _as_somebody_types(chance, f"07700{number}"),
            "language": chance.choice(LANGUAGES),
            "worker_email": worker_email,
            "discreet": "yes" if chance.random() < 0.1 else "",
            "preferred_channel": "sms",
        }


def _as_somebody_types(chance: random.Random, number: str) -> str:
    spaced = f"{number[:5]} {number[5:]}"
    return chance.choice([number, spaced, spaced, f"+44{number[1:]}", f"+44 (0){spaced[1:]}", f"0044{number[1:]}"])


def _cases(chance: random.Random, people: Rows, start: date, worker_email: str) -> Iterator[dict[str, str]]:
    for count, person in enumerate(people, 1):
        opened = start - timedelta(days=chance.randint(30, 120))
        yield {
            "case_ref": f"C{count:04}",
            "person_ref": person["person_ref"],
            "kind": chance.choice(KINDS),
            "opened_on": f"{opened:%d/%m/%Y}",
            "worker_email": worker_email,
        }


def _appointments(
    chance: random.Random, people: Rows, how_many: int, days: Sequence[date], worker_email: str
) -> Iterator[dict[str, str]]:
    taken: set[tuple[str, date]] = set()
    count = 0
    while count < how_many:
        person, day = chance.choice(people)["person_ref"], chance.choice(days)
        if (person, day) in taken and len(taken) < len(people) * len(days):
            continue  # nobody has two on one day while a free day is left
        taken.add((person, day))
        count += 1
        yield _appointment(chance, count, person, day, worker_email)


def _appointment(chance: random.Random, count: int, person: str, day: date, worker_email: str) -> dict[str, str]:
    how = chance.choice(HOW)
    place, directions = chance.choice(PLACES) if how == "in_person" else ("", "")
    return {
        "appointment_id": f"A{count:05}",
        "person_ref": person,
        "date": f"{day:%d/%m/%Y}",
        "time": f"{chance.choice(QUARTERS_OF_THE_DAY):%H:%M}",
        "minutes": str(chance.choice(MINUTES)),
        "with_whom": chance.choice(TO_MEET),
        "place": place,
        "how": how,
        "bring": chance.choice(TO_BRING),
        "directions": directions,
        "proof_wanted": "yes" if chance.random() < 0.3 else "no",
        "worker_email": worker_email,
    }


def write(sample: Sample, folder: Path) -> None:
    """people.csv, cases.csv and appointments.csv, as Excel writes "CSV UTF-8"."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {
        "people": sample.people,
        "cases": sample.cases,
        "appointments": sample.appointments,
    }.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, fieldnames=list(rows[0]))
            table.writeheader()
            table.writerows(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="integrations.case_systems.sample", description="Invented CSV files.")
    parser.add_argument("--appointments", type=int, default=500)
    parser.add_argument("--out", type=Path, default=Path("sample"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", type=date.fromisoformat, help="first day, as 2026-12-07; else in eight days")
    parser.add_argument("--days", type=int, default=14, help="over how many days; no weekends, no bank holidays")
    parser.add_argument("--worker-email", default="", help="the worker of all of them; must have an account")
    asked = parser.parse_args(arguments)
    # Eight days from now, so that the first reminder, a week before, still lies ahead.
    start = asked.start or datetime.now(UTC).date() + timedelta(days=8)
    try:
        sample = make(
            asked.appointments, seed=asked.seed, start=start, days=asked.days, worker_email=asked.worker_email
        )
    except ValueError as wrong:
        parser.error(str(wrong))
    write(sample, asked.out)
    sys.stdout.write(f"{len(sample.people)} people, {len(sample.appointments)} appointments in {asked.out}\n")


if __name__ == "__main__":
    main()
