"""The code that a person hands on by themselves: eight digits, kept only as a blind index of one side.

By chance: a code that nobody has used is one of 100 million, and a sender may be wrong five times a day. Even with a
thousand open codes and one sender who tries every day, it takes 55 years on average until one is hit.
Knows nothing of who gives it.
"""

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.handling import Handling
from hub.states_of_support import InvitationState
from hub.store.tables import Invitation
from hub.words import Side

DIGITS = 8
LASTS = timedelta(days=7)
MOST_WRONG, WITHIN = 5, timedelta(days=1)  # of one sender


def index_of(hub: Hub, side: Side, code: str) -> bytes:
    return hub.vault.index(side, "invitation_code", code)


def shown(code: str) -> str:
    """In two halves: people read and type four digits without losing their place."""
    return f"{code[:4]} {code[4:]}"


async def give_new(hub: Hub, session: AsyncSession, invitation: Invitation) -> str:
    """The one before works no more. The index in the store refuses what two transactions drew at once."""
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        index = index_of(hub, invitation.side, code)
        taken = select(Invitation.id).where(
            Invitation.side == invitation.side,
            Invitation.code_index == index,
            Invitation.state == InvitationState.OPEN,
        )
        if await session.scalar(taken) is None:
            break
    invitation.code_index, invitation.expires_at = index, hub.clock.now() + LASTS
    await session.flush()
    return code


async def say_code(handling: Handling, name: str, code: str) -> None:
    """To the person alone, who hands it on."""
    first = name.split(" ")[0]
    until = handling.now + LASTS
    await handling.say(
        "supporters.circle_code", expires_at=until, their_name=first, remove=first.upper(), code=shown(code)
    )
