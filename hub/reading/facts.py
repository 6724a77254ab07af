"""Audit facts as lines in a conversation. What is not in `FACTS` (who looked, say) is for the audit alone."""

from collections.abc import Mapping

from hub.escalations import REASONS
from hub.store.tables import AuditEvent
from hub.words import Awaiting

FACTS: dict[str, str] = {
    "conversation_taken_over": "Took over from the bot",
    "conversation_handed_back": "Handed back to the bot",
    "conversation_passed_on": "Passed on to {to}",
    "transcript_downloaded": "Downloaded as a file",
    "escalation_opened": "Needs attention: {reason}",
    "escalation_woken": "Back again: {reason}",
    "escalation_taken": "Took on: {reason}",
    "escalation_assigned": "Given to {to}: {reason}",
    "escalation_untaken": "Nobody took this in time: {reason}. {told}",
    "escalation_snoozed": "Put aside for now: {reason}",
    "escalation_closed": "Closed: {reason}",
    "cry_for_help": "Read as a cry for help: {reason}",
    "sent_another_way": "Could not be delivered, so it was sent to another number or app of theirs",
    "appointment_made": "Appointment made",
    "appointment_moved": "Appointment moved",
    "appointment_cancelled": "Appointment cancelled",
    "appointment_attended": "Came to the appointment",
    "appointment_missed": "Did not come to the appointment",
    "appointment_unknown": "Attendance not known",
    "not_understood": "Could not be understood. We had asked {asked}. They wrote: {texts}",
    "stopped": "Stopped all our texts",
    "safe_contact_recorded": "It is known how their phone may be used",
    "safe_contact_refused": "Their phone is not safe: nothing goes there",
    "safe_contact_silent": "Has not said whether their phone is safe",
    "address_doubted": "Somebody else may have their phone: nothing goes there",
    "stopped_surveys": "Stopped surveys",
    "move_asked": "Asked for another time",
    "proof_given": "Gave proof of attendance",
    "proof_accepted": "Proof of attendance accepted",
    "proof_rejected": "Proof of attendance rejected",
    "proof_asked_again": "Asked again for proof of attendance",
    "check_in_answered": "Answered the check-in",
    "check_in_reviewed": "Check-in looked at",
    "check_in_called": "Called about the check-in",
    "check_in_sent_again": "Check-in sent again",
    "check_in_asked_now": "Check-in asked beside the rhythm",
    "check_in_plan_made": "Check-ins set up",
    "check_in_plan_changed": "Rhythm of check-ins changed",
    "check_in_plan_paused": "Check-ins paused",
    "check_in_plan_resumed": "Check-ins go on again",
    "check_in_plan_ended": "No more check-ins",
    "return_plan_made": "“Are you back?” set up",
    "return_plan_changed": "“Are you back?” changed",
    "return_plan_ended": "“Are you back?” ended",
    "return_said": "Said that they are back",
    "return_said_late": "Said that they are back, after the time for an answer",
    "return_not_yet": "Said that they are not back yet",
    "return_silent": "Are you back? {facts}",
    "condition_added": "Condition added",
    "condition_changed": "Condition changed",
    "condition_reported_done": "Said that a condition is done",
    "condition_taken_back": "Said that a condition is not done after all",
    "condition_going_well": "Said that a condition is going well",
    "condition_photo": "Sent a photo for a condition",
    "condition_done": "Condition done",
    "condition_not_done": "Condition not done",
    "condition_waived": "Condition not needed any more",
    "condition_opened_again": "Condition open again",
    "extension_asked": "Asked for longer for a condition",
    "extension_accepted": "Longer given for a condition",
    "extension_declined": "No longer time given for a condition",
    "why_missed_told": "Said why they missed an appointment",
    "silence_decided": "Decided what to do about the silence: {reason}",
    "session_feedback_given": "Said how the session went",
    "case_event_recorded": "News of the case recorded",
    "supporter_invited": "Invited a supporter",
    "person_merged": "Became one with another record of theirs",
    "person_transferred": "Given to another worker",
    "messages_paused": "Messages paused",
    "messages_resumed": "Messages go on again",
    "contact_ended": "Contact ended",
    "contact_restored": "Contact started again",
    "supporter_accepted": "A supporter accepted",
}


# What the open question wanted to know, for whoever takes over.
ASKED: dict[Awaiting, str] = {
    Awaiting.NOTHING: "nothing",
    Awaiting.APPOINTMENT_CONFIRMATION: "whether they will come",
    Awaiting.RESCHEDULE_TIME: "which time would suit them",
    Awaiting.ATTENDANCE_PROOF: "for proof that they came",
    Awaiting.ATTENDANCE_CODE: "for the code on the screen",
    Awaiting.CHECK_IN_FEELING: "how they are",
    Awaiting.CHECK_IN_HELP: "what would help",
    Awaiting.SURVEY_RATING: "for a number in a survey",
    Awaiting.SURVEY_CHOICE: "for a choice in a survey",
    Awaiting.SURVEY_YES_NO: "yes or no in a survey",
    Awaiting.SURVEY_TEXT: "for their own words in a survey",
    Awaiting.SAFE_TO_TALK: "whether it is safe to talk",
    Awaiting.THREAD_INVITATION: "whether they accept the invitation",
    Awaiting.LANGUAGE: "which language they want",
    Awaiting.IDENTITY_CHECK: "who is writing",
    Awaiting.STOP_SCOPE: "which texts to stop",
}


def say_fact(event: AuditEvent, words: Mapping[int, str], names: Mapping[int, str]) -> str:
    """The line for one event of `FACTS`. `words`: of the messages that events name; `names`: of workers; by id."""
    told = ", ".join(names.get(number, "A supervisor") for number in event.details.get("supervisors", ()))
    code = str(event.details.get("reason", ""))
    return FACTS[event.what].format(
        reason=REASONS[code].words if code in REASONS else code.replace("_", " "),
        asked=ASKED[Awaiting(event.details.get("asked", Awaiting.NOTHING))],
        to=names.get(event.details.get("to", 0), "a colleague"),
        told=f"{told} {'were' if ', ' in told else 'was'} told" if told else "There is no supervisor to tell",
        facts=event.details.get("facts", ""),
        texts=" / ".join(f"“{words[number]}”" for number in texts_of(event) if words.get(number)),
    )


def workers_of(event: AuditEvent) -> set[int]:
    """The ids of the workers whom the line names."""
    by, _, number = event.actor.partition(":")
    named = {*event.details.get("supervisors", ()), event.details.get("to", 0)}
    return {int(each) for each in named if each} | ({int(number)} if by == "worker" else set())


def texts_of(event: AuditEvent) -> list[int]:
    """The ids of the messages that an event is about."""
    return [int(number) for number in event.details.get("texts", ())]
