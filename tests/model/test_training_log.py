"""The scalars that a run logged, read back."""

from pathlib import Path

import pytest
from torch.utils.tensorboard import SummaryWriter

from training.learning.log import read_scalars


def test_scalars_come_back_by_name_in_order(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path / "tensorboard")) as writer:
        for step in (1, 2, 5):
            writer.add_scalar("train/loss", 1 / step, step)
        writer.add_scalar("held_out/item_f1", 0.5, 5)
    scalars = read_scalars(tmp_path)
    assert scalars == read_scalars(tmp_path / "tensorboard")
    assert scalars["train/loss"] == [(1, 1.0), (2, 0.5), (5, pytest.approx(0.2))]
    assert scalars["held_out/item_f1"] == [(5, 0.5)]


def test_a_run_without_a_log(tmp_path: Path) -> None:
    assert read_scalars(tmp_path) == {}
    with pytest.raises(ValueError, match="no such folder; want that of a training run"):
        read_scalars(tmp_path / "missing")
