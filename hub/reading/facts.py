"""Audit facts as lines in a conversation. What is not in `FACTS` (who looked, say) is for the audit alone."""

from hub.escalations import REASONS
from hub.store.tables import AuditEvent

FACTS: dict[str, str] = {
    "conversation_taken_over": "Took over from the bot",
    "conversation_handed_back": "Handed back to the bot",
    "escalation_opened": "Needs attention: {reason}",
    "escalation_woken": "Back again: {reason}",
    "escalation_taken": "Took on: {reason}",
    "escalation_snoozed": "Put aside for now: {reason}",
    "escalation_closed": "Closed: {reason}",
    "appointment_made": "Appointment made",
    "appointment_moved": "Appointment moved",
    "appointment_cancelled": "Appointment cancelled",
    "appointment_attended": "Came to the appointment",
    "appointment_missed": "Did not come to the appointment",
    "appointment_unknown": "Attendance not known",
    "move_asked": "Asked for another time",
    "proof_given": "Gave proof of attendance",
    "proof_accepted": "Proof of attendance accepted",
    "proof_rejected": "Proof of attendance rejected",
    "check_in_answered": "Answered the check-in",
    "check_in_reviewed": "Check-in looked at",
    "case_event_recorded": "News of the case recorded",
    "supporter_invited": "Invited a supporter",
    "supporter_accepted": "A supporter accepted",
}


def say_fact(event: AuditEvent) -> str:
    """The line for one event of `FACTS`."""
    code = str(event.details.get("reason", ""))
    reason = REASONS[code].words if code in REASONS else code.replace("_", " ")
    return FACTS[event.what].format(reason=reason)
