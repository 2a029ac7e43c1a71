"""The languages of synthetic documents: one file and one record each."""

from data.synthesis.languages.czech import CZECH
from data.synthesis.languages.danish import DANISH
from data.synthesis.languages.dutch import DUTCH
from data.synthesis.languages.english import ENGLISH
from data.synthesis.languages.finnish import FINNISH
from data.synthesis.languages.french import FRENCH
from data.synthesis.languages.german import GERMAN
from data.synthesis.languages.hungarian import HUNGARIAN
from data.synthesis.languages.italian import ITALIAN
from data.synthesis.languages.language import Kinds, Language, Texts
from data.synthesis.languages.norwegian import NORWEGIAN
from data.synthesis.languages.polish import POLISH
from data.synthesis.languages.portuguese import PORTUGUESE
from data.synthesis.languages.romanian import ROMANIAN
from data.synthesis.languages.spanish import SPANISH
from data.synthesis.languages.swedish import SWEDISH
from data.synthesis.languages.turkish import TURKISH

__all__ = ["LANGUAGES", "Kinds", "Language", "Texts"]

LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        *(ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, PORTUGUESE, POLISH, SWEDISH, DANISH),
        *(NORWEGIAN, FINNISH, CZECH, HUNGARIAN, ROMANIAN, TURKISH),
    )
}
