"""The mean of several checkpoints: of the same network only, and again a whole checkpoint."""

from pathlib import Path

import pytest
import torch

from training.learning.average import main
from training.network.checkpoint import load_model, save_checkpoint
from training.network.model import LineItemReader, ModelConfig

TINY = ModelConfig(width=16, layers=1, heads=2, feed_forward=16, pair_width=4, image_channels=8)


def saved(folder: Path, seed: int, config: ModelConfig = TINY) -> Path:
    torch.manual_seed(seed)
    state = LineItemReader(config).state_dict()
    save_checkpoint(folder, state, config, recipe=f"seed: {seed}\n", card="")
    return folder


def test_every_weight_is_the_mean(tmp_path, capsys):
    first, second = saved(tmp_path / "one", 1), saved(tmp_path / "other", 2)
    out = tmp_path / "soup"
    assert main(["--out", str(out), str(first), str(second)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    states = [load_model(folder).state_dict() for folder in (first, second, out)]
    for name, weight in states[2].items():
        assert torch.allclose(weight, (states[0][name] + states[1][name]) / 2, atol=1e-3), name
    assert (out / "recipe.yaml").read_text() == "seed: 2\n"
    assert "one, other" in (out / "README.md").read_text()


@pytest.mark.parametrize("other", ["wider", "missing"])
def test_what_is_not_the_same_network_is_refused_in_one_line(tmp_path, capsys, other):
    checkpoint = saved(tmp_path / "one", 1)
    if other == "wider":
        saved(tmp_path / other, 2, ModelConfig(**(TINY.to_json() | {"width": 32})))
    assert main(["--out", str(tmp_path / "soup"), str(checkpoint), str(tmp_path / other)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "soup").exists()
