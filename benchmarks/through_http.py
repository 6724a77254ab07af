"""Due messages to a provider's "accepted", through HTTP: beside a bare loop that claims and POSTs.

Both with the same SDK client, as many calls at once, to the same local provider in a process of its own; the loop
claims batches of the same size, sends a fixed text and marks what was taken. Target: 0.7 of it.
"""

import asyncio
import time
from functools import partial

import psycopg

from benchmarks.figures import Figure, in_turns
from benchmarks.processes import carrier
from benchmarks.sending import messages_a_second
from benchmarks.stage import LINE, fill, make_hub, phone
from hub.claims import BATCH
from hub.clock import SystemClock
from hub.ports import Outgoing
from hub.store.statements import Connection
from hub.words import ChannelKind
from integrations.channels.registry import ChannelRegistry
from integrations.channels.sms_twilio.channel import TwilioSms
from tests.peers.twilio_resources import ACCOUNT_SID, AUTH_TOKEN

MESSAGES, PEOPLE = 1000, 200
TEXT = "Bench: Call us on 0300 000 0000 if you need to talk to Priya."
TABLE = """
    CREATE TABLE bare_queue (id bigserial PRIMARY KEY, number text, state text, sid text);
    CREATE INDEX ON bare_queue (id) WHERE state = 'queued'
"""
CLAIM = """
    UPDATE bare_queue SET state = 'claimed'
    WHERE id IN (SELECT id FROM bare_queue WHERE state = 'queued' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id, number
"""


async def run(url: str) -> list[Figure]:
    with carrier() as provider:
        callback = f"{provider}/webhooks/sms/status"
        twilio = TwilioSms(
            ACCOUNT_SID, AUTH_TOKEN, status_callback_url=callback, clock=SystemClock(), api_base_url=provider
        )
        hub = make_hub(url, ChannelRegistry({ChannelKind.SMS: twilio}))
        conversations = await fill(hub, PEOPLE)
        async with await psycopg.AsyncConnection.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            await connection.execute(TABLE)
            bare = partial(bare_loop, connection, twilio)
            await messages_a_second(hub, conversations, PEOPLE)  # warm
            speeds = await in_turns(partial(messages_a_second, hub, conversations, MESSAGES), bare)
        await twilio.aclose()
        await hub.store.close()
    return [Figure("send_http", "due message to provider, HTTP", *speeds, "bare claim-and-POST loop", "/s", 0.7)]


async def bare_loop(connection: Connection, twilio: TwilioSms) -> float:
    gate = asyncio.Semaphore(BATCH)
    numbers = [(phone(n % PEOPLE),) for n in range(MESSAGES)]
    async with connection.cursor() as cursor:
        await cursor.executemany("INSERT INTO bare_queue (number, state) VALUES (%s, 'queued')", numbers)

    async def post(number: int, to: str) -> tuple[str, int]:
        async with gate:
            return (await twilio.send(Outgoing(number, LINE, to, TEXT))).provider_message_id, number

    began = time.perf_counter()
    while claimed := await (await connection.execute(CLAIM, [BATCH])).fetchall():
        sent = await asyncio.gather(*(post(*row) for row in claimed))
        async with connection.cursor() as cursor:
            await cursor.executemany("UPDATE bare_queue SET state = 'sent', sid = %s WHERE id = %s", sent)
    return MESSAGES / (time.perf_counter() - began)
