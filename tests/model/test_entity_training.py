"""Training on a corpus's own entity labels: from the recipe to the score, and the refusals."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from data.corpora.published.entity_pages import entity_labels, entity_pages
from data.corpora.truth import CorpusError
from training import train as training
from training.evaluate import main as evaluate
from training.evaluation.entity_reader import EntityReader, group_entities, has_entity_labels
from training.extractor import Extractor
from training.learning.real_pages import held_out_pages, taught_pages, taught_tags
from training.learning.recipe import Recipe, RecipeError, load_recipe
from training.learning.validation import true_entities
from training.network.checkpoint import CheckpointError, load_model, read_config

LABELS = ("other", "menu.nm", "menu.price", "total.total_price")
SMALL = ["words_per_batch=300", "warmup_steps=2", "device=cpu", "precision=float32", "workers=0"]
TINY = [
    "model.width=16",
    "model.layers=1",
    "model.heads=2",
    "model.feed_forward=16",
    "model.pair_width=4",
    "model.image_channels=0",
]


def receipt(number: int) -> dict[str, object]:
    price = f"{3 + number % 7}.000"
    return {
        "id": f"till_{number}",
        "width": 100,
        "height": 200,
        "words": [
            ["WELCOME", 30, 2, 60, 8, -1, "O"],
            ["ICED", 12, 20, 22, 26, 1, "menu.nm"],
            ["TEA", 24, 20, 34, 26, 1, "menu.nm"],
            [price, 70, 20, 90, 26, 2, "menu.price"],
            ["RICE", 12, 30, 30, 36, 4, "menu.nm"],
            [price, 70, 30, 90, 36, 5, "menu.price"],
            ["TOTAL", 5, 60, 30, 66, 7, "total.total_price"],
            ["13.000", 70, 60, 90, 66, 7, "total.total_price"],
        ],
    }


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("cord") / "train.jsonl.gz"
    rows = "".join(json.dumps(receipt(number)) + "\n" for number in range(10))
    path.write_bytes(gzip.compress(rows.encode()))
    return path


def recipe(runs: Path, corpus: Path, *overrides: str) -> Recipe:
    taught = [f"runs={runs}", "labels=entities", f"corpora=[{{path: {corpus}, share: 1}}]"]
    return load_recipe(None, [*SMALL, *TINY, *taught, *overrides])


@pytest.fixture(scope="module")
def finished(corpus, tmp_path_factory) -> Path:
    """The checkpoint of a network that has learned these receipts."""
    more = ["steps=120", "learning_rate=0.01", "hold_out=0.2", "evaluate_every_steps=60"]
    return training.train(recipe(tmp_path_factory.mktemp("runs"), corpus, *more))


def test_words_carry_the_labels_of_the_corpus(corpus):
    page = next(entity_pages(corpus))
    assert page.tags == tuple(row[6] if row[6] != "O" else "other" for row in receipt(0)["words"])
    assert [page.items[i] == page.items[j] for i, j in ((1, 2), (1, 4), (6, 7))] == [
        True,
        False,
        True,
    ]
    assert page.items[0] == -1
    assert entity_labels([page]) == LABELS
    assert next((entity.label, entity.words) for entity in true_entities(page)) == (
        "menu.nm",
        (1, 2),
    )


def test_a_corpus_without_entities_is_refused(tmp_path):
    path = tmp_path / "none.jsonl.gz"
    row = receipt(0) | {"words": [["TEA", 12, 10, 30, 16, -1, "O"]]}
    path.write_bytes(gzip.compress(json.dumps(row).encode()))
    with pytest.raises(CorpusError, match=r"none.jsonl.gz: no document labels words"):
        list(entity_pages(path))


def test_held_out_pages_are_not_taught(tmp_path, corpus):
    settings = recipe(tmp_path, corpus, "hold_out=0.2")
    held = held_out_pages(settings)
    taught = taught_pages(settings, settings.corpora[0])
    assert (len(held), len(taught)) == (2, 8)
    assert not [page for page in held if any(page.page is other.page for other in taught)]
    assert taught_tags(settings) == LABELS


def test_a_checkpoint_carries_its_own_tags(finished):
    config = read_config(finished)
    assert (config.labels, config.tags) == ("entities", LABELS)
    assert has_entity_labels(finished)
    assert "entity reader" in (finished / "README.md").read_text()


def test_what_was_taught_is_read_and_scored(finished, corpus, tmp_path, capsys):
    options = ["--corpus", str(corpus), "--words", "given", "--checkpoint", str(finished)]
    assert evaluate([*options, "--out", str(tmp_path), "--device", "cpu", "--workers", "1"]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["entities"]["f1"]["value"] > 0.9
    assert report["item_f1"] is None  # such a network knows no line items: not that it found none
    assert "entity_f1 " in capsys.readouterr().out


def test_line_items_are_not_read_with_it(finished, capsys):
    with pytest.raises(CheckpointError) as refused:
        Extractor.load(finished, "cpu")
    assert "trained on the entity labels of a corpus and no line items" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_entities_are_not_read_with_a_line_item_checkpoint(tmp_path):
    run = training.Run(
        load_recipe(None, [*SMALL, *TINY, f"runs={tmp_path}"]), training.choose_device("cpu")
    )
    run.save()
    with pytest.raises(CheckpointError, match="trained on line items; expected one trained on the"):
        EntityReader.load(tmp_path / "default" / "checkpoint", "cpu")


def test_a_start_with_our_tags_gives_all_but_the_tag_head(tmp_path, corpus):
    run = training.Run(
        load_recipe(None, [*SMALL, *TINY, f"runs={tmp_path}"]), training.choose_device("cpu")
    )
    run.save()
    start = tmp_path / "default" / "checkpoint"
    settings = recipe(tmp_path, corpus, f"start_from={start}")
    begun = training.Run(settings, training.choose_device("cpu")).model.state_dict()
    for name, weights in load_model(start).state_dict().items():
        if not name.startswith("tag_head."):
            assert begun[name].equal(weights), name
    assert len(begun["tag_head.weight"]) == len(LABELS)
    small = recipe(tmp_path, corpus, f"start_from={start}", "model.width=8")
    with pytest.raises(RecipeError, match="another kind or size"):
        training.Run(small, training.choose_device("cpu"))


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ([], "shares sum to 1.*they sum to 0"),
        (["corpora=[{path: a, share: 0.5}]"], "they sum to 0.5"),
        (["corpora=[{path: a, share: 0.5}, {path: b, share: 0.5}]"], None),
        (["labels=fields"], "labels: "),
    ],
)
def test_entities_come_from_corpora_alone(overrides, message):
    settings = ["labels=entities", *overrides]
    if message is None:
        assert load_recipe(None, settings).labels == "entities"
        return
    with pytest.raises(RecipeError, match=message):
        load_recipe(None, settings)


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        (["menu.nm", "other"], "tags must be `other` and"),
        (["other", "menu.nm", "menu.nm"], "tags must be `other` and"),
        ([], "tags must be `other` and"),
    ],
)
def test_tags_that_cannot_be_told_apart_are_refused(tmp_path, finished, tags, message):
    described = json.loads((finished / "config.json").read_text())
    described["model"]["tags"] = tags
    (tmp_path / "config.json").write_text(json.dumps(described))
    with pytest.raises(CheckpointError, match=message):
        read_config(tmp_path)


#   words: what each is most likely of; pairs: which belong together
@pytest.mark.parametrize(
    ("words", "pairs", "entities"),
    [
        ("", [], []),
        ("o", [], []),
        ("n", [], [("menu.nm", [0])]),
        ("on", [], [("menu.nm", [1])]),
        ("nn", [(0, 1)], [("menu.nm", [0, 1])]),
        ("nn", [], [("menu.nm", [0]), ("menu.nm", [1])]),  # side by side, yet two
        ("npn", [(0, 2)], [("menu.nm", [0, 2]), ("menu.price", [1])]),  # goes on after another
        ("nnp", [(0, 1), (0, 2), (1, 2)], [("menu.nm", [0, 1, 2])]),  # two of three agree
        ("non", [(0, 1), (1, 2), (0, 2)], [("menu.nm", [0, 2])]),  # no entity stays none
    ],
)
def test_words_are_grouped_by_affinity_and_named_by_all(words, pairs, entities):
    probabilities = np.full((len(words), 3), 0.1, dtype=np.float32)
    for place, letter in enumerate(words):
        probabilities[place, "onp".index(letter)] = 0.8
    affinity = np.full((len(words), len(words)), 0.05, dtype=np.float32)
    for first, second in pairs:
        affinity[first, second] = affinity[second, first] = 0.9
    assert group_entities(probabilities, affinity, LABELS[:3]) == entities
