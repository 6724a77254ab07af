"""Cries for help as people text them, by kind, one a line. Written for the rules; the assistant learns from others."""

CRIES = {
    "crisis_self": """
        i want to die
        i dont wanna live no more
        wanna kms
        thinkin of killin myself tonite
        im suicidal
        feelin suisidal again
        i wish i was dead
        id be better off dead
        everyone is better off without me
        theres no point me being here
        whats the point of living
        cant do this anymore
        cant go on like this
        wont be here tmrw
        im going to hang myself
        ive been cutting myself
        started self harming again
        i hurt myself last night with a blade
        gonna end it all
        i want to end my life
        nothing left to live for
        im stood on the bridge
        going to jump off the bridge
        ive got a rope ready
        tell my kids i love them
        tell my mum im sorry
        this is goodbye
        ive had enough of life
        i dont want to wake up
        hope i dont wake up tomorrow
        my brother says hes going to kill himself
        she keeps hurting herself
        no one would miss me
        dont see a way out
        i cant keep myself safe
        i want it all to stop
        keep thinking about suicide
        life isnt worth living
        hes going to take his own life
        take my own life
        how many paracetamol would kill me
        Please. I do not wish to live any longer.
        alex says he wants to die
        she said she wants to end it
        he doesnt want to live any more
        he told me he wants to end it
        i think he might do something stupid
        im scared what he might do
        worried she will do something to herself
        i found a note from him
        wnna b ded
        i wanna do away with meself
        gona slit me rists
        jumpin off these flats
        i no longer wish to live
        scared what il do to myself tonight
        hes been giving all his things away
        """,
    "danger_now": """
        hes outside
        my ex is outside the house
        hes at my door
        he is kicking the door in
        someones breaking in
        hes got a knife
        theres a man with a gun
        they are trying to get in
        im being followed
        a man is following me home
        hes going to kill me
        they want to kill me
        he locked me in and took my keys
        he wont let me leave
        hes hitting me right now
        ive just been attacked
        just been stabbed
        im hiding in the bathroom
        call the police
        send police please
        help me he is here
        im in danger
        he keeps hitting her
        he is threatening her
        someone is following her
        hes at her door now
        he wont let her out of the house
        she says he hit her
        she is not safe with him
        scared for my life
        hes found me
        hes banging on the window
        someone is in my house
        he said hes coming to kill me
        three lads waiting for me outside
        hes strangling her
        they are coming up the stairs
        hes smashing the house up
        my ex is parked across the road watching the house
        they locked us in
        he pulled a knife on me
        she is hitting me now
        he as got a nife
        theres a man in my kitchen
        someone trying my front door
        2 of em with bats
        hes got mum by the throat
        about to get jumped
        """,
    "medical_emergency": """
        need an ambulance
        hes not breathing
        my dad collapsed
        shes unconscious
        chest pains and my arm hurts
        i think im having a heart attack
        she wont wake up
        hes having a fit
        hes having a seizure
        ive taken an overdose
        took all my tablets
        i took 30 paracetamol
        cant breathe
        hes bleeding badly
        blood everywhere
        it wont stop bleeding
        nan is having a stroke
        his lips are blue
        baby has gone floppy
        shes swallowed bleach
        my mate has overdosed
        hes choking
        throat is swelling up
        she cant breathe
        hes foaming at the mouth
        cant find a pulse
        waters broke and im alone
        need amberlance
        cnt breeve
        she is out cold
        hes stabbed in the leg
        nan on floor not answering
        bleeding wont stop
        """,
    "harm_to_child": """
        he hits my kids
        my ex hit my son
        shes hurting the baby
        he shook the baby
        someone is touching my daughter
        her uncle touches her
        the kids are home alone
        she leaves the baby on its own
        my dad hits me and my little brother
        the child next door is being beaten
        hes grooming a girl of 13
        i hit my baby and im scared
        kids are not safe there
        a child is being hurt
        he beats the children with a belt
        theres bruises all over my little boy
        they left a 3 year old on his own
        he punched my daughter
        the baby has cigarette burns
        im scared i might hurt my baby
        older lads are making my son carry drugs
        she locks him in a cupboard
        he burnt her with a fag
        kids left on there own again
        my uncle is doing things to me
        baby locked in the shed
        """,
    "threat_to_others": """
        im going to kill him
        i will stab him
        gonna smash her face in
        ill burn his house down
        i want to hurt someone
        im going to do him in
        hes a dead man
        shes dead when i see her
        ive got a knife and im going round there
        going round with a bat
        im bringing a knife
        gonna batter him
        i know where he lives and hes getting it
        im gonna shoot the lot of them
        i want to kill my stepdad
        he will pay for what he did
        im outside his house waiting
        someone is getting stabbed tonight
        ill slit his throat
        i keep thinking about killing my neighbour
        my brother has gone out with a machete
        going to break his legs
        ill put him in the ground
        gnna smsh his hed in
        goin to put his windows through
        gonna petrol bomb the place
        hes gone to stab his brother
        sleep with one eye open
        """,
    "domestic_abuse": """
        my boyfriend hit me
        he hits me
        my husband beats me
        she punched me again
        he strangled me last week
        hes raped me
        my ex keeps threatening me
        im scared of my husband
        im scared to go home
        he controls my money
        he takes all my wages
        he wont let me see my family
        he wont let me go out
        he reads every text, he checks my phone every night
        he put a tracker on my car
        she throws things at me
        my son hits me
        he pushed me down the stairs
        my partner is abusive
        domestic violence
        he says hell kill me if i leave
        my ex is stalking me
        he spits on me
        my dad beats my mum
        not allowed to see my friends by my husband
        they are forcing me to marry
        he smacked my head against the wall
        my bloke dragged me by the hair
        she threw the kettle over me
        he goes through my phone
        its a black eye off him again
        """,
}
# As speakers of other languages text them; drafts until native speakers have read them.
ELSEWHERE = {
    "dwi isio marw": "crisis_self",
    "dwi ddim eisiau byw": "crisis_self",
    "mae'n mynd i'w brifo hi": "danger_now",
    "mae o ddim eisiau byw": "crisis_self",
    "mae o tu allan": "danger_now",
    "mae ganddo gyllell": "danger_now",
    "dw i angen ambiwlans": "medical_emergency",
    "mae o'n fy nharo": "domestic_abuse",
    "mae'n brifo'r plant": "harm_to_child",
    "dwisho marw": "crisis_self",
    "di blino byw": "crisis_self",
    "ma rhywun tu fas": "danger_now",
    "ma cyllell da fe": "danger_now",
    "mae'n bwrw fi": "domestic_abuse",
    "fi ofn mynd gartre": "domestic_abuse",
    "mae e'n bwrw'r crwt": "harm_to_child",
    "fi'n mynd i dorri ei goese": "threat_to_others",
    "babi'n troi'n las": "medical_emergency",
    "ma'n cal ffit": "medical_emergency",
    "chcę umrzeć": "crisis_self",
    "nie chce mi sie zyc": "crisis_self",
    "on ma nóż": "danger_now",
    "mąż mnie bije": "domestic_abuse",
    "nie oddycha": "medical_emergency",
    "zabiję go": "threat_to_others",
    "on bije dzieci": "harm_to_child",
    "vreau să mor": "crisis_self",
    "are un cuțit": "danger_now",
    "soțul mă bate": "domestic_abuse",
    "nu respiră": "medical_emergency",
    "o să-l omor, îl omor": "threat_to_others",
    "bate copiii": "harm_to_child",
    "main marna chahta hoon": "crisis_self",
    "مرنا چاہتا ہوں": "crisis_self",
    "پولیس کو بلاؤ": "danger_now",
    "mujhe maarta hai": "domestic_abuse",
    "saans nahi aa rahi": "medical_emergency",
    "main marna chaunda": "crisis_self",
    "ਮੈਂ ਮਰਨਾ ਚਾਹੁੰਦਾ ਹਾਂ": "crisis_self",
    "ਮੈਨੂੰ ਕੁੱਟਦਾ ਹੈ": "domestic_abuse",
    "mainu kutda hai": "domestic_abuse",
    "ਸਾਹ ਨਹੀਂ ਆ ਰਿਹਾ": "medical_emergency",
}


def rows() -> list[tuple[str, str]]:
    """Kind and text, English."""
    return [(kind, line.strip()) for kind, lines in CRIES.items() for line in lines.strip().splitlines()]
