"""What a tick does, and how often. Each is a query over rows that are due: harmless to do twice, or on two machines."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from hub import (
    appointments,
    check_in_plans,
    check_ins,
    early_words,
    escalations,
    failover,
    files_in,
    namesakes,
    own_photos,
    proofs,
    proposals,
    reconcile,
    recurring,
    return_checks,
    return_plans,
    rights_offers,
    safe_check_plans,
    safe_checks,
    safe_contact_record,
    session_roll,
    settings_links,
    unanswered,
    updates_watch,
)
from hub.catch_up import ask_providers
from hub.core import Hub
from hub.heartbeat import beat
from hub.nudges.again import plan_again_if_rules_changed
from hub.nudges.queue_due import queue_due
from hub.referrals import course as referrals
from hub.referrals import doors as referral_doors
from hub.referrals import drafts as referral_drafts
from hub.referrals.emptying import empty_due
from hub.statements import records
from hub.store import audit
from hub.surveys import runs
from hub.threads import ending
from hub.voices.hearing import hear_next


@dataclass(frozen=True, slots=True)
class Upkeep:
    name: str
    every: timedelta
    work: Callable[[Hub], Awaitable[object]]


async def nudges(hub: Hub) -> None:
    while await queue_due(hub):
        pass


async def ahead(hub: Hub) -> None:
    """What comes into sight, and all that lies ahead when the rules have changed."""
    await plan_again_if_rules_changed(hub)
    plans = (recurring, check_in_plans, return_plans, safe_check_plans)
    for extend in (each.extend_all for each in plans):
        while await extend(hub):
            pass


async def are_you_safe(hub: Hub) -> int:
    """Nothing else stands before it, and nothing that fails elsewhere keeps it back: it has a tick of its own."""
    return await safe_checks.tell_silent(hub) + await safe_checks.ask_due(hub)


async def unfinished(hub: Hub) -> None:
    await reconcile.recover(hub)
    await reconcile.settle_uncertain(hub)
    await failover.watch(hub)


async def windows(hub: Hub) -> None:
    """Close what was open too long, wake what was put aside, tell of silence and of what nobody took."""
    now = hub.clock.now()
    async with hub.store.transaction() as session:
        await check_ins.expire_due(session, now)
        await return_checks.expire_due(session, now)
        await runs.expire_due(hub, session, now)
        await safe_contact_record.expire_due(session, now)
        await proofs.expire_due(hub, session, now)
        await records.expire_due(hub, session, now)
        await session_roll.ask_due(hub, session, now)
        await appointments.close_past(hub, session, now)
        await early_words.look(session, now)
        await proposals.tell_of_silence(session, now)
        await updates_watch.look(hub, session)
        await rights_offers.plan_due(hub, session)  # of what was seen just now to have been told
        await referrals.look(hub, session)
        await empty_due(hub, session)
        await ending.end_due(hub, session)
        await escalations.wake(session, now)
        await unanswered.tell_workers(hub, session)
        await escalations.tell_supervisors(session, now)


async def files(hub: Hub) -> None:
    """What waited for the virus scanner."""
    await files_in.scan_waiting(hub)


async def voices(hub: Hub) -> None:
    """What waits to be written down."""
    while await hear_next(hub):
        pass


async def leftovers(hub: Hub) -> None:
    """Photos that were chosen and not sent, links that have ended, names that nobody can be found by yet."""
    async with hub.store.transaction() as session:
        await own_photos.forget_old(hub, session)
        await settings_links.forget_ended(hub, session)
        await referral_drafts.forget_old(session, hub.clock.now())
        await referral_doors.forget_tries(session, hub.clock.now())
    while await namesakes.index_names(hub):
        pass


async def heartbeat(hub: Hub) -> None:
    async with hub.store.transaction() as session:
        await beat(session, hub.clock.now())


async def seal_audit(hub: Hub) -> None:
    async with hub.store.transaction() as session:
        await audit.seal(session, hub.clock.now())


UPKEEP = (
    Upkeep("are_you_safe", timedelta(seconds=5), are_you_safe),  # a human hears of silence within a minute
    Upkeep("nudges", timedelta(seconds=2), nudges),
    Upkeep("ahead", timedelta(minutes=10), ahead),
    Upkeep("unfinished", timedelta(seconds=5), unfinished),
    Upkeep("windows", timedelta(seconds=15), windows),
    Upkeep("files", timedelta(seconds=30), files),
    Upkeep("voices", timedelta(seconds=5), voices),
    Upkeep("leftovers", timedelta(minutes=15), leftovers),
    Upkeep("heartbeat", timedelta(seconds=10), heartbeat),
    Upkeep("audit", timedelta(seconds=30), seal_audit),
    Upkeep("providers", timedelta(minutes=5), ask_providers),
)


async def all_once(hub: Hub) -> None:
    """One round of everything: `handrail tick --once`, tests and the simulation."""
    for upkeep in UPKEEP:
        await upkeep.work(hub)
