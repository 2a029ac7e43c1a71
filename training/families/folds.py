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

from data.corpora.shards.training_page import corpus_name
from training.evaluation.fingerprints import labels_hash, weights_hash
from training.evaluation.learned_from import LearnedFrom, read_learned_from
from training.families.members import Member, trainable_families
from training.families.plan import Form, Plan, PlanError
from training.families.taught import corpus_families
from training.learning.recipe import RealCorpus, Recipe

_MOST_NAMED = 5  # families in a message

# Corpus -> hash of a document -> keys of its family
_Contents = Mapping[Path, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Fold:
    """One training: its number from 1, the families it leaves out, and its recipe.

    `documents` are the hashes of those that its own corpora may teach, whether a page of them can
    be labelled or not.
    """

    number: int
    left_out: tuple[str, ...]
    recipe: Recipe
    documents: frozenset[str]

    @property
    def folder(self) -> Path:
        return self.recipe.folder


def make_folds(
    plan: Plan, form: Form, recipe: Recipe, members: Sequence[Member], out: Path
) -> list[Fold]:
    """Return the folds of a form, each with a recipe that trains in a folder of its own in `out`.

    Every trainable family is left out by exactly one fold. Raises `PlanError` for a recipe that
    trains on what the plan only measures.
    """
    groups = _grouped_families(plan, members)
    contents = {corpus.path: corpus_families(corpus.path) for corpus in recipe.corpora}
    corpora = [(corpus, _members_in(corpus, contents, members)) for corpus in recipe.corpora]
    folds = []
    for number, families in enumerate(deal(groups, form.folds), start=1):
        left = [_without_families(corpus, inside, families) for corpus, inside in corpora]
        remaining = [corpus for corpus in left if corpus is not None]
        fold_recipe = _scaled_recipe(recipe, remaining, out / f"fold-{number}")
        documents = frozenset[str]().union(
            *(_documents_of(fold_recipe, corpus, contents) for corpus in remaining)
        )
        folds.append(Fold(number, families, fold_recipe, documents))
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
    # Stopping early is decided by what is left out: it would choose the step that scores best there
    update = {"corpora": scaled, "runs": folder.parent, "stop_after": 0}
    fold = recipe.model_copy(update=update)
    return fold.model_copy(update={"name": f"{folder.name}-{_recipe_hash(fold)}"})


def _documents_of(recipe: Recipe, corpus: RealCorpus, contents: _Contents) -> frozenset[str]:
    """Return the documents of a corpus that its `leave_out` does not name, where it is obeyed."""
    obeyed = recipe.labels == "tags" and corpus.kind != "read"
    leave_out = corpus.leave_out if obeyed else {}
    return frozenset(
        digest
        for digest, keys in contents[corpus.path].items()
        if not any(keys.get(key) in values for key, values in leave_out.items())
    )


def _members_in(corpus: RealCorpus, contents: _Contents, members: Sequence[Member]) -> list[Member]:
    """Return the members that a corpus of the recipe holds, by their hashes, under any path."""
    inside = [member for member in members if member.sha256 in contents[corpus.path]]
    # One that lies in two corpora of its family, as some of CORD's do, may be trained on
    trainable = {member.sha256 for member in members if member.may_train}
    for member in inside:
        if member.sha256 not in trainable:
            raise PlanError(
                f"{corpus.path}: the recipe trains on it, and it holds "
                f"{member.document.document_id} of {member.corpus}, which the plan only measures on"
            )
    return inside


def _without_families(
    corpus: RealCorpus, inside: Sequence[Member], left_out: Sequence[str]
) -> RealCorpus | None:
    """Return a corpus of the recipe without these families; None where nothing is left of it."""
    leaving = [member for member in inside if member.family in left_out]
    if not leaving:
        return corpus
    if len(leaving) == len(inside):
        return None
    merged = {key: list(values) for key, values in corpus.leave_out.items()}
    for member in leaving:
        key, value = member.measured.family, member.value
        if key is None or value is None:
            key, value = "corpus", corpus_name(member.corpus)
        values = merged.setdefault(key, [])
        if value not in values:
            values.append(value)
    return corpus.model_copy(update={"leave_out": merged})


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


def check_fold(fold: Fold, members: Iterable[Member]) -> None:
    """Raise `PlanError` where a fold's own corpora teach a document of a family it leaves out."""
    known = [m for m in members if m.family in fold.left_out and m.sha256 in fold.documents]
    if known:
        names = ", ".join(f"{m.family} {m.document.document_id}" for m in known[:_MOST_NAMED])
        raise PlanError(
            f"fold {fold.number}: {len(known)} documents that it leaves out are in its corpora all "
            f"the same: {names}"
        )


def count_outside(folds: Sequence[Fold], members: Iterable[Member]) -> int:
    """Count documents the folds learn from that no set of the plan holds: of unknown families."""
    known = {member.sha256 for member in members}
    return len({name for fold in folds for name in fold.documents} - known)
