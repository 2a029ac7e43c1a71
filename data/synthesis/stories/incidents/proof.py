"""Incidents of proof: remarks on delivery, short payments, papers that differ or are missing."""

from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.stories.incidents.order_line import (
    IncidentResult,
    TradeBuilder,
    fact_variance,
    quantity_variance,
)
from data.synthesis.stories.trade.findings import Pointer, State
from data.synthesis.stories.trade.records import Claim, Remark

D = Decimal


def cartons_short(
    builder: TradeBuilder,
    *,
    cartons: D | None = None,
    pack: D | None = None,
    short: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """The receiver noted cartons short on the proof of delivery; pieces are billed."""
    price, pack = price or builder.order_line.article.price, pack or builder.order_line.article.pack
    cartons, short = cartons or builder.pick(10, 15, 20), short or builder.pick(1, 2)
    billed, received = cartons * pack, (cartons - short) * pack
    builder = builder.with_order(billed, price, packs={"CS": pack})
    builder = builder.with_receipts(received).with_bill_row(billed, price)
    builder = _with_remark(builder, cartons, short)
    pointers = (Pointer("proof_of_delivery", "exception", builder.line_number),)
    planted = quantity_variance(
        builder, "QTY_OVER_RECEIPT", billed, received, price, evidence=pointers
    )
    return IncidentResult(builder.trade, (planted,), _proof_count_pointers(builder))


def _proof_count_pointers(builder: TradeBuilder) -> tuple[Pointer, ...]:
    """Return the pointers to count and unit (cartons or pieces) on the proof of delivery."""
    names = ("shipped", "unit")
    return tuple(Pointer("proof_of_delivery", name, builder.line_number) for name in names)


def _with_remark(builder: TradeBuilder, cartons: D, short: D) -> TradeBuilder:
    """Ship by the carton, with a signed proof of delivery that notes the cartons short."""
    receipt = builder.trade.arrivals_of(builder.line_number)[0].receipt_id
    remarks = builder.trade.remarks
    if short:
        remarks = (*remarks, Remark(receipt, builder.line_number, "short", short, "CS"))
    papers = builder.trade.papers | {"proof_of_delivery"}
    return builder.with_shipment(cartons, "CS").with_facts(remarks=remarks, papers=papers)


def short_payment(
    builder: TradeBuilder,
    *,
    proof: str = "",
    cartons: D | None = None,
    pack: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """The buyer paid for two cartons fewer and the vendor objects.

    `proof`: "clean" signed without remark, "short" signed with one carton short, "none" only a
    packing slip and a bill of lading of the kind "shipper load and count"; drawn when not given.
    """
    price = price or builder.order_line.article.price
    proof = proof or builder.rng.choice(("clean", "short", "none"))
    cartons, pack = cartons or builder.pick(10, 20), pack or builder.order_line.article.pack
    billed, paid = cartons * pack, (cartons - 2) * pack
    builder = builder.with_order(billed, price, packs={"CS": pack})
    builder = builder.with_receipts(paid).with_bill_row(billed, price)
    missing = D(1) if proof == "short" else D(0)
    builder = _with_remark(builder, cartons, missing)
    builder = _with_short_payment(builder, billed - paid, price)
    # Units settled by the proof are not claimed a second time.
    state: State = "open" if proof == "none" else "information"
    planted = [
        quantity_variance(builder, "QTY_OVER_RECEIPT", billed, paid, price, state=state),
        fact_variance(
            builder, "EVIDENCE_CONFLICT", f"{billed - missing * pack} ≠ {paid}",
            line=builder.line_number, quantity=billed - missing * pack - paid, state=state,
        ),
    ]  # fmt: skip
    if proof == "none":
        papers = builder.trade.papers - {"proof_of_delivery"} | {"bill_of_lading", "packing_slip"}
        builder = builder.with_facts(papers=papers, shipper_load_and_count=True)
        planted.append(
            fact_variance(
                builder, "EVIDENCE_MISSING", "no proof of delivery", document="proof_of_delivery"
            )
        )
    return IncidentResult(
        builder.trade, tuple(planted), () if proof == "none" else _proof_count_pointers(builder)
    )


def _with_short_payment(builder: TradeBuilder, units: D, price: D) -> TradeBuilder:
    """Add a claim over these units, which a signed proof of delivery has to settle."""
    claim = Claim(
        f"C{catalogues.digits(builder.rng, 5)}", "short_payment", builder.bill.number,
        builder.line_number, units, units * price,
    )  # fmt: skip
    claims, required = (*builder.trade.claims, claim), frozenset({"proof_of_delivery"})
    return builder.with_facts(claims=claims, required_papers=required)


def conflicting_papers(
    builder: TradeBuilder,
    *,
    shipped: D | None = None,
    received: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """The vendor's papers show the full quantity, the receipt shows less: they contradict."""
    price, shipped = builder.price_and_quantity(price, shipped, 40, 60, 100)
    received = received or shipped - builder.pick_few(shipped)
    builder = builder.with_units(price, ordered=shipped, received=received, billed=shipped)
    builder = builder.with_shipment(shipped, "EA")
    slip = next(iter(sorted(builder.trade.papers & {"packing_slip", "delivery_note"})))
    planted = (
        quantity_variance(builder, "QTY_OVER_RECEIPT", shipped, received, price, state="open"),
        fact_variance(
            builder, "EVIDENCE_CONFLICT", f"{shipped} ≠ {received}", line=builder.line_number,
            quantity=shipped - received,
            evidence=(Pointer(slip, "shipped", builder.line_number),),
        ),
    )  # fmt: skip
    return IncidentResult(builder.trade, planted)


def proof_missing(builder: TradeBuilder) -> IncidentResult:
    """The proof required by the freight term is not among the papers."""
    required = sorted(builder.trade.required_papers)[0]
    builder = builder.with_facts(papers=builder.trade.papers - {required})
    planted = fact_variance(builder, "EVIDENCE_MISSING", f"no {required}", document=required)
    return IncidentResult(builder.trade, (planted,))
