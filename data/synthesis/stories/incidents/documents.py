"""Incidents of whole documents: wrong order, vendor, currency, sums, copies, and hard prints."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from data.synthesis.commerce import catalogues, parties
from data.synthesis.commerce.deals import cents
from data.synthesis.stories.incidents.order_line import Bent, Scene, fact_planted, money_planted
from data.synthesis.stories.trade.everyday import bill_line
from data.synthesis.stories.trade.findings import Pointer
from data.synthesis.stories.trade.records import Bill
from data.synthesis.stories.trade.world import Article

D = Decimal
_TOTAL = Pointer("invoice", "invoice_total")
_LOOKALIKES = str.maketrans("OIS015", "015OIS")


def _whole(scene: Scene, code: str, formula: str, *where: str, claim: bool = True) -> Bent:
    """A variance over all that the invoice asks for."""
    planted = fact_planted(
        scene, code, formula, amount=scene.bill.total, state="claim" if claim else "open",
        evidence=(*(Pointer("invoice", name) for name in where), _TOTAL),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def other_order(scene: Scene) -> Bent:
    """The invoice names an order that is not this one."""
    number = catalogues.number(scene.rng) + "7"
    scene = scene.invoice(po_number=number)
    formula = f"{number} ≠ {scene.trade.po_number}"
    return _whole(scene, "PO_NOT_FOUND", formula, "purchase_order", claim=False)


def closed_order(scene: Scene) -> Bent:
    """The order was closed before the invoice came."""
    scene = scene.knowing(closed=True)
    formula = f"{scene.trade.po_number} is closed"
    return _whole(scene, "PO_CLOSED", formula, "purchase_order")


def other_vendor(scene: Scene) -> Bent:
    """Somebody else bills the order."""
    party = parties.make_party(scene.rng, scene.trade.vendor.style.language)
    scene = scene.invoice(party=party)
    formula = f"{party.name} ≠ {scene.trade.vendor.party.name}"
    return _whole(scene, "VENDOR_MISMATCH", formula, "vendor_name")


def other_terms(scene: Scene) -> Bent:
    """Other payment terms are printed than were agreed."""
    terms = "NET 10" if scene.trade.terms != "NET 10" else "NET 7"
    scene = scene.invoice(terms=terms)
    planted = fact_planted(
        scene, "TERMS_MISMATCH", f"{terms} ≠ {scene.trade.terms}", state="claim",
        evidence=(Pointer("invoice", "terms"),),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def other_currency(
    scene: Scene, *, price: D | None = None, quantity: D | None = None, rate: D | None = None
) -> Bent:
    """Billed in another currency; with an agreed rate the money is the same.

    `price` is per unit in the bill's currency; without a `rate` nothing can be compared.
    """
    other = "EUR" if scene.trade.currency != "EUR" else "USD"
    price, quantity = price or scene.order.article.price, quantity or scene.whole(20, 50, 100)
    ordered = price * (rate or D("1.08"))
    scene = scene.only_this().ordering(quantity, ordered).receiving(quantity)
    scene = scene.billing(quantity, price).invoice(currency=other).knowing(agreed_rate=rate)
    where = (Pointer("invoice", "currency"),)
    planted = fact_planted(
        scene, "CURRENCY_MISMATCH", f"{other} ≠ {scene.trade.currency}", state="claim",
        evidence=where,
    )  # fmt: skip
    return Bent(scene.trade, () if rate else (planted,), where)


def agreed_currency(scene: Scene) -> Bent:
    """Billed in another currency at the rate that was agreed."""
    return other_currency(scene, rate=D("1.08"))


def wrong_total(scene: Scene, *, off: D | None = None) -> Bent:
    """The printed total is not the sum of its parts."""
    off = off or scene.whole(9, 10, 90, 100)
    due = scene.bill.due_total
    scene = scene.invoice(stated_total=due + off)
    planted = money_planted(scene, "TOTAL_MISMATCH", due + off, due, evidence=(_TOTAL,))
    return Bent(scene.trade, (planted,), (Pointer("invoice", "sub_total"),))


def wrong_tax(scene: Scene, *, off: D | None = None) -> Bent:
    """The tax is not what base and rate ask for."""
    off = off or scene.whole(3, 6, 9)
    scene = scene.invoice(tax_rate=scene.bill.tax_rate or D(6))
    due = scene.bill.due_tax
    return _taxed(scene.invoice(stated_tax=due + off), due + off, due)


def tax_on_exempt(scene: Scene) -> Bent:
    """The buyer pays no tax and tax is billed."""
    scene = scene.knowing(exempt=True).invoice(tax_rate=scene.bill.tax_rate or D(6))
    return _taxed(scene, scene.bill.tax, D(0))


def _taxed(scene: Scene, seen: D, due: D) -> Bent:
    planted = money_planted(
        scene, "TAX_MISMATCH", seen, due, evidence=(Pointer("invoice", "total_tax"),)
    )
    return Bent(scene.trade, (planted,))


def tax_by_line(
    scene: Scene, *, count: int = 3, price: D | None = None, rate: D | None = None
) -> Bent:
    """The tax is rounded line by line and a cent off the tax on the total."""
    price, rate = price or D("1.15"), rate or D(10)
    scene = scene.only_this().invoice(tax_rate=rate, tax_by_line=True)
    for place in range(count):
        if place:
            scene = scene.beside(D(1), price, scene.unordered())
        scene = scene.ordering(D(1), price).receiving(D(1)).billing(D(1), price)
    return Bent(scene.trade, (), (Pointer("invoice", "total_tax"),))


def tax_in_prices(
    scene: Scene, *, price: D | None = None, quantity: D | None = None, rate: D | None = None
) -> Bent:
    """The printed prices hold the tax: the rows sum to the total although there is tax."""
    rate, trade = rate or D(20), scene.trade
    for line in trade.lines:
        units = quantity if quantity and line.number == scene.number else line.quantity
        net = price if price and line.number == scene.number else line.price
        at = scene._replace(trade=trade, number=line.number)
        at = at.ordering(units, net, line.unit).receiving(units)
        trade = at.billing(units, net * (1 + rate / 100)).trade
    scene = scene._replace(trade=trade).invoice(includes_tax=True, tax_rate=rate)
    return Bent(scene.trade, (), (Pointer("invoice", "total_tax"), _TOTAL))


def _misprinted(number: str) -> str:
    """The number with a letter for a digit or the like, where it has letters; else with a zero."""
    places = [at for at, char in enumerate(number) if char in "OIS015"]
    if not any(char.isalpha() for char in number) or not places:
        return f"0{number}"
    at = places[-1]
    return number[:at] + number[at].translate(_LOOKALIKES) + number[at + 1 :]


def resent(scene: Scene) -> Bent:
    """The invoice comes again, its number a little different."""
    again = _misprinted(scene.bill.number)
    copy = replace(
        scene.bill, key="invoice_2", number=again, day=scene.bill.day + timedelta(days=3)
    )
    scene = scene.knowing(bills=(*scene.trade.bills, copy))
    planted = money_planted(
        scene, "DUPLICATE_INVOICE", copy.total, D(0), document="invoice_2",
        evidence=(
            Pointer("invoice_2", "document_id"), Pointer("invoice_2", "invoice_total"),
            Pointer("invoice", "document_id"), _TOTAL,
        ),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def partial_shipments(scene: Scene, *, each: D | None = None, price: D | None = None) -> Bent:
    """Two equal shipments with an invoice each: no copies."""
    each, price = each or scene.whole(20, 50), price or scene.order.article.price
    scene = scene.only_this().ordering(each * 2, price).receiving(each, each)
    scene = scene.billing(each, price)
    second = _second_bill(scene, scene.bill)
    scene = scene.knowing(bills=(*scene.trade.bills, second))
    ids = (Pointer("invoice", "document_id"), Pointer("invoice_2", "document_id"))
    return Bent(scene.trade, (), ids)


def _second_bill(scene: Scene, bill: Bill) -> Bill:
    number = catalogues.number(scene.rng)
    return replace(bill, key="invoice_2", number=number, day=bill.day + timedelta(days=9))


def _of_two_rows(scene: Scene) -> Scene:
    """With an invoice of at least two rows."""
    if len(scene.bill.lines) > 1:
        return scene
    article = scene.unordered()
    other = scene.beside(D(20), article.price, article).receiving(D(20))
    return other.billing(D(20), article.price).at(scene.number)


def two_in_one_file(scene: Scene) -> Bent:
    """Two invoices over the rows of one order, scanned into one file."""
    scene = _of_two_rows(scene)
    lines = scene.bill.lines
    half = max(len(lines) // 2, 1)
    second = _second_bill(scene, replace(scene.bill, lines=lines[half:]))
    scene = scene.invoice(lines=lines[:half])
    scene = scene.knowing(bills=(*scene.trade.bills, second), bundle="one_file")
    return Bent(scene.trade)


def one_in_two_files(scene: Scene, **amounts: D) -> Bent:
    """One invoice of two pages, each in a file of its own."""
    bent = carried_forward(scene, **amounts)
    return Bent(replace(bent.trade, bundle="two_files"), (), bent.shows)


def carried_forward(scene: Scene, *, first: D | None = None, second: D | None = None) -> Bent:
    """Two pages, the sum of the first carried forward to the second."""
    if first and second:
        scene = scene.only_this().ordering(D(1), first).receiving(D(1)).billing(D(1), first)
        other = scene.beside(D(1), second, scene.unordered())
        scene = other.receiving(D(1)).billing(D(1), second)
    scene = _of_two_rows(scene)
    scene = scene.invoice(split_after=len(scene.bill.lines) // 2)
    rows = tuple(Pointer("invoice", "amount", line.key) for line in scene.bill.lines)
    return Bent(scene.trade, (), (Pointer("invoice", "carried_forward"), *rows))


def merged_rows(scene: Scene, *, first: D | None = None, second: D | None = None) -> Bent:
    """The amounts of two rows run into one another; a person has to look."""
    first, second = first or scene.whole(3960, 1250), second or scene.whole(704, 318)
    scene = scene.ordering(D(1), first).receiving(D(1))
    line = bill_line(scene.order, D(1), first)
    scene = scene.billing_lines(replace(line, glued=True))
    other = scene.beside(D(1), second, scene.unordered()).receiving(D(1))
    below = bill_line(other.order, D(1), second)

    def change(bill: Bill) -> Bill:
        at = [one.key for one in bill.lines].index(line.key) + 1
        return replace(bill, lines=(*bill.lines[:at], below, *bill.lines[at:]))

    trade = other.trade.changing_bill(change)
    trade = replace(trade, illegible=trade.illegible | {scene.number, other.number})
    return Bent(trade, (), (Pointer("invoice", "amount", scene.number),))


def struck_by_hand(
    scene: Scene, *, printed: D | None = None, right: D | None = None, price: D | None = None
) -> Bent:
    """A printed quantity is struck out and another one written beside it."""
    price, printed = price or scene.order.article.price, printed or scene.whole(48, 60)
    right = right or printed - scene.whole(1, 2, 3)
    scene = scene.ordering(printed, price).receiving(right)
    line = bill_line(scene.order, right, price)
    scene = scene.billing_lines(replace(line, struck=printed))
    scene = scene.knowing(illegible=scene.trade.illegible | {scene.number})
    where = Pointer("invoice", "quantity", scene.number)
    return Bent(scene.trade, (), (where, Pointer("invoice", "struck_quantity", scene.number)))


def price_absent(scene: Scene) -> Bent:
    """No price is printed, only quantity and amount."""
    price, quantity = scene.order.article.price, scene.whole(12, 40)
    scene = scene.ordering(quantity, price).receiving(quantity)
    line = bill_line(scene.order, quantity, price)
    scene = scene.billing_lines(replace(line, blank=frozenset({"unit_price"})))
    return Bent(scene.trade, (), _cells(scene, "quantity", "amount"))


def service_row(scene: Scene, *, amount: D | None = None) -> Bent:
    """A service with an amount and no quantity."""
    amount = amount or scene.whole(120, 350, 850)
    words = {"en": "Installation on site", "de": "Montage vor Ort", "fr": "Installation sur site"}
    article = Article(
        catalogues.code(scene.rng), "", "", words[scene.trade.vendor.style.language], D(1), amount
    )
    scene = scene.ordering(D(1), amount, "LS", article=article, packs={}, waits=False).receiving()
    line = bill_line(scene.order, D(1), amount)
    blank = frozenset({"quantity", "unit", "unit_price"})
    scene = scene.billing_lines(replace(line, blank=blank))
    return Bent(scene.trade, (), _cells(scene, "amount"))


def _cells(scene: Scene, *fields: str) -> tuple[Pointer, ...]:
    return tuple(Pointer("invoice", name, scene.number) for name in fields)


def decimal_point_in_commas(
    scene: Scene, *, quantity: D | None = None, price: D | None = None
) -> Bent:
    """A "1.000" on a page of decimal commas: the row's arithmetic says that it is one."""
    price, quantity = price or scene.whole(250, 375, 420) / 100, quantity or D(1)
    vendor = scene.trade.vendor
    style = replace(vendor.style, point=",", group=".", indian=False, quantity_places=0)
    scene = scene.knowing(vendor=replace(vendor, style=style))
    scene = scene.ordering(quantity, price, "KG", packs={}).receiving(quantity)
    line = bill_line(scene.order, quantity, price)
    text = format(quantity.quantize(D("0.001")), "f")
    scene = scene.billing_lines(replace(line, printed_quantity=text))
    return Bent(scene.trade, (), _cells(scene, "quantity", "unit_price", "amount"))


def noisy_code(scene: Scene) -> Bent:
    """The article's numbers are printed with leading zeros."""
    price, quantity = scene.order.article.price, scene.whole(12, 40)
    scene = scene.ordering(quantity, price).receiving(quantity)
    line = bill_line(scene.order, quantity, price)
    article = line.article
    scene = scene.billing_lines(
        replace(line, code=f"000{article.code}", gtin=article.gtin.zfill(14))
    )
    return Bent(scene.trade, (), _cells(scene, "product_code"))


def till_receipt(scene: Scene) -> Bent:
    """Bought over the counter: the bill is a till receipt."""
    price, quantity = cents(scene.order.article.price), scene.whole(1, 2)
    scene = scene.only_this().ordering(quantity, price).receiving(quantity)
    scene = scene.billing(quantity, price).invoice(kind="receipt")
    scene = scene.knowing(papers=frozenset({"goods_receipt"}), demanded=frozenset())
    return Bent(scene.trade)
