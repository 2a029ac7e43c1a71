"""Checkpoint folders: saved and loaded unchanged, and refused in one sentence where they misfit."""

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from data.labels import TAGS
from training.network import folder_swap
from training.network.checkpoint import load_matching, load_model, read_config, save_checkpoint
from training.network.checkpoint_seal import CheckpointError, seal
from training.network.folder_swap import replace_folder
from training.network.model import LineItemReader, ModelConfig

TINY = ModelConfig(
    width=16, layers=1, heads=2, feed_forward=16, dropout=0.0, pair_width=4, image_channels=8
)
MEGABYTE = 1_000_000


def save(folder: Path, config: ModelConfig = TINY, seed: int = 0) -> LineItemReader:
    torch.manual_seed(seed)
    model = LineItemReader(config)
    save_checkpoint(folder, model.state_dict(), config, recipe="name: test\n", card="# Card\n")
    return model


def edit(folder: Path, **changes: object) -> None:
    path = folder / "config.json"
    described = json.loads(path.read_text())
    described["model"].update(changes)
    path.write_text(json.dumps(described))
    seal(folder)


def test_a_saved_network_comes_back_in_half_precision(tmp_path):
    model = save(tmp_path / "c")
    loaded = load_model(tmp_path / "c")
    assert not loaded.training
    assert loaded.config == TINY
    for name, weights in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], weights.half().float()), name
        assert loaded.state_dict()[name].dtype == torch.float32


def test_the_folder_holds_its_recipe_and_card_and_nothing_pickled(tmp_path):
    save(tmp_path / "c")
    names = sorted(path.name for path in (tmp_path / "c").iterdir())
    assert names == [
        "README.md",
        "config.json",
        "manifest.json",
        "model.safetensors",
        "recipe.yaml",
    ]
    assert (tmp_path / "c" / "recipe.yaml").read_text() == "name: test\n"
    # A pickle begins with its protocol mark or, as torch writes it, as a zip file.
    begins = {path.read_bytes()[:2] for path in (tmp_path / "c").iterdir()}
    assert not begins & {b"\x80\x02", b"\x80\x04", b"PK"}


def test_weights_can_be_served_by_another_user(tmp_path):
    save(tmp_path / "c")
    assert (tmp_path / "c" / "model.safetensors").stat().st_mode & 0o444 == 0o444


def test_no_shard_is_over_15_megabytes(tmp_path):
    wide = replace(ModelConfig(), width=384, layers=2)
    model = save(tmp_path / "c", wide)
    shards = sorted((tmp_path / "c").glob("model*.safetensors"))
    assert len(shards) > 1
    assert max(shard.stat().st_size for shard in shards) <= 15 * MEGABYTE
    loaded = load_model(tmp_path / "c").state_dict()
    assert all(
        torch.equal(loaded[name], w.half().float()) for name, w in model.state_dict().items()
    )


def test_saving_again_replaces_the_weights_and_drops_their_calibration(tmp_path):
    save(tmp_path / "c", replace(ModelConfig(), width=384, layers=2))
    (tmp_path / "c" / "calibration.json").write_text("{}")
    save(tmp_path / "c", TINY)
    assert load_model(tmp_path / "c").config == TINY
    assert not (tmp_path / "c" / "calibration.json").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_a_save_that_fails_leaves_the_old_checkpoint(tmp_path):
    save(tmp_path / "c")
    before = (tmp_path / "c" / "model.safetensors").read_bytes()
    with pytest.raises(AttributeError):
        save_checkpoint(tmp_path / "c", {"broken": None}, TINY, recipe="", card="")  # type: ignore[dict-item]
    assert (tmp_path / "c" / "model.safetensors").read_bytes() == before
    save(tmp_path / "c", seed=1)  # and what was left of the failure is in nobody's way
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_a_folder_with_other_files_is_not_replaced(tmp_path):
    (tmp_path / "thesis.txt").write_text("four years of work")
    with pytest.raises(CheckpointError, match="no checkpoint"):
        save(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dropuot": 0.1}, "unknown keys.*dropuot"),
        ({"heads": 3}, "multiple of heads"),
        ({"tags": list(reversed(TAGS))}, "tags differ"),  # would read amounts as something else
        ({"tags": list(TAGS[:-1])}, "tags differ"),
        ({"document_types": ["invoice"]}, "document_types differ"),
        ({"features": 35}, "features differ"),
        ({"buckets": 4096}, "buckets differ"),
        ({"width": 32}, "weights do not fit"),
        ({"layers": 2}, "weights do not fit"),
    ],
)
def test_what_this_version_cannot_read_is_refused(tmp_path, changes, message):
    save(tmp_path / "c")
    edit(tmp_path / "c", **changes)
    with pytest.raises(CheckpointError, match=message):
        load_model(tmp_path / "c")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"format": 1, "model": {}}', "format is 1, this version reads 3"),
        ('{"model": {}}', "format is None"),
        ("[]", "must hold an object"),
        ('{"format": 2, "model": 7}', "must hold an object"),
        ("{", "is not JSON"),
        ("", "is not JSON"),
    ],
)
def test_a_strange_config_is_refused(tmp_path, text, message):
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(CheckpointError, match=message):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("missing", "message"),
    [("config.json", "no config.json"), ("model.safetensors", "model.safetensors is missing")],
)
def test_a_missing_file_is_named(tmp_path, missing, message):
    save(tmp_path / "c")
    (tmp_path / "c" / missing).unlink()
    with pytest.raises(CheckpointError, match=message):
        load_model(tmp_path / "c")


