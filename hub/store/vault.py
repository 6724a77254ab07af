"""Sealing of personal data: a key per person, wrapped by the agency's master key; blind indexes to find by.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce a value; the name of what is sealed is authenticated with
it, so that a sealed name cannot be pasted where a text is expected. Destroying a wrapped key erases a person.
Knows nothing of tables.
"""

import base64
import hmac
import os
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.errors import BadSettings
from hub.words import Side

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


@dataclass(frozen=True, slots=True)
class Key:
    """An open key: seals and opens texts and files."""

    _raw: bytes
    _cipher: AESGCM = field(init=False, repr=False, compare=False)  # making one takes longer than opening a text

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cipher", AESGCM(self._raw))

    def seal(self, value: str | bytes, what: str) -> bytes:
        """Seal `value`; `what` names its kind ("name", "body") and must be given again to open it."""
        nonce = os.urandom(_NONCE_BYTES)
        data = value.encode() if isinstance(value, str) else value
        return _VERSION + nonce + self._cipher.encrypt(nonce, data, what.encode())

    def open_bytes(self, sealed: bytes, what: str) -> bytes:
        """Raises `BadSettings` when the key is not the one that sealed it."""
        nonce, data = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, data, what.encode())
        except InvalidTag as wrong:
            raise BadSettings("The master key does not open what is in this database.") from wrong

    def open(self, sealed: bytes, what: str) -> str:
        return self.open_bytes(sealed, what).decode()


class Vault:
    """Everything that needs the master key."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise BadSettings("HANDRAIL_MASTER_KEY must be 32 bytes in base64: make one with `handrail keys master`.")
        self.master = Key(_derive(master_key, b"wrap"))
        self.spool = Key(_derive(master_key, b"spool"))  # for what waits on disk, before it is known whose it is
        self._index_key = _derive(master_key, b"index")

    @classmethod
    def from_text(cls, master_key: str) -> "Vault":
        try:
            return cls(base64.b64decode(master_key, validate=True))
        except ValueError as wrong:
            raise BadSettings("HANDRAIL_MASTER_KEY is not base64.") from wrong

    @staticmethod
    def new_master_key() -> str:
        return base64.b64encode(os.urandom(KEY_BYTES)).decode()

    def new_person_key(self) -> bytes:
        """A new key, wrapped: store it with the person."""
        return self.master.seal(os.urandom(KEY_BYTES), "person key")

    def open_person_key(self, wrapped: bytes) -> Key:
        return Key(self.master.open_bytes(wrapped, "person key"))

    def index(self, side: Side, kind: str, value: str) -> bytes:
        """A blind index: the same value on the other side gives another one, so the sides cannot be joined."""
        return hmac.digest(self._index_key, f"{side}\0{kind}\0{value}".encode(), sha256)

    def keyed(self, kind: str, value: str) -> bytes:
        """A hash that nobody can try values against without the master key, for what belongs to no side."""
        return hmac.digest(self._index_key, f"keyed\0{kind}\0{value}".encode(), sha256)

    def mark(self, value: str) -> str:
        """A blind index for a file's name, in hexadecimal: enough to tell senders apart for some minutes."""
        return hmac.digest(self._index_key, b"mark\0" + value.encode(), sha256).hex()[:16]


def _derive(master_key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"handrail " + purpose).derive(master_key)
