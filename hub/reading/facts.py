"""Audit facts as lines in a conversation. What is not in `FACTS` (who looked, say) is for the audit alone."""

from collections.abc import Iterable, Mapping

from hub.reasons import REASONS
from hub.store.tables import AuditEvent
from hub.surveys.exclusion_rules import WORDS as NOT_ASKED
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
    "kit_passed_on": "Had ready words passed on to the person they stand by",
    "supporter_informed": "Asked for information for supporters",
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
    "survey_invited": "Invited to a survey",
    "survey_not_invited": "Not asked to take part in a survey: {why}",
    "survey_answer_changed": "Changed an answer in a survey",
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
    "safe_check_set": "Set a time for “are you safe?”",
    "safe_check_moved": "Moved the time for “are you safe?”",
    "safe_check_ended": "Took back the time for “are you safe?”",
    "safe_plan_made": "Set days for “are you safe?”",
    "safe_plan_ended": "Took back the days for “are you safe?”",
    "safe_wishes_changed": "Changed how they are asked “are you safe?”",
    "safe_check_safe": "Said that they are safe",
    "safe_check_late": "Said that they are safe, after the time for an answer",
    "safe_check_duress": "Said that they are safe by the word that means no",
    "safe_check_not_safe": "Said that they are not safe",
    "safe_check_later": "Wanted more time before saying whether they are safe",
    "safe_check_unclear": "Answered “are you safe?” with neither yes nor no",
    "safe_check_silent": "Are you safe? {facts}",
    "chosen_contacts_told": "Their contacts were asked to call them",
    "chosen_contact_asked": "A contact was asked whether we may text them",
    "chosen_contact_agreed": "Agreed to be texted when somebody does not answer",
    "chosen_contact_declined": "Said no to being texted when somebody does not answer",
    "chosen_contact_ended": "A contact is not told any more",
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
    "statement_asked": "Asked for a statement",
    "statement_started": "Began to tell their statement",
    "statement_confirmed": "Confirmed their statement",
    "statement_withdrawn": "Took back their statement",
    "statement_expired": "Did not finish their statement in time",
    "voice_confirmed": "Said that the machine heard a voice message right",
    "voice_wrong": "Said that the machine heard a voice message wrong",
    "voice_corrected": "Wrote what they had said in a voice message",
    "case_event_recorded": "News of the case recorded",
    "right_told": "Was told of a right",
    "right_sent": "A right is to be told to them",
    "rights_offered": "Was offered to hear of a right",
    "rights_declined": "Wants no more offers of rights",
    "support_sent": "A service is to be named to them",
    "support_listed": "Was given the names of services",
    "support_call_agreed": "Agreed that a service calls them",
    "support_call_declined": "Did not want a call from a service",
    "support_passed_on": "A service has been asked to call them",
    "support_not_needed": "Support settled otherwise",
    "restorative_asked_about": "Restorative justice was brought up",
    "restorative_wants_to_know": "Wants to hear about restorative justice",
    "restorative_speaking_with_coordinator": "Speaking with a coordinator about restorative justice",
    "restorative_agreed": "Agreed to a step of restorative justice",
    "restorative_prepared": "A step of restorative justice is prepared",
    "restorative_held": "A step of restorative justice took place",
    "restorative_not_now": "Restorative justice: not now",
    "restorative_no": "Restorative justice: never to be asked again",
    "restorative_ended": "Restorative justice ended",
    "proposal_made": "Is to be asked what they think of a proposal",
    "proposal_told": "Was told of the proposal",
    "view_given": "Said what they think of the proposal",
    "view_silent": "Has not said what they think of the proposal by the day",
    "proposal_decided": "The proposal was decided about",
    "update_told": "Was told of news of the case",
    "update_sent_again": "News of the case sent again",
    "update_due": "An update is due today",
    "update_overdue": "An update is overdue",
    "enhanced_rights_set": "Enhanced rights changed",
    "update_rhythm_set": "How often they wish to hear changed",
    "updates_wanted": "Wants updates again",
    "updates_unwanted": "Wants no updates",
    "contact_named": "Named somebody to hear of the case",
    "contact_agreed": "Said yes: whom they named hears of the case",
    "contact_unnamed": "Whom they had named hears nothing more",
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
        why=not_asked(event.details.get("reasons", ())),
        texts=" / ".join(f"“{words[number]}”" for number in texts_of(event) if words.get(number)),
    )


def not_asked(reasons: Iterable[object]) -> str:
    """Why somebody was not asked to take part in a survey."""
    return "; ".join(NOT_ASKED.get(str(name), str(name)) for name in reasons)


def workers_of(event: AuditEvent) -> set[int]:
    """The ids of the workers whom the line names."""
    by, _, number = event.actor.partition(":")
    named = {*event.details.get("supervisors", ()), event.details.get("to", 0)}
    return {int(each) for each in named if each} | ({int(number)} if by == "worker" else set())


def texts_of(event: AuditEvent) -> list[int]:
    """The ids of the messages that an event is about."""
    return [int(number) for number in event.details.get("texts", ())]
