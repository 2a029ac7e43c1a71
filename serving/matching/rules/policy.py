"""The buyer's rules for a verdict, as one typed object read from YAML.

The default tolerates nothing and abstains early. `configs/policy.yaml` shows real rules.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from data.exchange.wire.errors import nearest_name
from data.json_values import Currency, wire_decimal
from serving.matching.findings.arithmetic import Decomposition
from serving.matching.rules.tolerances import KIND_OF_CODE, Kind, Tolerance


class PolicyError(ValueError):
    """The policy cannot be used; the message names the file, the key and the values allowed."""

    code: ClassVar[str] = "invalid_policy"


Limit = Annotated[Decimal, BeforeValidator(wire_decimal), Field(ge=0)]
Step = Annotated[Decimal, BeforeValidator(wire_decimal), Field(gt=0)]


class ToleranceRow(BaseModel):
    """One row of tolerances in YAML; meaning as in `tolerances.Tolerance`.

    It is for a `kind` of findings or for one `code`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind | None = None
    code: str | None = None
    vendor: str | None = None
    category: str | None = None
    item: str | None = None
    abs_upper: Limit | None = None
    abs_lower: Limit | None = None
    pct_upper: Limit | None = None
    pct_lower: Limit | None = None
    cumulative_pct_upper: Limit | None = None

    @model_validator(mode="after")
    def _require_kind_or_code(self) -> "ToleranceRow":
        if (self.kind is None) == (self.code is None):
            raise ValueError("give either a kind or a code, not both")
        if self.code is not None and self.code not in KIND_OF_CODE:
            near = nearest_name(self.code, [code.casefold() for code in KIND_OF_CODE])
            known = ", ".join(KIND_OF_CODE)
            hint = f"did you mean {near.upper()!r}?" if near else f"known: {known}"
            raise ValueError(f"code {self.code!r} has no tolerance; {hint}")
        return self

    def to_tolerance(self) -> Tolerance:
        kind = self.kind or KIND_OF_CODE[self.code or ""]
        return Tolerance(**(dict(self) | {"kind": kind}))


class Policy(BaseModel):
    """The buyer's rules: quantities that may be billed, tolerances, confidence of a claim.

    `expect`: what may be billed, "receipts" (three-way: what arrived, within the order) or "order"
    (two-way, for services). `pay_rejected`: whether units rejected or returned are paid.
    `unplanned_charges`: whether freight and other charges, which the order data has no condition
    for, need a person or pass. `vendor_papers`: whether a paper of the vendor's own making that
    shows more than was received keeps a shortage from being claimed. Confidences are
    probabilities: a cell below `review_confidence` is never claimed on; a finding from
    `certain_confidence` is certain, from `likely_confidence` likely, below it open.

    `waiting_days`: what was billed and not received may be claimed once the invoice is older than
    this; None = never by itself. `small_difference`: a total or tax that is off by no more passes,
    whatever the lines. `rounding`: money is rounded half up to a multiple of this, by currency,
    instead of to its minor unit. `tolerances`: see `rules.tolerances`; the most specific row
    counts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    expect: Literal["receipts", "order"] = "receipts"
    pay_rejected: bool = False
    decomposition: Decomposition = "variance"
    unplanned_charges: Literal["review", "ignore"] = "review"
    vendor_papers: Literal["review", "ignore"] = "review"
    review_confidence: float = Field(default=0.90, ge=0, le=1)
    certain_confidence: float = Field(default=0.95, ge=0, le=1)
    likely_confidence: float = Field(default=0.75, ge=0, le=1)
    waiting_days: int | None = Field(default=None, ge=0)
    small_difference: Limit | None = None
    rounding: Mapping[Currency, Step] = Field(default_factory=dict)
    tolerances: tuple[ToleranceRow, ...] = ()

    @model_validator(mode="after")
    def _require_distinct_rows(self) -> "Policy":
        first_places: dict[tuple[object, ...], int] = {}
        for place, row in enumerate(self.tolerance_rows()):
            first = first_places.setdefault((row.kind, *row.scope), place)
            if first != place:
                raise ValueError(f"tolerances {first} and {place} are for the same findings")
        return self

    def tolerance_rows(self) -> tuple[Tolerance, ...]:
        return tuple(row.to_tolerance() for row in self.tolerances)


def _policy_error(error: ValidationError, name: str) -> PolicyError:
    problem = error.errors(include_url=False)[0]
    place = ".".join(str(step) for step in problem["loc"])
    if problem["type"] != "extra_forbidden":
        message = problem["msg"].removeprefix("Value error, ")
        return PolicyError(": ".join(part for part in (name, place, message) if part))
    model = ToleranceRow if problem["loc"][0] == "tolerances" else Policy
    names = list(model.model_fields)
    near = nearest_name(str(problem["loc"][-1]), names)
    hint = f"did you mean {near!r}?" if near else f"known keys: {', '.join(names)}"
    return PolicyError(f"{name}: unknown key {place!r}; {hint}")


def parse_policy(values: Mapping[str, Any], name: str = "policy") -> Policy:
    """Return the policy of parsed YAML or JSON; raises PolicyError."""
    try:
        return Policy.model_validate(dict(values))
    except ValidationError as error:
        raise _policy_error(error, name) from None
