"""Short random references for screens and addresses: they say nothing about anybody. And what we keep of a token."""

import secrets
from hashlib import sha256

# No vowels (no words by chance), no 0 1 I O (read out over a phone). 24^8 = 1.1e11.
_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
LETTERS = 8


def new_ref(letters: int = LETTERS) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(letters))


def hash_token(token: str) -> bytes:
    """Whoever reads the store cannot act with what stands there. A token is long and random: no slow hash is needed."""
    return sha256(token.encode()).digest()
