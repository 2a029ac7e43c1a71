"""All incidents by name, with the edge cases that they contain and the numbers of the examples."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from data.synthesis.stories.incidents import charges as charge
from data.synthesis.stories.incidents import credits as credit
from data.synthesis.stories.incidents import documents as paper
from data.synthesis.stories.incidents import prices as price
from data.synthesis.stories.incidents import proof
from data.synthesis.stories.incidents import quantities as quantity
from data.synthesis.stories.incidents import units as unit
from data.synthesis.stories.incidents.order_line import IncidentResult

D = Decimal


class Incident(NamedTuple):
    """One thing that can go wrong in a trade, with the edge cases that it contains.

    `cases` number the edge cases of `serving/matching/README.md`, "Worked cases", and `numbers` are
    the figures given there; without them an incident draws its numbers. `uses` are parts of a trade
    that only one incident of a dispute may change; "all" excludes every other incident.
    """

    name: str
    apply: Callable[..., IncidentResult]
    cases: tuple[int, ...] = ()
    uses: frozenset[str] = frozenset()
    numbers: Mapping[str, Any] = {}


def _incident(
    apply: Callable[..., IncidentResult], cases: str = "", uses: str = "", /, **numbers: Any
) -> Incident:
    values = {
        name: D(value) if isinstance(value, str) and value[0].isdigit() else value
        for name, value in numbers.items()
    }
    case_numbers = tuple(int(number) for number in cases.split())
    return Incident(apply.__name__, apply, case_numbers, frozenset(uses.split()), values)


INCIDENTS: tuple[Incident, ...] = (
    _incident(quantity.over_receipt, ordered="100", received="60", billed="80", price="10"),
    _incident(quantity.over_order, ordered="100", billed="110", price="10"),
    _incident(quantity.two_limits, "9", ordered="100", received="104", billed="110", price="10.00"),
    _incident(quantity.over_delivery, "27", ordered="100", allowed_pct="5", received="106",
              price="10.00"),
    _incident(quantity.under_billed, "", "notes", received="100", billed="90", price="10"),
    _incident(quantity.before_receipt, "26", ordered="100", price="10.00"),
    _incident(quantity.partial_receipts, "7", ordered="100", first="60", second="30", billed="40",
              price="10.00"),
    _incident(quantity.earlier_overbilling, "8", ordered="100", received="50", before="60",
              billed="10", price="10.00"),
    _incident(quantity.rejected, "28", "vendor papers", received="100", rejected="8",
              price="10.00"),
    _incident(quantity.moved_receipt, "29", ordered="100", moved="10", price="10.00"),
    _incident(credit.credited_overbilling, "16", "credit", billed="100", credited="5",
              price="10.00"),
    _incident(credit.returned, "30", "credit", returned="10", credited="8", price="10.00"),
    _incident(credit.credit_short, "", "credit", agreed="12", credited="10", price="10"),
    _incident(proof.cartons_short, "35", "papers", cartons="20", pack="24", short="2",
              price="1.50"),
    _incident(proof.short_payment, "", "papers", cartons="20", pack="24", price="1.50",
              proof="clean"),
    _incident(proof.conflicting_papers, "", "papers", shipped="100", received="96",
              price="10"),
    _incident(proof.proof_missing, "", "papers"),
    _incident(unit.packs_and_pieces, "1", ordered="10", pack="12", price="24.00", received="118"),
    _incident(unit.receipt_in_packs, "2", ordered="120", pack="12", price="2.00"),
    _incident(unit.mistaken_unit, ordered="120", pack="12", price="2.00"),
    _incident(unit.unknown_unit),
    _incident(unit.clashing_codes, "3", cases="2", pack="12", price="2.00"),
    _incident(unit.thousands, "4", count="25", price="4.50", unit="M"),
    _incident(unit.price_per_thousand, "5", quantity="25000", price="4.50", base="1000"),
    _incident(unit.dozens, "6", count="2", price="0.50"),
    _incident(unit.catch_weight, "20", estimate="250", received="243.60", billed="247.00",
              price="3.20"),
    _incident(unit.case_price_by_piece, "23", cases="100", pack="12", case_price="40.00",
              price="3.34"),
    _incident(price.price_over, quantity="100", price="10.00", billed_price="11.00"),
    _incident(price.price_under, quantity="100", price="1.30", billed_price="1.24"),
    _incident(price.split_rows, "10", first="60", second="40", price="10.00",
              second_price="10.50"),
    _incident(price.joined_order_lines, "11", first="100", first_price="5.00", second="50",
              second_price="5.20", billed_price="5.10"),
    _incident(price.same_article_twice, "37", first="60", second="40", price="10.00"),
    _incident(price.substituted, "12", quantity="50", price="8.00", billed_price="9.00",
              authorised=True),
    _incident(price.not_ordered, quantity="5", price="10"),
    _incident(price.repeated_row),
    _incident(price.kit_by_parts, "31", kits="10", price="30.00", first_price="10.00"),
    _incident(charge.line_discount, "14", quantity="100", gross="10.00", rate="5"),
    _incident(charge.allowance_missing, quantity="100", price="10.00", agreed="5"),
    _incident(charge.discount_incorrect),
    _incident(charge.header_allowance, "15", "all", rate="2",
              lines=((D(60), D(10)), (D(40), D(10)))),
    _incident(price.credit_row, "17", billed="100", credited="5", price="10.00"),
    _incident(price.free_goods, "19", paid="12", free="1", price="5.00"),
    _incident(price.later_price, "36", quantity="100", price="10.00", later="10.40",
              by_ship_date=False),
    _incident(price.wrong_extension, quantity="10", price="10.00", difference="10"),
    _incident(price.rounded_extension, "22", quantity="3", price="3.333"),
    _incident(charge.freight, "13", "freight", planned="60.00", billed="75.00", in_row=True),
    _incident(charge.unplanned_freight, "", "freight", billed="75.00"),
    _incident(charge.deposit, "", "freight", pallets="3", billed="4", each="15.00"),
    _incident(paper.other_order, "", "all"),
    _incident(paper.closed_order, "", "all"),
    _incident(paper.other_vendor, "", "all"),
    _incident(paper.other_terms, "", "terms"),
    _incident(paper.other_currency, "25", "all", price="10.00", quantity="100"),
    _incident(paper.agreed_currency, "25", "all"),
    _incident(paper.wrong_total, "", "last"),
    _incident(paper.wrong_tax, "", "last"),
    _incident(paper.tax_on_exempt, "", "last credit"),
    _incident(paper.tax_by_line, "24", "all", count=3, price="1.15", rate="10"),
    _incident(paper.tax_in_prices, "18", "all", price="10.00", quantity="100", rate="20"),
    _incident(paper.resent, "39", "all"),
    _incident(paper.partial_shipments, "39", "all", each="50", price="10.00"),
    _incident(paper.two_in_one_file, "34", "all"),
    _incident(paper.one_in_two_files, "34", "all"),
    _incident(paper.carried_forward, "32", "all", first="500", second="300"),
    _incident(paper.merged_rows, "33", "form", first="3960", second="704"),
    _incident(paper.struck_by_hand, "40", "form", printed="48", right="46", price="2.00"),
    _incident(paper.price_absent, "41"),
    _incident(paper.service_row, "42", amount="850"),
    _incident(paper.decimal_point_in_commas, "21", "vendor", quantity="1", price="2.50"),
    _incident(paper.noisy_code, "38"),
    _incident(paper.till_receipt, "", "all"),
)  # fmt: skip


def find_incident(case: str, index: int = 0) -> Incident:
    """Return the incident of that name, or one with that edge case ("1" to "42").

    Incidents with the same edge case take turns by index. Raises ValueError for an unknown case.
    """
    number = int(case) if case.isdigit() else None
    matches = [
        incident for incident in INCIDENTS if incident.name == case or number in incident.cases
    ]
    if not matches:
        names = ", ".join(incident.name for incident in INCIDENTS)
        raise ValueError(f"no incident {case!r}; known: {names}, and edge cases 1 to 42")
    return matches[index % len(matches)]