def test_damaged_weights_are_refused(tmp_path):
    save(tmp_path / "c")
    path = tmp_path / "c" / "model.safetensors"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(CheckpointError, match="damaged"):
        load_model(tmp_path / "c")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CheckpointError, match="nowhere: no config"):
        load_model(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda folder: (folder / "model.safetensors").unlink(), "model.safetensors is missing"),
        (lambda folder: (folder / "recipe.yaml").unlink(), "recipe.yaml is missing"),
        (lambda folder: (folder / "manifest.json").unlink(), "no manifest.json"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "manifest.json: must hold"),
        (lambda folder: (folder / "model-2.safetensors").write_bytes(b""), "is not in manifest"),
        (lambda folder: _flip(folder / "model.safetensors"), "model.safetensors: SHA-256 begins"),
        (lambda folder: _cut(folder / "model.safetensors"), "model.safetensors: SHA-256 begins"),
        (lambda folder: (folder / "recipe.yaml").write_text("other"), "recipe.yaml: SHA-256"),
    ],
)
def test_a_harmed_folder_is_refused_in_one_sentence(tmp_path, harm, message):
    save(tmp_path / "c")
    harm(tmp_path / "c")
    with pytest.raises(CheckpointError) as refused:
        load_model(tmp_path / "c")
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def test_the_model_card_may_be_corrected(tmp_path):
    save(tmp_path / "c")
    (tmp_path / "c" / "README.md").write_text("# Better card\n")
    assert load_model(tmp_path / "c").config == TINY


def test_older_weights_that_fit_can_be_gone_on_from(tmp_path):
    model = save(tmp_path / "c")
    larger = replace(TINY, pair_width=8)
    edit(tmp_path / "c", pair_width=8)
    loaded, anew = load_matching(tmp_path / "c")
    assert loaded.config == larger
    assert anew == ["pair.bias", "pair.weight"]
    expected = model.state_dict()["tag_head.weight"].half().float()
    assert torch.equal(loaded.state_dict()["tag_head.weight"], expected)


def test_a_folder_is_replaced_in_one_step(tmp_path, monkeypatch):
    """While folders are exchanged a hundred times, whoever looks always finds a whole one."""
    target = tmp_path / "checkpoint"
    missed, looks, done = [], 0, threading.Event()

    def look() -> None:
        nonlocal looks
        while not done.is_set():
            looks += 1
            if not (target / "config.json").is_file():
                missed.append(looks)

    def write(number: int) -> Path:
        new = tmp_path / "checkpoint.part"
        new.mkdir()
        (new / "config.json").write_text(str(number))
        return new

    replace_folder(write(0), target)
    reader = threading.Thread(target=look)
    reader.start()
    for number in range(1, 101):
        replace_folder(write(number), target)
    done.set()
    reader.join()
    assert (target / "config.json").read_text() == "100"
    assert missed == []
    assert looks > 0
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]

    # Where names cannot be exchanged, the folder is replaced all the same
    monkeypatch.setattr(folder_swap, "_exchange", lambda first, second: False)
    replace_folder(write(101), target)
    assert (target / "config.json").read_text() == "101"
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]
