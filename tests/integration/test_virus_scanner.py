"""ClamAV in front of every file: what it finds is refused in a sentence; while it is away, files wait unopened."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from hub.access import access_media
from hub.errors import HarmfulFile, NotFound, ScannerAway
from hub.files_in import scan_waiting
from hub.outcomes import record_receipt
from hub.ports import CleanFile, Files, Media
from hub.receive import accept
from hub.states import ProofState
from hub.store.tables import Escalation, MediaFile, Proof, Worker
from hub.words import ChannelKind, Side
from integrations.files.clamav import ScannedFirst
from integrations.files.clean import Cleaner
from tests.integration.clamd import EICAR, clamd, program
from tests.transcripts.props import photo
from tests.unit.test_proofs import FIRST, LINE, appointment_now
from tests.world import World

NOWHERE = "127.0.0.1:1"


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if program() is None:
        pytest.skip("clamd is not installed: apt-get install clamav-daemon")
    with clamd(tmp_path_factory.mktemp("clamd")) as address:
        yield address


async def send(world: World, content: bytes) -> None:
    media = (Media(content, "image/jpeg", "a.jpg"),)
    await world.simulator.text(FIRST, LINE, "", channel=ChannelKind.SMS, media=media)
    await world.settle()


def scanned(world: World, address: str) -> None:
    """From now on every file goes through the scanner at `address` first."""
    uses(world, ScannedFirst(Cleaner(), address))


def uses(world: World, files: Files) -> None:
    world.hub = replace(world.hub, files=files)
    world.simulator.connect(partial(accept, world.hub), partial(record_receipt, world.hub))


async def test_a_photo_goes_through(scanner: str) -> None:
    assert (await ScannedFirst(Cleaner(), scanner).clean(photo("a.jpg"), "")).content_type == "image/jpeg"


@pytest.mark.parametrize("content", [EICAR, photo("a.jpg") + EICAR], ids=["alone", "behind a photo"])
async def test_the_test_virus_is_refused(scanner: str, content: bytes) -> None:
    with pytest.raises(HarmfulFile, match="new photo"):
        await ScannedFirst(Cleaner(), scanner).clean(content, "")


async def test_nothing_goes_through_while_the_scanner_is_away() -> None:
    with pytest.raises(ScannerAway):
        await ScannedFirst(Cleaner(), NOWHERE).clean(photo("a.jpg"), "")


async def test_who_sends_a_virus_is_told_how_to_try_again(world: World, scanner: str) -> None:
    await appointment_now(world)
    scanned(world, scanner)
    await send(world, photo("a.jpg") + EICAR)
    assert "Take a new photo and send that." in world.heard()[-1]
    async with world.hub.store.transaction() as session:
        assert [file.content_sealed for file in await session.scalars(select(MediaFile))] == [None]


async def test_a_file_waits_unopened_and_goes_on_when_the_scanner_is_back(world: World, scanner: str) -> None:
    await appointment_now(world)
    scanned(world, NOWHERE)
    await send(world, photo("a.jpg"))
    assert "You do not need to send it again." in world.heard()[-1]
    async with world.hub.store.transaction() as session:
        file = (await session.scalars(select(MediaFile))).one()
        worker = await session.get_one(Worker, world.workers[Side.SUPERVISION])
        assert (await session.scalars(select(Escalation.reason))).all() == ["file_waits"]
        with pytest.raises(NotFound):
            await access_media(world.hub, session, worker, file.id)
    assert await scan_waiting(world.hub) == 0

    scanned(world, scanner)
    assert await scan_waiting(world.hub) == 1
    await world.settle()
    assert "Thank you for the photo." in world.heard()[-1]
    async with world.hub.store.transaction() as session:
        assert (await session.scalars(select(Proof.state))).one() is ProofState.GIVEN


class Scanner:
    """Answers for all files but one, and looks whether anybody holds the database meanwhile."""

    def __init__(self, world: World, never: bytes = b"") -> None:
        self.never, self.held = never, set[int]()
        self.pool = world.hub.store.engine.pool

    async def clean(self, content: bytes, declared_type: str) -> CleanFile:
        self.held.add(self.pool.checkedout())  # type: ignore[attr-defined]  # of a QueuePool
        if content == self.never:
            raise ScannerAway
        return await Cleaner().clean(content, declared_type)


async def test_no_connection_is_held_while_the_scanner_thinks(world: World) -> None:
    await appointment_now(world)
    slow = Scanner(world)
    uses(world, slow)
    await send(world, photo("a.jpg"))
    assert "Thank you for the photo." in world.heard()[-1]
    assert slow.held == {0}


async def test_a_file_that_is_never_answered_stands_in_front_of_nobody(world: World) -> None:
    await appointment_now(world)
    scanned(world, NOWHERE)
    for content in (photo("gps.jpg"), photo("b.jpg"), photo("c.jpg")):
        await send(world, content)
    uses(world, Scanner(world, never=photo("gps.jpg")))
    assert await scan_waiting(world.hub) == 2
    await send(world, photo("gps.jpg"))
    assert await scan_waiting(world.hub) == 0
    async with world.hub.store.transaction() as session:
        waiting = select(MediaFile.scans).where(MediaFile.refused == "waits").order_by(MediaFile.id)
        assert (await session.scalars(waiting)).all() == [3, 2]
