"""What is sealed opens with its own key and name, and with nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import BadSettings
from hub.store.vault import Vault
from hub.words import Side

VAULT = Vault(b"a" * 32)


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    key = VAULT.open_person_key(VAULT.new_person_key())
    assert key.open(key.seal(text, "body"), "body") == text


def test_another_persons_key_opens_nothing() -> None:
    mine, other = (VAULT.open_person_key(VAULT.new_person_key()) for _ in range(2))
    with pytest.raises(BadSettings):
        other.open(mine.seal("secret", "body"), "body")


def test_a_sealed_name_cannot_be_read_as_a_text() -> None:
    key = VAULT.open_person_key(VAULT.new_person_key())
    with pytest.raises(BadSettings):
        key.open(key.seal("Sam", "name"), "body")


def test_another_master_key_opens_no_person() -> None:
    with pytest.raises(BadSettings):
        Vault(b"b" * 32).open_person_key(VAULT.new_person_key())


def test_the_same_number_has_another_index_on_the_other_side() -> None:
    numbers = {VAULT.index(side, "sms", "+447700900101") for side in Side}
    assert len(numbers) == 2
    assert VAULT.index(Side.VICTIMS, "sms", "+447700900101") in numbers


@pytest.mark.parametrize("wrong", ["", "short", "not base64 at all!"])
def test_a_wrong_master_key_says_what_to_do(wrong: str) -> None:
    with pytest.raises(BadSettings, match="HANDRAIL_MASTER_KEY"):
        Vault.from_text(wrong)


def test_a_new_master_key_is_one() -> None:
    assert Vault.from_text(Vault.new_master_key())
