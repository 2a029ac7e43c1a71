"""Reads SROIE receipts: line boxes, four header values and an image each; no line items.

Source: ICDAR 2019 competition on scanned receipts, as its collections lay it out. A folder holds
`entities/` (or `key/`) with a JSON object of company, date, address and total a receipt, `box/`
(or `words/`, `annotations/`) with `x1,y1,x2,y2,x3,y3,x4,y4,text` lines, and `img/` (or `image/`,
`images/`). The receipts are Malaysian: days come first, the decimal mark is a point.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

from data.corpora.checked_json import Form, read_bytes, read_form
from data.corpora.images import cut_words, find_image, image_size, page_of_words
from data.corpora.published.printed_texts import Habits, read_printed
from data.corpora.truth import CorpusError, TrueDocument, money_text
from data.records import Page
from data.values.numerals import NumberFormat

LABELS = "human (SROIE); no line items labelled"
_KEY_FOLDERS = ("entities", "key", "keys")
_BOX_FOLDERS = ("box", "words", "annotations")
_IMAGE_FOLDERS = ("img", "image", "images")
_MALAYSIAN = Habits(NumberFormat(".", (",",)), day_first=True)


class _Key(Form):
    company: str | None = None
    date: str | None = None
    address: str | None = None
    total: str | None = None


def read_documents(path: Path) -> Iterator[TrueDocument]:
    """Yield the receipts of a SROIE folder by name.

    The address is read and not scored: it is no field of ours. Raises `CorpusError` naming file
    and key, and line and column of a box file when the given words are read.
    """
    keys = _first_folder(path, _KEY_FOLDERS)
    if keys is None:
        folders = sorted(
            str(folder.parent) for name in _KEY_FOLDERS for folder in path.glob(f"*/{name}")
        )
        hint = f"; name one of {', '.join(folders)}" if folders else ""
        raise CorpusError(f"{path}: want a folder with {' or '.join(_KEY_FOLDERS)} in it{hint}")
    boxes = _first_folder(path, _BOX_FOLDERS)
    for file in sorted(file for file in keys.iterdir() if file.suffix in (".txt", ".json")):
        key = read_form(_Key, _text(file), str(file))
        image = find_image([path / name for name in _IMAGE_FOLDERS], file.stem, file)
        fields = _fields(key)
        yield TrueDocument(
            document_id=file.stem,
            path=image,
            document_type="receipt",
            fields=fields,
            fields_visible=frozenset(fields) - {"vendor_address"},
            items=(),
            excluded=(),
            labels=LABELS,
            extra={"language": "en", "pages": 1},
            read_corpus_pages=None if boxes is None else partial(_read_corpus_pages, boxes, image),
            items_labelled=False,
        )


def _first_folder(path: Path, names: tuple[str, ...]) -> Path | None:
    return next((path / name for name in names if (path / name).is_dir()), None)


def _text(file: Path) -> str:
    """Read the file's text; some of the published ones are Latin-1."""
    content = read_bytes(file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _fields(key: _Key) -> dict[str, str]:
    texts = {
        "vendor_name": key.company,
        "invoice_date": key.date,
        "vendor_address": key.address,
        "invoice_total": key.total,
    }
    values = {
        name: value
        for name, text in texts.items()
        if text and (value := read_printed(name, text, _MALAYSIAN)) is not None
    }
    if "invoice_total" in values:
        values["invoice_total"] = money_text(Decimal(values["invoice_total"]))
    return values


def _read_corpus_pages(boxes: Path, image: Path) -> tuple[Page, ...]:
    files = [boxes / f"{image.stem}{ending}" for ending in (".txt", ".csv")]
    file = next((file for file in files if file.is_file()), files[0])
    segments = [
        _segment(line, f"{file} line {number}")
        for number, line in enumerate(_text(file).splitlines(), start=1)
        if line.strip()
    ]
    words = cut_words(segments, image_size(image))
    return (page_of_words(words, image, "human OCR of the corpus"),)


def _segment(line: str, where: str) -> tuple[str, tuple[float, float, float, float]]:
    """Text and box of a line; the text itself may hold commas."""
    *corners, text = line.split(",", 8)
    if len(corners) != 8:
        raise CorpusError(f"{where}: want x1,y1,x2,y2,x3,y3,x4,y4,text, got {line[:60]!r}")
    for column, corner in enumerate(corners, start=1):
        if not corner.strip().lstrip("-").isdecimal():
            raise CorpusError(f"{where}: column {column}: want whole pixels, got {corner[:20]!r}")
    xs, ys = [int(corner) for corner in corners[::2]], [int(corner) for corner in corners[1::2]]
    return text, (min(xs), min(ys), max(xs), max(ys))
