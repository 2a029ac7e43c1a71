"""DocILE's metrics: hand-made cases, and agreement with its own implementation on random ones."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.corpora.truth import TruePlace
from data.records import Box, Page, Word
from training.metrics.counts import Count
from training.metrics.docile import (
    DocileDocument,
    LocalisedField,
    Task,
    average_precision,
    character_centres,
    evaluate,
)

CELL = 0.1


def cell(column: int, row: int, columns: int = 1) -> Box:
    """A box around the words of some columns of the grid page."""
    return Box(column * CELL, row * CELL, (column + columns) * CELL - 0.01, (row + 1) * CELL - 0.01)


def word_at(column: int, row: int, text: str = "abc") -> Word:
    box = cell(column, row)
    return Word(text, Box(box.left + 0.01, box.top + 0.01, box.right - 0.01, box.bottom - 0.01))


def page_of(*words: Word, number: int = 0) -> Page:
    return Page(number, 100.0, 100.0, words, "given", "test")


GRID = page_of(*(word_at(column, row) for row in range(6) for column in range(6)))


def wanted(name: str, box: Box, item: int | None = None, page: int = 0) -> TruePlace:
    return TruePlace(name, page, box, None, item)


def read(name: str, box: Box, score: float = 0.5, **more: Any) -> LocalisedField:
    return LocalisedField(name, more.pop("page", 0), box, score, **more)


def document(
    truth: Sequence[TruePlace], predicted: Sequence[LocalisedField], name: str = "d"
) -> DocileDocument:
    return DocileDocument(name, (GRID,), truth, predicted)


@pytest.mark.parametrize(
    ("name", "box", "right"),
    [
        ("iban", cell(0, 0), 1),
        ("iban", Box(0.0, 0.0, 0.11, 0.12), 1),  # more white space, the same letters
        ("iban", cell(0, 0, 2), 0),  # a word more
        ("iban", Box(0.0, 0.0, 0.04, 0.09), 0),  # some of its letters
        ("iban", cell(1, 0), 0),
        ("bic", cell(0, 0), 0),
    ],
)
def test_a_field_matches_when_it_covers_the_same_letters(name: str, box: Box, right: int) -> None:
    scores = evaluate([document([wanted("iban", cell(0, 0))], [read(name, box)])], "kile")
    assert scores.count == Count(1, 1, right)
    assert scores.by_document == {"d": Count(1, 1, right)}


@pytest.mark.parametrize(
    ("box", "right"),
    [
        (Box(0.9, 0.9, 1.0, 1.0), 1),  # both hold no letter and touch
        (Box(0.7, 0.7, 0.8, 0.8), 1),  # touching at a corner is enough
        (Box(0.7, 0.7, 0.79, 0.8), 0),
        (Box(0.0, 0.0, 0.9, 0.9), 0),
    ],
)
def test_places_without_letters_match_when_they_touch(box: Box, right: int) -> None:
    empty = Box(0.8, 0.8, 0.95, 0.95)
    assert evaluate([document([wanted("iban", empty)], [read("iban", box)])], "kile").count == (
        Count(1, 1, right)
    )
    beyond = [wanted("iban", cell(0, 0), page=7)], [read("iban", cell(0, 0), page=7)]
    assert evaluate([document(*beyond)], "kile").count == Count(1, 1, 1)  # a page without words


def test_another_page_is_another_place() -> None:
    case = document([wanted("iban", cell(0, 0))], [read("iban", cell(0, 0), page=1)])
    assert evaluate([case], "kile").count == Count(1, 1, 0)


def test_a_threshold_lets_a_part_match() -> None:
    case = document([wanted("iban", cell(0, 0, 2))], [read("iban", cell(0, 0))])  # 3 of 6 letters
    assert evaluate([case], "kile", 0.5).count.right == 1
    assert evaluate([case], "kile", 0.51).count.right == 0
    for threshold in (0.0, 1.1):
        with pytest.raises(ValueError, match="threshold: want more than 0"):
            evaluate([case], "kile", threshold)


def test_a_truth_is_found_once_and_the_surest_finds_it() -> None:
    low, high = read("iban", cell(0, 0), 0.1), read("iban", cell(0, 0), 0.9)
    scores = evaluate([document([wanted("iban", cell(0, 0))], [low, high])], "kile")
    assert scores.count == Count(1, 2, 1)
    assert scores.ap == 1.0  # the right one comes first
    assert scores.f1 == pytest.approx(2 / 3)


def test_predictions_only_for_ap_come_last_and_count_nowhere_else() -> None:
    sure = read("iban", cell(0, 0), 0.9, only_for_ap=True)
    unsure = read("iban", cell(5, 5), 0.1)
    scores = evaluate([document([wanted("iban", cell(0, 0))], [sure, unsure])], "kile")
    assert scores.count == Count(1, 1, 0)
    assert scores.ap == 0.5


@pytest.mark.parametrize("task", ["kile", "lir"])
def test_empty_sides_score_nothing(task: Task) -> None:
    item = 1 if task == "lir" else None
    truth, predicted = wanted("x", cell(0, 0), item), read("x", cell(0, 0), item=item)
    sides: list[tuple[list[TruePlace], list[LocalisedField], Count]] = [
        ([], [], Count()),
        ([truth], [], Count(1, 0, 0)),
        ([], [predicted], Count(0, 1, 0)),
    ]
    for first, second, count in sides:
        scores = evaluate([document(first, second)], task)
        assert scores.count == count
        assert (scores.ap, scores.precision, scores.recall, scores.f1) == (0, 0, 0, 0)
    assert evaluate([], task).f1 == 0


def test_tasks_look_at_their_own_fields() -> None:
    case = document(
        [wanted("iban", cell(0, 0)), wanted("line_item_code", cell(1, 0), 4)],
        [read("iban", cell(0, 0)), read("line_item_code", cell(1, 0), item=0)],
    )
    assert list(evaluate([case], "kile").by_name) == ["iban"]
    assert evaluate([case], "lir").by_name["line_item_code"].f1 == 1.0


def test_items_are_paired_for_all_fields_together_not_greedily() -> None:
    # Predicted item 0 shares two fields with true item 1 and one with true item 2; predicted item 1
    # shares one field, with true item 1. The best single pair leaves predicted item 1 alone.
    truth = [
        wanted("a", cell(0, 0), 1),
        wanted("b", cell(1, 0), 1),
        wanted("c", cell(2, 0), 1),
        wanted("d", cell(3, 0), 1),
        wanted("a", cell(0, 1), 2),
    ]
    predicted = [
        read("a", cell(0, 0), item=0),  # item 0 with item 1: a, b
        read("b", cell(1, 0), item=0),
        read("a", cell(0, 1), item=0),  # item 0 with item 2: a
        read("c", cell(2, 0), item=1),  # item 1 with item 1: c, d
        read("d", cell(3, 0), item=1),
    ]
    assert evaluate([document(truth, predicted)], "lir").count == Count(5, 5, 3)


def test_a_field_counts_only_inside_the_pair_of_its_item() -> None:
    truth = [wanted("a", cell(0, 0), 1), wanted("b", cell(1, 0), 1), wanted("c", cell(2, 0), 2)]
    predicted = [read("a", cell(0, 0), item=9), read("b", cell(1, 0), item=9)]
    astray = read("c", cell(2, 0), item=9)
    assert evaluate([document(truth, [*predicted, astray])], "lir").count == Count(3, 3, 2)


def test_predictions_only_for_ap_do_not_pair_items() -> None:
    truth = [wanted("a", cell(0, 0), 1), wanted("b", cell(1, 0), 1), wanted("c", cell(0, 1), 2)]
    weak = [read(name, cell(x, 0), 0.1, item=0, only_for_ap=True) for x, name in enumerate("ab")]
    scores = evaluate([document(truth, [*weak, read("c", cell(0, 1), item=0)])], "lir")
    assert scores.count == Count(3, 1, 1)


def test_one_document_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="'d' is given twice"):
        evaluate([document([], []), document([], [])], "kile")


@pytest.mark.parametrize(
    ("right", "total", "ap"),
    [
        ([], 0, 0.0),
        ([True], 0, 0.0),
        ([], 3, 0.0),
        ([True, True], 2, 1.0),
        ([True], 2, 0.5),
        ([False, True], 1, 0.5),
        ([True, False, True], 2, (1 + 2 / 3) / 2),
        ([False, True, True], 2, 2 / 3),  # the gap at the first recall is filled
    ],
)
def test_average_precision(right: list[bool], total: int, ap: float) -> None:
    assert average_precision(right, total) == pytest.approx(ap)


def test_letters_stand_in_equal_parts_of_their_word() -> None:
    word = Word("abcd", Box(0.0, 0.2, 0.8, 0.4))
    centres = character_centres(page_of(word, Word("", Box(0, 0, 1, 1)), word))
    assert np.allclose(centres, [(0.1, 0.3), (0.3, 0.3), (0.5, 0.3), (0.7, 0.3)])
    assert character_centres(page_of()).shape == (0, 2)


def random_box(seed: random.Random) -> Box:
    """Mostly whole words of the grid, so that exact matches are common; else anywhere."""
    if seed.random() < 0.8:
        columns = seed.choice((1, 1, 1, 2))
        box = cell(seed.randrange(5), seed.randrange(4), columns)
        slack = seed.choice((0.0, 0.0, 0.004))
        return Box(box.left, box.top, box.right - slack, box.bottom)
    return Box.clamped(*(seed.random() for _ in range(4)))


def random_document(seed: random.Random, name: str, task: Task) -> DocileDocument:
    """Up to 2 pages; few fieldtypes, items and scores, so that ties and duplicates are common."""
    pages = tuple(
        page_of(
            *(
                word_at(column, row, seed.choice(("a", "bcd", "efghi")))
                for row in range(4)
                for column in range(6)
                if seed.random() < 0.8 or (column, row) == (0, 0)
            ),
            number=number,
        )
        for number in range(2)
    )
    truth = [
        wanted(seed.choice("abc"), random_box(seed), item, seed.randrange(2))
        for item in random_items(seed, task)
    ]
    predicted = []
    for item in random_items(seed, task):
        page, kind, box = seed.randrange(2), seed.choice("abc"), random_box(seed)
        if truth and seed.random() < 0.7:
            place = seed.choice(truth)
            page, kind, box = place.page, place.name, place.box
        score = seed.choice((0.0, 0.3, 0.3, 0.7, seed.random()))
        only = seed.random() < 0.2
        predicted.append(read(kind, box, score, page=page, item=item, only_for_ap=only))
    return DocileDocument(name, pages, truth, predicted)


def random_items(seed: random.Random, task: Task) -> list[int | None]:
    count = seed.choice((0, 1, 4, 12, 20))
    return [seed.choice((0, 1, 2, 3, 7, 40)) if task == "lir" else None for _ in range(count)]


def write_reference(folder: Path, documents: Sequence[DocileDocument]) -> Any:
    """The documents as a dataset of the reference implementation."""
    pytest.importorskip("docile")
    from docile import dataset

    for kind in ("annotations", "ocr"):
        (folder / kind).mkdir(parents=True)
    for one in documents:
        fields = [
            {
                "fieldtype": place.name,
                "page": place.page,
                "bbox": corners(place.box),
                "line_item_id": place.item,
            }
            for place in one.truth
        ]
        annotation = {
            "field_extractions": [field for field in fields if field["line_item_id"] is None],
            "line_item_extractions": [
                field for field in fields if field["line_item_id"] is not None
            ],
            "metadata": {"page_count": len(one.pages)},
        }
        (folder / f"annotations/{one.document_id}.json").write_text(json.dumps(annotation))
        pages = [{"blocks": [{"lines": [{"words": ocr_words(page)}]}]} for page in one.pages]
        (folder / f"ocr/{one.document_id}.json").write_text(json.dumps({"pages": pages}))
    names = [one.document_id for one in documents]
    (folder / "test.json").write_text(json.dumps(names))
    return dataset.Dataset("test", folder)


def corners(box: Box) -> list[float]:
    return [box.left, box.top, box.right, box.bottom]


def ocr_words(page: Page) -> list[dict[str, Any]]:
    words = []
    for word in page.words:
        left, top, right, bottom = corners(word.box)
        geometry = [[left, top], [right, bottom]]
        words.append({"value": word.text, "geometry": geometry, "snapped_geometry": geometry})
    return words


@pytest.mark.parametrize("task", ["kile", "lir"])
@pytest.mark.parametrize("threshold", [1.0, 0.5])
@pytest.mark.parametrize("seed", range(12))
def test_scores_agree_with_the_reference(
    tmp_path: Path, task: Task, threshold: float, seed: int
) -> None:
    pytest.importorskip("docile")
    from docile import dataset
    from docile import evaluation as reference

    chance = random.Random(f"{task} {seed}")
    documents = [random_document(chance, f"document{number}", task) for number in range(8)]
    assert any(one.predicted for one in documents)
    theirs = {
        one.document_id: [
            dataset.Field(
                bbox=dataset.BBox(*corners(field.box)),
                page=field.page,
                score=field.score,
                fieldtype=field.name,
                line_item_id=field.item,
                use_only_for_ap=field.only_for_ap,
            )
            for field in one.predicted
        ]
        for one in documents
    }
    result = reference.evaluate_dataset(
        write_reference(tmp_path, documents),
        theirs if task == "kile" else {},
        theirs if task == "lir" else {},
        iou_threshold=threshold,
    )
    ours = evaluate(documents, task, threshold)
    assert ours.count.right > 0
    for name, scores in [("", ours), *ours.by_name.items()]:
        metrics = result.get_metrics(task, fieldtype=name)
        assert scores.ap == pytest.approx(metrics["AP"], abs=1e-9)
        assert scores.f1 == pytest.approx(metrics["f1"], abs=1e-9)
        assert scores.precision == pytest.approx(metrics["precision"], abs=1e-9)
        assert scores.recall == pytest.approx(metrics["recall"], abs=1e-9)
        assert scores.count.right == metrics["TP"]
        assert scores.count.predicted == metrics["TP"] + metrics["FP"]
        assert scores.count.wanted == metrics["TP"] + metrics["FN"]
    for document_id, count in ours.by_document.items():
        assert count.right == result.get_metrics(task, docids=[document_id])["TP"]
