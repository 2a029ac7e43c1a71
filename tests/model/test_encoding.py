"""Words as numbers: n-grams that survive OCR, lines that may slant, arithmetic as a feature."""

import numpy as np
import pytest

from data.records import Box, Page, Word
from training.network.encoding import (
    BUCKETS,
    FEATURES,
    MAX_WORDS,
    encode_page,
    ngram_ids,
    text_lines,
)
from training.network.sum_features import column_sums, product_roles

NAN = float("nan")


def page_of(words: list[Word], **changes: object) -> Page:
    values: dict[str, object] = {"width": 600.0, "height": 800.0, "words_source": "given"}
    return Page(number=0, words=tuple(words), reason="made for a test", **(values | changes))


def word(text: str, left: float, top: float, height: float = 0.01, width: float = 0.05) -> Word:
    return Word(text, Box(left, top, left + width, top + height))


def test_the_hash_of_a_word_is_the_same_in_every_process():
    # Written down: a checkpoint is worth nothing once these move.
    assert ngram_ids("ab").tolist() == [11118, 13635, 10883, 13291, 2157, 16139, 58, 5617, 11118]


@pytest.mark.parametrize(
    ("text", "variant", "least_shared"),
    [
        ("Rechnung", "RECHNUNG", 0.8),  # case
        ("Café", "Cafe", 0.7),  # accents
        ("12.50", "98.76", 0.9),  # all digits count alike
        ("Rechnung", "Rechnunq", 0.55),  # an OCR slip
    ],
)
def test_likely_variants_share_most_of_their_n_grams(text, variant, least_shared):
    first, second = set(ngram_ids(text).tolist()), set(ngram_ids(variant).tolist())
    assert len(first & second) / len(first) >= least_shared


@pytest.mark.parametrize("text", ["", "a", "ß" * 500, "\U0001f4e6", "A-" * 40 + "9"])
def test_any_text_has_some_ids_within_the_table(text):
    ids = ngram_ids(text)
    assert 0 < len(ids) <= 28
    assert ids.min() >= 0
    assert ids.max() < BUCKETS


@pytest.mark.parametrize("font", [0.004, 0.01, 0.03])
def test_distances_are_counted_in_line_heights_at_every_font_size(font):
    words = [word("a", 0.1, 0.1, font), word("b", 0.1, 0.1 + 2 * font, font)]
    scaled = encode_page(page_of(words)).scaled
    assert scaled[1, 1] - scaled[0, 1] == pytest.approx(2, abs=1e-3)


def test_horizontal_distances_use_the_same_unit_as_vertical_ones():
    # 0.1 of a page twice as wide as high is 0.2 of its height: 20 lines of 0.01.
    wide = encode_page(page_of([word("a", 0.1, 0.1, width=0.1)], width=800.0, height=400.0))
    assert wide.scaled[0, 2] - wide.scaled[0, 0] == pytest.approx(20, rel=1e-4)


@pytest.mark.parametrize(
    ("drop_per_word", "lines"),
    [
        (0.0, [[0, 1, 2, 3, 4, 5, 6, 7]]),
        (0.15, [[0, 1, 2, 3, 4, 5, 6, 7]]),  # a slanted scan: it ends a line height lower
        (0.7, [[0], [1], [2], [3], [4], [5], [6], [7]]),  # stairs are no line
    ],
)
def test_lines_follow_a_slight_slant(drop_per_word, lines):
    tops = [10 + index * drop_per_word for index in range(8)]
    scaled = np.array([[6 * i, top, 6 * i + 4, top + 1] for i, top in enumerate(tops)], np.float32)
    assert [line.tolist() for line in text_lines(scaled)] == lines


def test_words_of_a_line_come_left_to_right_and_lines_top_to_bottom():
    scaled = np.array([[5, 2, 6, 3], [9, 0, 9, 1], [1, 2, 2, 3], [0, 0, 1, 1]], np.float32)
    assert [line.tolist() for line in text_lines(scaled)] == [[3, 1], [2, 0]]
    assert text_lines(np.zeros((0, 4), np.float32)) == []


