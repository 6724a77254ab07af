"""An assistant that has read the script: what is said in the scene and in the demo's story, and what is meant."""

from hub.errors import AssistantUnavailable
from hub.ports import Command, Decision, Turn

CODE = 6  # digits of a code on a venue's screen
READ = {
    # the scene
    "where is it again?": "ask_where",
    "on my way, running a bit late": "running_late",
    "can i talk to priya after": "speak_to_person",
    "when is my appointment": "ask_when",
    # the demo's story
    "who is this": "who_is_this",
    "yes ill be there": "confirm_attendance",
    "no im ok thanks": "answer_no",
    "wheres it at again": "ask_where",
    "yes happy to": "accept_invitation",
    "ok thanks": "thank",
    "cant make weds got a job interview can we do fri instead": "ask_to_move",
    "bydda i yna diolch": "confirm_attendance",
    "Yes I will come. Thank you": "confirm_attendance",
    "can someone ring me please its about my benefits": "ask_for_call",
    "running late might be 10 mins is that ok": "running_late",
    "thanks for ringing. feel a bit better": "thank",
    "thank you. what happens next with my case": "ask_case_update",
    "wrong number mate i think": "wrong_person",
    "Thank you. Is there anyone I can talk to?": "ask_support_services",
}


class ReadTheScript:
    """Off for every other text."""

    async def decide(self, turn: Turn) -> Decision:
        if turn.text.isdecimal() and len(turn.text) == CODE:
            return Decision((Command("give_code", {"code": turn.text}),), "assistant", intent="give_code")
        command = READ.get(turn.text)
        if command is None:
            raise AssistantUnavailable
        return Decision((Command(command),), "assistant", intent=command, confidence=0.93)
