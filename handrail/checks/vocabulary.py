"""The whole vocabulary of the assistant, topic by topic.

A word may be added and is never renamed: transcripts, audit and reports carry it.
"""

TOPICS = {
    "appointments": "confirm_attendance cannot_attend ask_to_move running_late ask_when ask_where "
    "ask_what_to_bring ask_travel_help ask_who_with ask_what_if_missed",
    "attendance": "report_arrived give_code give_photo ask_how_to_prove",
    "check_ins": "report_doing_well report_struggling report_change",
    "surveys": "answer_rating answer_choice answer_yes answer_no answer_text skip_question pause_survey decline_survey",
    "victims": "ask_case_update ask_rights ask_support_services not_safe_to_talk",
    "conditions": "ask_conditions report_condition_done ask_extension",
    "supporters": "invite_supporter accept_invitation decline_invitation leave_thread",
    "person": "change_language change_hours change_channel change_number wrong_person who_is_this "
    "stop_messages start_messages ask_privacy",
    "human": "speak_to_person ask_for_call complain praise",
    "safety": "crisis_self danger_now threat_to_others harm_to_child domestic_abuse medical_emergency",
    "small_talk": "greet thank acknowledge insult out_of_scope",
}
VOCABULARY = frozenset(command for commands in TOPICS.values() for command in commands.split())
