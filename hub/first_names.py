"""First names that are common in England and Wales and that nobody mistakes for a word. Knows nothing else.

Written from memory, not from a list of anybody's. Names that are also words ("will", "may", "grace") are not here.
"""

STAND_INS = ("Alex", "Jamie", "Robin", "Chris", "Casey", "Charlie")  # a woman's or a man's, so that "he" still fits
SURNAMES = ("Taylor", "Evans", "Walker", "Morris")

_NAMES = """
aaron abdul adam adrian agnieszka ahmed aisha alan albert alejandro alexander alexandra alfie ali alice alison amanda
amelia amir amy ana andrea andrew andrzej angela anita ann anna anne annie anthony anton archie arthur asif barbara
barry ben benjamin bernard beth bethan beverley brandon brenda brian bryn callum cameron carl carol caroline carys
catherine cathy cerys charlotte chelsea cheryl chloe christina christine christopher ciara claire clare clive colin
connor courtney craig daisy damian dan daniel danielle danny darren dave david dawid dean debbie deborah demi denise
dennis derek diane dominic donna doreen dorothy dylan eddie edward eileen elaine eleanor elena elizabeth ella ellie
emily emma eric ethan evan ewan farah fatima fiona frances francesca gareth gary gavin gemma geoff george georgia
gerald gethin gillian glyn gordon graham greg gurpreet gwen hannah harjit harry hassan hayley heather helen henry huw
ian ibrahim imran ioan ion irene isaac isabel isabella isla ivan jackie jacob jake james jamal jane janet janice
jasmine jason jasper jayden jean jeff jennifer jenny jeremy jess jessica jill jim joan joanna joanne joe joel john
johnny jonathan jordan joseph josh joshua joyce jude judith julia julian julie karen karl kasia kate katherine
kathleen katie kayleigh keith kelly ken kenneth keira kerry kev kevin khadija kieran kirsty kuldeep kyle laura lauren
layla leah leanne lee leo leon lesley lewis liam linda lindsay lisa logan lorraine louis louise lucas lucy luke lynn
maciej maisie malcolm mandy margaret maria marian marie marion martin mary mason matt matthew maureen maxine megan
melanie melissa michael michelle mihai miguel mike mohamed mohammed molly monika morgan muhammad natalie natasha
nathan neil nia nicholas nicola nicole nigel noah nora oliver olivia olwen omar oscar owen pamela patricia patrick
paul paula pauline peter phil philip phoebe piotr poppy priya rachel rajesh ralph rebecca reece rhian rhiannon rhys
richard rita robert roger ronald rory rosemary rosie roy russell ruth ryan sally sam samantha samuel sandra sara sarah
scott sean sebastian shane shannon sharon shaun sheila shirley simon sophia sophie stacey stanley stefan stella
stephanie stephen steve steven stuart susan suzanne sylvia tanya terence teresa terry thomas tim timothy tina toby tom
tomasz tommy tony tracey tracy trevor tyler usman valerie vanessa vera veronica vicky victoria vincent wayne wendy
william yasmin yusuf yvonne zac zara zoe
"""
COMMON = frozenset(_NAMES.split()) | {name.lower() for name in STAND_INS}
