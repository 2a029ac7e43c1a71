"""Entity F1: equal labels and words, labels that cannot be said, our tags in CORD's labels."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.corpora.cord.word_level import labelled_pages, read_documents
from data.corpora.truth import TrueEntity
from data.labels import TAGS
from data.records import LabelledPage
from tests.support.tagged_pages import W, row, tagged_page
from training.decoding.grouping import TAG_INDEX, TaggedPage, find_item_words
from training.metrics.counts import Count
from training.metrics.entities import (
    CORD_LABELS,
    EXPRESSIBLE_LABELS,
    count_labels,
    entity_f1,
    predicted_entities,
    score_entities,
)
from training.metrics.predictions import PredictionError

CORD = Path(__file__).parents[3] / "shared" / "real" / "cord" / "val.jsonl.gz"


def entity(label: str, *words: int, page: int = 0) -> dict[str, Any]:
    return {"label": label, "words": list(words), "page": page}


@pytest.mark.parametrize(
    ("said", "right"),
    [
        (entity("menu.nm", 3, 4), 1),
        (entity("menu.nm", 4, 3), 1),  # a set, not a sequence
        (entity("menu.nm", 3, 4, 4), 1),
        (entity("menu.nm", 3), 0),
        (entity("menu.nm", 3, 4, 5), 0),
        (entity("menu.cnt", 3, 4), 0),
        (entity("menu.nm", 3, 4, page=1), 0),
        ({"label": "menu.nm", "words": [3, 4]}, 1),  # the first page unless said otherwise
    ],
)
def test_an_entity_is_right_when_label_and_words_are_equal(said: Any, right: int) -> None:
    score = score_entities("d", [TrueEntity("menu.nm", (3, 4))], [said])
    assert score.all_labels == Count(1, 1, right)


@pytest.mark.parametrize(
    ("truth", "said", "count"),
    [
        ([], [], Count()),
        ([TrueEntity("menu.nm", (1,))], [], Count(1, 0, 0)),
        ([], [entity("menu.nm", 1)], Count(0, 1, 0)),
        ([TrueEntity("menu.nm", (1,))], [entity("menu.nm", 1)] * 2, Count(1, 2, 1)),
        ([TrueEntity("menu.nm", (1,))] * 2, [entity("menu.nm", 1)] * 2, Count(2, 2, 2)),
    ],
)
def test_pairing_is_one_to_one(truth: list[TrueEntity], said: list[Any], count: Count) -> None:
    assert score_entities("d", truth, said).all_labels == count


def test_labels_that_cannot_be_said_stay_wanted() -> None:
    truth = [TrueEntity("menu.nm", (1,)), TrueEntity("total.cashprice", (2, 3))]
    score = score_entities("d", truth, [entity("menu.nm", 1), entity("menu.cnt", 9)])
    assert score.by_label == {
        "menu.cnt": Count(0, 1, 0),
        "menu.nm": Count(1, 1, 1),
        "total.cashprice": Count(1, 0, 0),
    }
    assert entity_f1([score]).value == pytest.approx(2 / 4)
    assert entity_f1([score], EXPRESSIBLE_LABELS).value == pytest.approx(2 / 3)
    assert entity_f1([score], ["total.cashprice"]).value == 0.0
    assert count_labels([score, score])["menu.nm"] == Count(2, 2, 2)


def test_the_interval_is_over_documents() -> None:
    good = score_entities("a", [TrueEntity("x", (1,))], [entity("x", 1)])
    bad = score_entities("b", [TrueEntity("x", (1,))], [entity("x", 2)])
    found = entity_f1([good, bad] * 10)
    assert found.low < found.value == 0.5 < found.high


@pytest.mark.parametrize(
    "said",
    [
        {"words": [1]},
        {"label": "x"},
        {"label": "x", "words": []},
        {"label": "x", "words": [-1]},
        {"label": "x", "words": ["1"]},
        {"label": 3, "words": [1]},
        {"label": "x", "words": [1], "page": None},
        "x",
    ],
)
def test_what_is_no_entity_is_refused(said: Any) -> None:
    with pytest.raises(PredictionError, match=r"d: entities.0: want label, words"):
        score_entities("d", [], [said])


def said_of(*words: W) -> list[tuple[str, list[str]]]:
    found = predicted_entities(tagged_page(words, document_type="receipt"))
    return [(one["label"], [words[word].text for word in one["words"]]) for one in found]


def test_cells_of_an_item_are_entities() -> None:
    assert said_of(*row(0, "2", "3.00", "6.00", "Tea"), *row(1, "1", None, "4.00", "Milk")) == [
        ("menu.nm", ["Tea"]),
        ("menu.cnt", ["2"]),
        ("menu.unitprice", ["3.00"]),
        ("menu.price", ["6.00"]),
        ("menu.nm", ["Milk"]),
        ("menu.cnt", ["1"]),
        ("menu.price", ["4.00"]),
    ]


def test_a_description_goes_on_over_the_lines_of_its_item() -> None:
    assert said_of(*row(0, "1", None, "4.00", "Oat"), W("Milk", "description", 0.1, 11, 0)) == [
        ("menu.nm", ["Oat", "Milk"]),
        ("menu.cnt", ["1"]),
        ("menu.price", ["4.00"]),
    ]


def test_two_items_on_two_lines_are_two_entities() -> None:
    found = said_of(*row(0, None, None, "4.00", "Tea"), *row(1, None, None, "4.00", "Tea"))
    assert [label for label, _ in found] == ["menu.nm", "menu.price"] * 2


def test_a_cell_without_an_item_is_an_entity_of_its_own() -> None:
    assert said_of(W("Tea", "description", item=0)) == [("menu.nm", ["Tea"])]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        # the caption of a total belongs to it, before or behind
        (
            [W("Grand", "other", 0.1), W("Total", "other", 0.3), W("9.00", "invoice_total", 0.8)],
            ["Grand", "Total", "9.00"],
        ),
        ([W("9.00", "invoice_total", 0.1), W("Total", "other", 0.8)], ["9.00", "Total"]),
        # on another line, or with digits, or with a tag of its own, it does not
        ([W("Total", "other", 0.1, 10), W("9.00", "invoice_total", 0.8, 12)], ["9.00"]),
        ([W("QTY:3", "other", 0.1), W("9.00", "invoice_total", 0.8)], ["9.00"]),
        ([W("Shop", "vendor_name", 0.1), W("9.00", "invoice_total", 0.8)], ["9.00"]),
        # two numbers of one total are one entity
        (
            [W("9.00", "invoice_total", 0.5), W("9.00", "invoice_total", 0.8)],
            ["9.00", "9.00"],
        ),
    ],
)
def test_totals_take_the_caption_on_their_line(words: list[W], found: list[str]) -> None:
    assert said_of(*words) == [("total.total_price", found)]


def test_a_caption_belongs_to_the_nearest_total() -> None:
    # 0.4 and 0.47 of a line's height away: both in reach, the first is nearer
    words = [
        W("9.00", "sub_total", 0.8, 10.0),
        W("Sub", "other", 0.1, 10.27),
        W("1.00", "total_tax", 0.8, 10.58),
    ]
    assert said_of(*words) == [
        ("sub_total.subtotal_price", ["9.00", "Sub"]),
        ("sub_total.tax_price", ["1.00"]),
    ]


def test_articles_take_no_captions() -> None:
    assert said_of(*row(0, "2", None, "6.00", "Tea"), W("x", "other", 0.55, 10)) == [
        ("menu.nm", ["Tea"]),
        ("menu.cnt", ["2"]),
        ("menu.price", ["6.00"]),
    ]


def test_tags_without_a_label_say_nothing() -> None:
    assert said_of(W("2020-01-02", "document_date"), W("Shop", "vendor_name", 0.5)) == []
    assert predicted_entities(tagged_page([])) == []


def test_entities_name_their_page() -> None:
    found = predicted_entities(tagged_page([W("9.00", "invoice_total")], number=2))
    assert found == [{"label": "total.total_price", "words": [0], "page": 2}]


def test_the_table_speaks_our_tags() -> None:
    assert set(CORD_LABELS) <= set(TAGS)


def as_tagged(labelled: LabelledPage) -> TaggedPage:
    """What a model without error would say of the page."""
    probabilities = np.zeros((len(labelled.tags), len(TAGS)), np.float32)
    for word, tag in enumerate(labelled.tags):
        probabilities[word, TAG_INDEX.get(tag, TAG_INDEX["other"])] = 1
    asked = find_item_words(probabilities)
    items = np.array(labelled.items)[asked]
    same = (items[:, None] == items[None, :]) & (items[:, None] >= 0)
    return TaggedPage(
        labelled.page, probabilities, asked, same.astype(np.float16), np.ones(9, np.float32) / 9
    )


@pytest.mark.shared
def test_true_tags_translate_into_almost_all_true_entities() -> None:
    if not CORD.is_file():
        pytest.skip("the CORD receipts are not beside this checkout")
    scores = [
        score_entities(document.document_id, document.entities, predicted_entities(as_tagged(page)))
        for page, document in zip(labelled_pages(CORD), read_documents(CORD), strict=True)
    ]
    assert entity_f1(scores, EXPRESSIBLE_LABELS).value > 0.93
    assert entity_f1(scores).value < entity_f1(scores, EXPRESSIBLE_LABELS).value
