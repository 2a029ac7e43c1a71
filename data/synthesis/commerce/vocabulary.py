"""Word lists of the catalogues: from every language, and those that belong to no language.

All are invented or everyday.
"""

from data.synthesis.commerce.wording import gather_kinds, gather_texts
from data.synthesis.languages.language import words

# Goods and services, by catalogue and language.
NOUNS = gather_kinds(lambda language: language.nouns)
UNITS = gather_texts(lambda language: language.units)
TIME_UNITS = gather_texts(lambda language: language.time_units)
# Sizes, colours and versions that follow a noun.
SPECS = words(
    "black|white|blue|red|grün|noir|large|XL|M8x40|10 mm|35.5x25.5cm|120ml|1.5L|"
    "500 g|2 kg|18V|DN25|A2-70|48MM*100M|20/0500|Premium|Extra|Standard|Pro|Type "
    "B|3x2,5 mm²|0.8 mm 3070x1320|RAL 9010|24W 4000K|50 m|100 St.|Pack of 10|"
    "(Dozen)|(small)|Gr. 42|Serie 300|V2|12V/5A|1st floor|Q3|March|Woche 12|"
    "01/2024|EU|US"
)
SHOWS = words(
    "News|Morning News|Evening News|Late News|Early Show|The Quiz Hour|Game "
    "Night|Morning Rotator|Prime Rotator|Late Movie|Talk Today|Sunday Politics|"
    "Weather First|Sports Final|Doctor's Hour|Judge Marlow|Wheel of Luck|Noon "
    "Report|Kids Club|Saturday Matinee|Baseball Live|Drama at Nine|Local Live|"
    "World Report|Various|Sitcom Block|Football|Overnight"
)
DAYS = words("M-F|M-Su|Sa-Su|Sa|Su|Mo-Fr|M-Th|Tu|W|Th|F|MTWTF|Mon-Fri|M-Sa")
# Parts of made-up words.
SYLLABLES = words(
    "ba|be|bo|da|den|do|fa|fi|gar|go|ha|hol|ka|kel|ko|la|lem|li|lo|mar|me|mo|nar|"
    "ne|no|or|pa|per|ra|ren|ri|ro|sa|sen|so|ta|tel|ti|to|va|ver|vi|wa|wen|za|zel|"
    "zo|bra|cro|dri|fle|gri|pla|sti|tre"
)
