"""The extractor: the same result page by page and in batches, and the device it runs on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from data.records import Box, Page, Word
from training.decoding.calibration import Calibration
from training.extractor import Extractor
from training.network.checkpoint import save_checkpoint
from training.network.checkpoint_seal import CheckpointError
from training.network.device import DeviceError, choose_device
from training.network.encoding import MAX_WORDS
from training.network.model import LineItemReader, ModelConfig

TINY = ModelConfig(
    width=24, layers=1, heads=2, feed_forward=32, dropout=0.1, pair_width=8, image_channels=8
)
needs_no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="for machines without a GPU")


@pytest.fixture(scope="module")
def extractor(tmp_path_factory) -> Extractor:
    """A network of random weights: its output is nonsense, but must be the same nonsense."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("run") / "checkpoint"
    save_checkpoint(folder, LineItemReader(TINY).state_dict(), TINY, recipe="", card="")
    return Extractor.load(folder, "cpu")


def page(number: int = 0, count: int = 8, *, image: bool = True) -> Page:
    words = []
    for index in range(count):
        left, top = 0.1 + 0.2 * (index % 4), 0.1 + 0.7 * (index // 4) / (1 + count // 4)
        words.append(Word(f"{index + number}.50", Box(left, top, left + 0.1, top + 0.01)))
    pixels = np.random.default_rng(number).integers(0, 255, (64 + 32 * number, 96), dtype=np.uint8)
    made = Page(number, 600.0, 800.0, tuple(words), "text", "made for a test")
    return replace(made, image=pixels) if image else made


def test_pages_are_tagged_alike_together_and_one_by_one(extractor):
    pages = [page(0), page(1, 20), page(2, image=False)]
    together = extractor.tag_pages(pages)
    for single, tagged in zip(pages, together, strict=True):
        (alone,) = extractor.tag_pages([single])
        assert np.allclose(alone.probabilities, tagged.probabilities, atol=1e-4)
        assert alone.item_words.tolist() == tagged.item_words.tolist()
        assert np.allclose(alone.affinity, tagged.affinity, atol=2e-3)
        assert np.allclose(alone.document_types, tagged.document_types, atol=1e-4)


def test_extracting_is_tagging_and_decoding(extractor):
    pages = [page(0), page(1, 20)]
    tagged = [extractor.tag_pages([single])[0] for single in pages]
    assert extractor.extract("file", iter(pages)) == extractor.documents("file", tagged)


def test_reading_twice_gives_the_same(extractor):
    assert extractor.extract("file", [page()]) == extractor.extract("file", [page()])


def test_images_are_dropped_and_nothing_else(extractor):
    original = replace(page(), rotation=90, skew=0.5, to_page=(0.0, 1.0, 0.0, 1.0, 0.0, 0.0))
    (tagged,) = extractor.tag_pages([original])
    assert original.image is not None
    assert tagged.page.image is None
    assert tagged.page == original  # images do not count in comparison


def test_probabilities_add_up(extractor):
    (tagged,) = extractor.tag_pages([page()])
    assert tagged.probabilities.shape[0] == len(page().words)
    assert np.allclose(tagged.probabilities.sum(axis=1), 1, atol=1e-5)
    assert tagged.affinity.shape == (len(tagged.item_words),) * 2


def test_a_page_without_words_is_a_document_with_a_problem(extractor):
    blank = replace(page(count=0), words_source="none", reason="blank_page: nothing on it")
    (document,) = extractor.extract("file", [blank])
    assert [problem.code for problem in document.problems] == ["blank_page"]
    assert document.document_type.confidence == 0


def test_words_beyond_the_models_reach_are_counted(extractor):
    (tagged,) = extractor.tag_pages([page(count=MAX_WORDS + 3, image=False)])
    assert tagged.dropped == 3
    assert len(tagged.probabilities) == MAX_WORDS


def test_no_pages_are_no_documents(extractor):
    assert extractor.tag_pages([]) == []
    assert extractor.extract("file", []) == ()


def test_the_device_is_said_with_its_reason(extractor):
    assert extractor.device_line == "cpu: asked for"


@needs_no_gpu
def test_auto_takes_the_cpu_and_says_why():
    assert str(choose_device("auto")) == "cpu: no CUDA device is visible"


@needs_no_gpu
@pytest.mark.parametrize("name", ["cuda", "cuda:1"])
def test_a_gpu_that_is_not_there_is_refused(name):
    with pytest.raises(DeviceError, match=f"{name!r} was asked for but no CUDA device"):
        choose_device(name)


@pytest.mark.parametrize("name", ["gpu", "", "mps"])
def test_an_unknown_device_is_refused(name):
    with pytest.raises(DeviceError, match="must be auto, cpu, cuda"):
        choose_device(name)


def test_a_folder_without_checkpoint_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="no config"):
        Extractor.load(tmp_path, "cpu")


def test_a_network_is_read_without_dropout(extractor):
    assert not extractor.model.training
    fresh = Extractor(LineItemReader(TINY).train(), choose_device("cpu"), Calibration())
    assert not fresh.model.training
