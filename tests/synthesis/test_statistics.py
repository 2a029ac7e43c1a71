"""Real and synthetic documents measured alike, and where the synthetic ones are poorer."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ks_2samp

from data.records import Box, LabelledPage, Page, Word
from data.synthesis import __main__ as command
from data.synthesis.benchmark import pages_per_second
from data.synthesis.inspection.comparison import (
    compare,
    distance,
    list_beyond_range,
    markdown_table,
    rank_by_distance,
    synthetic_samples,
)
from data.synthesis.inspection.lines import count_clusters, printed_lines, split_cells
from data.synthesis.inspection.measures import (
    MEASURES,
    DocumentMeasures,
    Sample,
    find_head_words,
    find_labels,
    fold_word,
    measure,
)
from data.synthesis.inspection.real_documents import name_corpora

# A word as (text, left, line) and perhaps (tag, item): 0.02 high, 0.01 wide a character.
W = tuple[str, float, float] | tuple[str, float, float, str, int]


def _page(words: Sequence[W]) -> LabelledPage:
    boxes = [Box(w[1], w[2] * 0.04, min(w[1] + 0.01 * len(w[0]), 1), w[2] * 0.04 + 0.02)
             for w in words]  # fmt: skip
    printed = tuple(Word(w[0], box) for w, box in zip(words, boxes, strict=True))
    tags = tuple(w[3] if len(w) == 5 else "other" for w in words)
    items = tuple(w[4] if len(w) == 5 else -1 for w in words)
    return LabelledPage(Page(0, 600, 600, printed, "text", ""), tags, items, "invoice")


def _measured(words: Sequence[W], items: int | None = None) -> DocumentMeasures:
    return measure(Sample("one", "document", (_page(words),), items))


def _document(name: str = "a", words: Sequence[str] = (), **values: float) -> DocumentMeasures:
    none = frozenset[str]()
    return DocumentMeasures(name, "document", "", values, frozenset(words), none, none, none)


TABLE: list[W] = [
    ("Order", 0.1, 1), ("No:", 0.16, 1), ("77", 0.4, 1),
    ("Part", 0.1, 3), ("Qty", 0.5, 3), ("Price", 0.7, 3),
    ("Bolt", 0.1, 4, "description", 0), ("2", 0.5, 4, "quantity", 0), ("1.50", 0.7, 4, "amount", 0),
    ("Nut", 0.1, 6, "description", 1), ("5", 0.5, 6, "quantity", 1), ("2.50", 0.7, 6, "amount", 1),
    ("Cap", 0.1, 8, "description", 2), ("1", 0.5, 8, "quantity", 2), ("9.00", 0.7, 8, "amount", 2),
    ("Total", 0.5, 10), ("13.00", 0.7, 10),
]  # fmt: skip


def test_words_at_one_height_are_a_line_and_wide_gaps_part_its_cells() -> None:
    lines = printed_lines(_page(TABLE))
    assert [[word.text for word in line] for line in lines[:2]] == [
        ["Order", "No:", "77"],
        ["Part", "Qty", "Price"],
    ]
    assert [[word.text for word in cell] for cell in split_cells(lines[0])] == [
        ["Order", "No:"],
        ["77"],
    ]


@pytest.mark.parametrize(
    ("edges", "count"),
    [
        ([], 0),
        ([0.1, 0.101, 0.102], 1),
        ([0.1, 0.101], 0),  # two are no column
        ([0.1, 0.101, 0.102, 0.5, 0.5, 0.501], 2),
        ([0.1, 0.2, 0.3], 0),
    ],
)
def test_a_column_is_three_edges_close_together(edges: list[float], count: int) -> None:
    assert count_clusters(edges, 0.006, 3) == count


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("words_a_page", 17),
        ("items", 3),
        ("item_pitch", 4),  # two lines of 0.04 at text heights of 0.02
        ("item_height", 1),
        ("words_an_item", 3),
        ("cells_an_item", 3),
        ("left_columns", 3),
        ("left_margin", 100),
        ("right_margin", 250),
        ("text_height", 20),
        ("words_before", 6 / 17),
        ("words_after", 2 / 17),
        ("items_begin", 0.17),
        ("cents", 4 / 8),
    ],
)
def test_a_small_table_is_measured_as_by_hand(name: str, value: float) -> None:
    assert _measured(TABLE, 3).values[name] == pytest.approx(value, abs=1e-6)


def test_an_empty_page_has_no_measures_but_its_count() -> None:
    assert _measured([], 0).values == {"pages": 1, "items": 0}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1,234.50", "grouped"),
        ("12.00", "cents"),
        ("0.125", "finer"),
        ("7", "whole"),
        ("3,50", "comma"),
        ("$12.00", "currency_glued"),
        ("12,00€", "currency_glued"),
        ("(12.00)", "negative"),
        ("12.00-", "negative"),
        ("-$12.00", "negative"),
        ("7%", "percent"),
        ("20231105", "long_numbers"),
    ],
)
def test_how_a_number_is_printed_is_counted(text: str, name: str) -> None:
    values = _measured([(text, 0.1, 1)]).values
    assert values["numbers"] == 1
    assert values[name] == 1


@pytest.mark.parametrize("text", ["12.05.2019", "5/1/21", "A-12", "M8", "9a-4p", "ABC12"])
def test_a_date_and_a_code_are_no_numbers(text: str) -> None:
    assert _measured([(text, 0.1, 1)]).values["numbers"] == 0


@pytest.mark.parametrize(
    ("text", "word"), [("No.:", "no"), ("INV-20231", "inv-9"), ("(Qty)", "qty"), ("--", "")]
)
def test_a_word_is_folded(text: str, word: str) -> None:
    assert fold_word(text) == word


def test_head_words_stand_above_the_first_item_or_are_tagged() -> None:
    assert find_head_words(printed_lines(_page(TABLE))) == {"part", "qty", "price"}
    tagged: list[W] = [("Menge", 0.1, 1, "column_header", -1), ("hier", 0.4, 1)]
    assert find_head_words(printed_lines(_page(tagged))) == {"menge"}


def test_a_line_of_known_heads_is_a_head_without_items() -> None:
    plain = [word[:3] for word in TABLE[3:6]]
    plain[0] = ("Description", 0.1, 3)
    assert find_head_words(printed_lines(_page(plain))) == {"description", "qty", "price"}


def test_a_label_ends_with_a_colon_or_stands_before_a_value() -> None:
    words: list[W] = [("Due:", 0.1, 1), ("Ship", 0.1, 2), ("Via", 0.15, 2), ("9", 0.5, 2),
                      ("said", 0.1, 3), ("nothing", 0.5, 3)]  # fmt: skip
    assert find_labels(printed_lines(_page(words))) == {"due", "ship via"}


def test_the_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    rng = np.random.default_rng(4)
    one, other = rng.normal(0, 1, 50), rng.normal(0.7, 2, 80).round(1)
    assert distance(one, other) == pytest.approx(float(ks_2samp(one, other).statistic))
    assert distance(one, one) == 0
    assert distance(one, one + 100) == 1


def test_real_documents_beyond_the_synthetic_range_are_told_in_a_sentence() -> None:
    made = [_document(str(n), pages=1 + n % 3, items=5) for n in range(60)]
    seen = [_document(str(n), pages=9 if n < 3 else 2, items=5) for n in range(10)]
    found = list_beyond_range(compare({"mine": seen}, made))
    assert [(one["measure"], one["side"], one["documents"]) for one in found] == [
        ("pages", "above", 3)
    ]
    assert found[0]["sentence"].startswith("pages a document: 30 % of mine (3 of 10) lie above 3,")


def test_the_furthest_measure_comes_first_though_within_the_range() -> None:
    made = [_document(str(n), pages=n % 10, items=n % 10) for n in range(100)]
    seen = [_document(str(n), pages=n % 10, items=8) for n in range(20)]
    comparison = compare({"mine": seen}, made)
    assert list_beyond_range(comparison) == []
    assert rank_by_distance(comparison)[0]["measure"] == "items"


def test_words_never_produced_are_counted_by_document() -> None:
    made = [_document("a", ["invoice", "total"])]
    seen = [_document("b", ["invoice", "agy", "once"]), _document("c", ["agy", "brand"]),
            _document("d", ["agy", "brand"])]  # fmt: skip
    comparison = compare({"mine": seen}, made)
    found = [(one["text"], one["documents"]) for one in comparison["missing"]["words"]]
    assert found == [("agy", 3), ("brand", 2)]
    assert comparison["coverage"]["words"]["mine"] == pytest.approx(1 / 9, abs=1e-3)


def test_synthetic_documents_are_measured_in_full() -> None:
    documents = [measure(sample) for sample in synthetic_samples(3, 25)]
    seen = {name for one in documents for name in one.values}
    assert seen == set(MEASURES)
    assert any(one.heads for one in documents)
    assert {one.group for one in documents} == {"document", "receipt"}


def test_the_table_has_a_row_a_measure_and_a_column_a_corpus() -> None:
    table = markdown_table(compare({"mine": [_document(pages=9)]}, [_document(pages=2)]))
    head, rule, first, *_ = table.splitlines()
    assert (head, rule) == ("| measure | mine |", "|---|---|")
    assert first == "| pages | 1.00 (100 %) |"


def test_corpora_of_one_name_are_told_apart_by_their_parents(tmp_path: Path) -> None:
    for name in ("a/dev", "b/dev", "c/other"):
        (tmp_path / name).mkdir(parents=True)
    paths = [tmp_path / name for name in ("a/dev", "b/dev", "c/other")]
    assert name_corpora(paths) == {"a/dev": paths[0], "b/dev": paths[1], "other": paths[2]}


def _corpus(path: Path) -> None:
    """Two receipts in CORD-r's form: words with boxes and labels, no files."""
    words = [
        ["2", 10, 40, 20, 60, 0, "menu.cnt"],
        ["Teh", 30, 40, 60, 60, 1, "menu.nm"],
        ["16,000", 130, 40, 190, 60, 2, "menu.price"],
        ["TOTAL", 10, 90, 60, 110, 3, "total.total_price"],
        ["16,000", 130, 90, 190, 110, 3, "total.total_price"],
    ]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(2):
            receipt = {"id": f"r{number}", "width": 200, "height": 400, "words": words}
            file.write(json.dumps(receipt) + "\n")


