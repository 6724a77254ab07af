"""A proof photo from the phone to the decision: its place taken out, the same one found again, bad ones refused."""

import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import AsyncIterator
from hashlib import sha256
from io import BytesIO

import pytest
from httpx import ASGITransport, AsyncClient
from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base
from sqlalchemy import select

from hub import places, proofs
from hub.access import access_media
from hub.people import add_contact
from hub.ports import Media
from hub.reading.proof_checks import checks_of
from hub.states import ProofState
from hub.store.tables import Appointment, MediaFile, Person, Proof, Worker
from hub.words import AppointmentState, ChannelKind, Side
from inbox.app import WebSettings, create_app
from tests.transcripts.props import PDF, VENUE
from tests.unit.test_proofs import FIRST, LINE, SECOND, appointment_now, proof_of
from tests.world import World

pytestmark = pytest.mark.slow

CHAT = "sam-token-that-nobody-can-guess"


def phone_photo(*, plain: bool = False) -> bytes:
    """1200 by 900 with things in it, as a phone saves it: GPS, time and maker inside."""
    picture = Image.linear_gradient("L").resize((1200, 900)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((100, 120, 500, 700), fill="orange")
    draw.rectangle((700, 80, 1100, 400), fill="navy")
    draw.polygon([(650, 880), (900, 500), (1150, 880)], fill="white")
    exif = Image.Exif()
    if not plain:
        exif[Base.Make] = "Maker of phones"
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2026:03:02 10:12:00"
        north, east = VENUE
        exif.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N",
                GPS.GPSLatitude: (int(north), (north % 1) * 60, 0.0),
                GPS.GPSLongitudeRef: "W",
                GPS.GPSLongitude: (int(-east), (-east % 1) * 60, 0.0),
            }
        )
    out = BytesIO()
    picture.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def smaller(content: bytes) -> bytes:
    """As a messenger passes it on: half the size, saved again, nothing inside."""
    out = BytesIO()
    Image.open(BytesIO(content)).resize((600, 450)).save(out, "JPEG", quality=60)
    return out.getvalue()


async def send(world: World, content: bytes, address: str = FIRST) -> str:
    """The answer."""
    media = (Media(content, "image/jpeg", "IMG_0001.jpg"),)
    await world.simulator.text(address, LINE, "", channel=ChannelKind.SMS, media=media)
    await world.settle()
    return world.heard(address)[-1]


@pytest.fixture
async def appointment(world: World) -> int:
    """Sam is at 1 High St, whose place is known."""
    number = await appointment_now(world)
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        await places.set_venue(world.hub, session, worker, Side.SUPERVISION, "1 High St", VENUE, 100)
    return number


async def test_the_place_is_taken_out_and_kept_apart_as_near_or_not(world: World, appointment: int) -> None:
    source = phone_photo()
    assert Image.open(BytesIO(source)).getexif().get_ifd(IFD.GPSInfo)
    await send(world, source)
    proof = await proof_of(world, appointment)
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        file, content = await access_media(world.hub, session, worker, proof.media_id or 0)
        kept = Image.open(BytesIO(content))
        assert kept.size == (1200, 900)
        assert not dict(kept.getexif())
        assert b"Maker" not in content
        assert file.sha256 == sha256(source).digest()
        assert file.point_sealed is None
        words = [words for _, words in checks_of(proof, "Europe/London")]
    assert "At the venue: within 100 m" in words
    assert "Taken 12 minutes after the start, says the camera" in words
    assert "52." not in str(proof.checks)


async def test_the_point_is_kept_sealed_where_the_agency_has_said_that_it_needs_it(
    world: World, appointment: int
) -> None:
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        person.agency.keeps_point = True
    await send(world, phone_photo())
    async with world.hub.store.transaction() as session:
        file = (await session.scalars(select(MediaFile))).one()
        person = await session.get_one(Person, file.person_id)
        key = world.hub.vault.open_person_key(person.wrapped_key or b"")
        assert key.open(file.point_sealed or b"", "point").startswith("52.92")


