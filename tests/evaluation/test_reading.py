"""What a reading found of the true words and numbers, counted by hand."""

import json
from pathlib import Path

import pytest

from data.corpora.truth import TrueDocument, TrueItem
from data.records import Box, Page, Word
from training.evaluation.reading import main, markdown, page_quality
from training.evaluation.reading_counts import ReadingCounts, count_reading


def page(*texts: str, confidence: float | None = 0.9) -> Page:
    words = tuple(
        Word(text, Box(0.1 * index, 0.1, 0.1 * index + 0.05, 0.12), confidence)
        for index, text in enumerate(texts)
    )
    return Page(0, 100.0, 100.0, words, "ocr", "test")


def document(*amounts: str) -> TrueDocument:
    items = tuple(TrueItem({"amount": amount}, frozenset({"amount"})) for amount in amounts)
    fields = {"invoice_total": "10.00", "sub_total": "9.00", "vendor_name": "Acme"}
    visible = frozenset({"invoice_total", "vendor_name"})
    return TrueDocument("d", None, "receipt", fields, visible, items, (), "test", {})


@pytest.mark.parametrize(
    ("read", "true", "counts"),
    [
        # numbers found of true ones; words right, of true, of read
        (("5.00", "10,00"), (), (2, 2, 0, 0, 0)),
        (("5.00",), (), (1, 2, 0, 0, 0)),
        (("Tea", "5.00", "10.00"), ("tea:", "5,00", "10.00"), (2, 2, 3, 3, 3)),
        (("Tea", "Tea"), ("Tea",), (0, 2, 1, 1, 2)),  # a word read twice is right once
        (("S.00", "10", ".00"), ("5.00", "10.00"), (1, 2, 0, 2, 3)),
        ((), ("5.00",), (0, 2, 0, 1, 0)),
    ],
)
def test_words_and_numbers_are_counted(
    read: tuple[str, ...], true: tuple[str, ...], counts: tuple[int, ...]
) -> None:
    true_pages = (page(*true),) if true else ()
    count = count_reading(document("5.00"), (page(*read),), true_pages, 1.5)
    assert (
        *(count.numbers_found, count.numbers_true),
        *(count.words_right, count.words_true, count.words_read),
    ) == counts


def test_shares_of_nothing_are_unknown_and_counts_add() -> None:
    nothing = ReadingCounts()
    assert nothing.number_recall is nothing.word_recall is nothing.word_precision is None
    assert nothing.seconds_a_page is None
    some = ReadingCounts(1, 2.0, 1, 4, 3, 10, 8, 6)
    both = some + some
    assert (both.number_recall, both.word_recall, both.word_precision) == (0.75, 0.6, 0.75)
    assert both.seconds_a_page == 2.0


@pytest.mark.parametrize(("sure", "quality"), [(0.9, "good"), (0.7, "fair"), (0.3, "poor")])
def test_a_page_has_a_quality(sure: float, quality: str) -> None:
    assert page_quality([page("Total", confidence=sure)]) == quality


def test_a_set_that_cannot_be_measured_says_why() -> None:
    report = {"sets": {"cord": {"skipped": "it has words and no pages"}}}
    assert "| cord | not measured: it has words and no pages" in markdown(report)


def test_a_call_that_cannot_be_used_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--corpora", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "no set with a manifest.jsonl" in capsys.readouterr().err
    assert main(["--sample", "0"]) == 2
    assert "--sample must be at least 1" in capsys.readouterr().err


def test_a_broken_set_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "manifest.jsonl").write_text("{\n")
    assert main(["--corpora", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    assert "| bad | not measured: " in capsys.readouterr().out
    report = json.loads((tmp_path / "out" / "reading.json").read_text())
    assert "skipped" in report["sets"]["bad"]
