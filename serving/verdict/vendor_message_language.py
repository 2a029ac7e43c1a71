"""The language to write to a vendor in: the one wished for, else the papers', else English."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from data.records import ExtractedDocument
from serving.verdict.vendor_message_templates import DEFAULT_LANGUAGE

# Short frequent words by language; one that several languages have counts for none of them.
_SMALL_WORDS: dict[str, str] = {
    "en": "the of and for with from your our net days days' within delivery",
    "de": "der die das und für von zu mit ohne nach tage netto innerhalb lieferung stück zzgl",
    "fr": "le les du des et pour avec sans votre jours sous livraison à pièce",
    "es": "el los las y para con sin su días dentro entrega pieza fecha",
    "it": "il gli della di per con senza giorni entro consegna pezzo fattura alla",
    "pt": "o os as e com sem dias prazo entrega peça fatura não ao",
    "nl": "het een van voor met zonder dagen binnen levering stuk bij uw",
    "pl": "i z na do dla oraz bez dni termin dostawa sztuka szt faktura przelew",
}
# Letters that one of these languages alone is written with.
_OWN_LETTERS: dict[str, str] = {"de": "ß", "es": "ñ¿¡", "pt": "ãõ", "pl": "łąęśźżńć", "fr": "œ"}
# Votes that a guess needs, and its lead over the next language.
_LEAST_VOTES, _LEAST_LEAD = 3, 2
_KANA = re.compile(r"[぀-ヿ]")
_HANGUL = re.compile(r"[가-힣]")
_HAN = re.compile(r"[一-鿿]")
# Characters of its script that show a language.
_LEAST_SCRIPT = 4


def choose_language(
    wish: str | None, documents: Iterable[ExtractedDocument], known: Collection[str]
) -> str:
    """Return a language of `known` (ISO 639-1): English where neither wish nor papers name one."""
    if wish is not None and wish in known:
        return wish
    if wish is not None:
        return DEFAULT_LANGUAGE
    language = guess_language(text for document in documents for text in printed_texts(document))
    return language if language in known else DEFAULT_LANGUAGE


def printed_texts(document: ExtractedDocument) -> Iterable[str]:
    """Yield the texts of a document that are in the vendor's own language."""
    for item in document.line_items:
        if item.description is not None and item.description.text:
            yield item.description.text
    for name in ("payment_terms", "vendor_name"):
        leaf = document.fields.get(name)
        if leaf is not None and leaf.text:
            yield leaf.text


def guess_language(texts: Iterable[str]) -> str:
    """Return the language of the texts (ISO 639-1), "" where they do not show it."""
    text = "\n".join(texts).casefold()
    if len(_HANGUL.findall(text)) >= _LEAST_SCRIPT:
        return ""
    if len(_KANA.findall(text)) >= _LEAST_SCRIPT:
        return "ja"
    if len(_HAN.findall(text)) >= _LEAST_SCRIPT:
        return "" if _KANA.search(text) else "zh"
    counts = Counter(re.findall(r"[^\W\d_]+", text))
    votes = {code: sum(counts[word] for word in small) for code, small in _small_words().items()}
    for code, letters in _OWN_LETTERS.items():
        votes[code] += sum(text.count(letter) for letter in letters)
    (first, votes_first), (_, votes_second) = Counter(votes).most_common(2)
    lead = votes_first - votes_second
    return first if votes_first >= _LEAST_VOTES and lead >= _LEAST_LEAD else ""


def _small_words() -> dict[str, list[str]]:
    spread = Counter(word for small in _SMALL_WORDS.values() for word in set(small.split()))
    return {
        code: [word for word in small.split() if spread[word] == 1]
        for code, small in _SMALL_WORDS.items()
    }
