"""What became of a message, in words: its state and the reason beside it, and what a worker can do next.

The channels' `codes.py` translate their providers' codes into the keys of `MEANINGS`; `hub/consent.py` gives
the reasons why a message waits or never goes. Knows no provider and no page.
"""

from dataclasses import dataclass

from hub.states import MessageState


@dataclass(frozen=True, slots=True)
class Meaning:
    """`words` finish "Not delivered: …" or "Waits: …"; `advice` says what to do, empty when nothing.

    `again`: the same to the same address can well get through.
    """

    words: str
    advice: str = ""
    again: bool = False


MEANINGS: dict[str, Meaning] = {
    # Why a provider did not deliver.
    "opted_out": Meaning(
        "they stopped our texts with their network", "Call them. They can text START to get texts again."
    ),
    "not_mobile": Meaning("the number cannot get texts", "Ask for a mobile number."),
    "invalid_number": Meaning("the number is wrong", "Check the number with them."),
    "unreachable": Meaning("their phone is off or has no signal", "Try again later, or call.", again=True),
    "unknown_number": Meaning("the number is not in use", "Ask for their new number."),
    "landline": Meaning("it is a landline", "Ask for a mobile number."),
    "blocked": Meaning("their phone or network blocks our texts", "Call them."),
    "filtered": Meaning("the network took it for spam", "Say it in other words, without a link.", again=True),
    "region": Meaning("we cannot send to that country", "Call, or ask for a UK number."),
    "throttled": Meaning("too much was sent at once", "It can be sent again.", again=True),
    "account": Meaning("our account with the provider does not work", "Tell your administrator."),
    "our_line": Meaning("our own number cannot send", "Tell your administrator."),
    "bad_text": Meaning("the text is empty or too long", "Write it again, shorter.", again=True),
    "provider_fault": Meaning("the provider had a fault", "Send it again.", again=True),
    "expired": Meaning("it waited too long at the network", "Send it again if it is still useful.", again=True),
    "refused": Meaning("the provider refused it", "Use another way to reach them."),
    "no_answer": Meaning("the provider did not answer", "Ask them whether it arrived before you send it again."),
    # Why it waits.
    "not_yet": Meaning("until its time"),
    "held_by_worker": Meaning("until a worker lets it go"),
    "quiet_hours": Meaning("until the hours in which we may text"),
    "daily_cap": Meaning(
        "they have had as many texts today as we allow",
        "Tell them yourself if they must know before it is out of date.",
    ),
    "safe_contact_unknown": Meaning(
        "until somebody has said whether this phone is safe",
        "They are asked by text. You can ask them another way and say so under Contact and consent.",
    ),
    "when_alone": Meaning("until they reply READ, since others may read this phone"),
    "in_turn": Meaning("until what was said before it has gone out"),
    "paused": Meaning("a worker has paused messages to them", "Let messages go on again on their page."),
    "line_held": Meaning("somebody holds back all texts of our line"),
    "agency_held": Meaning("somebody holds back all texts of our agency"),
    "rule_held": Meaning("somebody holds back all messages of this kind"),
    # Why it never went.
    "same_text": Meaning("they have had the same text twice today already", "Tell your administrator."),
    "too_late": Meaning("it was too late to be useful"),
    "no_permitted_hour": Meaning("no permitted hour was left before it was out of date"),
    "not_safe": Meaning("they said that this phone is not safe", "Speak with them another way."),
    "doubted": Meaning("somebody else may have this phone", "Speak with them another way, then say so on their page."),
    "not_safe_to_talk": Meaning("they said that it was not safe to talk"),
    "stopped": Meaning("they asked us to stop texts", "Call them. They can text START to get texts again."),
    "address_refused": Meaning("an earlier text to this address was refused", "Check the address with them."),
    "no_consent": Meaning("they said no to messages of this kind"),
    "line_off": Meaning("our line is switched off", "Tell your administrator."),
    "ended": Meaning("our contact with them has ended", "Start it again on their page if that is wrong."),
    "erased": Meaning("their data has been erased"),
    "trial": Meaning("in trial mode only listed addresses get texts", "Ask your administrator to list it."),
    "uncertain": Meaning("nobody can say whether it arrived", "Ask them before you send it again."),
    "not_rendered": Meaning("the text could not be made", "Tell your administrator."),
    "cancelled_by_worker": Meaning("a worker took it back"),
    "no_longer_true": Meaning("it was no longer true when its time came"),
    "not_in_thread": Meaning("they do not stand by this person any more, or may not see this"),
    "no_contact": Meaning("somebody of the two is on the no-contact list", "Look at the list on the person’s page."),
    "thread_paused": Meaning("the talk among supporters was paused", "Say it yourself, or let the talk go on."),
    "muted": Meaning("they have asked not to hear the talk for now"),
    "try_later": Meaning("the provider was busy; it is tried again by itself"),
    "rule_off": Meaning("the agency has turned its rule off"),
    "no_channel": Meaning("no channel is set up for our line", "Tell your administrator."),
}

_UNKNOWN = Meaning("no reason was given", "Use another way to reach them.")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What stands under a message. `trouble`: somebody has to do something about it."""

    words: str
    advice: str = ""
    trouble: bool = False
    again: bool = False  # offer to send the same once more


_PLAIN: dict[MessageState, str] = {
    MessageState.RECEIVED: "Received, not yet read by the bot",
    MessageState.HANDLED: "Received",
    MessageState.HANDED_OVER: "Received, with a person",
    MessageState.QUEUED: "Waiting to be sent",
    MessageState.CLAIMED: "Sending",
    MessageState.SENDING: "Sending",
    MessageState.SENT: "Sent",
    MessageState.DELIVERED: "Delivered",
    MessageState.CANCELLED: "Not sent: no longer needed",
}
_WITH_REASON: dict[MessageState, str] = {
    MessageState.HELD: "Waits",
    MessageState.UNDELIVERED: "Not delivered",
    MessageState.FAILED: "Not delivered",
    MessageState.EXPIRED: "Not sent",
    MessageState.BLOCKED: "Not sent",
}
_TROUBLE = frozenset({MessageState.UNDELIVERED, MessageState.FAILED, MessageState.BLOCKED, MessageState.UNCERTAIN})


def in_words(state: MessageState, reason: str = "") -> Delivery:
    """The words of a state and its reason: a key of `MEANINGS`; another one reads "no reason was given"."""
    trouble = state in _TROUBLE
    if state is MessageState.UNCERTAIN:
        return Delivery("May have been sent", "We are asking the provider. Do not send it again yet.", trouble)
    if state is MessageState.CANCELLED and reason in MEANINGS:
        return Delivery(f"Not sent: {MEANINGS[reason].words}")
    if state in _PLAIN:
        return Delivery(_PLAIN[state])
    meaning = MEANINGS.get(reason, _UNKNOWN)
    advice = meaning.advice if trouble else ""
    return Delivery(f"{_WITH_REASON[state]}: {meaning.words}", advice, trouble, trouble and meaning.again)
