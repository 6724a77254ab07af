"""The people who stand by a person: family, friends, mentors. In the order in which things happen:

    invitations.py  the person's wish, or a worker's with the person's yes; a code that the supporter gives
    checks.py       why a human looks first: somebody under 18, a name on the no-contact list, a colleague
    members.py      in, out, and what each may see
    consents.py     the history of who allowed what
    posts.py        what is said among them, relayed to each
    masking.py      numbers and surnames are taken out of it
    going_out.py    asked once more when a text leaves: is it still theirs?
    standing.py     who is in force now; all others ask here

A supporter writes first, always: the hub sends nothing to a number that somebody gave it for another.
"""
