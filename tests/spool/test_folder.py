"""The folder of sealed letters: whatever is put in comes out the same, in order, readable by the key's owner alone."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import printable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import BadSettings, NotSpooled
from hub.ports import Inbound, Media, Receipt
from hub.spool.folder import BLOCK, HALF, HALF_LASTS, Folder, came_at, kind_of, mark_of
from hub.spool.letters import read, sender_of, write
from hub.store.vault import Vault
from hub.words import ChannelKind
from tests.world import MONDAY, VAULT

MARK = VAULT.mark("sms +447700900101")
text = st.text(st.characters(codec="utf-8"), max_size=200)
media = st.builds(Media, st.binary(max_size=500), text, text, text)
inbound = st.builds(
    Inbound,
    line_address=text,
    channel=st.sampled_from(ChannelKind),
    sender=text,
    provider_message_id=text,
    text=text,
    received_at=st.datetimes(timezones=st.just(UTC)),
    media=st.lists(media, max_size=3).map(tuple),
    provider_keyword=text,
)
receipt = st.builds(Receipt, text, text, text, text)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "spool", VAULT.spool, room=1 << 20)


@given(st.one_of(inbound, receipt))
def test_every_letter_is_the_same_when_it_is_read_again(letter: Inbound | Receipt) -> None:
    assert read(write(letter)) == letter


@given(st.binary(max_size=300) | st.text(printable).map(str.encode) | st.just(b'{"is": "Inbound"}'))
def test_what_is_no_letter_is_a_sentence_and_no_crash(content: bytes) -> None:
    with pytest.raises(BadSettings):
        read(content)


@settings(max_examples=20)  # each letter waits for the disk
@given(st.lists(st.binary(max_size=50), max_size=5))
def test_letters_come_out_as_they_went_in_and_in_order(tmp_path_factory, contents: list[bytes]) -> None:
    folder = Folder(tmp_path_factory.mktemp("spool"), VAULT.spool, room=1 << 20)
    for content in contents:
        folder.put(folder.name(MONDAY, MARK, "text"), content)
    assert [folder.read(name) for name in folder.names()] == contents


def test_the_clocks_order_is_the_order(folder: Folder) -> None:
    moments = [MONDAY + timedelta(microseconds=n * 997) for n in range(20)]
    names = [folder.name(at, MARK, "text") for at in moments]
    assert sorted(names) == names
    assert [came_at(name) for name in names] == pytest.approx(moments, abs=timedelta(microseconds=1))
    assert {(mark_of(name), kind_of(name)) for name in names} == {(MARK, "text")}


def test_nobody_else_can_read_the_folder_and_nothing_in_it_is_in_clear(folder: Folder) -> None:
    folder.put(folder.name(MONDAY, MARK, "text"), b"see you at 2, from +447700900101")
    (file,) = [path for path in folder.path.iterdir() if path.is_file()]
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"see you" not in file.read_bytes()
    assert "900101" not in file.name
    with pytest.raises(BadSettings):
        Folder(folder.path, Vault(b"another key of thirty two bytes!").spool, room=1).read(file.name)


def test_a_folder_that_is_full_says_so_and_takes_again_when_there_is_room(tmp_path: Path) -> None:
    folder = Folder(tmp_path, VAULT.spool, room=3 * BLOCK)
    for _ in range(3):
        folder.put(folder.name(MONDAY, MARK, "text"), b"short")
    with pytest.raises(NotSpooled, match="full"):
        folder.put(folder.name(MONDAY, MARK, "text"), b"one too many")
    folder.remove(folder.names()[0])
    folder.put(folder.name(MONDAY, MARK, "text"), b"now there is room")
    assert len(folder.names()) == 3


def test_a_disk_that_refuses_says_so(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")
    folder = Folder(tmp_path / "spool", VAULT.spool, room=1 << 20)
    with pytest.raises(NotSpooled):
        folder.put(folder.name(MONDAY, MARK, "text"), b"short")


def test_a_letter_counts_only_once_it_is_whole(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(folder.names() != []))
    folder.put(folder.name(MONDAY, MARK, "text"), b"short")
    assert synced == [False, True], "the content before its name, then the name"


def test_one_at_a_time_takes_letters_out(folder: Folder) -> None:
    folder.put(folder.name(MONDAY, MARK, "text"), b"short")
    with folder.alone() as first, folder.alone() as second:
        assert (first, second) == (True, False)
    with folder.alone() as again:
        assert again


def test_what_waits_is_counted_by_kind_without_opening_it(folder: Folder) -> None:
    for kind in ("text", "crisis", "receipt", "text"):
        folder.put(folder.name(MONDAY, MARK, kind), b"short")
    folder.set_aside(folder.names()[0])
    waiting = folder.waiting(MONDAY + timedelta(minutes=5))
    assert waiting.by_kind == {"crisis": 1, "receipt": 1, "text": 1}
    assert (waiting.number, waiting.aside, waiting.oldest) == (3, 1, timedelta(minutes=5))


def test_an_empty_folder_has_nothing_to_tell(folder: Folder) -> None:
    assert folder.waiting(datetime.now(UTC)).oldest is None


def test_letters_of_one_sender_are_known_by_their_mark() -> None:
    said = Inbound("+447700900001", ChannelKind.SMS, "+447700900101", "SM1", "hi", MONDAY)
    assert sender_of(said) != sender_of(Receipt("SM1", "sent"))
    assert VAULT.mark("a") != VAULT.mark("b")


def half_written(folder: Folder, content: bytes, *, torn: bool = False) -> str:
    """As a process leaves it that is killed between writing and renaming, or in the middle of writing."""
    name = folder.name(MONDAY, MARK, "text")
    folder.put(name, content)
    file = folder.path / name
    if torn:
        file.write_bytes(file.read_bytes()[:-1])
    file.rename(folder.path / (name + HALF))
    return name


def test_a_letter_that_was_written_and_not_yet_named_is_found(folder: Folder) -> None:
    name = half_written(folder, b"im outside")
    folder.take_up_halves(MONDAY + HALF_LASTS / 2)
    assert folder.names() == [], "somebody may still be writing it"
    folder.take_up_halves(MONDAY + HALF_LASTS)
    assert (folder.names(), folder.read(name)) == ([name], b"im outside")


def test_half_a_letter_is_set_aside_and_takes_no_more_room(folder: Folder) -> None:
    half_written(folder, b"im outside", torn=True)
    folder.take_up_halves(MONDAY + HALF_LASTS)
    waiting = folder.waiting(MONDAY)
    assert (waiting.number, waiting.aside, waiting.bytes) == (0, 1, 0)
