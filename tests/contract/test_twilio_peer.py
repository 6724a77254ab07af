"""The local carrier as a program of its own, as the tests that kill processes use it."""

import asyncio
import json
import sys
from pathlib import Path

import httpx

from integrations.channels.sms_twilio import TwilioSms
from tests.contract.rigs import LINE, PHONE, FixedClock, outgoing
from tests.peers.twilio_server import ACCOUNT_SID, AUTH_TOKEN

ROOT = Path(__file__).parents[2]


async def test_it_takes_messages_and_writes_each_of_them_down(tmp_path):
    log = tmp_path / "accepted.jsonl"
    carrier = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.peers.twilio_server", "--log", str(log)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        ready = (await asyncio.wait_for(carrier.stdout.readline(), 60)).decode()
        url = ready.removeprefix("ready ").strip()
        twilio = TwilioSms(
            ACCOUNT_SID,
            AUTH_TOKEN,
            status_callback_url="https://texts.example.org/webhooks/sms/status",
            clock=FixedClock(),
            api_base_url=url,
        )
        accepted = await twilio.send(outgoing(PHONE, "only once"))
        async with httpx.AsyncClient(base_url=url) as control:
            await control.post("/_peer/inbound", json={"From": PHONE, "To": LINE, "Body": "hello"})
            await control.post("/_peer/faults", json={"fault": "drop_after"})
            kept = (await control.get("/_peer/messages")).json()
        (inbound,) = await twilio.received_since(LINE, twilio.clock.now())
        await twilio.aclose()
    finally:
        carrier.terminate()
        await carrier.wait()
    assert inbound.text == "hello"
    assert [message["sid"] for message in kept] == [accepted.provider_message_id]
    (line,) = log.read_text().splitlines()
    assert json.loads(line) == {
        "sid": accepted.provider_message_id,
        "to": PHONE,
        "from": LINE,
        "body": "only once",
    }
