"""Makes the labelled record of one generated page: its words with tags, items and marks."""

from data.records import GreyImage, LabelledPage, Mark, Page, Word
from data.synthesis.layouts.documents import SyntheticDocument
from data.synthesis.ocr_noise.noise import TaggedWord


def as_page(
    document: SyntheticDocument,
    number: int,
    words: list[TaggedWord],
    source: str,
    image: GreyImage | None,
    marks: tuple[Mark, ...] | None = None,
) -> LabelledPage:
    """Return the labelled record of one page."""
    sheet = document.sheets[number]
    page = Page(
        number=number,
        width=sheet.width,
        height=sheet.height,
        words=tuple(Word(word.text, word.box, word.confidence) for word in words),
        words_source="ocr" if source == "ocr" else "text",
        reason=f"synthetic {document.family}",
        image=image,
    )
    tags = tuple(word.tag for word in words)
    items = tuple(word.item for word in words)
    places = tuple(word.place for word in words)
    return LabelledPage(page, tags, items, document.document_type, marks, places)
