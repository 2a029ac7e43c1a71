"""The buyer's rules for a verdict, as one typed object read from YAML.

The default tolerates nothing and abstains early. `configs/policy.yaml` shows real rules.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from data.orders import nearest_name, wire_decimal
from serving.matching.tolerances import Kind, Tolerance
from serving.matching.variances import Decomposition


class PolicyError(ValueError):
    """The policy cannot be used; the message names the file, the key and what is wanted."""

    code: ClassVar[str] = "invalid_policy"


Limit = Annotated[Decimal, BeforeValidator(wire_decimal), Field(ge=0)]


class ToleranceRow(BaseModel):
    """One row of tolerances in YAML; meaning as in `matching.tolerances.Tolerance`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    vendor: str | None = None
    item: str | None = None
    abs_upper: Limit | None = None
    abs_lower: Limit | None = None
    pct_upper: Limit | None = None
    pct_lower: Limit | None = None
    cumulative_pct_upper: Limit | None = None

    def record(self) -> Tolerance:
        return Tolerance(**dict(self))


class Policy(BaseModel):
    """How much may be billed, what may pass and how sure a claim must be.

    `expect`: what may be billed, "receipts" (three-way: what arrived, within the order) or "order"
    (two-way, for services). `pay_rejected`: whether units rejected or returned are paid.
    `unplanned_charges`: whether freight and other charges, which the order data has no condition
    for, need a person or pass. `vendor_papers`: whether a paper of the vendor's own making that
    says more came than was received keeps a shortage from being claimed. Confidences are
    probabilities: a cell below `review_confidence` is never claimed on; a finding from
    `certain_confidence` is certain, from `likely_confidence` likely, below it open. `tolerances`:
    see `matching.tolerances`; the most specific row counts.
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
    tolerances: tuple[ToleranceRow, ...] = ()

    def tolerance_rows(self) -> tuple[Tolerance, ...]:
        return tuple(row.record() for row in self.tolerances)


def _refusal(error: ValidationError, name: str) -> PolicyError:
    found = error.errors(include_url=False)[0]
    place = ".".join(str(step) for step in found["loc"])
    if found["type"] != "extra_forbidden":
        return PolicyError(f"{name}: {place}: {found['msg'].removeprefix('Value error, ')}")
    model = ToleranceRow if found["loc"][0] == "tolerances" else Policy
    names = list(model.model_fields)
    near = nearest_name(str(found["loc"][-1]), names)
    wanted = f"did you mean {near!r}?" if near else f"known keys: {', '.join(names)}"
    return PolicyError(f"{name}: unknown key {place!r}; {wanted}")


def parse_policy(values: Mapping[str, Any], name: str = "policy") -> Policy:
    """The policy of parsed YAML or JSON; raises PolicyError."""
    try:
        return Policy.model_validate(dict(values))
    except ValidationError as error:
        raise _refusal(error, name) from None


def load_policy(path: str | Path) -> Policy:
    """The policy in a YAML file; raises PolicyError."""
    path = Path(path)
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: not YAML ({' '.join(str(error).split())[:160]})") from None
    if values is not None and not isinstance(values, Mapping):
        raise PolicyError(
            f"{path}: the top level must be keys with values, got a {type(values).__name__}"
        )
    return parse_policy(values or {}, path.name)
