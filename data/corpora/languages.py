"""The language of a document, guessed from its commonest small words: a slice to report by.

Source: the idea is Damashek's and Grefenstette's (function words alone tell European languages
apart); the lists are ours and short. A guess serves to group figures, never to read a value.
"""

from collections import Counter
from collections.abc import Iterable

_SMALL_WORDS: dict[str, str] = {
    "en": "the of and to for in on is by with from this your please no date",
    "de": "der die das und für von zu mit den dem ist nicht auf bei nr datum",
    "fr": "le la les des du et pour est une sur avec votre dans par au aux",
    "es": "el la los las del y para por con una su fecha no se al",
    "it": "il la gli della di e per con una del dei delle al nel data",
    "nl": "de het een en van voor met is op te bij uw datum aan",
}
MIN_SMALL_WORDS = 3  # with fewer small words of any language the guess is `unknown`
UNKNOWN = "unknown"


def guess_language(words: Iterable[str]) -> str:
    """The ISO 639-1 code of the language with the most small words; `unknown` for few or a tie."""
    counts = Counter(word.casefold().strip(".,:;()") for word in words)
    votes = {
        code: sum(counts[word] for word in small.split()) for code, small in _SMALL_WORDS.items()
    }
    first, second = sorted(votes, key=lambda code: -votes[code])[:2]
    if votes[first] < MIN_SMALL_WORDS or votes[first] == votes[second]:
        return UNKNOWN
    return first
