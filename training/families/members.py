"""The members of a plan: every document with its family and its hash."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.corpora.truth import TrueDocument
from training.evaluation.learned_from import hashed_documents
from training.families.plan import MeasuredSet, Plan, PlanError


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a set. `family` begins with the set's name; `value` is that of its key."""

    measured: MeasuredSet
    corpus: Path
    document: TrueDocument
    sha256: str
    value: str | None

    @property
    def family(self) -> str:
        return self.measured.name if self.value is None else f"{self.measured.name}/{self.value}"

    @property
    def is_scored(self) -> bool:
        return self.corpus == self.measured.score

    @property
    def may_train(self) -> bool:
        return self.corpus in self.measured.train


def load_members(plan: Plan) -> list[Member]:
    """Return all documents of all sets; raises `CorpusError` and `PlanError`."""
    return [
        member
        for measured in plan.sets
        for corpus in measured.corpora
        for member in _members_of(measured, corpus)
    ]


def _members_of(measured: MeasuredSet, corpus: Path) -> list[Member]:
    members = []
    for document, sha256 in hashed_documents(corpus):
        value = None
        if measured.family is not None:
            if measured.family not in document.extra:
                raise PlanError(
                    f"{corpus}: document {document.document_id!r} has no {measured.family!r}, the "
                    f"key that divides {measured.name} into families"
                )
            value = str(document.extra[measured.family])
        members.append(Member(measured, corpus, document, sha256, value))
    if not members:
        raise PlanError(f"{corpus}: holds no documents")
    return members


def select_scored(members: Iterable[Member], limit: int | None) -> list[Member]:
    """Return the scored members, at most so many documents of each family.

    Those with the smallest hashes are taken: the same ones in every run, and from all over the set.
    A file with two truths counts once and keeps both.
    """
    scored = [member for member in members if member.is_scored]
    if limit is None:
        return scored
    hashes: dict[str, set[str]] = {}
    for member in scored:
        hashes.setdefault(member.family, set()).add(member.sha256)
    chosen = {family: set(sorted(every)[:limit]) for family, every in hashes.items()}
    return [member for member in scored if member.sha256 in chosen[member.family]]


def families_of(members: Iterable[Member]) -> dict[str, list[Member]]:
    """Return the members by family, in order of first appearance."""
    families: dict[str, list[Member]] = {}
    for member in members:
        families.setdefault(member.family, []).append(member)
    return families


def trainable_families(members: Sequence[Member]) -> dict[str, list[Member]]:
    """Return the families of sets that may be trained on, set by set, the largest first."""
    trainable = families_of(member for member in members if member.measured.train)
    sets = list(dict.fromkeys(member.measured.name for member in members))
    # Sorting keeps families of one size in order of first appearance
    return dict(
        sorted(
            trainable.items(),
            key=lambda entry: (sets.index(entry[1][0].measured.name), -len(entry[1])),
        )
    )
