"""What pixels tell: pages that are all written on, the two readings compared, the branch taught."""

import pytest
import torch

from data.labels import MARKS
from training.decoding.calibration import Calibration
from training.evaluation.page_marks import (
    MarkTally,
    PixelMeasurement,
    WordTally,
    format_table,
    make_marked_pages,
    measure_pixels,
)
from training.evaluation.speed import make_page, medians
from training.extractor import Extractor
from training.learning.vision_first import main as teach_first
from training.network.checkpoint import load_model, save_checkpoint
from training.network.device import choose_device
from training.network.model import LineItemReader, ModelConfig

TINY = ModelConfig(
    width=16, layers=1, heads=2, feed_forward=16, dropout=0.0, pair_width=4, image_channels=8
)


@pytest.fixture(scope="module")
def model() -> LineItemReader:
    torch.manual_seed(0)
    return LineItemReader(TINY).eval()


def test_marked_pages_have_pictures_and_known_marks_and_are_the_same_again():
    pages = [labelled for labelled, _ in make_marked_pages(3, 6)]
    again = [labelled for labelled, _ in make_marked_pages(3, 6)]
    assert pages == again
    kinds = {mark.kind for page in pages for mark in page.marks}
    assert len(kinds) >= 3
    assert kinds <= set(MARKS)
    assert all(page.page.image is not None for page in pages)


def test_both_readings_are_counted_over_the_same_words(model):
    extractor = Extractor(model, choose_device("cpu"), Calibration())
    measured = measure_pixels(extractor, 3, 4)
    words = sum(len(labelled.page.words) for labelled, _ in make_marked_pages(3, 4))
    assert measured.words["all words"].count == words
    assert all(
        one.right_with_pixels <= one.count and one.right_without_pixels <= one.count
        for one in measured.words.values()
    )
    truth = [mark.kind for labelled, _ in make_marked_pages(3, 4) for mark in labelled.marks]
    assert {kind: one.count for kind, one in measured.marks.items()} == {
        kind: truth.count(kind) for kind in MARKS
    }


def test_the_table_says_nothing_where_nothing_was_counted():
    marks = {kind: MarkTally() for kind in MARKS}
    marks["stamp"] = MarkTally(count=4, matched=3, predicted=5, true_predictions=2)
    shown = format_table(PixelMeasurement({"all words": WordTally(10, 9, 8)}, marks, 1, 2))
    assert "| all words | 10 | 0.900 | 0.800 |" in shown
    assert "| stamp | 4 | 0.750 | 5 | 0.400 |" in shown
    assert "| strike | 0 | - | 0 | - |" in shown


def test_teaching_the_image_branch_first_changes_nothing_else(model, tmp_path):
    save_checkpoint(tmp_path / "from", model.state_dict(), TINY, recipe="", card="")
    given = ["--start-from", str(tmp_path / "from"), "--out", str(tmp_path / "out")]
    assert teach_first([*given, "--pages", "8"]) == 0
    before = load_model(tmp_path / "from").state_dict()
    after = load_model(tmp_path / "out").state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed
    assert all(
        name.startswith(("vision.backbone", "vision.marks", "vision.strikes")) for name in changed
    )


def test_strikes_can_be_taught_alone(model, tmp_path):
    save_checkpoint(tmp_path / "from", model.state_dict(), TINY, recipe="", card="")
    given = ["--start-from", str(tmp_path / "from"), "--out", str(tmp_path / "out")]
    assert teach_first([*given, "--pages", "24", "--parts", "strikes"]) == 0
    before = load_model(tmp_path / "from").state_dict()
    after = load_model(tmp_path / "out").state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed
    assert all(name.startswith("vision.strikes") for name in changed)


def test_a_folder_that_is_none_is_refused_in_one_line(tmp_path, capsys):
    given = ["--start-from", str(tmp_path), "--out", str(tmp_path / "out")]
    assert teach_first(given) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("words", [40, 120])
def test_the_page_that_is_timed_has_that_many_words_and_a_picture(words):
    page = make_page(words)
    assert len(page.words) == words
    assert page.image is not None


def test_calls_take_turns_and_the_first_round_is_not_timed():
    order = []
    calls = [lambda: order.append("a"), lambda: order.append("b")]
    assert len(medians(calls, 3)) == 2
    assert order == ["a", "b"] * 4
