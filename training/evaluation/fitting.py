"""Roles of the scored documents in fitting the reader: a report sets their figures apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from data.corpora.truth import TrueDocument
from training.decoding.calibration import load_calibration
from training.evaluation.learned_from import (
    LearnedFrom,
    hash_documents,
    read_learned_from,
    role_of,
)
from training.metrics.scoring import ScoredDocument

GROUP = "used for fitting"  # the report's slices by role
_ROLES = {
    "trained": "the weights learned from it",
    "calibrated": "the calibration was fitted on it",
    "neither": "for neither",
}


@dataclass(frozen=True, slots=True)
class Fitting:
    """The scored documents' roles by id, as the record of the checkpoint has them.

    `learned` None means that the checkpoint keeps no record; then the roles mean nothing.
    """

    learned: LearnedFrom | None
    roles: Mapping[str, str]
    calibration: str  # what the calibration says it was fitted on

    def count(self, role: str) -> int:
        """Count the documents with that role: trained, calibrated or neither."""
        return Counter(self.roles.values())[role]

    def contents(self) -> dict[str, Any]:
        """Return the report's section: whether it is known, and the counts."""
        if self.learned is None:
            return {"known": False}
        return {"known": self.learned.complete} | {role: self.count(role) for role in _ROLES}

    def group(self, scored: Sequence[ScoredDocument]) -> list[ScoredDocument]:
        """Return the documents with their role as one more group to be scored apart."""
        if self.learned is None:
            return list(scored)
        return [
            replace(document, groups={**document.groups, GROUP: _ROLES[role]})
            if (role := self.roles.get(document.truth.document_id))
            else document
            for document in scored
        ]

    def calibration_sentence(self) -> str:
        """Return the sentence on what the confidences were fitted on."""
        if not self.calibration:
            return "none was fitted, the network's own probabilities are stated."
        fitted = f"fitted on {self.calibration}"
        if self.learned is None:
            return f"{fitted}; the checkpoint keeps no record of these documents."
        hashed = self.count("calibrated")
        if hashed:
            return (
                f"{fitted}, {hashed} of these {len(self.roles)} documents among them: its figures "
                "are optimistic."
            )
        return f"{fitted}."


def read_fitting(weights: Path, documents: Sequence[TrueDocument]) -> Fitting:
    """Return the roles of the documents for a checkpoint; raises `CheckpointError`."""
    learned = read_learned_from(weights)
    roles = {
        document.document_id: role_of(digest, learned or LearnedFrom())
        for document, digest in hash_documents(documents)
    }
    return Fitting(learned, roles, load_calibration(weights).source)
