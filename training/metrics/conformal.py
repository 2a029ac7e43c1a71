"""A threshold for deciding without a person that keeps a promise: conformal risk control.

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
    """A threshold for a stated risk, and what it gave on documents that did not help to pick it.

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


def pick(documents: Sequence[DecidedDocument], risk: float) -> float | None:
    """The lowest threshold that promises the risk, None where none does.

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
        key=lambda one: -one[0],
    )
    wrong = [Decimal(0)] * len(documents)
    losses = [0.0] * len(documents)
    total = 0.0
    found: float | None = None
    for level, lines in groupby(surest_first, key=lambda one: one[0]):
        for _, place, line in lines:
            if line.right:
                continue
            wrong[place] += line.money
            lost = _loss(wrong[place], documents[place].money)
            total += lost - losses[place]
            losses[place] = lost
        if (total + 1) / (len(documents) + 1) > risk:
            break
        found = level
    return found


def promise(documents: Sequence[DecidedDocument], risk: float) -> Promise:
    """The threshold from all documents, and what thresholds from four fifths gave on the others."""
    losses, taken, offered, counts = [], [], [], []
    for fold in range(FOLDS):
        others = [one for place, one in enumerate(documents) if place % FOLDS != fold]
        threshold = pick(others, risk)
        for one in documents[fold::FOLDS]:
            decided = [
                line for line in one.lines if threshold is not None and line.confidence >= threshold
            ]
            losses.append(0.0 if threshold is None else loss(one, threshold))
            taken.append(float(sum((line.money for line in decided), Decimal(0))))
            offered.append(float(sum((line.money for line in one.lines), Decimal(0))))
            counts.append((float(len(decided)), float(len(one.lines))))
    return Promise(
        stated_risk=risk,
        documents=len(documents),
        threshold=pick(documents, risk),
        risk=share_or_zero(losses, [1.0] * len(losses)),
        money=share_or_zero(taken, offered),
        lines=share_or_zero([part for part, _ in counts], [whole for _, whole in counts]),
    )
