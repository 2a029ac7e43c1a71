"""A corpus as a Hugging Face `datasets.Dataset`: truth in typed columns, pages read on access.

    dataset = as_dataset(Path("corpus"))
    dataset[0]["line_items"][0]["values"]["amount"]   # "12.50"
    dataset[0]["pages"][0]["words"]                   # ["Invoice", "No.", ...]

The table is in memory and holds no page: opening a corpus reads its labels only (Factur-X also
the pages, to find which values of the XML are printed), and the only files written are the readings
in `cache_folder`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.corpora.published.formats import open_corpus
from data.corpora.readings import DEFAULT_CACHE, WordChoice, read_document
from data.corpora.truth import CorpusError, TrueDocument, TrueItem
from data.records import Box, Page

if TYPE_CHECKING:
    import datasets

# Columns of a line item's values that are there for every corpus, whether it names them or not.
USUAL_VALUES: tuple[str, ...] = (
    "line_number",
    "description",
    "product_code",
    "quantity",
    "unit",
    "unit_price",
    "amount",
)
USUAL_FIELDS: tuple[str, ...] = ("vendor_name", "currency", "invoice_total")


def as_dataset(
    path: Path,
    format_name: str | None = None,
    words: WordChoice = "auto",
    cache_folder: Path | None = DEFAULT_CACHE,
    *,
    images: bool = False,
) -> "datasets.Dataset":
    """Return the documents of a corpus in any format of `formats.FORMATS`, one a row, in order.

    Columns (missing is None; decimals are strings with a point, dates ISO; pages count from 0;
    boxes are [left, top, right, bottom] in fractions of the page, origin top left):

    - `document_id`, `document_type`, `labels` (where the truth comes from): string
    - `file`: string, None where the corpus brings words and no file
    - `line`: int, of the manifest, from 1
    - `fields`: {name: string}, with every name that the corpus uses; `fields_visible`: the names
      that are printed and may be scored
    - `items_labelled`: bool, False where the corpus labels no line items at all
    - `line_items` and `excluded`: lists of {`values` {name: string}, `visible` [names], `wordings`
      [descriptions equally right], `page` int, `box`}
    - `places`: list of {`name`, `page`, `box`, `text`, `item` int}
    - `entities`: list of {`label`, `words` [positions in a given page], `page`}
    - `extra`: the corpus's free keys, a JSON text
    - `pages`, read on access: list of {`number`, `width` and `height` (points of a PDF, else
      pixels), `rotation` degrees that were undone, `words_source`, `reason`, `words` [string],
      `boxes` (of the upright page, one a word), `confidences` [0..1 or None]}, and with `images`
      `image`, the upright page in grey (height, width) uint8 or None

    Pages come from `readings.read_document`, cached in `cache_folder` by the file's hash and the
    reader's version (None: read again each time). `dataset.with_format(None)` is the truth alone;
    `filter` and `map` read the pages of every row, unless `input_columns` leaves `document_id` out.
    Selections, shuffles and pickled copies (workers get one) keep the pages.

    Raises `CorpusError` for a corpus that does not keep to its format, here, and for words it does
    not have on access; on access also `attachments.AttachmentError` for a file that cannot be
    opened.
    """
    import datasets

    documents = list(open_corpus(path, format_name, cache_folder=cache_folder))
    if not documents:
        raise CorpusError(f"{path}: holds no documents; a dataset needs one")
    table = {name: [_row(document)[name] for document in documents] for name in _row(documents[0])}
    made = datasets.Dataset.from_dict(table, features=_features(documents))
    return made.with_transform(_PageReader(_sources(documents), words, cache_folder, images))


@dataclass(frozen=True, slots=True)
class _PageReader:
    """The transform that adds `pages` to rows on their way out."""

    sources: Mapping[str, TrueDocument]
    words: WordChoice
    cache_folder: Path | None
    images: bool

    def __call__(self, batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        names = batch.get("document_id")
        if names is None:
            return batch
        return batch | {"pages": [self._read(name) for name in names]}

    def _read(self, name: str) -> list[dict[str, Any]]:
        reading = read_document(self.sources[name], self.cache_folder, self.words)
        return [self._page(page) for page in reading.pages]

    def _page(self, page: Page) -> dict[str, Any]:
        values: dict[str, Any] = {
            "number": page.number,
            "width": page.width,
            "height": page.height,
            "rotation": page.rotation,
            "words_source": page.words_source,
            "reason": page.reason,
            "words": [word.text for word in page.words],
            "boxes": [_edges(word.box) for word in page.words],
            "confidences": [word.confidence for word in page.words],
        }
        return values | ({"image": page.image} if self.images else {})


def _sources(documents: Iterable[TrueDocument]) -> dict[str, TrueDocument]:
    """The source of each document's pages, without its truth (each worker gets a copy)."""
    sources: dict[str, TrueDocument] = {}
    for document in documents:
        plain = replace(
            document, fields={}, items=(), excluded=(), extra={}, places=(), entities=()
        )
        first = sources.setdefault(document.document_id, plain)
        # Two truths of one file are one document twice; anything else would show wrong pages
        if first is not plain and (plain.path is None or plain.path != first.path):
            raise CorpusError(
                f"line {document.line}: id {document.document_id!r} is also that of the document "
                f"on line {first.line}, which is another file"
            )
    return sources


