"""Words of general English that say nearly the same, so that a question meets its answer.

A hand-written table: each line is a group. Numbers stand beside their words. Keeps true: a word is
never its own synonym; being related is symmetric. Imports words.
"""

from functools import lru_cache

from chat.knowledge.words import stem

_GROUPS = """
die died death dead deceased pass killed
kill murder assassinate slay execute
born birth native
begin start commence launch initiate onset first inception opening
end finish conclude stop cease terminate close final last
found establish create form set-up institute organize originate
make create produce build construct manufacture generate
built constructed erected building construction
develop create invent design devise
discover find detect identify
use utilize employ apply usage
show display demonstrate reveal indicate exhibit
say state claim declare assert announce report tell remark
think believe consider regard view opinion hold
call name term title known dub refer label
mean define refer signify represent
big large great huge major vast
largest biggest greatest
small little tiny minor
many numerous several multiple
amount quantity number total
most majority mainly mostly largely primarily
important significant key major crucial vital essential
main primary principal chief central leading
famous known renowned notable noted celebrated
kind type sort form category class
part portion section segment component piece
place location site area position located spot
city town municipality
country nation state land
area region territory zone district
people population inhabitants residents citizens persons
person individual human man woman
child children kid youth
student pupil
teacher instructor educator
school college academy
university college
job work occupation profession career employment position role
worker employee staff labor labour
boss leader head chief director ruler commander
lead head direct command guide
king ruler monarch emperor
army troops soldiers forces military
war conflict battle fighting
fight battle combat struggle
attack assault raid invade strike
win victory defeat beat triumph conquer
lose loss defeat
get obtain receive acquire gain earn
give provide grant offer supply donate award
buy purchase acquire
sell sale sold
pay paid cost price charge expense
money fund finance cash capital budget
rich wealthy affluent
poor poverty
increase rise grow growth raise expand higher
decrease decline drop fall reduce lower shrink
change alter modify transform shift
help assist aid support
support back favor endorse advocate
oppose against resist object
agree accept approve
reject refuse deny decline
allow permit let enable
prevent stop block prohibit ban forbid
ban prohibit forbid outlaw illegal
law rule regulation legislation act statute
legal lawful
need require must necessary requirement
cause lead result reason produce because
effect impact influence consequence result
affect influence impact
problem issue difficulty trouble
difference differ distinct different distinguish
similar alike same
join unite merge combine
split divide separate
include contain consist comprise involve
contain hold include
live reside dwell inhabit home
leave depart exit quit
arrive reach come
move travel go migrate relocate
return back
send dispatch transmit
bring carry transport
write author pen compose wrote written
author writer novelist
book novel publication
publish release issue print
movie film picture
show program series television
song music tune
singer musician artist
play perform performance
actor actress star cast
picture image photo
teach instruct train
learn study
study research examine investigate
scientist researcher
doctor physician
illness disease sickness
sick ill
medicine drug medication
begin originate
old ancient age aged
age old
new recent modern
early beginning
often frequently commonly usually
common frequent typical popular usual
rare uncommon
fast quick rapid speed
high tall height
long length
wide width
deep depth
far distance
hot warm heat temperature
cold cool
wet rain rainfall precipitation moist
sea ocean
ship boat vessel
river stream
mountain peak hill
road highway street freeway
car automobile vehicle
train railway rail railroad
plane aircraft airplane
church religious religion
holy sacred
god deity
belief faith religion
choose select elect pick
elect vote election
government state administration
president leader
chance opportunity probability
try attempt seek
plan intend scheme proposal
propose suggest
goal aim purpose objective intention
method way technique approach process means
happen occur event take-place
event incident
control rule govern dominate
own possess belong
company firm corporation business enterprise
business commerce trade industry
team club squad
game match
member belong
group band organization association
divide split
enter entry
near close adjacent
north northern
south southern
east eastern
west western
center centre middle central heart
border boundary edge
destroy ruin damage demolish
damage harm hurt injure
protect defend guard
danger risk threat hazard
fear afraid
free freedom liberty
equal equality
unequal inequality
rename renamed
replace substitute succeed
follow succeed after
precede before prior
compete competition rival
describe portray depict characterize
explain account
resemble similar
percent percentage proportion share
half fifty
yearly annual annually
ten decade
hundred century
wage salary income pay earnings
income earnings revenue
tax duty levy
energy power
fuel gas petrol gasoline oil
electricity electric electrical
computer machine
machine device apparatus
food eat diet
water
animal creature
plant tree
forest jungle woods
color colour
english england british britain
french france
german germany
us usa america american
uk britain british
chinese china
russian russia soviet
european europe
1 one single
2 two second twice pair both
3 three third triple
4 four fourth
5 five fifth
6 six sixth
7 seven seventh
8 eight eighth
9 nine ninth
10 ten tenth
11 eleven
12 twelve dozen
20 twenty
30 thirty
40 forty
50 fifty half
60 sixty
70 seventy
80 eighty
90 ninety
100 hundred
1000 thousand
"""


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _GROUPS.split("\n"):
        group = {stem(word) for word in line.split() if "-" not in word}
        for one in group:
            found.setdefault(one, set()).update(group - {one})
    return {one: frozenset(others) for one, others in found.items()}


def related(word_stem: str) -> frozenset[str]:
    """The stems that say nearly what `word_stem` says."""
    return _table().get(word_stem, frozenset())
