"""Synthetic pages that were really read, on disk: gzipped JSON lines, text and boxes, no pixels.

Every line is one page: the words as Tesseract read them, each with the tag and item of what is
printed there, and the words that are printed. Both lie on the upright page that was read.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from data.records import Box, LabelledPage, Page, Word
from data.synthesis.ocr_noise.noise import Seen

_PLACES = 5  # decimals of box edges: a tenth of a pixel at 300 dpi


class ReadPage(NamedTuple):
    """One page: `read` as delivered in reading order, `printed` as written.

    `scanner` says what the page went through ("clean", "light", "heavy" or "paper"), `width` and
    `height` are the sheet's in points, `skew` is what is left of it, in degrees.
    """

    document_type: str
    family: str
    number: int
    scanner: str
    width: float
    height: float
    skew: float
    read: tuple[Seen, ...]
    printed: tuple[Seen, ...]

    def labelled(self) -> LabelledPage:
        """The page as training takes it."""
        page = Page(
            number=self.number,
            width=self.width,
            height=self.height,
            words=tuple(Word(word.text, word.box, word.confidence) for word in self.read),
            words_source="ocr",
            reason=f"synthetic {self.family}, read by Tesseract",
        )
        tags = tuple(word.tag for word in self.read)
        items = tuple(word.item for word in self.read)
        return LabelledPage(page, tags, items, self.document_type)


def write_shard(path: Path, pages: Sequence[ReadPage]) -> None:
    """Write the pages; the file appears whole or not at all."""
    lines = "".join(json.dumps(_as_json(page), ensure_ascii=False) + "\n" for page in pages)
    part = path.with_suffix(".part")
    # Without a time in it, the same pages are the same bytes
    part.write_bytes(gzip.compress(lines.encode(), mtime=0))
    part.replace(path)


def read_shards(folder: Path) -> Iterator[ReadPage]:
    """The pages of all shards of the folder, in order. Raises `ValueError` where there is none."""
    paths = sorted(folder.glob("*.jsonl.gz"))
    if not paths:
        raise ValueError(f"{folder}: holds no *.jsonl.gz; write some with `read`")
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield _from_json(json.loads(line))


def read_pages(folder: Path) -> list[LabelledPage]:
    """The labelled pages of the folder, words as Tesseract read them."""
    return [page.labelled() for page in read_shards(folder)]


def _as_json(page: ReadPage) -> dict[str, Any]:
    values = page._asdict()
    values["read"] = [_packed(word) for word in page.read]
    values["printed"] = [_packed(word) for word in page.printed]
    return values


def _packed(word: Seen) -> list[Any]:
    box = word.box
    edges = [round(edge, _PLACES) for edge in (box.left, box.top, box.right, box.bottom)]
    return [word.text, *edges, word.tag, word.item, word.confidence]


def _from_json(values: dict[str, Any]) -> ReadPage:
    read = tuple(_unpacked(word) for word in values.pop("read"))
    printed = tuple(_unpacked(word) for word in values.pop("printed"))
    return ReadPage(**values, read=read, printed=printed)


def _unpacked(word: list[Any]) -> Seen:
    text, left, top, right, bottom, tag, item, confidence = word
    return Seen(text, Box(left, top, right, bottom), tag, item, confidence)
