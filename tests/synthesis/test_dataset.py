"""Synthetic documents as a stream: the same documents, whoever draws them."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
from torch.utils.data import DataLoader

from data.synthesis.dataset import as_dataset, stream_pages
from data.synthesis.pages import labelled_pages


def _names(rows: Iterator[dict[str, Any]]) -> list[str]:
    return [row["document_id"] for row in rows]


def test_a_row_says_what_the_labelled_pages_say() -> None:
    rows = list(as_dataset(6, 3))
    assert len(rows) == 3
    for index, row in enumerate(rows):
        pages = labelled_pages(6, index)
        assert row["document_id"] == f"6/{index}"
        assert row["document_type"] == pages[0].document_type
        assert len(row["pages"]) == len(pages)
        for shown, labelled in zip(row["pages"], pages, strict=True):
            assert shown["words"] == [word.text for word in labelled.page.words]
            assert (tuple(shown["tags"]), tuple(shown["items"])) == (labelled.tags, labelled.items)
            box = labelled.page.words[0].box
            assert shown["boxes"][0] == [box.left, box.top, box.right, box.bottom]
            assert (shown["width"], shown["height"]) == (labelled.page.width, labelled.page.height)
            assert "image" not in shown


def test_an_image_comes_as_it_was_drawn() -> None:
    row = next(iter(as_dataset(6, 1, image=True)))
    drawn = labelled_pages(6, 0, image=True)[0].page.image
    assert drawn is not None
    assert np.array_equal(np.asarray(row["pages"][0]["image"]), drawn)


@pytest.mark.parametrize("shards", [1, 3, 100])
def test_without_workers_documents_come_in_order(shards: int) -> None:
    assert _names(iter(as_dataset(6, 7, shards=shards))) == [f"6/{index}" for index in range(7)]


def test_two_workers_draw_every_document_once() -> None:
    dataset = as_dataset(6, 7, shards=4)
    loader = DataLoader(dataset, batch_size=None, num_workers=2)
    assert sorted(_names(iter(loader))) == sorted(_names(iter(dataset)))


def test_strides_of_a_stream_together_are_the_stream() -> None:
    whole = list(islice(stream_pages(6), 6))
    parts = [list(islice(stream_pages(6, worker, 2), 3)) for worker in range(2)]
    assert [parts[0][0], parts[1][0], parts[0][1], parts[1][1]] == whole[:4]


@pytest.mark.parametrize(("documents", "shards"), [(0, 1), (5, 0), (-1, 4)])
def test_nothing_to_draw_is_refused(documents: int, shards: int) -> None:
    with pytest.raises(ValueError, match=f"got {documents} and {shards}"):
        as_dataset(6, documents, shards=shards)
