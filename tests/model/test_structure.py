"""Rows, columns and row roles: what is taught of them, what it costs, and what a word gains."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from data.labels import IGNORE, ROW_ROLES, TAGS
from data.records import Box, LabelledPage, Page, TablePlace, Word
from data.synthesis.pages import labelled_pages
from tests.support.tiny_network import BLIND, encoded, reader
from training.learning.losses import grouping_loss, structure_loss
from training.learning.recipe import RecipeError, load_recipe
from training.learning.start_weights import load_start_weights
from training.learning.structure_targets import (
    OUTSIDE,
    UNKNOWN,
    UNPLACED,
    StructureTargets,
    pad_targets,
    structure_targets,
)
from training.network.batch import collate
from training.network.checkpoint import load_model, save_checkpoint
from training.network.device import choose_device, choose_precision
from training.network.model import LineItemReader

TABLES = replace(BLIND, structure_width=4)


def labelled(tags: list[str], items: list[int], places: list[TablePlace] | None) -> LabelledPage:
    words = tuple(Word(str(n), Box(0.1 * n, 0.1, 0.1 * n + 0.05, 0.12)) for n in range(len(tags)))
    page = Page(0, 600.0, 800.0, words, "given", "made for a test")
    known = None if places is None else tuple(places)
    return LabelledPage(page, tuple(tags), tuple(items), "invoice", places=known)


# --- Targets ---


def test_places_that_are_known_become_targets():
    places = [TablePlace(0, 3, "item"), TablePlace(), TablePlace(1, -2, "note")]
    targets = structure_targets(labelled(["amount", "other", "other"], [0, -1, -1], places), 3)
    assert targets.rows.tolist() == [0, OUTSIDE, 1]
    assert targets.columns.tolist() == [3, OUTSIDE, UNPLACED]
    assert [ROW_ROLES[role] for role in targets.roles.tolist()] == ["item", "none", "note"]


def test_of_a_real_page_only_the_numbers_of_items_have_columns():
    tags = ["quantity", "amount", "description", "other", "amount", IGNORE]
    targets = structure_targets(labelled(tags, [0, 0, 0, -1, 1, -1], None), 6)
    columns = targets.columns.tolist()
    assert columns[1] == columns[4] != columns[0]
    assert [columns[2], columns[3], columns[5]] == [UNPLACED] * 3
    assert targets.rows.tolist() == [UNPLACED] * 6
    item = ROW_ROLES.index("item")
    assert targets.roles.tolist() == [item, item, item, UNKNOWN, item, UNKNOWN]


def test_padding_is_not_known():
    page = structure_targets(labelled(["amount"], [0], [TablePlace(0, 0, "item")]), 1)
    padded = pad_targets([page], 3)
    assert padded.rows.tolist() == [[0, UNPLACED, UNPLACED]]
    assert padded.roles.tolist()[0][1:] == [UNKNOWN, UNKNOWN]


def test_generated_pages_have_heads_over_their_columns():
    """Every column of numbers that has a head shares its number with it, over many documents."""
    headed = bare = 0
    roles = Counter()
    for index in range(60):
        for page in labelled_pages(3, index):
            assert page.places is not None
            roles.update(place.role for place in page.places)
            heads = {place.column for place in page.places if place.role == "head"}
            amounts = {
                place.column
                for tag, place in zip(page.tags, page.places, strict=True)
                if tag == "amount" and place.column >= 0
            }
            headed += len(amounts & heads)
            bare += len(amounts - heads)
    assert headed > 2 * bare
    assert set(roles) <= set(ROW_ROLES)
    assert min(roles["item"], roles["head"], roles["none"], roles["child"]) > 0


def test_words_of_items_stand_in_rows_of_items():
    for index in range(40):
        for page in labelled_pages(9, index):
            for item, place in zip(page.items, page.places, strict=True):
                assert item < 0 or place.role in ("item", "parent", "child", "note", "tax")


# --- Losses ---

RIGHT, WRONG = 20.0, -20.0


@pytest.mark.parametrize(
    ("groups", "logit", "cost"),
    [
        ([0, 0], RIGHT, 0.0),
        ([0, 0], WRONG, 20.0),
        ([0, 1], WRONG, 0.0),  # the pairs of a word with itself cost
        ([0, OUTSIDE], WRONG, 0.0),
        ([OUTSIDE, OUTSIDE], RIGHT, 0.0),
        ([UNPLACED, UNPLACED], RIGHT, 0.0),
        ([0, UNPLACED], RIGHT, 0.0),
    ],
    ids=["same", "missed", "apart", "outside", "both outside", "unknown", "one unknown"],
)
def test_pairs_cost_where_their_truth_is_known(groups, logit, cost):
    logits = torch.full((1, 2, 2), logit)
    logits[0, 0, 0] = logits[0, 1, 1] = RIGHT
    within = float(grouping_loss(logits, torch.tensor([groups])))
    expected = cost / 2 if groups == [0, 0] else cost  # half of the pairs are words with themselves
    assert within == pytest.approx(expected, abs=1e-6)


def test_a_word_outside_must_not_be_drawn_into_a_column():
    logits = torch.full((1, 2, 2), RIGHT)
    assert float(grouping_loss(logits, torch.tensor([[0, OUTSIDE]]))) == pytest.approx(20.0)


def test_a_network_without_structure_heads_costs_nothing():
    targets = pad_targets([structure_targets(labelled(["amount"], [0], None), 1)], 1)
    assert structure_loss(None, targets) is None


def test_pages_of_which_nothing_is_known_give_a_finite_loss():
    model = reader(TABLES)
    output = model(collate([encoded(5)]))
    unknown = torch.full((1, 5), UNPLACED)
    loss = structure_loss(
        output.structure, StructureTargets(unknown, unknown, torch.full((1, 5), UNKNOWN))
    )
    assert loss is not None
    assert float(loss.detach()) == 0.0


# --- Network ---


def test_structure_has_its_shapes_and_is_symmetric():
    with torch.inference_mode():
        structure = reader(TABLES)(collate([encoded(7), encoded(11)])).structure
    assert structure is not None
    assert structure.same_row.shape == structure.same_column.shape == (2, 11, 11)
    assert structure.roles.shape == (2, 11, len(ROW_ROLES))
    assert torch.allclose(structure.same_column, structure.same_column.transpose(1, 2), atol=1e-5)
    assert reader(BLIND)(collate([encoded(3)])).structure is None


def test_padding_changes_no_structure():
    model = reader(TABLES)
    torch.nn.init.normal_(model.tables.mix.weight)
    with torch.inference_mode():
        alone = model(collate([encoded(6)]))
        beside = model(collate([encoded(6), encoded(30, seed=1)]))
    assert torch.allclose(alone.tags[0], beside.tags[0, :6], atol=2e-5)
    assert torch.allclose(
        alone.structure.same_row[0], beside.structure.same_row[0, :6, :6], atol=2e-5
    )


def test_a_column_says_what_its_numbers_are():
    """What the other words of its column say reaches a word once the heads know the column."""
    model = reader(TABLES)
    torch.nn.init.normal_(model.tables.mix.weight)
    hidden = torch.randn(1, 3, TABLES.width)
    bias = torch.zeros(1, 2, 3, 3)
    mask = torch.ones(1, 3, dtype=torch.bool)
    _, mixed = model.tables(hidden, bias, mask)
    changed = hidden.clone()
    changed[0, 2] += 5
    _, after = model.tables(changed, bias, mask)
    assert not torch.allclose(mixed[0, 0], after[0, 0])
    mask[0, 2] = False  # padding says nothing
    _, first = model.tables(hidden, bias, mask)
    _, second = model.tables(changed, bias, mask)
    assert torch.allclose(first[0, 0], second[0, 0], atol=1e-6)


def test_training_goes_on_from_a_checkpoint_without_structure(tmp_path):
    plain = reader(BLIND, seed=4)
    save_checkpoint(tmp_path / "old", plain.state_dict(), BLIND, recipe="", card="")
    grown = LineItemReader(TABLES).eval()
    load_start_weights(grown, tmp_path / "old")
    stored = load_model(tmp_path / "old")
    page = collate([encoded(9)])
    with torch.inference_mode():
        before, after = stored(page), grown(page)
    assert torch.allclose(before.tags, after.tags, atol=1e-5)
    assert torch.allclose(before.same_item, after.same_item, atol=1e-5)
    with pytest.raises(RecipeError, match="another kind or size"):
        load_start_weights(LineItemReader(replace(TABLES, width=32)), tmp_path / "old")


def test_a_checkpoint_keeps_its_structure_heads(tmp_path):
    model = reader(TABLES, seed=2)
    save_checkpoint(tmp_path / "new", model.state_dict(), TABLES, recipe="", card="")
    loaded = load_model(tmp_path / "new")
    assert loaded.config == TABLES
    with torch.inference_mode():
        roles = loaded(collate([encoded(4)])).structure.roles
    assert np.isfinite(roles.numpy()).all()


def test_distances_can_be_left_as_they_are():
    """The attention's distances then get no gradient; those of the pair heads still do."""
    model = reader(TABLES).train()
    model.learns_distances = False
    output = model(collate([encoded(8)]))
    (output.tags.sum() + output.structure.same_row.sum() + output.same_item.sum()).backward()
    gradient = model.distance.weight.grad
    assert float(gradient[:, : TABLES.heads].abs().sum()) == 0.0
    assert float(gradient[:, TABLES.heads :].abs().sum()) > 0.0


# --- Recipe ---


def test_precision_is_what_the_machine_multiplies():
    cpu = choose_device("cpu")
    native = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    assert choose_precision(cpu, "auto") == ("bfloat16" if native else "float32")
    assert choose_precision(cpu, "bfloat16") == "bfloat16"
    with pytest.raises(ValueError, match="auto, float32 or bfloat16, got 'float16'"):
        choose_precision(cpu, "float16")


def test_the_recipe_knows_the_structure():
    assert load_recipe(None, ["model.structure_width=0"]).model.structure_width == 0
    with pytest.raises(RecipeError, match="structure_width"):
        load_recipe(None, ["model.structure_width=-1"])
    assert len(TAGS) == len(set(TAGS))
