"""The people who stand by a person: family, friends, mentors. In the order in which things happen:

    reading.py      what texts mean here, and deciding.py: which of them need no model
    invite_talk.py  the person asks for somebody, by text
    invitations.py  the person's wish, or a worker's with the person's yes; codes.py: what they hand on
    checks.py       why a human looks first: somebody under 18, a name on the no-contact list, a colleague
    joining.py      the supporter gives the code
    members.py      in, out, and what each may see
    leaving.py      REMOVE and LEAVE; ending.py: what ends by itself; told.py: what is told of all this at a good time
    mentors.py      a supporter who also works here
    consents.py     the history of who allowed what
    posts.py        what is said among them, relayed to each
    masking.py      numbers and surnames are taken out of it
    going_out.py    asked once more when a text leaves: is it still theirs?
    standing.py     who is in force now; all others ask here

A supporter writes first, always: the hub sends nothing to a number that somebody gave it for another.
"""
