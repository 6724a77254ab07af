"""Builders of small CSV files, so that a test names only what it is about."""

from collections.abc import Mapping

PERSON = {
    "person_ref": "P1",
    "name": "Sam Carter",
    "preferred_name": "Sam",
    "role": "supervised",
    "mobile": "07700 900123",
    "language": "en",
    "worker_email": "priya@example.org",
    "discreet": "no",
    "preferred_channel": "sms",
}
APPOINTMENT = {
    "appointment_id": "A1",
    "person_ref": "P1",
    "date": "31/12/2026",
    "time": "14:00",
    "minutes": "45",
    "with_whom": "Priya",
    "place": "1 High Street, DE1 1AA",
    "how": "in_person",
    "bring": "photo ID",
    "directions": "Ring the second bell.",
    "proof_wanted": "yes",
    "worker_email": "priya@example.org",
    "repeats": "",
}
CASE = {
    "case_ref": "C1",
    "person_ref": "P1",
    "kind": "Conditional caution",
    "opened_on": "01/02/2026",
    "worker_email": "priya@example.org",
}


def csv_of(usual: Mapping[str, str], *changes: Mapping[str, str], separator: str = ",") -> bytes:
    """A file with one row for each of `changes` (one usual row when there are none)."""
    rows = [{**usual, **change} for change in changes or ({},)]
    lines = [list(rows[0]), *([row[name] for name in rows[0]] for row in rows)]
    quoted = (separator.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    return ("\r\n".join(quoted) + "\r\n").encode()
