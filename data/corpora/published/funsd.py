"""Reads FUNSD forms: words with boxes and entity labels, an image each; no fields or line items.

Source: guillaumejaume.github.io/FUNSD. A folder holds `annotations/` with a JSON object a form and
`images/`. An entity is a block labelled header, question or answer; "other" labels none.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from data.corpora.checked_json import Form, read_file_form
from data.corpora.images import cut_words, find_image, image_size, page_of_words
from data.corpora.truth import CorpusError, TrueDocument, TrueEntity
from data.pages.words import in_reading_order
from data.records import Page, Word

LABELS = "human (FUNSD); no line items labelled"
NO_ENTITY = "other"


class _Word(Form):
    text: str
    box: tuple[float, float, float, float]


class _Block(Form):
    label: str
    words: list[_Word]


class _Annotation(Form):
    form: list[_Block]


def read_documents(path: Path) -> Iterator[TrueDocument]:
    """Yield the forms of a FUNSD folder (`training_data` or `testing_data`) by name.

    Raises `CorpusError` naming file and field, or the folders to choose from.
    """
    annotations = path / "annotations"
    if not annotations.is_dir():
        folders = sorted(str(folder.parent) for folder in path.glob("**/annotations"))
        hint = f"; name one of {', '.join(folders)}" if folders else ""
        raise CorpusError(f"{path}: want a folder with annotations/ and images/ in it{hint}")
    for file in sorted(annotations.glob("*.json")):
        annotation = read_file_form(_Annotation, file)
        image = find_image([path / "images"], file.stem, file)
        yield _document(annotation, image)


def _document(annotation: _Annotation, image: Path) -> TrueDocument:
    size = image_size(image)
    blocks = [
        cut_words([(word.text, word.box) for word in block.words], size)
        for block in annotation.form
    ]
    words = [word for block in blocks for word in block]
    position_of = {id(word): index for index, word in enumerate(in_reading_order(words))}
    return TrueDocument(
        document_id=image.stem,
        path=image,
        document_type="other",
        fields={},
        fields_visible=frozenset(),
        items=(),
        excluded=(),
        labels=LABELS,
        extra={"language": "en", "pages": 1},
        entities=tuple(
            TrueEntity(block.label, tuple(sorted(position_of[id(word)] for word in block_words)))
            for block, block_words in zip(annotation.form, blocks, strict=True)
            if block_words and block.label != NO_ENTITY
        ),
        read_corpus_pages=partial(_read_corpus_pages, words, image),
        items_labelled=False,
    )


def _read_corpus_pages(words: list[Word], image: Path) -> tuple[Page, ...]:
    return (page_of_words(words, image, "human OCR of the corpus"),)
