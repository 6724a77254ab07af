"""One row of a file of appointments, read cell by cell. Knows no store."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from integrations.case_systems.cells import (
    CellReader,
    one_of,
    read_date,
    read_email,
    read_minutes,
    read_rows,
    read_time,
    read_yes_no,
)
from integrations.case_systems.report import Report
from integrations.case_systems.table import Column

COLUMNS = (
    Column("appointment_id", needed=True),
    Column("person_ref", needed=True),
    Column("date", needed=True),
    Column("time", needed=True),
    Column("minutes"),
    Column("with_whom", needed=True),
    Column("place"),
    Column("how"),
    Column("bring"),
    Column("directions"),
    Column("proof_wanted"),
    Column("worker_email"),
    Column("repeats"),
)
USUAL_MINUTES = 30


class How(StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    row: int
    external_id: str
    person_ref: str
    day: date
    clock: time  # on the agency's wall
    minutes: int
    with_whom: str
    place: str
    how: How
    bring: str
    directions: str
    proof_wanted: bool
    worker_email: str
    repeats: str  # in plain words or as an RRULE; empty: once

    def details(self) -> dict[str, str | int | bool]:
        """What an appointment says besides who and when, by the names of its columns in the store."""
        return {
            "minutes": self.minutes,
            "with_whom": self.with_whom,
            "place": self.place,
            "how": self.how.value,
            "bring": self.bring,
            "directions": self.directions,
            "proof_wanted": self.proof_wanted,
        }


def read_appointments(content: bytes) -> Report[AppointmentRow]:
    """The appointments of a CSV file."""
    return read_rows(content, COLUMNS, _appointment_row)


def _appointment_row(cells: CellReader) -> AppointmentRow:
    appointment = AppointmentRow(
        row=cells.row.number,
        external_id=cells.needed("appointment_id", str, ""),
        person_ref=cells.needed("person_ref", str, ""),
        day=cells.needed("date", read_date, date.max),
        clock=cells.needed("time", read_time, time(12)),
        minutes=cells.optional("minutes", read_minutes, USUAL_MINUTES),
        with_whom=cells.needed("with_whom", str, ""),
        place=cells.optional("place", str, ""),
        how=cells.optional("how", one_of(How), How.IN_PERSON),
        bring=cells.optional("bring", str, ""),
        directions=cells.optional("directions", str, ""),
        proof_wanted=cells.optional("proof_wanted", read_yes_no, False),
        worker_email=cells.optional("worker_email", read_email, ""),
        repeats=cells.optional("repeats", str, ""),
    )
    if appointment.how is How.IN_PERSON and not appointment.place:
        cells.problem("place", "It is empty. People need to know where to go.")
    return appointment
