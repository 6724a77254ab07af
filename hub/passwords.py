"""What a password has to be: long, and not the e-mail address. No rules of composition (NCSC): they make worse ones.

Knows no page and no store.
"""

SHORTEST = 12  # characters: three random words
LONGEST = 200  # hashing takes as long as what is hashed


def wrong_with(password: str, email: str) -> str:
    """The sentence for whoever chose it; empty when it will do."""
    if len(password) < SHORTEST:
        return f"Enter a password of at least {SHORTEST} characters. Three random words are good and easy to remember."
    if len(password) > LONGEST:
        return f"Enter a password of at most {LONGEST} characters."
    if password.strip().lower() in {email, email.partition("@")[0]}:
        return "Your password must not be your email address."
    if len(set(password.lower())) < SHORTEST // 3:
        return "Use more different characters. Three random words are good."
    return ""
