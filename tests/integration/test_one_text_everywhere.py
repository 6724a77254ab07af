"""Preview, counter, provider request and record show the same text and the same number of parts. Real Twilio SDK."""

import re
from datetime import datetime
from html import unescape

import httpx
from sqlalchemy import select

from hub import sign_in
from hub.flows import Flows
from hub.states import Direction
from hub.store.engine import Store
from hub.store.refs import hash_token
from hub.store.tables import Conversation, Person, SignIn, Worker
from inbox.login import SESSION
from tests.integration.test_real_providers import SAM, SMS_LINE, House, house

TYPED = "“Dŵr” – Sam’s plan for Friday… come to the desk at 2, bring your letter and ID, and ask for me 😀"
SAID = '"Dŵr" - Sam\'s plan for Friday... come to the desk at 2, bring your letter and ID, and ask for me 😀'


async def signed_in(at: House) -> tuple[httpx.AsyncClient, str]:
    async with at.hub.store.transaction() as session:
        priya = (await session.scalars(select(Worker).where(Worker.name == "Priya Shah"))).one()
        token = await sign_in.start(at.hub, session, priya, second_factor=True)
        csrf = (await session.get_one(SignIn, hash_token(token))).csrf
    return httpx.AsyncClient(base_url=at.url, cookies={SESSION: token}), csrf


def texts_in(page: str) -> str:
    """ "2 texts": what the counter says."""
    found = re.search(r"(\d+ texts?), \d+ of \d+ characters", page)
    assert found
    return found[1]


async def test_preview_counter_provider_request_and_record_show_the_same_text_and_the_same_number_of_parts(
    store: Store, flows: Flows, unused_port: int
) -> None:
    async with house(store, flows, unused_port) as at:
        await at.twilio.call_webhook(
            f"{at.url}/webhooks/sms", at.twilio.receive({"From": SAM, "To": SMS_LINE, "Body": "hello"})
        )
        await at.work()
        at.twilio.accepted.clear()
        async with at.hub.store.transaction() as session:
            conversation = (await session.scalars(select(Conversation))).one()
            person = await session.get_one(Person, conversation.person_id)
        http, csrf = await signed_in(at)
        address, form = f"/people/{person.ref}/messages", {"csrf": csrf, "conversation": str(conversation.id)}
        async with http:
            counter = await http.post("/count", data={"csrf": csrf, "body": TYPED})
            preview = await http.post(address, data={**form, "body": TYPED, "do": "check"})
            sent = await http.post(address, data={**form, "body": TYPED})
            await at.work()
            stream = await http.get(f"{address}/stream")
            day = datetime.now().astimezone()
            days = {
                f"{end}_{part}": getattr(day, part) for end in ("since", "until") for part in ("day", "month", "year")
            }
            transcript = await http.get(f"{address}/transcript.txt", params=days)
        assert sent.status_code == 303
        (request,) = at.twilio.accepted
        message = (await at.messages(Direction.OUT))[-1]
        recorded = at.hub.vault.open_person_key(person.wrapped_key or b"").open(message.body_sealed or b"", "body")
        assert {request["body"], recorded} == {SAID}
        assert SAID in unescape(stream.text)
        assert SAID in transcript.text
        assert (message.encoding, message.segments) == ("UCS-2", 2)
        assert {texts_in(counter.text), texts_in(preview.text)} == {"2 texts"}
        assert ", 2 texts" in stream.text
        assert ". 2 texts" in transcript.text
