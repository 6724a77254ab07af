"""How the timeline says things: facts of the audit, texts of ours by their name, texts of theirs by what they did.

Plain sentences about what happened; none judges. What stands in none of these tables is not listed: it is counted.
"""

from collections.abc import Mapping

# By the audit's word. {when} and {with_whom}: of the appointment; {condition}: its words; {by}: who, in words.
EVENTS: Mapping[str, str] = {
    "case_opened": "The case was opened",
    "case_reopened": "The case was opened again",
    "case_closed": "The case was closed: {closed}",
    "case_event_recorded": "News was recorded: {milestone}",
    "update_told": "They were told of news of the case",
    "case_date_set": "A day of the case was set",
    "case_date_called_off": "A day of the case was called off",
    "condition_added": "Agreed: {condition}{due}",
    "condition_changed": "Changed: {condition}{due}",
    "condition_reported_done": "They said that it is done: {condition}",
    "condition_taken_back": "They said that it is not done after all: {condition}",
    "condition_photo": "They sent a photo about: {condition}",
    "condition_going_well": "They said that it is going well: {condition}",
    "condition_done": "Checked and done: {condition}",
    "condition_not_done": "Checked and not done: {condition}",
    "condition_waived": "Need not be done any more: {condition}",
    "condition_opened_again": "To be done again: {condition}",
    "extension_asked": "They asked for longer: {condition}",
    "extension_accepted": "Longer was given: {condition}{due}",
    "extension_declined": "Longer was not given: {condition}",
    "proposal_made": "They were to be asked what they think of a proposal",
    "proposal_told": "They were told of the proposal",
    "view_given": "What they think of the proposal: {answer}",
    "view_silent": "They had not said what they think of the proposal by the day",
    "proposal_decided": "The proposal was decided about: {decision}",
    "appointment_made": "Planned",
    "appointment_moved": "Moved from {before} to {after}, with {with_whom}",
    "appointment_cancelled": "Called off",
    "appointment_attended": "Came: {appointment}. Known from {known}",
    "appointment_missed": "Did not come: {appointment}. Known from {known}",
    "appointment_unknown": "Not known whether they came: {appointment}",
    "move_asked": "They asked for another time than {appointment}",
    "move_accepted": "Another time was agreed than {appointment}",
    "move_declined": "Another time could not be given than {appointment}",
    "running_late": "They said that they were late",
    "arrived": "They said that they were there",
    "proof_given": "They sent proof that they came: {appointment}",
    "proof_rejected": "The proof did not count: {appointment}",
    "proof_asked_again": "They were asked for proof again: {appointment}",
    "check_in_answered": "They answered the check-in",
    "check_in_reviewed": "A worker looked at the check-in",
    "check_in_called": "A worker rang about the check-in",
    "return_said": "They said that they were back",
    "return_said_late": "They said that they were back, after the time for an answer",
    "return_not_yet": "They said that they were not back yet",
    "return_silent": "No answer to the question whether they were back",
    "why_missed_told": "They told their worker why they did not come",
    "silence_decided": "A worker decided what to do about the silence",
    "stopped": "They stopped our texts",
    "started": "They wanted our texts again",
}

# By how a proof was given; a kind that is not here is said by its own name.
KNOWN_FROM: Mapping[str, str] = {
    "code": "the code on the provider's screen",
    "photo": "a photo that they sent, accepted by {by}",
    "document": "a document that they sent, accepted by {by}",
    "place": "the place of their phone",
    "video": "joining the video call by a link of their own",
    "provider": "{by}, who saw them",
}

# Several of one moment are said in one line.
IN_ONE = frozenset({"appointment_made", "appointment_cancelled"})

# Ours, by the beginning of the text's name, the longest that fits. Answers to what they wrote are not listed.
TEXTS: Mapping[str, str] = {
    "appointments.reminder": "a reminder of the appointment",
    "appointments.moved": "the new time of the appointment",
    "appointments.move_declined": "that the time asked for is not free",
    "appointments.cancelled": "that the appointment is off",
    "appointments.missed": "that we did not see them, and to ask what got in the way",
    "appointments.praise_": "kind words for coming",
    "appointments.series_": "that the regular appointments have changed",
    "appointments.": "about the appointment",
    "attendance.": "a request for proof that they came to the appointment",
    "check_ins.feeling_reminder": "a reminder of the check-in",
    "check_ins.": "the check-in, how they are",
    "check_ins.back": "the question whether they were back",
    "conditions.reminder": "a reminder of what was agreed",
    "conditions.early": "that something agreed is still open, in good time",
    "conditions.today": "that today is the day for something agreed",
    "conditions.passed": "that the day of something agreed has gone by",
    "conditions.well_done": "kind words for what was done",
    "conditions.": "about what was agreed",
    "cases.": "that the case is closed",
    "victims.case_update": "news of the case",
    "updates.how_often": "the question how often they wish to hear",
}

# Theirs, by what it was understood as.
COMMANDS: Mapping[str, str] = {
    "confirm_attendance": "that they will come",
    "cannot_attend": "that they cannot come",
    "ask_to_move": "that they want another time",
    "running_late": "that they are late",
    "report_arrived": "that they are there",
    "give_code": "a code for proof",
    "give_photo": "a photo",
    "report_condition_done": "that something agreed is done",
    "ask_extension": "to ask for longer",
    "ask_conditions": "to ask what was agreed",
    "ask_when": "to ask when the appointment is",
    "ask_where": "to ask where the appointment is",
    "speak_to_person": "to ask for a person",
}

CASES: Mapping[str, str] = {"completed": "what was agreed was done", "ended": "it ended before everything was done"}


def text_in_words(text_key: str) -> str:
    """Empty for a text that is not about the case."""
    fitting = [name for name in TEXTS if text_key.startswith(name)]
    return TEXTS[max(fitting, key=len)] if fitting else ""
