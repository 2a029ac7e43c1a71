"""LayoutLMv3 and LiLT under our heads: trained, saved, resumed and read like our own network."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from huggingface_hub import constants

from data.records import Box, Page, Word
from tests.support.small_backbones import save_backbone
from training import train as training
from training.extractor import Extractor
from training.learning.recipe import Recipe, RecipeError, load_recipe
from training.learning.stream import batches
from training.network.backbones import BackboneConfig, BackboneReader, load_pretrained
from training.network.batch import collate
from training.network.checkpoint import CheckpointError, load_model
from training.network.device import choose_device
from training.network.encoding import encode_page
from training.network.subwords import Subwords, cut_pages, cut_windows

KINDS = ("layoutlmv3", "lilt")


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> dict[str, Path]:
    """One tiny pretrained network of each kind, as a folder."""
    root = tmp_path_factory.mktemp("hub")
    return {kind: save_backbone(root / kind, kind) for kind in KINDS}


@pytest.fixture(scope="module")
def networks(places) -> dict[str, BackboneReader]:
    return {
        kind: load_pretrained(BackboneConfig(kind, pair_width=4), str(place)).eval()
        for kind, place in places.items()
    }


def recipe(runs: Path, kind: str, place: Path | str, *overrides: str) -> Recipe:
    small = ["steps=6", "words_per_batch=500", "max_words=200", "warmup_steps=1", "device=cpu"]
    often = ["save_every_steps=3", "log_every_steps=2", "evaluate_every_steps=100"]
    backbone = f"model.backbone={{kind: {kind}, name: {place}}}"
    more = ["precision=float32", "workers=0", "image_share=0.5", "model.pair_width=4"]
    return load_recipe(None, [*small, *often, *more, f"runs={runs}", backbone, *overrides])


def page(count: int, *, image: bool = False, number: int = 0) -> Page:
    words = tuple(
        Word(f"word{index} 12.50"[: 4 + index % 9], Box(0.1, top, 0.2, top + 0.0004))
        for index, top in enumerate(np.linspace(0.05, 0.95, count))
    )
    pixels = np.random.default_rng(number).integers(0, 255, (96, 64), dtype=np.uint8)
    return Page(number, 600.0, 800.0, words, "text", "made", image=pixels if image else None)


def logits(network: BackboneReader, *pages: Page) -> list[torch.Tensor]:
    """The tag logits of each page, without its padding."""
    with torch.no_grad():
        output = network(collate([encode_page(page) for page in pages]))
    return [output.tags[row, : len(page.words)] for row, page in enumerate(pages)]


@pytest.fixture(scope="module", params=KINDS)
def finished(request, places, tmp_path_factory) -> tuple[str, Path]:
    """An uninterrupted run of a few steps: kind and checkpoint."""
    runs = tmp_path_factory.mktemp("runs")
    return request.param, training.train(recipe(runs, request.param, places[request.param]))


def test_a_few_steps_move_the_weights_and_lower_the_loss(places, tmp_path):
    for kind in KINDS:
        run = training.Run(
            recipe(tmp_path, kind, places[kind], "learning_rate=0.003"), choose_device("cpu")
        )
        labelled = next(batches(run.recipe))
        before = {name: value.clone() for name, value in run.model.state_dict().items()}
        lost = [run.train_step(labelled).total.item() for _ in range(6)]
        assert lost[-1] < lost[0]
        moved = {n for n, value in run.model.state_dict().items() if not value.equal(before[n])}
        assert {"tag_head.weight", "pair.weight", "type_head.weight", "distance.weight"} <= moved
        assert "backbone.embeddings.word_embeddings.weight" in moved


def test_a_checkpoint_holds_all_that_loading_needs(finished, places):
    kind, checkpoint = finished
    names = {str(path.relative_to(checkpoint)) for path in checkpoint.rglob("*")}
    assert {"backbone/config.json", "backbone/tokenizer.json", "config.json"} <= names
    assert not any(name.endswith((".bin", ".pt", ".pkl")) for name in names)
    assert json.loads((checkpoint / "config.json").read_text())["model"]["backbone"] == kind
    assert str(places[kind]) not in (checkpoint / "backbone" / "config.json").read_text()


def test_the_extractor_reads_a_page_longer_than_the_backbone(finished):
    _, checkpoint = finished
    extractor = Extractor.load(checkpoint, "cpu")
    long = page(700, image=True)
    (tagged,) = extractor.tag_pages([long])
    assert tagged.probabilities.shape[0] == 700
    assert np.allclose(tagged.probabilities.sum(axis=1), 1, atol=1e-5)
    assert tagged.affinity.shape == (len(tagged.item_words),) * 2
    assert tagged.dropped == 0
    extractor.extract("file", [long, page(0)])  # and it decodes, an empty page too


def test_a_stopped_run_ends_with_the_weights_of_an_uninterrupted_one(finished, places, tmp_path):
    kind, checkpoint = finished
    settings = recipe(tmp_path, kind, places[kind])
    settings.folder.mkdir(parents=True)
    run = training.Run(settings, choose_device("cpu"))
    stream = batches(settings)
    for _ in range(3):
        run.train_step(next(stream))
    run.save()
    resumed = load_model(training.train(settings)).state_dict()
    whole = load_model(checkpoint).state_dict()
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


def test_training_can_start_from_such_a_checkpoint(finished, places, tmp_path):
    kind, checkpoint = finished
    settings = recipe(tmp_path, kind, places[kind], f"start_from={checkpoint}")
    started = training.Run(settings, choose_device("cpu")).model.state_dict()
    assert all(torch.equal(started[n], w) for n, w in load_model(checkpoint).state_dict().items())
    other = recipe(tmp_path, "lilt" if kind == "layoutlmv3" else "layoutlmv3", places["lilt"])
    default_network = load_recipe(None, [f"runs={tmp_path}", f"start_from={checkpoint}"])
    assert other.model.backbone is not None
    with pytest.raises(RecipeError, match="another kind or size"):
        training.Run(default_network, choose_device("cpu"))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_of_a_page_does_not_depend_on_its_neighbours(networks, kind):
    pages = [page(30, image=True, number=1), page(600), page(0), page(5, image=True, number=2)]
    for together, single in zip(logits(networks[kind], *pages), pages, strict=True):
        (alone,) = logits(networks[kind], single)
        assert torch.allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize(("kind", "looks"), [("layoutlmv3", True), ("lilt", False)])
def test_only_layoutlmv3_looks_at_the_picture(networks, kind, looks):
    (with_picture,) = logits(networks[kind], page(8, image=True))
    (without_picture,) = logits(networks[kind], page(8))
    assert bool(torch.allclose(with_picture, without_picture, atol=1e-6)) is not looks


def test_same_item_scores_span_the_windows(networks):
    with torch.no_grad():
        output = networks["lilt"](collate([encode_page(page(600))]))
    assert output.same_item.shape == (1, 600, 600)
    assert torch.allclose(output.same_item, output.same_item.transpose(1, 2), atol=1e-5)
    assert output.same_item[0, 0].unique().numel() > 100  # also of words windows apart


@pytest.mark.parametrize(
    ("sizes", "room", "windows"),
    [
        ([], 5, []),
        ([1], 5, [(0, 1)]),
        ([5], 5, [(0, 1)]),
        ([2, 3], 5, [(0, 2)]),
        ([2, 3, 1], 5, [(0, 2), (2, 3)]),
        ([1] * 6, 5, [(0, 3), (3, 6)]),  # evenly: not five words and one
        ([5, 5, 5], 5, [(0, 1), (1, 2), (2, 3)]),
        ([3, 3, 3], 5, [(0, 1), (1, 2), (2, 3)]),  # words stay whole
        ([1, 5, 1], 5, [(0, 1), (1, 2), (2, 3)]),
    ],
)
def test_windows_hold_whole_words(sizes, room, windows):
    assert list(cut_windows(sizes, room)) == windows


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        (["total"], [1]),
        (["total", "amount", "12.50"], [1, 1, 1]),
        (["</s>"], [4]),  # text that looks like a special token is text
        (["", "total"], [1, 1]),  # nothing to cut: the unknown sub-word
        (["請求書"], [9]),  # bytes, where no sub-word is known
        (["x" * 900], [510]),  # no more than a window holds
    ],
)
def test_every_word_has_its_sub_words(networks, words, counts):
    pieces = networks["lilt"].subwords.split_words(words)
    # The tokenizer marks the space before a word, which may be a sub-word of its own.
    assert [0 <= len(ids) - count <= 1 for ids, count in zip(pieces, counts, strict=True)]
    assert all(ids and len(ids) <= 510 for ids in pieces)
    assert not {0, 2} & {number for ids in pieces for number in ids}


def test_boxes_and_first_sub_words_stand_where_the_words_do(networks):
    subwords = networks["lilt"].subwords
    boxes = torch.tensor([[[10, 20, 30, 40], [50, 60, 1000, 80]]])
    windows = cut_pages([["total", "x9"]], boxes, subwords)
    sizes = [len(ids) for ids in subwords.split_words(["total", "x9"])]
    assert windows.first.tolist() == [[1, 1 + sizes[0]]]
    assert windows.boxes[0, 0].tolist() == windows.boxes[0, -1].tolist() == [0, 0, 0, 0]
    assert windows.boxes[0, 1].tolist() == [10, 20, 30, 40]
    assert windows.boxes[0, windows.first[0, 1] :][:-1].unique(dim=0).tolist() == [
        [50, 60, 1000, 80]
    ]
    assert windows.ids[0, 0] == subwords.begin
    assert windows.ids[0, -1] == subwords.end


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        (
            "/nowhere/at-all",
            "lilt",
            "/nowhere/at-all: must be a folder with a lilt, or its name on the hub",
        ),
        ("nobody/no-such-model", "lilt", "nobody/no-such-model: must be a folder"),
        ("lilt", "layoutlmv3", "a layoutlmv3, or its name on the hub; it is a lilt"),
    ],
)
def test_a_backbone_that_cannot_be_had_is_named_in_one_line(
    tmp_path, places, monkeypatch, capsys, name, kind, message
):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)  # as on a machine without network
    source = str(places.get(name, name))
    backbone = f"model.backbone={{kind: {kind}, name: {source}}}"
    assert training.main([f"runs={tmp_path}", "device=cpu", backbone]) == 2
    printed = capsys.readouterr().err
    assert message in printed
    assert printed.count("\n") == 1


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("model.backbone={kind: bert, name: x}", "model.backbone.kind"),
        ("model.backbone={kind: lilt}", "model.backbone.name"),
        (
            "model.backbone={kind: lilt, name: x, layers: 3}",
            "model.backbone.layers: .*known keys are kind",
        ),
        ("model.backbone={kind: lilt, name: ''}", "model.backbone.name"),
    ],
)
def test_a_recipe_that_names_no_backbone_is_refused(override, message):
    with pytest.raises(RecipeError, match=message):
        load_recipe(None, [override])


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("backbone/config.json", "backbone/config.json is missing"),
        ("backbone/tokenizer.json", "backbone/tokenizer.json is missing"),
        ("model.safetensors", "model.safetensors is missing"),
    ],
)
def test_a_checkpoint_that_lost_a_file_is_refused(finished, tmp_path, missing, message):
    _, checkpoint = finished
    for path in checkpoint.rglob("*"):
        name = path.relative_to(checkpoint)
        if path.is_file() and str(name) != missing:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(path.read_bytes())
    with pytest.raises(CheckpointError, match=message):
        load_model(tmp_path)


def test_a_tokenizer_without_special_tokens_is_refused(networks):
    class Bare:
        backend_tokenizer = networks["lilt"].subwords.tokenizer
        cls_token_id = sep_token_id = pad_token_id = unk_token_id = None

    with pytest.raises(ValueError, match="lacks one of the tokens"):
        Subwords.from_tokenizer(Bare(), 512)
