"""Plans, families and folds: what is left out, what may be trained on, and what was seen before."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.small_families import write_plan
from training.evaluation.learned_from import LearnedFrom, write_learned_from
from training.families.folds import (
    Fold,
    check_fold,
    count_learned,
    count_outside,
    deal,
    make_folds,
    seen_by_start,
)
from training.families.members import Member, load_members, select_scored
from training.families.plan import Form, Plan, PlanError, load_plan
from training.families.taught import taught_documents
from training.learning.recipe import RealCorpus, Recipe
from training.network.checkpoint import DEFAULT


def hashes(members: list[Member], family: str) -> frozenset[str]:
    return frozenset(member.sha256 for member in members if member.family == family)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return load_plan(write_plan(tmp_path))


@pytest.fixture
def members(plan: Plan) -> list[Member]:
    return load_members(plan)


def recipe_on(plan: Plan, *sets: str, **values: Any) -> Recipe:
    corpora = [
        RealCorpus(path=measured.score, share=0.1)
        for measured in plan.sets
        if measured.name in sets
    ]
    return Recipe(corpora=corpora, **values)


def folds_of(
    plan: Plan, members: list[Member], recipe: Recipe, folds: int | None = None
) -> list[Fold]:
    return make_folds(plan, Form(folds=folds), recipe, members, Path("out"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sets": []}, "sets: "),
        ({"more": 1}, "more: Extra inputs"),
        ({"sets": [{"name": "a/b", "score": "shops"}]}, r"sets.0.name: "),
        ({"sets": [{"name": "a", "score": "x"}, {"name": "a", "score": "y"}]}, "set a is named"),
        ({"sets": [{"name": "a", "score": "x"}, {"name": "b", "score": "x"}]}, "corpus x is named"),
        (
            {
                "sets": [
                    {"name": "a", "score": "x", "readings": [{"words": "text", "damage": "light"}]}
                ]
            },
            "damaged pages are read by ocr, words cannot be 'text'",
        ),
        ({"forms": {"cheap": {"folds": 1}}}, "forms.cheap.folds"),
        ({"together": [["a", "b"], ["b"]]}, "family of together b is named twice"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(PlanError, match=f"plan.yaml: .*{message}"):
        load_plan(write_plan(tmp_path, **changes))


def test_the_shipped_plan_is_whole(repository: Path) -> None:
    plan = load_plan(repository / "configs" / "leave-out.yaml")
    assert plan.recipe.is_file()
    assert set(plan.forms) == {"cheap", "full"}
    assert [measured.name for measured in plan.sets if not measured.train] == [
        *("odoo_fr", "invoices_misc", "danfe", "einvoice")
    ]


@pytest.mark.shared
def test_no_real_document_is_in_two_sets(repository: Path, shared: Path) -> None:
    members = load_members(load_plan(repository / "configs" / "leave-out.yaml"))
    sets: dict[str, set[str]] = {}
    for member in members:
        sets.setdefault(member.sha256, set()).add(member.measured.name)
    assert [names for names in sets.values() if len(names) > 1] == []
    folds = make_folds(
        load_plan(repository / "configs" / "leave-out.yaml"), Form(), Recipe(), members, Path("o")
    )
    left_out = [family for fold in folds for family in fold.left_out]
    assert len(left_out) == len(set(left_out)) == 30


def test_members_know_their_family_and_whether_they_are_scored(members: list[Member]) -> None:
    assert [member.family for member in members] == [
        *("shops/red", "shops/red", "shops/blue", "shops/green"),
        *("papers", "papers", "measured/grey", "measured/black"),
    ]
    assert [member.may_train for member in members] == [True] * 6 + [False] * 2
    assert all(member.is_scored for member in members)
    few = select_scored(members, 1)
    assert [member.family for member in few].count("shops/red") == 1
    assert few == select_scored(list(reversed(members)), 1)[::-1]
    assert select_scored(members, None) == members


def test_a_document_without_the_key_of_its_family_is_named(tmp_path: Path) -> None:
    sets = [{"name": "shops", "score": "shops", "family": "country"}]
    with pytest.raises(PlanError, match="document 'doc-0' has no 'country', the key that divides"):
        load_members(load_plan(write_plan(tmp_path, sets=sets)))


@pytest.mark.parametrize(
    ("folds", "dealt"),
    [
        (2, [("a", "d", "e"), ("b", "c", "f")]),
        (3, [("a", "f"), ("b", "c"), ("d", "e")]),
        (9, [("a",), ("b", "c"), ("d", "e"), ("f",)]),  # more than there are groups
        (None, [("a",), ("b", "c"), ("d", "e"), ("f",)]),
    ],
)
def test_every_family_is_dealt_once_and_groups_stay_together(
    folds: int | None, dealt: list[tuple[str, ...]]
) -> None:
    assert deal([["a"], ["b", "c"], ["d", "e"], ["f"]], folds) == dealt


def test_each_fold_trains_on_all_but_its_families(plan: Plan, members: list[Member]) -> None:
    folds = folds_of(plan, members, recipe_on(plan, "shops", "papers"))
    assert [fold.left_out for fold in folds] == [
        ("shops/red",),
        ("shops/blue",),
        ("shops/green",),
        ("papers",),
    ]
    trainable = {member.sha256 for member in members if member.may_train}
    for fold in folds:
        left = hashes(members, fold.left_out[0])
        assert taught_documents(fold.recipe) == fold.documents == trainable - left
        check_fold(fold, members)
        assert sum(corpus.share for corpus in fold.recipe.corpora) == pytest.approx(0.2)
    assert len({fold.folder for fold in folds}) == 4


def test_a_recipe_that_changes_trains_in_another_folder(plan: Plan, members: list[Member]) -> None:
    first, again, longer = (
        folds_of(plan, members, recipe_on(plan, "shops", steps=steps))[0].folder
        for steps in (10, 10, 20)
    )
    assert first == again != longer


def test_no_fold_stops_where_it_scores_best(plan: Plan, members: list[Member]) -> None:
    recipe = recipe_on(plan, "shops", stop_after=3)
    assert {fold.recipe.stop_after for fold in folds_of(plan, members, recipe)} == {0}


def test_families_of_one_group_are_left_out_at_once(tmp_path: Path) -> None:
    plan = load_plan(write_plan(tmp_path, together=[["shops/green", "papers"]]))
    folds = folds_of(plan, load_members(plan), recipe_on(plan, "shops", "papers"))
    assert [fold.left_out for fold in folds] == [
        ("shops/red",),
        ("shops/blue",),
        ("shops/green", "papers"),
    ]
    unknown = plan.model_copy(update={"together": (("shops/violet",),)})
    with pytest.raises(PlanError, match="shops/violet is no family that may be trained on"):
        folds_of(unknown, load_members(plan), Recipe())


def test_what_is_only_measured_is_not_trained_on_under_another_name(
    plan: Plan, members: list[Member], tmp_path: Path
) -> None:
    copied = tmp_path / "elsewhere"
    shutil.copytree(plan.sets[2].score, copied)
    recipe = Recipe(corpora=[RealCorpus(path=copied, share=0.1)])
    with pytest.raises(PlanError, match=r"elsewhere: the recipe trains on it, and it holds doc-20"):
        folds_of(plan, members, recipe)


def test_a_document_of_both_halves_of_its_set_may_be_trained_on(tmp_path: Path) -> None:
    sets = [
        {"name": "shops", "score": "shops", "train": ["copies"]},
        {"name": "papers", "score": "papers", "train": ["papers"]},
    ]
    path = write_plan(tmp_path, sets=sets)
    shutil.copytree(tmp_path / "sets" / "shops", tmp_path / "sets" / "copies")
    plan = load_plan(path)
    members = load_members(plan)
    recipe = Recipe(corpora=[RealCorpus(path=plan.sets[0].train[0], share=0.1)])
    folds = folds_of(plan, members, recipe)
    assert [taught_documents(fold.recipe) for fold in folds] == [
        frozenset(),
        hashes(members, "shops"),
    ]


def test_a_copy_of_a_family_is_left_out_too(
    plan: Plan, members: list[Member], tmp_path: Path
) -> None:
    copied = tmp_path / "elsewhere"
    shutil.copytree(plan.sets[0].score, copied)
    recipe = Recipe(corpora=[RealCorpus(path=copied, share=0.1)])
    fold = folds_of(plan, members, recipe)[0]
    assert not taught_documents(fold.recipe) & hashes(members, "shops/red")
    whole = fold.documents | hashes(members, "shops/red")
    with pytest.raises(
        PlanError, match="fold 1: 2 documents that it leaves out are in its corpora"
    ):
        check_fold(replace(fold, documents=whole), members)


def test_documents_of_no_set_are_counted(plan: Plan, members: list[Member]) -> None:
    inside = folds_of(plan, members, recipe_on(plan, "shops"))
    assert count_outside(inside, members) == 0
    known = [member for member in members if member.measured.name != "papers"]
    assert count_outside(folds_of(plan, members, recipe_on(plan, "papers")), known) == 2


@pytest.mark.parametrize(
    ("saw", "complete", "message"),
    [
        (None, True, "keeps no whole record of the documents it learned from"),
        ((), False, "keeps no whole record"),
        (("shops/red",), True, "learned from 2 documents of families that are left out: shops/red"),
        (("shops/red", "papers"), False, r"from 4 documents .*: papers \(2\), shops/red \(2\)"),
        (("measured/grey",), True, ""),  # never left out of a training, only measured
        ((), True, ""),
    ],
)
def test_a_start_that_saw_what_is_left_out_is_named(
    plan: Plan,
    members: list[Member],
    tmp_path: Path,
    saw: tuple[str, ...] | None,
    complete: bool,
    message: str,
) -> None:
    start = tmp_path / "start"
    shutil.copytree(DEFAULT, start)
    (start / "learned_from.json").unlink()
    if saw is not None:
        documents = frozenset(name for family in saw for name in hashes(members, family))
        write_learned_from(start, LearnedFrom(documents, complete=complete))
    folds = folds_of(plan, members, recipe_on(plan, "shops", start_from=start))
    said = seen_by_start(folds, members)
    assert re.fullmatch(f"{start}: .*{message}.*" if message else "", said)


def test_random_weights_have_seen_nothing(plan: Plan, members: list[Member]) -> None:
    assert seen_by_start(folds_of(plan, members, recipe_on(plan, "shops")), members) == ""


def test_learned_documents_are_counted_by_family(members: list[Member]) -> None:
    learned = LearnedFrom(hashes(members, "shops/red") | hashes(members, "measured/grey"))
    counts = count_learned([*members, *members], learned)  # one document counts once
    assert dict(counts) == {"shops/red": 2, "measured/grey": 1}
