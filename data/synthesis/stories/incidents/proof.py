"""Incidents of proof: remarks on delivery, short payments, papers that differ or are missing."""

from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.stories.incidents.order_line import Bent, Scene, fact_planted, units_planted
from data.synthesis.stories.trade.findings import Pointer, State
from data.synthesis.stories.trade.records import Remark, Shipped, StandingClaim

D = Decimal


def cartons_short(
    scene: Scene,
    *,
    cartons: D | None = None,
    pack: D | None = None,
    short: D | None = None,
    price: D | None = None,
) -> Bent:
    """The receiver noted cartons short on the proof of delivery; pieces are billed."""
    price, pack = price or scene.order.article.price, pack or scene.order.article.pack
    cartons, short = cartons or scene.whole(10, 15, 20), short or scene.whole(1, 2)
    billed, came = cartons * pack, (cartons - short) * pack
    scene = scene.ordering(billed, price, packs={"CS": pack})
    scene = scene.receiving(came).billing(billed, price)
    scene = _with_remark(scene, cartons, short)
    where = (Pointer("proof_of_delivery", "exception", scene.number),)
    planted = units_planted(scene, "QTY_OVER_RECEIPT", billed, came, price, evidence=where)
    return Bent(scene.trade, (planted,), _counted_on_proof(scene))


def _counted_on_proof(scene: Scene) -> tuple[Pointer, ...]:
    """How many came, and of what, on the proof of delivery: cartons or pieces."""
    names = ("shipped", "unit")
    return tuple(Pointer("proof_of_delivery", name, scene.number) for name in names)


def _with_remark(scene: Scene, cartons: D, short: D) -> Scene:
    """Shipped by the carton under a signed proof of delivery that says how many were short."""
    receipt = scene.trade.arrived(scene.number)[0].receipt_id
    remarks = scene.trade.remarks
    if short:
        remarks = (*remarks, Remark(receipt, scene.number, "short", short, "CS"))
    return scene.knowing(
        shipped={**scene.trade.shipped, (receipt, scene.number): Shipped(cartons, "CS")},
        remarks=remarks,
        papers=scene.trade.papers | {"proof_of_delivery"},
    )


def short_payment(
    scene: Scene,
    *,
    proof: str = "",
    cartons: D | None = None,
    pack: D | None = None,
    price: D | None = None,
) -> Bent:
    """The buyer paid for two cartons fewer and the vendor objects.

    `proof`: "clean" signed without remark, "short" signed with one carton short, "none" only a
    packing slip and a bill of lading of the kind "shipper load and count"; drawn when not given.
    """
    price = price or scene.order.article.price
    proof = proof or scene.rng.choice(("clean", "short", "none"))
    cartons, pack = cartons or scene.whole(10, 20), pack or scene.order.article.pack
    billed, paid = cartons * pack, (cartons - 2) * pack
    scene = scene.ordering(billed, price, packs={"CS": pack})
    scene = scene.receiving(paid).billing(billed, price)
    missing = D(1) if proof == "short" else D(0)
    scene = _with_remark(scene, cartons, missing)
    scene = _short_paid(scene, billed - paid, price)
    # What the proof settles is not claimed once more.
    state: State = "open" if proof == "none" else "information"
    planted = [
        units_planted(scene, "QTY_OVER_RECEIPT", billed, paid, price, state=state),
        fact_planted(
            scene, "EVIDENCE_CONFLICT", f"{billed - missing * pack} ≠ {paid}", line=scene.number,
            quantity=billed - missing * pack - paid, state=state,
        ),
    ]  # fmt: skip
    if proof == "none":
        papers = scene.trade.papers - {"proof_of_delivery"} | {"bill_of_lading", "packing_slip"}
        scene = scene.knowing(papers=papers, unproven=True)
        planted.append(
            fact_planted(
                scene, "EVIDENCE_MISSING", "no proof of delivery", document="proof_of_delivery"
            )
        )
    return Bent(scene.trade, tuple(planted), () if proof == "none" else _counted_on_proof(scene))


def _short_paid(scene: Scene, units: D, price: D) -> Scene:
    """With a claim over these units, which a signed proof of delivery has to settle."""
    claim = StandingClaim(
        f"C{catalogues.digits(scene.rng, 5)}", "short_payment", scene.bill.number,
        scene.number, units, units * price,
    )  # fmt: skip
    claims, demanded = (*scene.trade.claims, claim), frozenset({"proof_of_delivery"})
    return scene.knowing(claims=claims, demanded=demanded)


def conflicting_papers(
    scene: Scene,
    *,
    shipped: D | None = None,
    received: D | None = None,
    price: D | None = None,
) -> Bent:
    """The vendor's papers say that all was shipped, the receipt says less; both cannot be."""
    price = price or scene.order.article.price
    shipped = shipped or scene.whole(40, 60, 100)
    received = received or shipped - scene.few(shipped)
    scene = scene.ordering(shipped, price).receiving(received).billing(shipped, price)
    receipt = scene.trade.arrived(scene.number)[0].receipt_id
    scene = scene.knowing(
        shipped={**scene.trade.shipped, (receipt, scene.number): Shipped(shipped, "EA")}
    )
    slip = next(iter(sorted(scene.trade.papers & {"packing_slip", "delivery_note"})))
    planted = (
        units_planted(scene, "QTY_OVER_RECEIPT", shipped, received, price, state="open"),
        fact_planted(
            scene, "EVIDENCE_CONFLICT", f"{shipped} ≠ {received}", line=scene.number,
            quantity=shipped - received,
            evidence=(Pointer(slip, "shipped", scene.number),),
        ),
    )  # fmt: skip
    return Bent(scene.trade, planted)


def proof_missing(scene: Scene) -> Bent:
    """The proof that the freight term asks for is not among the papers."""
    wanted = sorted(scene.trade.demanded)[0]
    scene = scene.knowing(papers=scene.trade.papers - {wanted})
    planted = fact_planted(scene, "EVIDENCE_MISSING", f"no {wanted}", document=wanted)
    return Bent(scene.trade, (planted,))