async def test_rejected_with_a_reason_given_again_and_accepted(world: World, appointment: int) -> None:
    await send(world, phone_photo())
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        proof = (await session.scalars(select(Proof))).one()
        await proofs.reject(world.hub, session, worker, proof, "not_readable")
    await world.settle()
    assert "it is not clear enough" in world.heard()[-1]
    await send(world, phone_photo(plain=True))
    assert (await proof_of(world, appointment)).state is ProofState.GIVEN
    async with world.hub.store.transaction() as session:
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        await proofs.accept(world.hub, session, worker, (await session.scalars(select(Proof))).one())
    async with world.hub.store.transaction() as session:
        assert (await session.get_one(Appointment, appointment)).state is AppointmentState.ATTENDED


@pytest.mark.parametrize(("again", "alike"), [(phone_photo(), False), (smaller(phone_photo()), True)])
async def test_the_same_photo_from_somebody_else_is_marked_also_when_made_smaller(
    world: World, appointment: int, again: bytes, alike: bool
) -> None:
    second = await appointment_now(world, SECOND, "Alex Reed")
    await send(world, phone_photo())
    await send(world, again, SECOND)
    checks = (await proof_of(world, second)).checks
    assert (checks["seen_before"], checks["alike"]) == (True, alike)
    assert (await proof_of(world, appointment)).checks["seen_before"] is False


async def test_another_photo_is_not_taken_for_the_same(world: World, appointment: int) -> None:
    second = await appointment_now(world, SECOND, "Alex Reed")
    await send(world, phone_photo())
    other = BytesIO()
    Image.radial_gradient("L").resize((1200, 900)).save(other, "JPEG")
    await send(world, other.getvalue(), SECOND)
    assert (await proof_of(world, second)).checks["seen_before"] is False


def polyglot() -> bytes:
    """A photo to one program, an archive to another."""
    out = BytesIO(phone_photo())
    out.seek(0, 2)
    with zipfile.ZipFile(out, "a") as inside:
        inside.writestr("run.js", "alert(1)")
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of some kilobytes that unfolds to ten gigabytes."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))

    header = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", header)
        + part(b"IDAT", zlib.compress(bytes(1_000_000)))
        + part(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (polyglot(), "Send a photo or a PDF."),
        (bomb(), "It is too big."),
        (SVG, "Send a photo or a PDF."),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "Send a photo or a PDF."),
    ],
    ids=["polyglot", "bomb", "svg", "pdf with a program"],
)
async def test_what_is_refused_is_not_kept_and_the_person_hears_how_to_try_again(
    world: World, appointment: int, content: bytes, why: str
) -> None:
    said = await send(world, content)
    assert said.startswith("Sorry, we could not use that file.")
    assert why in said
    async with world.hub.store.transaction() as session:
        kept = (await session.scalars(select(MediaFile))).one()
        assert kept.content_sealed is None
        assert (await session.scalars(select(Proof))).all() == []
    assert "Thank you for the photo" in await send(world, phone_photo())


MEGABYTES = 200
HEAD = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'


async def upload() -> AsyncIterator[bytes]:
    """A form with a photo of 200 MB, a piece at a time."""
    yield HEAD + b"\xff\xd8\xff"
    for _ in range(MEGABYTES):
        yield bytes(1 << 20)
    yield b"\r\n--x--\r\n"


async def test_an_upload_of_200_megabytes_is_refused_in_a_sentence_and_fills_no_memory(
    world: World, appointment: int
) -> None:
    async with world.hub.store.transaction() as session:
        person = (await session.scalars(select(Person))).one()
        await add_contact(world.hub, session, person, ChannelKind.WEBCHAT, CHAT, preferred=False)
    app = create_app(world.hub, settings=WebSettings(secure_cookies=False, public_url="http://testserver"))
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as http:
        await http.get(f"/proof/{CHAT}")
        tracemalloc.start()
        page = await http.post(f"/proof/{CHAT}", content=upload(), headers=headers)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert page.status_code == 413
    assert "too large" in page.text or "too big" in page.text
    assert most < 40 << 20
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(MediaFile))).all() == []