def _row(document: TrueDocument) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "file": None if document.path is None else str(document.path),
        "document_type": document.document_type,
        "labels": document.labels,
        "line": document.line,
        "fields": dict(document.fields),
        "fields_visible": sorted(document.fields_visible),
        "items_labelled": document.items_labelled,
        "line_items": [_item(item) for item in document.items],
        "excluded": [_item(item) for item in document.excluded],
        "places": [
            {
                "name": place.name,
                "page": place.page,
                "box": _edges(place.box),
                "text": place.text,
                "item": place.item,
            }
            for place in document.places
        ],
        "entities": [
            {"label": entity.label, "words": list(entity.words), "page": entity.page}
            for entity in document.entities
        ],
        "extra": json.dumps(document.extra, sort_keys=True, default=str),
    }


def _item(item: TrueItem) -> dict[str, Any]:
    return {
        "values": dict(item.values),
        "visible": sorted(item.visible),
        "wordings": list(item.wordings),
        "page": item.page,
        "box": None if item.box is None else _edges(item.box),
    }


def _edges(box: Box) -> list[float]:
    return [box.left, box.top, box.right, box.bottom]


def _features(documents: Sequence[TrueDocument]) -> "datasets.Features":
    """The types of the columns; values have the usual names and those that any document uses."""
    import datasets

    items = [item for document in documents for item in (*document.items, *document.excluded)]
    fields = _names((document.fields for document in documents), USUAL_FIELDS)
    values = _names((item.values for item in items), USUAL_VALUES)
    text, number = datasets.Value("string"), datasets.Value("int32")
    box = datasets.Sequence(datasets.Value("float64"), length=4)
    item = {
        "values": dict.fromkeys(values, text),
        "visible": [text],
        "wordings": [text],
        "page": number,
        "box": box,
    }
    item_id = datasets.Value("int64")
    place = {"name": text, "page": number, "box": box, "text": text, "item": item_id}
    return datasets.Features(
        {
            **dict.fromkeys(("document_id", "file", "document_type", "labels"), text),
            "line": number,
            "fields": dict.fromkeys(fields, text),
            "fields_visible": [text],
            "items_labelled": datasets.Value("bool"),
            "line_items": [item],
            "excluded": [item],
            "places": [place],
            "entities": [{"label": text, "words": [number], "page": number}],
            "extra": text,
        }
    )


def _names(records: Iterable[Mapping[str, str]], usual: Sequence[str]) -> list[str]:
    """Sort names: the usual ones first, then the others by alphabet."""
    names = {name for record in records for name in record}
    return [*usual, *sorted(names - set(usual))]