def test_the_command_writes_a_page_with_pictures_and_the_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _corpus(tmp_path / "val.jsonl.gz")
    given = ["--real", str(tmp_path / "val.jsonl.gz"), "--out", str(tmp_path / "out")]
    assert command.main(["statistics", *given, "--documents", "30"]) == 0
    page = (tmp_path / "out" / "statistics.html").read_text(encoding="utf-8")
    kept = json.loads((tmp_path / "out" / "statistics.json").read_text(encoding="utf-8"))
    name = f"{tmp_path.name}/val.jsonl.gz"
    assert kept["documents"] == {"synthetic": 30, name: 2}
    assert kept["measures"]["items"]["corpora"][name]["p50"] == 1
    assert page.count("data:image/png;base64,") > 20
    assert "http" not in page  # nothing is fetched from elsewhere
    assert capsys.readouterr().out.startswith(f"| measure | {name} |\n")


def test_the_benchmark_counts_pages_of_both_kinds() -> None:
    watched: list[tuple[int, str]] = []

    def watch(things: range, what: str) -> range:
        watched.append((len(things), what))
        return things

    speeds = pages_per_second(3, 1, watch)
    assert list(speeds) == ["text_pages_per_second", "image_pages_per_second"]
    assert min(speeds.values()) > 0
    assert watched == [(3, "text"), (1, "images")]
