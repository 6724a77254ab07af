"""Twilio's statuses and error codes in the hub's words: one table each. Knows nothing of HTTP or of the SDK.

Each meaning comes from Twilio's page on that code, https://www.twilio.com/docs/api/errors/<code>; statuses
from "Message Status values" at https://www.twilio.com/docs/messaging/api/message-resource.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.ports import DeliveryStatus


@dataclass(frozen=True, slots=True)
class Code:
    """What a provider code means for us. `retry`: the same message may yet get through."""

    meaning: str  # a key of `hub.delivery.MEANINGS`
    retry: bool = False


CODES: Mapping[str, Code] = {
    # The person or the number.
    "21211": Code("invalid_number"),  # "Invalid 'To' phone number"
    "21610": Code("opted_out"),  # texted STOP to this line; Twilio refuses until START
    "21614": Code("not_mobile"),  # the number cannot take an SMS
    "30003": Code("unreachable", retry=True),  # handset off or out of coverage
    "30004": Code("blocked"),  # the handset or its network blocks our texts
    "30005": Code("unknown_number"),  # unknown or no longer in service
    "30006": Code("landline"),  # landline, or a carrier that cannot be reached
    # The network on the way.
    "30007": Code("filtered"),  # taken for spam by Twilio or the carrier
    "30008": Code("provider_fault", retry=True),  # "Unknown error" at the carrier
    "30036": Code("expired"),  # our validity period ran out in Twilio's queue
    "30410": Code("provider_fault", retry=True),  # the carrier did not answer in time
    "21408": Code("region"),  # sending to that country is switched off for the account
    "21612": Code("region"),  # no route from this line to that number
    # Too fast: the same text may go a little later.
    "20429": Code("throttled", retry=True),  # too many requests to the API
    "21611": Code("throttled", retry=True),  # this line's queue is full
    "30001": Code("throttled", retry=True),  # queue overflow
    "63018": Code("throttled", retry=True),  # rate limit of the channel
    # Our own account, line or text: nothing is wrong with the person's number. An account can be put right
    # while messages wait; a wrong line or an empty text stays wrong.
    "20003": Code("account", retry=True),  # credentials refused
    "20005": Code("account", retry=True),  # account not active
    "30002": Code("account", retry=True),  # account suspended
    "20500": Code("provider_fault", retry=True),  # Twilio's own fault
    "20503": Code("provider_fault", retry=True),  # Twilio unavailable
    "21212": Code("our_line"),  # "Invalid 'From' number"
    "21606": Code("our_line"),  # the line cannot send SMS
    "21659": Code("our_line"),  # the line is not a number of this account
    "21602": Code("bad_text"),  # a body is required
    "21617": Code("bad_text"),  # over 1600 characters
}

UNKNOWN = Code("refused")  # a code that we do not know yet is final: repeating it could annoy or cost


def code_of(number: str | int | None) -> Code:
    """The meaning of a Twilio error code; `UNKNOWN` when it is not in the table."""
    return CODES.get(str(number), UNKNOWN)


STATUSES: Mapping[str, str | None] = {
    # On the way: nothing that a person could act on, so no receipt.
    "accepted": None,
    "scheduled": None,
    "queued": None,
    "sending": None,
    "sent": DeliveryStatus.SENT,  # handed to the nearest carrier
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,  # WhatsApp and RCS only; seen is at least delivered
    "undelivered": DeliveryStatus.UNDELIVERED,
    "partially_delivered": DeliveryStatus.UNDELIVERED,  # half a text may say the opposite of the whole
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,  # somebody cancelled it at Twilio
}
