"""The folds: which families each training leaves out, its recipe, and what it must not have seen.

Families that are left out together are dealt as one. They are dealt in turn, the sets in the order
of the plan and the largest families of a set first, so that every fold misses some of each set.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.evaluation.fingerprints import labels_hash, weights_hash
from training.evaluation.learned_from import LearnedFrom, read_learned_from
from training.families.members import Member, trainable_families
from training.families.plan import Form, MeasuredSet, Plan, PlanError
from training.learning.recipe import RealCorpus, Recipe

_MOST_NAMED = 5  # families in a message


@dataclass(frozen=True, slots=True)
class Fold:
    """One training: its number from 1, the families it leaves out, and its recipe."""

    number: int
    left_out: tuple[str, ...]
    recipe: Recipe

    @property
    def folder(self) -> Path:
        return self.recipe.folder


def make_folds(
    plan: Plan, form: Form, recipe: Recipe, members: Sequence[Member], out: Path
) -> list[Fold]:
    """Return the folds of a form, each with a recipe that trains in a folder of its own in `out`.

    Every trainable family is left out by exactly one fold. Raises `PlanError` for a recipe that
    trains on what the plan does not allow.
    """
    groups = _grouped_families(plan, members)
    folds = []
    for number, families in enumerate(deal(groups, form.folds), start=1):
        corpora = [
            left
            for corpus in recipe.corpora
            if (left := _without_families(plan, corpus, families, members)) is not None
        ]
        fold_recipe = _scaled_recipe(recipe, corpora, out / f"fold-{number}")
        folds.append(Fold(number, families, fold_recipe))
    return folds


def deal(groups: Sequence[Sequence[str]], folds: int | None) -> list[tuple[str, ...]]:
    """Deal groups of families over so many folds in turn; None: one fold for each group.

    >>> deal([["a"], ["b", "c"], ["d"]], 2)
    [('a', 'd'), ('b', 'c')]
    """
    count = len(groups) if folds is None else min(folds, len(groups))
    return [
        tuple(family for group in groups[fold::count] for family in group) for fold in range(count)
    ]


def _grouped_families(plan: Plan, members: Sequence[Member]) -> list[list[str]]:
    families = trainable_families(members)
    group_of = {family: group for group in plan.together for family in group}
    if unknown := sorted(set(group_of) - set(families)):
        raise PlanError(f"together: {unknown[0]} is no family that may be trained on")
    groups: dict[tuple[str, ...], list[str]] = {}
    for family in families:
        groups.setdefault(group_of.get(family, (family,)), []).append(family)
    if len(groups) < 2:
        raise PlanError("the plan names fewer than two families that may be trained on")
    return list(groups.values())


def _scaled_recipe(recipe: Recipe, corpora: Sequence[RealCorpus], folder: Path) -> Recipe:
    """Return the recipe with these corpora; shares of those that were dropped go to the others."""
    before = sum(corpus.share for corpus in recipe.corpora)
    after = sum(corpus.share for corpus in corpora)
    scaled = [
        corpus.model_copy(update={"share": min(1.0, corpus.share * before / after)})
        for corpus in corpora
    ]
    fold = recipe.model_copy(update={"corpora": scaled, "runs": folder.parent})
    return fold.model_copy(update={"name": f"{folder.name}-{_recipe_hash(fold)}"})


def _without_families(
    plan: Plan, corpus: RealCorpus, left_out: Sequence[str], members: Sequence[Member]
) -> RealCorpus | None:
    """Return a corpus of the recipe without these families; None where nothing is left of it."""
    if corpus.kind == "read":  # generated pages
        return corpus
    path, measured = corpus.path.resolve(), plan.set_of(corpus.path)
    if measured is None:
        raise PlanError(
            f"{corpus.path}: the recipe trains on it and no set of the plan names it, so that "
            "nobody knows whether it shows a family that is left out"
        )
    if path not in measured.train:
        raise PlanError(f"{corpus.path}: the recipe trains on it; the plan only measures on it")
    families = {member.family for member in members if member.corpus == path}
    if families <= set(left_out):
        return None
    values = _values_left_out(measured, left_out)
    if not values or measured.family is None:
        return corpus
    if corpus.kind != "folder":
        raise PlanError(f"{corpus.path}: families can be left out of a corpus folder only")
    merged = {**corpus.leave_out}
    merged[measured.family] = [*dict.fromkeys([*merged.get(measured.family, []), *values])]
    return corpus.model_copy(update={"leave_out": merged})


def _values_left_out(measured: MeasuredSet, left_out: Iterable[str]) -> list[str]:
    prefix = f"{measured.name}/"
    return [family.removeprefix(prefix) for family in left_out if family.startswith(prefix)]


def _recipe_hash(recipe: Recipe) -> str:
    """Return eight digits that change with all that a training follows from, code aside."""
    start = recipe.start_from
    parts = [
        recipe.model_dump_json(exclude={"name", "runs", "device", "workers", "threads"}),
        *(labels_hash(corpus.path) for corpus in recipe.corpora),
        "random" if start is None else weights_hash(start),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]


def seen_by_start(folds: Sequence[Fold], members: Sequence[Member]) -> str:
    """Return a sentence on what the start checkpoint saw of the families left out; "" for nothing.

    A checkpoint without a record, or whose own start kept none, counts as having seen them.
    """
    start = folds[0].recipe.start_from
    if start is None:
        return ""
    learned = read_learned_from(start)
    left_out = {family for fold in folds for family in fold.left_out}
    counts = count_learned(members, learned or LearnedFrom())
    named = [f"{family} ({counts[family]})" for family in sorted(left_out) if counts[family]]
    if named:
        more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
        total = sum(counts[family] for family in left_out)
        return (
            f"{start}: learned from {total} documents of families that are left out: "
            f"{', '.join(named[:_MOST_NAMED])}{more}"
        )
    if learned is None or not learned.complete:
        return f"{start}: keeps no whole record of the documents it learned from"
    return ""


def count_learned(members: Iterable[Member], learned: LearnedFrom) -> Mapping[str, int]:
    """Count the documents of each family that the weights were trained on, whatever their set."""
    distinct = {(member.family, member.sha256) for member in members}
    return Counter(family for family, sha256 in distinct if sha256 in learned.documents)


def check_fold(fold: Fold, members: Iterable[Member], learned: LearnedFrom) -> None:
    """Raise `PlanError` where a fold's own corpora hold a document of a family it leaves out.

    A document may lie in two sets under two names: by its hash it is one.
    """
    known = [
        member
        for member in members
        if member.family in fold.left_out and member.sha256 in learned.documents
    ]
    if known:
        names = ", ".join(f"{m.family} {m.document.document_id}" for m in known[:_MOST_NAMED])
        raise PlanError(
            f"fold {fold.number}: {len(known)} documents that it leaves out are in its corpora "
            f"under another name: {names}"
        )
