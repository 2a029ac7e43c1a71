"""The network's output: its shapes, and that a page's logits depend on that page alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from data.labels import DOCUMENT_TYPES, TAGS
from tests.support.tiny_network import BLIND, TINY, encoded, reader
from training.network.batch import collate
from training.network.encoding import EncodedPage
from training.network.model import LineItemReader


def logits(model: LineItemReader, *pages: EncodedPage, row: int = 0) -> list[torch.Tensor]:
    """The three logits of the page in that row, without its padding."""
    with torch.inference_mode():
        output = model(collate(pages))
    count = pages[row].length
    same = output.same_item[row, :count, :count]
    return [output.tags[row, :count], same, output.document_type[row]]


def same(first: list[torch.Tensor], second: list[torch.Tensor]) -> bool:
    return all(torch.allclose(a, b, atol=2e-5) for a, b in zip(first, second, strict=True))


def test_shapes():
    with torch.inference_mode():
        output = reader()(collate([encoded(7, (64, 96)), encoded(11)]))
    assert output.tags.shape == (2, 11, len(TAGS))
    assert output.same_item.shape == (2, 11, 11)
    assert output.document_type.shape == (2, len(DOCUMENT_TYPES))


@pytest.mark.parametrize(
    ("picture", "neighbour_picture"),
    [
        (None, None),
        ((64, 96), (64, 96)),
        ((64, 96), (128, 160)),  # its padding must not dim this page's contrast
        ((70, 90), (64, 96)),  # sides that are no multiple of 32
        ((64, 96), None),
        (None, (64, 96)),
    ],
)
def test_a_page_is_read_alike_alone_and_beside_a_longer_one(picture, neighbour_picture):
    model, page, longer = reader(), encoded(6, picture), encoded(13, neighbour_picture, seed=1)
    alone = logits(model, page)
    assert same(alone, logits(model, page, longer))
    assert same(alone, logits(model, longer, page, row=1))


def test_a_page_without_words_gives_no_words_and_no_sure_type():
    model = reader()
    tags, _, kind = logits(model, encoded(0))
    assert tags.shape == (0, len(TAGS))
    assert torch.isfinite(kind).all()
    assert kind.softmax(-1).max() < 0.6
    page = encoded(6)
    assert same(logits(model, page), logits(model, encoded(0), page, row=1))


@pytest.mark.parametrize("config", [TINY, BLIND], ids=["vision", "blind"])
@pytest.mark.parametrize("side", [None, (64, 96)], ids=["no image", "image"])
def test_every_page_is_read_with_and_without_vision(config, side):
    assert all(torch.isfinite(part).all() for part in logits(reader(config), encoded(6, side)))


def test_pixels_under_a_word_change_what_is_said_of_it():
    page = encoded(6, (256, 192))
    assert page.image is not None
    paper = replace(page, image=np.full_like(page.image, 255))
    struck = replace(page, image=paper.image.copy())
    struck.image[24:30, 15:45] = 0  # a line through the first word
    model = reader()
    plain, changed = logits(model, paper)[0], logits(model, struck)[0]
    assert not torch.allclose(plain[0], changed[0], atol=1e-3)
    assert same(logits(reader(BLIND), paper), logits(reader(BLIND), struck))


def test_leaving_the_pixels_out_is_the_same_as_having_none():
    page = encoded(6, (64, 96))
    model = reader()
    with torch.inference_mode():
        without = model(collate([page], images=False))
    assert torch.allclose(without.tags[0], logits(model, replace(page, image=None))[0])


def test_one_seed_is_one_network():
    page = encoded(6, (64, 96))
    assert same(logits(reader(seed=3), page), logits(reader(seed=3), page))
    assert not same(logits(reader(seed=3), page), logits(reader(seed=4), page))


def test_belonging_together_has_no_direction():
    _, together, _ = logits(reader(), encoded(9, (64, 96)))
    assert torch.equal(together, together.T)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": 25}, "multiple of heads"),
        ({"image_channels": 12}, "multiple of 8"),
    ],
)
def test_an_impossible_network_is_refused_at_construction(changes, message):
    with pytest.raises(ValueError, match=message):
        replace(TINY, **changes)


@pytest.mark.parametrize(("words", "length"), [(1, 32), (11, 32), (32, 32), (33, 64), (64, 64)])
def test_few_shapes_change_no_answer(words, length):
    page, model = encoded(words), reader()
    batch = collate([page], few_shapes=True)
    assert batch.mask.shape == (1, length)
    assert batch.mask.sum() == words
    with torch.inference_mode():
        output = model(batch)
    filled = [
        output.tags[0, :words],
        output.same_item[0, :words, :words],
        output.document_type[0],
    ]
    assert same(filled, logits(model, page))
