"""Why a nudge does not go out, or not yet, in words: they finish "held back because …" and "waits because …"."""

REASONS: dict[str, str] = {
    "no_way_to_reach": "there is no way to reach them on a line of ours",
    "stopped": "they asked us to stop texts",
    "address_refused": "an earlier text to this address was refused",
    "no_consent": "they said no to messages of this kind",
    "paused": "a worker has paused messages to them",
    "ended": "our contact with them has ended",
    "erased": "their data has been erased",
    "no_rule": "its rule is no longer in flows/",
    "no_longer_true": "what it was about has moved or ended",
    "no_permitted_hour": "no permitted hour was left",
    "made_too_late": "it was planned when its time had passed",
    "too_late": "its time passed before it could go out",
    "control_group": "they are in the group that gets no such message",
    "just_told": "they have just been told of the new time",
    "not_asked": "a rule says that they are not asked now",
    "error": "something went wrong; see the log",
    "held_by_worker": "somebody holds it back",
    "cancelled_by_worker": "somebody has cancelled it",
    "rule_off": "the agency has turned its rule off",
    "line_held": "somebody holds back all texts of the line",
    "agency_held": "somebody holds back all texts of the agency",
    "rule_held": "somebody holds back all messages of this rule",
    "daily_cap": "they have had as many texts today as we allow",
    "quiet_hours": "it waits for the hours in which we may text",
    "live_conversation": "they were in the middle of a talk with us",
    "held_conversation": "a worker was talking with them",
    "another_nudge": "they had another message from us just before",
    "safe_contact_unknown": "nobody knows yet whether it is safe to text them",
    "not_safe": "they said that this phone is not safe",
    "doubted": "somebody else may have their phone",
    "another_address": "their other address is used at present",
    "asked_if_safe": "they were being asked whether they are safe",
    "not_in_thread": "they do not stand by them any more, or may not hear this",
    "no_contact": "they may not be in contact with each other",
    "muted": "they want quiet for now",
    "merged": "it was said in the same text as another one",
}


def in_words(reason: str) -> str:
    """Nothing for no reason; one that has no words here is shown as it was written."""
    return REASONS.get(reason, reason.replace("_", " "))