@pytest.mark.parametrize(
    ("values", "decimals", "product", "factors"),
    [
        ([4, 2.5, 10], [0, 2, 2], [2], [0, 1]),
        ([-4, 2.5, -10], [0, 2, 2], [2], [0, 1]),  # a returned line
        ([4, -2.5, 10], [0, 2, 2], [], []),  # the signs do not multiply
        ([3, 3.33, 10], [0, 2, 2], [2], [0, 1]),  # 9.99: a cent of rounding is allowed
        ([3, 3.33, 10.01], [0, 2, 2], [], []),  # two cents are not
        ([2, 3, 6], [0, 0, 0], [], []),  # small whole numbers multiply by chance
        ([20, 30, 600], [0, 0, 0], [2], [0, 1]),  # large ones hardly ever
        ([1, 9.5, 9.5], [0, 2, 2], [], []),  # times one proves nothing
        ([0, 9.5, 0], [0, 2, 2], [], []),  # nor does nothing
        ([4, NAN, 10], [0, 0, 2], [], []),  # a word between two numbers
        ([1, 4, 2.5, 0.19, 10], [0, 0, 2, 2, 2], [4], [1, 2]),  # others on the line
    ],
)
def test_products_on_a_line(values, decimals, product, factors):
    line = [np.arange(len(values))]
    on_line, _ = product_roles(np.array(values, float), np.array(decimals, float), line)
    assert np.nonzero(on_line[:, 0])[0].tolist() == product
    assert np.nonzero(on_line[:, 1])[0].tolist() == factors


def test_a_price_that_stands_again_beside_a_one_is_marked():
    on_line, _ = product_roles(
        np.array([1, 9.5, 9.5]), np.array([0.0, 2, 2]), [np.array([0, 1, 2])]
    )
    assert on_line[:, 2].tolist() == [0, 1, 1]


def test_products_are_found_over_neighbouring_lines_too():
    lines = [np.array([0]), np.array([1]), np.array([2])]
    on_line, in_window = product_roles(np.array([4, 2.5, 10]), np.array([0.0, 2, 2]), lines)
    assert not on_line.any()
    assert in_window.tolist() == [[0, 1], [0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("values", "sums"),
    [
        ([10, 20, 30], [2]),
        ([10, -4, 6], [2]),  # a credit within
        ([-10, -20, -30], [2]),
        ([10, 20, 30.01], []),
        ([10, 20, 30, 5, 6, 11], [2, 5]),  # a subtotal for each section
        ([10, 10], []),  # one number above is no sum
        ([10, NAN, 10], []),
        ([0.2, 0.3, 0.5], []),  # too small to tell from chance
    ],
)
def test_sums_of_the_column_above(values, sums):
    scaled = np.array([[0, 2 * i, 10, 2 * i + 1] for i in range(len(values))], np.float32)
    assert np.nonzero(column_sums(np.array(values, float), scaled))[0].tolist() == sums


@pytest.mark.parametrize(("shift", "aligned"), [(0.4, True), (0.6, False)])
def test_a_column_is_known_by_its_right_edge(shift, aligned):
    edges = [10, 10, 10 + shift]
    scaled = np.array([[0, 2 * i, edge, 2 * i + 1] for i, edge in enumerate(edges)], np.float32)
    assert bool(column_sums(np.array([1.0, 2, 3]), scaled).any()) is aligned


def test_arithmetic_is_read_with_the_pages_own_decimal_mark():
    texts = ["4", "2,50", "1.000,00", "4.000,00"]
    row = [word(text, 0.1 + 0.2 * i, 0.5) for i, text in enumerate(texts)]
    features = encode_page(page_of(row)).features
    # 4 x 1000 = 4000: only when "1.000,00" is a thousand.
    assert features[:, 25].tolist() == [0, 0, 0, 1]
    assert features[:, 26].tolist() == [1, 0, 1, 0]


def test_a_page_without_words_is_empty_arrays():
    encoded = encode_page(page_of([], words_source="none"))
    assert encoded.length == 0
    assert encoded.features.shape == (0, FEATURES)
    assert encoded.boxes.shape == encoded.scaled.shape == (0, 4)
    assert len(encoded.ngrams) == 0


@pytest.mark.parametrize("count", [1, MAX_WORDS, MAX_WORDS + 1])
def test_no_page_is_longer_than_the_model_takes(count):
    words = [word("7", 0.01 * (i % 90), 0.02 * (i // 90)) for i in range(count)]
    encoded = encode_page(page_of(words))
    assert encoded.length == min(count, MAX_WORDS)
    assert np.isfinite(encoded.features).all()


def test_offsets_say_where_the_n_grams_of_each_word_begin():
    encoded = encode_page(page_of([word("Qty", 0.1, 0.1), word("12.50", 0.3, 0.1)]))
    begin = int(encoded.offsets[1])
    assert encoded.ngrams[:begin].tolist() == ngram_ids("Qty").tolist()
    assert encoded.ngrams[begin:].tolist() == ngram_ids("12.50").tolist()
