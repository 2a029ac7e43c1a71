"""What a checkpoint learned from: its record, and the documents that a recipe teaches."""

import json
import shutil
from pathlib import Path

import pytest

from data.corpora.shards.loading import write_corpus_shard
from tests.support.small_families import write_set
from tests.support.small_invoices import invoice
from training.calibrate import main as calibrate
from training.evaluation.learned_from import (
    LearnedFrom,
    hashed_documents,
    read_learned_from,
    role_of,
    write_learned_from,
)
from training.families.taught import learned_documents, learned_from
from training.learning.recipe import RealCorpus, Recipe
from training.network.checkpoint import DEFAULT
from training.network.checkpoint_seal import CheckpointError, check_seal

RECORD = LearnedFrom(frozenset({"b", "a"}), frozenset({"c"}), complete=False)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    shutil.copytree(DEFAULT, tmp_path / "checkpoint")
    return tmp_path / "checkpoint"


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    return write_set(tmp_path / "shops", 0, "red", "red", "blue")


def hashes(corpus: Path, *layouts: str) -> set[str]:
    documents = hashed_documents(corpus)
    return {digest for truth, digest in documents if truth.extra["layout"] in layouts}


def recipe_on(*paths: Path, **values: object) -> Recipe:
    corpora = [{"path": path, "share": 0.1} for path in paths]
    return Recipe.model_validate({"corpora": corpora} | values)


def test_a_record_is_sealed_with_the_checkpoint(checkpoint: Path) -> None:
    write_learned_from(checkpoint, RECORD)
    check_seal(checkpoint)
    assert read_learned_from(checkpoint) == RECORD
    stored = json.loads((checkpoint / "learned_from.json").read_text())
    assert stored == {"documents": ["a", "b"], "calibrated_on": ["c"], "complete": False}


def test_the_shipped_checkpoint_keeps_a_whole_record() -> None:
    learned = read_learned_from(DEFAULT)
    assert learned is not None
    assert learned.complete
    assert (len(learned.documents), len(learned.calibrated_on)) == (1235, 207)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Invalid JSON"),
        ("[]", "learned_from.json: : "),
        ('{"calibrated_on": []}', "documents: Field required"),
        ('{"documents": [1]}', "documents.0: "),
        ('{"documents": [], "epochs": 3}', "epochs: Extra inputs"),
    ],
)
def test_a_broken_record_is_no_empty_one(checkpoint: Path, text: str, message: str) -> None:
    (checkpoint / "learned_from.json").write_text(text)
    with pytest.raises(CheckpointError, match=message):
        read_learned_from(checkpoint)


def test_no_record_is_not_an_empty_one(checkpoint: Path) -> None:
    (checkpoint / "learned_from.json").unlink()
    assert read_learned_from(checkpoint) is None


@pytest.mark.parametrize(
    ("digest", "role"), [("a", "trained"), ("c", "calibrated"), ("d", "neither")]
)
def test_a_document_has_one_role(digest: str, role: str) -> None:
    assert role_of(digest, RECORD) == role
    both = LearnedFrom(RECORD.documents | {"c"}, RECORD.calibrated_on)
    assert role_of("c", both) == "trained"


def test_a_document_is_known_by_its_content(shops: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(shops, moved)
    (moved / "0.pdf").rename(moved / "renamed.pdf")
    text = (moved / "manifest.jsonl").read_text().replace("0.pdf", "renamed.pdf")
    (moved / "manifest.jsonl").write_text(text.replace("doc-0", "another"))
    assert hashes(moved, "red", "blue") == hashes(shops, "red", "blue")
    (moved / "1.pdf").write_bytes(invoice(1)[0] + b"\n")
    assert len(hashes(moved, "red", "blue") & hashes(shops, "red", "blue")) == 2


def test_a_recipe_teaches_its_documents_but_those_left_out_or_held_out(shops: Path) -> None:
    whole = recipe_on(shops)
    assert learned_documents(whole) == sorted(hashes(shops, "red", "blue"))
    corpus = whole.corpora[0].model_copy(update={"leave_out": {"layout": ["blue"]}})
    left_out = whole.model_copy(update={"corpora": [corpus]})
    assert set(learned_documents(left_out)) == hashes(shops, "red")
    held_out = recipe_on(shops, hold_out=0.999999)
    assert learned_documents(held_out) == []
    assert learned_documents(Recipe()) == []


def test_shards_name_the_documents_of_their_pages(shops: Path, tmp_path: Path) -> None:
    shard = tmp_path / "shards" / "shops.jsonl.gz"
    write_corpus_shard(shops, shard)
    every = sorted(hashes(shops, "red", "blue"))
    assert learned_documents(recipe_on(shard)) == every
    read = Recipe(corpora=[RealCorpus(path=shard.parent, kind="read", share=0.1)])
    assert learned_documents(read) == every


def test_what_the_start_learned_from_is_learned_too(shops: Path, checkpoint: Path) -> None:
    recipe = recipe_on(shops, start_from=checkpoint)
    write_learned_from(checkpoint, LearnedFrom(frozenset({"a"}), frozenset({"c"})))
    learned = learned_from(recipe)
    assert learned.documents == {"a", *hashes(shops, "red", "blue")}
    assert learned.complete
    # A calibration goes with the weights it was fitted on: the new ones have none.
    assert learned.calibrated_on == frozenset()
    write_learned_from(checkpoint, RECORD)
    assert not learned_from(recipe).complete
    (checkpoint / "learned_from.json").unlink()
    assert not learned_from(recipe).complete


def test_calibration_records_its_documents(shops: Path, checkpoint: Path, tmp_path: Path) -> None:
    before = read_learned_from(checkpoint)
    assert before is not None
    arguments = ["--checkpoint", str(checkpoint), "--cache", str(tmp_path / "cache")]
    assert calibrate([*arguments, "--corpus", str(shops), "--corpus", f"{shops}:text"]) == 0
    after = read_learned_from(checkpoint)
    assert after == LearnedFrom(before.documents, frozenset(hashes(shops, "red", "blue")))
    check_seal(checkpoint)
