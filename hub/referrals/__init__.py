"""A teacher or an agency refers a young person to diversion. In the order in which things happen:

    doors.py     each agency turns it on and sets the word of its form's address; limits for what comes in
    ages.py      whose yes is needed at which age, with the law behind it
    said.py      what a referrer says, field by field, and what is wrong with it; the form and the API share it
    drafts.py    a form that is being filled in
    receipt.py   taking it, and taking it back
    content.py   opening and sealing what was said
    steps.py     what was asked and answered so far, what is missing, and who has to act
    asking.py    asking by text, where that is safe and the number is nobody’s yet
    course.py    what follows from an answer, and from none: the next question, a reminder, the end of waiting
    own_links.py a link to answer by (by text: hub/commands/referrals.py)
    deciding.py  a worker: looks, calls, records an answer, joins records, accepts, declines
    somebody.py  who is here because of a referral alone
    emptying.py  what ended without a yes is emptied of everything personal after thirty days

Until somebody is accepted, what was said about them is under the referral's own key. Nobody is referred behind their
back, and nobody hears from us by text unless the referrer has said that this is safe.
"""
