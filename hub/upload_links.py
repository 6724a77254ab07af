"""The link to send a photo by, for those whose texts carry none: UK networks turn a picture message into a link.

Knows no page.
"""

from typing import Any

from hub import settings_links
from hub.handling import Handling
from hub.safe_contact import is_careful
from hub.texts import THEN
from hub.words import ChannelKind

TEXT = "attendance.photo_link"
EXAMPLE = {THEN: TEXT, "link": "https://handrail.example/proof/…"}  # for a preview: nothing is made


def is_wanted(handling: Handling) -> bool:
    """By SMS, unless others may read this phone: no link goes there."""
    contact = handling.conversation.contact_point
    return contact.channel is ChannelKind.SMS and not is_careful(contact)


async def photo_link(handling: Handling) -> dict[str, Any]:
    """Facts that add the link to the text that asks for a photo; none where it is not wanted."""
    if not is_wanted(handling) or handling.quiet:
        return {}
    token = await settings_links.of_today(handling.hub, handling.session, handling.conversation)
    return {THEN: TEXT, "link": f"{handling.hub.public_url}/proof/{token}"}
