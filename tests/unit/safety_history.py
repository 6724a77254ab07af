"""What was, and what is: questions about the past, the same when it goes on, and words that need a sequel."""

PAST = (
    "he hit me in 2021, any trial date",
    "used to self harm, years ago. is it on my record",
    "the man who followed me home, has he been charged",
    "has the lad that attacked my mum been sentenced yet",
    "he strangled me in 2019 and got 4 years, is he on licence still",
    "he pleaded guilty to hitting me, when is sentencing",
    "was suicidal 4 years back, im well now",
    "my uncle killed himself years ago, is there a group",
    "had a stroke back in march and use a scooter, is there anywhere to park",
    "can they use my old suicide attempt when i give evidence",
    "who can see that i used to self harm",
    "nath o fygwth fi llynedd, dwi isio cwyno",
)

STILL = (
    "he hit me last night, has he been charged",
    "he hit me, has he been charged",
    "he hit me in 2021",
    "he hit me in 2021 and again today, any trial date",
    "he hit me in 2021 and he still hits me, any trial date",
    "used to self harm years ago and started again, is there a group",
    "the man who attacked my mum, he is outside, has he been charged",
    "last year in court he said he will kill me",
    "i am suicidal, he was sentenced in march",
    "used to be happy, now i have nothing and want to die",
    "he raped me in june and im not happy with the police",
    "my mate killed himself last year and i want to die, is there a group",
)

SEQUELS = (
    ("crisis_self", "i want it all to stop"),
    ("crisis_self", "cant see a way out any more"),
    ("medical_emergency", "my dad collapsed"),
    ("medical_emergency", "hes on the floor and not moving"),
    ("medical_emergency", "i cant wake him up"),
    ("medical_emergency", "the baby is choking"),
    ("medical_emergency", "he is foaming at the mouth"),
    ("danger_now", "someone is in my house"),
    ("danger_now", "hes looking for me"),
    ("danger_now", "need the police now"),
    ("domestic_abuse", "he puts pics of me online"),
    ("domestic_abuse", "walking on eggshells with him"),
)
