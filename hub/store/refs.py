"""Short random references for screens and addresses: they say nothing about anybody."""

import secrets

# No vowels (no words by chance), no 0 1 I O (read out over a phone). 24^8 = 1.1e11.
_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"
LETTERS = 8


def new_ref(letters: int = LETTERS) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(letters))
