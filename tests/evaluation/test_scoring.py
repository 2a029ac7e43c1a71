"""Documents with their scores: the groups they are reported by, and documents that are made up."""

from typing import Any

import pytest

from data.corpora.truth import TrueDocument, TrueItem
from training.metrics.scoring import MADE_UP, score_documents


def document(name: str = "d", items: int = 1, **extra: Any) -> TrueDocument:
    item = TrueItem({"amount": "1.00"}, frozenset({"amount"}))
    return TrueDocument(
        document_id=name,
        path=None,
        document_type="invoice",
        fields={},
        fields_visible=frozenset(),
        items=(item,) * items,
        excluded=(),
        labels="made here",
        extra=extra,
    )


def groups(truth: TrueDocument, prediction: dict[str, Any], *keys: str) -> dict[str, str]:
    (one,) = score_documents([truth], {truth.document_id: prediction}, keys)
    return dict(one.groups)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0"),
        (1, "1"),
        (2, "2-5"),
        (5, "2-5"),
        (6, "6-20"),
        (20, "6-20"),
        (21, "21 and more"),
    ],
)
def test_documents_are_grouped_by_how_many_items_they_have(count: int, said: str) -> None:
    assert groups(document(items=count), {})["items"] == said


@pytest.mark.parametrize(
    ("pages", "said"), [(1, "1"), (2, "2"), (3, "3-5"), (6, "6 and more"), ([4, 5], "2")]
)
def test_documents_are_grouped_by_their_pages(pages: int | list[int], said: str) -> None:
    assert groups(document(), {"pages": pages})["pages"] == said


def test_what_the_corpus_says_goes_before_what_was_read() -> None:
    read = {"language": "de", "pages": 3, "words_source": "ocr"}
    said = groups(document(layout="a", locale="en", pages=1, station="KX"), read, "station", "none")
    assert said == {
        "document type": "invoice",
        "layout": "a",
        "station": "KX",
        "language": "en",
        "words from": "ocr",
        "pages": "1",
        "items": "1",
    }
    assert groups(document(), read)["language"] == "de (guessed)"


def test_a_document_that_only_the_predictions_have_is_made_up() -> None:
    line = {"line_items": [{"amount": "1.00"}]}
    scored = score_documents(
        [document("a")], {"a": line, "ghost": line, "left out": line}, known=["left out"]
    )
    assert [one.truth.document_id for one in scored] == ["a", "ghost"]
    ghost = scored[1]
    assert ghost.truth.labels == ghost.groups["document type"] == MADE_UP
    assert (ghost.score.items.wanted, ghost.score.items.predicted) == (0, 1)
