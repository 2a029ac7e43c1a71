"""Pages as arrays of features: each word's text, its place, and the arithmetic around it.

One token per word. A word is a bag of hashed character n-grams (digits folded to 0, accents
dropped) plus its digit shape, so any language, any product code and most OCR slips land near what
was learned. Beside the bag come hand-made features: typography, neighbours on the line, and
whether the number takes part in `a * b = c` on its row or is a sum of the column above it; these
carry over to layouts that were never trained on.

Numbers are parsed here as float, for features only: no value leaves this module.
"""

import math
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from data.records import GreyImage, Page, Word
from training.network.sum_features import column_sums, product_roles

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

BUCKETS = 16384  # hash buckets of the n-gram table
MAX_NGRAMS = 28  # per word; long words are cut in the middle, where codes vary most
FEATURES = 36
IS_NUMBER = 11  # the feature that is 1 for a word that is a number, else 0
MAX_WORDS = 2000  # per page; the rest of a longer page is not read, and decoding reports it

_NUMBER = re.compile(r"^[^\w]*(?:[A-Za-z]{0,3}\.?[$€£¥]?)[(\-−+*~@]*\d[\d.,'’]*\d?[^\d]{0,4}$")
_DIGITS = re.compile(r"\d[\d.,'’]*")
_DATE = re.compile(r"^\W*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\W*$|^\d{1,2}-[A-Za-z]{3}-\d{2,4}$")
_CURRENCY = re.compile(r"[$€£¥]|^(?:EUR|USD|GBP|CHF|RM|INR|Rs\.?)$")


@dataclass(frozen=True, slots=True)
class EncodedPage:
    """One page as arrays; T words.

    `ngrams` (N,) bucket ids of all words, `offsets` (T,) where each word's ids begin;
    `features` (T, FEATURES); `boxes` (T, 4) left, top, right, bottom in page fractions;
    `scaled` (T, 4) the same in line heights (the page's median word height), so that distances
    mean the same at every font size; `image` (H, W) grey or None; `texts` the words themselves, for
    networks that bring a tokenizer of their own.
    """

    ngrams: IntArray
    offsets: IntArray
    features: FloatArray
    boxes: FloatArray
    scaled: FloatArray
    image: GreyImage | None
    texts: tuple[str, ...]

    @property
    def length(self) -> int:
        return len(self.offsets)


def encode_page(page: Page) -> EncodedPage:
    """Encode the page as arrays; an empty page gives arrays of length 0."""
    words = page.words[:MAX_WORDS]
    ids = [ngram_ids(word.text) for word in words]
    lengths = np.array([len(row) for row in ids], dtype=np.int64)
    offsets = np.zeros(len(words), dtype=np.int64)
    if len(words) > 1:
        offsets[1:] = np.cumsum(lengths)[:-1]
    flat = np.concatenate(ids) if ids else np.zeros(0, dtype=np.int64)
    boxes = np.array(
        [(w.box.left, w.box.top, w.box.right, w.box.bottom) for w in words], dtype=np.float32
    ).reshape(-1, 4)
    scaled, line_height = _scale_to_line_heights(boxes, page.upright_aspect)
    features = _features(words, boxes, scaled, line_height)
    texts = tuple(word.text for word in words)
    return EncodedPage(flat, offsets, features, boxes, scaled, page.image, texts)


def text_lines(scaled: FloatArray) -> list[IntArray]:
    """The word indices of each visual line, top to bottom, left to right within a line."""
    if not len(scaled):
        return []
    middles = (scaled[:, 1] + scaled[:, 3]) / 2
    order = np.argsort(middles, kind="stable")
    lines: list[list[int]] = []
    line_middle = -math.inf
    for index in order:
        middle = float(middles[index])
        if middle - line_middle > 0.55:
            lines.append([])
            line_middle = middle
        else:  # follow a slightly slanted line
            line_middle = 0.7 * line_middle + 0.3 * middle
        lines[-1].append(int(index))
    return [np.array(sorted(line, key=lambda i: scaled[i, 0]), dtype=np.int64) for line in lines]


