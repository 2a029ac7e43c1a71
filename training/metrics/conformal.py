"""The confidence threshold for deciding lines without a person at a promised risk of money.

Lines are decided automatically when the least sure of their printed numbers is at least the
threshold. What a document loses is the money of its lines that were decided wrongly, as a share of
all its money (0..1); raising the threshold never raises it. With n documents and a loss of at most
1, the lowest threshold t for which

    (sum of the losses at t + 1) / (n + 1) <= risk

promises that the expected loss of the next document, drawn as these were, is at most `risk`
(Angelopoulos, Bates, Fisch, Lei, Schuster: Conformal Risk Control, 2022, theorem 1). It is a
promise in expectation over documents, not for each, and none for documents of another kind. Too
few documents can promise nothing: at 1 % it takes 99 without an error.

What the promise was worth is measured by cross-fitting: every fifth of the documents is decided
with a threshold from the others.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from training.metrics.counts import Interval, share_or_zero

FOLDS = 5


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A line that could be decided: how sure the reader is, its money, whether it is right."""

    confidence: float
    money: Decimal
    right: bool


@dataclass(frozen=True, slots=True)
class DecidedDocument:
    """The lines read of a document; `money` is all of it (the greater of printed and read)."""

    lines: tuple[DecidedLine, ...]
    money: Decimal


@dataclass(frozen=True, slots=True)
class Promise:
    """A threshold for a stated risk, and its results on documents that did not help to pick it.

    `threshold` None: so many documents can promise nothing at that risk. `risk` is the mean loss of
    a document, `money` and `lines` the shares decided automatically, all cross-fitted.
    """

    stated_risk: float
    documents: int
    threshold: float | None
    risk: Interval
    money: Interval
    lines: Interval

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def loss(document: DecidedDocument, threshold: float) -> float:
    """Share (0..1) of the document's money that is decided wrongly at that threshold."""
    wrong = sum(
        (line.money for line in document.lines if not line.right and line.confidence >= threshold),
        Decimal(0),
    )
    return _loss(wrong, document.money)


def _loss(wrong: Decimal, money: Decimal) -> float:
    return min(float(wrong / money), 1.0) if money else float(bool(wrong))


def find_threshold(documents: Sequence[DecidedDocument], risk: float) -> float | None:
    """Return the lowest threshold that promises the risk, None where none does.

    Raises ValueError for a risk that is no share.
    """
    if not 0 < risk < 1:
        raise ValueError(f"risk must lie between 0 and 1, got {risk}")
    surest_first = sorted(
        (
            (line.confidence, place, line)
            for place, document in enumerate(documents)
            for line in document.lines
        ),
        key=lambda entry: -entry[0],
    )
    wrong = [Decimal(0)] * len(documents)
    losses = [0.0] * len(documents)
    total = 0.0
    threshold: float | None = None
    for level, lines in groupby(surest_first, key=lambda entry: entry[0]):
        for _, place, line in lines:
            if line.right:
                continue
            wrong[place] += line.money
            lost = _loss(wrong[place], documents[place].money)
            total += lost - losses[place]
            losses[place] = lost
        if (total + 1) / (len(documents) + 1) > risk:
            break
        threshold = level
    return threshold


def measure_promise(documents: Sequence[DecidedDocument], risk: float) -> Promise:
    """Return the threshold from all documents, measured by cross-fitting over five folds."""
    losses, decided_money, read_money, counts = [], [], [], []
    for fold in range(FOLDS):
        others = [document for place, document in enumerate(documents) if place % FOLDS != fold]
        threshold = find_threshold(others, risk)
        for document in documents[fold::FOLDS]:
            decided = [
                line
                for line in document.lines
                if threshold is not None and line.confidence >= threshold
            ]
            losses.append(0.0 if threshold is None else loss(document, threshold))
            decided_money.append(float(sum((line.money for line in decided), Decimal(0))))
            read_money.append(float(sum((line.money for line in document.lines), Decimal(0))))
            counts.append((float(len(decided)), float(len(document.lines))))
    return Promise(
        stated_risk=risk,
        documents=len(documents),
        threshold=find_threshold(documents, risk),
        risk=share_or_zero(losses, [1.0] * len(losses)),
        money=share_or_zero(decided_money, read_money),
        lines=share_or_zero([part for part, _ in counts], [whole for _, whole in counts]),
    )
