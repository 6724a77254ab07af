"""The door for files of a case system: read a CSV, look at its problems, import it whole or not at all.

    report = read_appointments(path.read_bytes())
    result = await import_appointments(hub, report, agency_id=1, side=side, actor="worker:7", dry_run=True)
    for sentence in result.sentences():
        print(sentence)

People come first, then cases and appointments, which name people by `person_ref`.
"""

from integrations.case_systems.appointment_rows import AppointmentRow, read_appointments
from integrations.case_systems.appointments import import_appointments
from integrations.case_systems.cases import CaseRow, import_cases, read_cases
from integrations.case_systems.people import PersonRow, import_people, read_people
from integrations.case_systems.report import MOST_SHOWN, ImportResult, Problem, Report

__all__ = [
    "MOST_SHOWN",
    "AppointmentRow",
    "CaseRow",
    "ImportResult",
    "PersonRow",
    "Problem",
    "Report",
    "import_appointments",
    "import_cases",
    "import_people",
    "read_appointments",
    "read_cases",
    "read_people",
]
