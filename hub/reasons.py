"""Why something is put in front of a human: the words for it, how soon, and which of them interrupt.

To add a reason, add one entry to `REASONS`. Knows nothing of who takes it on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.store.tables import Agency, Escalation
from hub.working_time import add_working_minutes

HOUR, DAY = 60, 8 * 60  # working minutes; a working day has eight hours


@dataclass(frozen=True, slots=True)
class Reason:
    """`words` as the inbox shows them; due after `minutes`, of working time unless `at_once`."""

    words: str
    minutes: int
    at_once: bool = False  # counts by the clock on the wall, day and night

    def due(self, opened_at: datetime, agency: Agency) -> datetime:
        if self.at_once:
            return opened_at + timedelta(minutes=self.minutes)
        return add_working_minutes(opened_at, self.minutes, agency)


REASONS: dict[str, Reason] = {
    "crisis_self": Reason("May harm themselves", 10, at_once=True),
    "danger_now": Reason("May be in danger", 10, at_once=True),
    "threat_to_others": Reason("May harm someone else", 10, at_once=True),
    "harm_to_child": Reason("A child may be at risk", 10, at_once=True),
    "domestic_abuse": Reason("Speaks of abuse", 10, at_once=True),
    "medical_emergency": Reason("Medical emergency", 10, at_once=True),
    "safe_check_silent": Reason("Set “are you safe?” and has not answered", 10, at_once=True),
    "safe_check_duress": Reason("Said they are safe by the word that means no", 10, at_once=True),
    "safe_check_unclear": Reason("Answered “are you safe?” with neither yes nor no", 10, at_once=True),
    "not_safe_to_talk": Reason("Says it is not safe to talk", 30, at_once=True),
    "safe_contact_no": Reason("Says that this phone is not safe", 30, at_once=True),
    "someone_else_reads": Reason("Somebody else may have their phone", 30, at_once=True),
    "safe_contact_missing": Reason("Not known whether their phone is safe", DAY),
    "not_handled": Reason("Something went wrong while reading this", HOUR),
    "wants_a_person": Reason("Asked to speak to a person", 4 * HOUR),
    "wants_a_call": Reason("Asked for a call", 4 * HOUR),
    "not_understood": Reason("Could not be understood", 4 * HOUR),
    "assistant_down": Reason("Came while the assistant was off", 4 * HOUR),
    "cannot_attend": Reason("Says they cannot come", 2 * HOUR),
    "wants_to_move": Reason("Asks for another time", 4 * HOUR),
    "running_late": Reason("Is running late", 15),
    "proof_to_check": Reason("Proof to check", DAY),
    "bad_file": Reason("Sent a file that could not be used", DAY),
    "struggling": Reason("Is struggling", 4 * HOUR),
    "something_changed": Reason("Says something has changed", DAY),
    "no_answer": Reason("Has not answered for 3 days", DAY),
    "silent": Reason("No answer to the texts of two appointments in a row", DAY),
    "check_in_silent": Reason("Has not answered a check-in", DAY),
    "return_silent": Reason("Has not said whether they are back", HOUR),
    "not_back_yet": Reason("Said twice that they are not back yet", HOUR),
    "missed_appointment": Reason("Missed an appointment", DAY),
    "attendance_unknown": Reason("Attendance not known", 2 * DAY),
    "survey_concern": Reason("Worrying survey answer", 4 * HOUR),
    "session_concern": Reason("Session to look at", DAY),
    "case_question": Reason("Asks about their case", DAY),
    "update_due": Reason("An update is due to them today", 4 * HOUR),
    "update_overdue": Reason("An update to them is overdue", 2 * HOUR),
    "needs_support": Reason("Asks for support services", DAY),
    "wants_restorative": Reason("Wants to hear about restorative justice", DAY),
    "stopped_restorative": Reason("Wants to stop restorative justice", 4 * HOUR),
    "view_speak_first": Reason("Wants to speak before giving a view", DAY),
    "view_silent": Reason("Has not said what they think of a proposal", DAY),
    "condition_question": Reason("Asks about a condition", DAY),
    "condition_done": Reason("Says a condition is done", DAY),
    "wants_longer": Reason("Asks for longer for a condition", DAY),
    "condition_due": Reason("A condition is due soon, and they have said nothing", DAY),
    "condition_passed": Reason("The day of a condition has passed", DAY),
    "travel_help": Reason("Needs help to get there", 4 * HOUR),
    "contact_change": Reason("Wants to change how we contact them", DAY),
    "voice_message": Reason("A voice message to listen to", HOUR),
    "statement_given": Reason("Has given a statement", DAY),
    "statement_withdrawn": Reason("Has taken back a statement", 4 * HOUR),
    "statement_concern": Reason("Words in a statement that may be a cry for help", 4 * HOUR),
    "statement_open": Reason("Has not finished a statement", DAY),
    "file_waits": Reason("A file waits for the virus scanner", 4 * HOUR),
    "privacy_question": Reason("Asks about their data", 2 * DAY),
    "complaint": Reason("Complaint", DAY),
    "supporter_question": Reason("Wants someone to stand by them", DAY),
    "referral_ready": Reason("Has agreed to a referral: decide about it", 2 * DAY),
    "referral_call": Reason("A referral waits for your call", DAY),
    "referral_lapsed": Reason("Has not answered about a referral", 2 * DAY),
    "supporter_to_check": Reason("Wants somebody beside them: look first", DAY),
    "supporter_no_contact": Reason("Somebody on the no-contact list gave their code", 4 * HOUR),
    "supporter_choosing": Reason("Is ending a supporter’s part: whose is not said", 4 * HOUR),
    "code_guessing": Reason("Has sent many codes that do not work", DAY),
    "wrong_person": Reason("Says this is the wrong person", DAY),
    "unknown_sender": Reason("Unknown sender", DAY),
    "stopped": Reason("Stopped our texts", DAY),
    "stopped_by_mistake": Reason("Stopped our texts, maybe by mistake", 4 * HOUR),
    "wants_fewer_texts": Reason("Wants fewer texts from us, or none", DAY),
    "not_delivered": Reason("Could not be delivered", DAY),
    "maybe_not_delivered": Reason("May not have been delivered", 4 * HOUR),
    "same_text": Reason("Would have had the same text three times in a day", 4 * HOUR),
    "too_many_texts": Reason("Has had as many texts today as we allow", DAY),
    "passed_on": Reason("Passed on by a colleague", 4 * HOUR),
    "nudges_missed": Reason("A reminder could not go out in time", 4 * HOUR),
}

HEARD_BY_MACHINE = "heard_by_machine"  # the detail of what stands in a draft of a voice message

SAFETY_REASONS = frozenset(
    {"crisis_self", "danger_now", "threat_to_others", "harm_to_child", "domestic_abuse", "medical_emergency"}
)

# What interrupts a worker wherever they are: cries for help, and what somebody has asked us to take for one.
INTERRUPTING = SAFETY_REASONS | {"safe_check_silent", "safe_check_duress"}


def in_words(escalation: Escalation) -> str:
    """What the inbox shows; of a standstill, how many could not go out."""
    words = REASONS[escalation.reason].words
    if escalation.reason == "nudges_missed" and escalation.detail.isdigit() and int(escalation.detail) > 1:
        return f"{escalation.detail} reminders could not go out in time"
    if escalation.detail == HEARD_BY_MACHINE:
        return f"{words} (a machine heard it in a voice message: listen)"
    return words