@lru_cache(maxsize=200_000)
def ngram_ids(text: str) -> IntArray:
    """Hash buckets (0 .. BUCKETS-1) of the word's n-grams, its whole and its shape."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    plain = re.sub(r"\d", "0", plain)
    if len(plain) > 16:
        plain = plain[:9] + plain[-7:]
    framed = f"^{plain}$"
    grams = [framed, "=" + text[:20], "#" + _shape(text)]
    for size in (2, 3, 4):
        grams.extend(framed[i : i + size] for i in range(len(framed) - size + 1))
    hashes = [zlib.crc32(gram.encode()) % BUCKETS for gram in grams[:MAX_NGRAMS]]
    return np.array(hashes, dtype=np.int64)


def _shape(text: str) -> str:
    shape = re.sub(r"\d", "9", text[:20])
    shape = re.sub(r"[^\W\d_]", lambda m: "A" if m.group().isupper() else "a", shape)
    return re.sub(r"([Aa])\1{2,}", r"\1\1\1", shape)


def _scale_to_line_heights(boxes: FloatArray, aspect: float) -> tuple[FloatArray, float]:
    if not len(boxes):
        return boxes, 0.01
    line_height = max(float(np.median(boxes[:, 3] - boxes[:, 1])), 0.002)
    scale = np.array([aspect, 1.0, aspect, 1.0], dtype=np.float32) / line_height
    return boxes * scale, line_height


def _decimal_mark(words: Sequence[Word]) -> str:
    commas = sum(1 for w in words if re.search(r"\d,\d{2}\D{0,4}$", w.text))
    points = sum(1 for w in words if re.search(r"\d\.\d{2}\D{0,4}$", w.text))
    return "," if commas > points else "."


@lru_cache(maxsize=200_000)
def _parse_number(text: str, decimal_mark: str) -> tuple[float, int]:
    """The word's value (nan where it is no number) and its decimals, as the page writes numbers."""
    if _DATE.match(text) or not _NUMBER.match(text):
        return math.nan, 0
    match = _DIGITS.search(text)
    if match is None:
        return math.nan, 0
    digits = match.group().rstrip(".,'’")
    group = "," if decimal_mark == "." else "."
    digits = re.sub(r"['’]", "", digits)
    if digits.count(decimal_mark) > 1:
        return math.nan, 0
    if (
        group in digits
        and decimal_mark not in digits
        and not re.search(rf"\{group}\d{{3}}$", digits)
    ):
        digits = digits.replace(group, decimal_mark, 1)  # the odd one out: "12.5" on a comma page
    digits = digits.replace(group, "")
    whole, _, decimals = digits.partition(decimal_mark)
    if len(whole) > 12 or len(decimals) > 6 or decimal_mark in decimals or group in decimals:
        return math.nan, 0
    value = float(f"{whole or '0'}.{decimals or '0'}")
    negative = "-" in text or "−" in text or text.lstrip().startswith("(")
    return (-value if negative else value), len(decimals)


def _features(
    words: Sequence[Word], boxes: FloatArray, scaled: FloatArray, line_height: float
) -> FloatArray:
    count = len(words)
    table = np.zeros((count, FEATURES), dtype=np.float32)
    if not count:
        return table
    mark = _decimal_mark(words)
    parsed = [_parse_number(word.text, mark) for word in words]
    values = np.array([value for value, _ in parsed], dtype=np.float64)
    decimals = np.array([places for _, places in parsed], dtype=np.float64)
    table[:, :11] = [_typography(word.text) for word in words]
    is_number = ~np.isnan(values)
    known = np.where(is_number, values, 0.0)
    table[:, IS_NUMBER] = is_number
    table[:, 12] = np.log10(1 + np.abs(known)) / 4
    table[:, 13] = is_number & (known == np.round(known)) & (np.abs(known) <= 200)
    table[:, 14] = is_number & (known == 1)
    table[:, 15] = is_number & (known < 0)
    table[:, 16] = decimals / 4
    table[:, 17] = is_number & (decimals == 2)
    lines = text_lines(scaled)
    _fill_line_features(table, scaled, is_number, lines)
    on_line, in_window = product_roles(values, decimals, lines)  # (T, 3) each
    table[:, 25:28] = on_line
    table[:, 28:30] = in_window
    table[:, 30] = column_sums(values, scaled)
    _, inverse, repeats = np.unique(known, return_inverse=True, return_counts=True)
    table[:, 31] = np.where(is_number, np.log1p(repeats[inverse]), 0.0)
    table[:, 32] = [1.0 if w.confidence is None else w.confidence for w in words]
    table[:, 33] = math.log(line_height * 100) / 2
    table[:, 34] = math.log1p(count) / 6
    table[:, 35] = (boxes[:, 1] + boxes[:, 3]) / 2
    return table


@lru_cache(maxsize=200_000)
def _typography(text: str) -> tuple[float, ...]:
    size = max(len(text), 1)
    digits = sum(c.isdigit() for c in text)
    letters = sum(c.isalpha() for c in text)
    capitals = sum(c.isupper() for c in text)
    return (
        math.log1p(size) / 3,
        digits / size,
        letters / size,
        capitals / size,
        float("." in text),
        float("," in text),
        float("%" in text),
        float(bool(_CURRENCY.search(text))),
        float(bool(_DATE.match(text))),
        float(":" in text and not text.endswith(":")),
        float(text.endswith(":")),
    )


def _fill_line_features(
    table: FloatArray,
    scaled: FloatArray,
    is_number: npt.NDArray[np.bool_],
    lines: Sequence[IntArray],
) -> None:
    heights = scaled[:, 3] - scaled[:, 1]
    table[:, 18] = np.clip(heights, 0, 5) / 2
    table[:, 19] = np.log1p(np.clip(scaled[:, 2] - scaled[:, 0], 0, None)) / 3
    for line in lines:
        gaps = np.clip(scaled[line[1:], 0] - scaled[line[:-1], 2], 0, None)
        wide = np.log1p(np.clip(gaps, 0, 30)) / 3.5
        table[line, 20] = np.concatenate(([1.0], wide))
        table[line, 21] = np.concatenate((wide, [1.0]))
        table[line, 22] = np.arange(len(line)) / max(len(line) - 1, 1)
        table[line, 23] = math.log1p(len(line)) / 3
        table[line, 24] = math.log1p(int(is_number[line].sum())) / 2
