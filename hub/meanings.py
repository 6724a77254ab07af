"""What each command is called on a screen, and how sure the bot was, in words. The one place for both.

Words follow "Understood as: …", so they begin small and say what the person does. Knows no query and no page.
"""

SURE = 0.85  # of ten such readings at least eight are right, most often nine
FAIRLY_SURE = 0.5  # more often right than wrong

# What a worker can choose from: topic by topic, in the order of the list.
TOPICS: dict[str, dict[str, str]] = {
    "Appointments": {
        "confirm_attendance": "will come",
        "cannot_attend": "cannot come",
        "ask_to_move": "wants another day or time",
        "running_late": "is running late",
        "ask_when": "asks when it is",
        "ask_where": "asks where it is",
        "ask_what_to_bring": "asks what to bring",
        "ask_travel_help": "asks how to get there, or about the fare",
        "ask_who_with": "asks who they will see",
        "ask_what_if_missed": "asks what happens if they do not come",
    },
    "Being there": {
        "report_arrived": "is there, or was there",
        "give_code": "gives the code",
        "give_photo": "sends a photo",
        "ask_how_to_prove": "asks how to show that they were there",
    },
    "How they are": {
        "report_doing_well": "is doing well",
        "report_struggling": "is struggling",
        "report_change": "something in their life has changed",
    },
    "Danger": {
        "crisis_self": "may harm themselves",
        "danger_now": "is in danger now",
        "threat_to_others": "may harm someone",
        "harm_to_child": "a child is being harmed",
        "domestic_abuse": "is abused at home",
        "medical_emergency": "needs an ambulance",
    },
    "Wants a person": {
        "speak_to_person": "wants to speak to a person",
        "ask_for_call": "wants a call",
        "complain": "complains",
        "praise": "praises someone",
    },
    "Answers to our questions": {
        "answer_yes": "says yes",
        "answer_no": "says no",
        "answer_rating": "gives a rating",
        "answer_choice": "picks one of the choices",
        "answer_text": "answers in their own words",
        "skip_question": "skips the question",
        "pause_survey": "will answer later",
        "resume_survey": "goes on with the survey",
        "change_answer": "changes an answer",
        "decline_survey": "does not want the survey",
        "no_more_surveys": "wants no more surveys",
    },
    "Conditions": {
        "ask_conditions": "asks what they have to do",
        "report_condition_done": "says that a condition is done",
        "ask_extension": "needs more time for a condition",
    },
    "Victims and witnesses": {
        "ask_case_update": "asks what is happening with the case",
        "ask_rights": "asks about their rights",
        "ask_support_services": "asks who can support them",
        "ask_restorative": "asks about restorative justice",
        "give_view": "wants to say what they think of a proposal",
        "not_safe_to_talk": "cannot talk safely now",
        "ask_how_often": "asks how often we write",
        "only_me": "wants nobody else to hear of it",
    },
    "Are you safe?": {
        "set_safe_check": "sets a time to be asked whether they are safe",
        "move_safe_check": "wants to be asked later",
        "end_safe_check": "takes a time back",
        "show_safe_check": "asks which times are set",
        "report_safe": "says that they are safe",
    },
    "Supporters": {
        "invite_supporter": "wants someone to stand by them here",
        "accept_invitation": "will join as a supporter",
        "decline_invitation": "will not join as a supporter",
        "ask_ideas": "asks for words that help whom they stand by",
        "ask_for_me": "asks for help for themselves, as a supporter",
        "leave_thread": "wants to leave the group",
        "join_thread": "gives the code of an invitation",
        "remove_supporter": "wants somebody out of their circle",
        "show_supporters": "asks who stands by them",
        "tell_thread": "writes to those around them",
        "tell_worker": "writes to their worker alone",
        "keep_file_back": "sends a file to those around them",
        "mute_thread": "wants quiet from the talk",
        "unmute_thread": "wants to hear the talk again",
        "who_in_thread": "asks who hears the talk",
        "read_thread": "can read now what the others wrote",
    },
    "Their messages": {
        "change_settings": "wants their settings, or to see what we hold",
        "change_language": "wants another language",
        "change_hours": "wants other hours for texts",
        "change_channel": "wants to be reached another way",
        "change_number": "has a new number",
        "wrong_person": "is not the person we mean",
        "who_is_this": "asks who we are",
        "stop_messages": "wants us to stop texts",
        "start_messages": "wants texts again",
        "ask_privacy": "asks who sees this",
    },
    "Small talk": {
        "greet": "says hello",
        "thank": "says thank you",
        "acknowledge": "says OK",
        "insult": "swears at us",
        "out_of_scope": "nothing to do with us",
    },
}
MEANINGS = {command: words for topic in TOPICS.values() for command, words in topic.items()}

# What the bot can make of a text and nobody would choose.
_OTHERS = {
    "help": "asks for help with the texts",
    "not_understood": "not understood",
    "unknown_sender": "nobody whom we know",
    "text_empty": "no words",
    "assistant_down": "not read, the assistant was off",
    "kept_silent": "from a phone that gets no answers",
}


def in_words(command: str) -> str:
    """The plain name of a command; an older one that no list has any more is shown as it was written."""
    return MEANINGS.get(command) or _OTHERS.get(command) or command.replace("_", " ")


def how_sure(confidence: float) -> str:
    if confidence >= SURE:
        return "sure"
    return "fairly sure" if confidence >= FAIRLY_SURE else "a guess"
