"""Stores labelled pages: gzipped JSON lines, text and boxes, no pixels.

Every line is one page: the words as they were read, each with its tag and item. A synthetic page
read by Tesseract has the printed words too; a page of a corpus names its document and the keys by
which it can be left out. All boxes are on the upright page that was read.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from data.records import Box, LabelledPage, Page, TablePlace, Word
from data.synthesis.ocr_noise.noise import TaggedWord

_PLACES = 5  # decimals of box edges: a tenth of a pixel at 300 dpi


class ReadPage(NamedTuple):
    """One page: `read` as delivered in reading order, `printed` as written.

    `scanner` is the page's damage ("clean", "light", "heavy" or "paper"), `width` and `height` are
    the sheet's in points, `skew` is left after deskewing, in degrees. Of a corpus's page `family`
    is the corpus, `scanner` the source of its words, `document` the SHA-256 of the document and
    `keys` its manifest keys; its rows and columns are not known.
    """

    document_type: str
    family: str
    number: int
    scanner: str
    width: float
    height: float
    skew: float
    read: tuple[TaggedWord, ...]
    printed: tuple[TaggedWord, ...]
    document: str = ""
    keys: dict[str, str] | None = None

    def labelled_page(self) -> LabelledPage:
        """Return the page as a `LabelledPage` for training."""
        page = Page(
            number=self.number,
            width=self.width,
            height=self.height,
            words=tuple(Word(word.text, word.box, word.confidence) for word in self.read),
            words_source="ocr",
            reason=self.family if self.document else f"synthetic {self.family}, read by Tesseract",
        )
        tags = tuple(word.tag for word in self.read)
        items = tuple(word.item for word in self.read)
        places = None if self.document else tuple(word.place for word in self.read)
        return LabelledPage(page, tags, items, self.document_type, places=places)


def write_shard(path: Path, pages: Sequence[ReadPage]) -> None:
    """Write the pages; the file is written completely or not at all."""
    lines = "".join(json.dumps(_as_json(page), ensure_ascii=False) + "\n" for page in pages)
    part = path.with_suffix(".part")
    # Without a time stamp, the same pages give the same bytes
    part.write_bytes(gzip.compress(lines.encode(), mtime=0))
    part.replace(path)


def read_shards(folder: Path) -> Iterator[ReadPage]:
    """Yield the pages of all shards of the folder, in order; raise `ValueError` for no shards."""
    paths = sorted(folder.glob("*.jsonl.gz"))
    if not paths:
        raise ValueError(
            f"{folder}: holds no *.jsonl.gz; write pages with `python -m data.synthesis read`"
        )
    for path in paths:
        yield from read_shard(path)


def read_shard(path: Path) -> Iterator[ReadPage]:
    """Yield the pages of one shard, in order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield _from_json(json.loads(line))


def read_pages(folder: Path) -> list[LabelledPage]:
    """Read the labelled pages of the folder, with words as Tesseract read them."""
    return [page.labelled_page() for page in read_shards(folder)]


def _as_json(page: ReadPage) -> dict[str, Any]:
    values = page._asdict()
    values["read"] = [_pack_word(word) for word in page.read]
    values["printed"] = [_pack_word(word) for word in page.printed]
    return values


def _pack_word(word: TaggedWord) -> list[Any]:
    box = word.box
    edges = [round(edge, _PLACES) for edge in (box.left, box.top, box.right, box.bottom)]
    return [word.text, *edges, word.tag, word.item, word.confidence, list(word.place)]


def _from_json(values: dict[str, Any]) -> ReadPage:
    read = tuple(_unpack_word(word) for word in values.pop("read"))
    printed = tuple(_unpack_word(word) for word in values.pop("printed"))
    return ReadPage(**values, read=read, printed=printed)


def _unpack_word(word: list[Any]) -> TaggedWord:
    text, left, top, right, bottom, tag, item, confidence, place = word
    return TaggedWord(
        text, Box(left, top, right, bottom), tag, item, confidence, TablePlace(*place)
    )
