"""The mean of several checkpoints: of the same network only, and again a whole checkpoint."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from training.evaluation.learned_from import LearnedFrom, read_learned_from, write_learned_from
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


def test_a_network_without_structure_heads_lends_its_weights_to_the_mean(tmp_path):
    """The heads are the later network's; half of what they mix in is left."""
    plain, grown = TINY, replace(TINY, structure_width=4)
    old = saved(tmp_path / "old", 1, plain)
    new = saved(tmp_path / "new", 2, grown)
    state = load_model(new).state_dict()
    torch.nn.init.normal_(state["tables.mix.weight"])
    record = LearnedFrom(frozenset({"b"}))
    save_checkpoint(new, state, grown, recipe="", card="")
    write_learned_from(old, LearnedFrom(frozenset({"a"})))
    write_learned_from(new, record)
    assert main(["--out", str(tmp_path / "soup"), str(old), str(new)]) == 0
    mean = load_model(tmp_path / "soup").state_dict()
    first, second = load_model(old).state_dict(), load_model(new).state_dict()
    assert torch.allclose(mean["tables.mix.weight"], second["tables.mix.weight"] / 2, atol=1e-3)
    assert torch.allclose(mean["tables.row.weight"], second["tables.row.weight"], atol=1e-3)
    columns = first["distance.weight"].shape[1]
    expected = (first["distance.weight"] + second["distance.weight"][:, :columns]) / 2
    assert torch.allclose(mean["distance.weight"][:, :columns], expected, atol=1e-3)
    assert read_learned_from(tmp_path / "soup") == LearnedFrom(frozenset({"a", "b"}))


def test_the_mean_knows_that_one_kept_no_record(tmp_path):
    first, second = saved(tmp_path / "one", 1), saved(tmp_path / "other", 2)
    write_learned_from(first, LearnedFrom(frozenset({"a"})))
    assert main(["--out", str(tmp_path / "soup"), str(first), str(second)]) == 0
    assert read_learned_from(tmp_path / "soup") == LearnedFrom(frozenset({"a"}), complete=False)
