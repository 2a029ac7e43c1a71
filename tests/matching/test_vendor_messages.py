"""Messages to vendors: whole ones in ten languages, and what none of them may contain."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import parse_decimal

from data.exchange.order_files import parse_order_data
from data.order_records import OrderData
from data.records import ExtractedDocument, Field
from data.synthesis.stories.dispute import clean_words, make_dispute
from data.synthesis.stories.files import truth_json
from data.synthesis.stories.incidents.by_name import INCIDENTS
from data.synthesis.stories.order_data import dispute_json
from data.synthesis.stories.perfect_readings import readings_json
from serving.matching.findings.codes import STANDARD_CODES
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from serving.verdict.records import Verdict
from serving.verdict.vendor_message import write_message
from serving.verdict.vendor_message_keys import UNTOLD_CODES
from serving.verdict.vendor_message_templates import shipped_templates
from serving.wire.document_json import documents_from_json
from tests.support.small_disputes import got, order, paper, po, row

D = Decimal
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh")
WHOLE = Path(__file__).parent / "vendor_messages"
Dispute = tuple[list[ExtractedDocument], OrderData]
SOAP = {"description": "Soap"}
HELD = {
    "claim_id": "C1", "kind": "short_payment", "invoice_id": "RE-77", "line": "1",
    "quantity": "48", "amount": "72.00",
}  # fmt: skip


def short() -> Dispute:
    """One line, billed beyond its receipt."""
    data = order(po("40", "6.72", **SOAP), receipts=[got("33")])
    return [paper(row("40", "6.72", **SOAP), invoice_id="INV-1")], data


def long() -> Dispute:
    """Many kinds of claims at once, one of them without money; thousands, and one piece."""
    names = ({"description": name} for name in ("Soap", "Motor oil", "Pump", "Umbrella stand"))
    soap, oil, pump, stand = names
    data = order(
        po("1240", "6.72", **soap), po("60", "9.69", **oil), po("5", "100.00", **pump),
        receipts=[got("33"), got("60", "2"), got("5", "3", quantity_rejected="1")],
        head={"payment_terms": "30 days net"},
    )  # fmt: skip
    bill = paper(
        row("1240", "6.72", **soap), row("60", "10.76", "A-2", **oil),
        row("5", "100.00", "A-3", **pump), row("2", "10.00", "X-9", **stand),
        invoice_id="INV-1", payment_terms="10 days net",
    )  # fmt: skip
    return [bill], data


def credit_memo() -> Dispute:
    """Ten went back at 10.00; the credit memo is for eight."""
    data = order(
        po("100", "10.00", description="Lamp"), receipts=[got("100", quantity_returned="10")],
        billed=[{"invoice_id": "I", "po_line_number": "1", "quantity": 100, "amount": "1000.00"}],
    )  # fmt: skip
    memo = paper(
        row("8", "10.00", description="Lamp"), kind="credit_memo", invoice_id="CM-5",
        original_invoice_id="I",
    )  # fmt: skip
    return [memo], data


def several_orders() -> Dispute:
    """One invoice over two orders, each short on its line 1."""
    lines = {"PO-1": ("A-1", "Soap", "10.00"), "PO-2": ("B-1", "Lamp", "20.00")}
    orders, receipts, rows = [], [], []
    for number, (code, name, price) in lines.items():
        article = {"product_code": code, "description": name}
        line = {"po_line_number": "1", "quantity_ordered": "5", "unit_code": "EA", **article}
        orders.append(
            {"po_number": number, "currency": "EUR", "lines": [line | {"unit_price": price}]}
        )
        receipts.append({"receipt_id": f"R-{number}", "lines": [got("4", po_number=number)]})
        rows.append(row("5", price, code, description=name, po_number=number))
    bill = paper(*rows, purchase_order="PO-1", invoice_id="INV-12", currency="EUR")
    return [bill], parse_order_data({"orders": orders, "receipts": receipts})


def proof(quantity: str, signed: bool, *exceptions: dict[str, str]) -> ExtractedDocument:
    fields = {"proof_of_delivery_id": "POD-881", "purchase_order": "4711"}
    (document,) = documents_from_json(
        {
            "id": "pod",
            "document_type": "proof_of_delivery",
            "fields": fields | ({"receiver_signature": "present"} if signed else {}),
            "line_items": [{"product_code": "A-1", "quantity": quantity, "unit": "CS"}],
            "exceptions": list(exceptions),
        }
    )
    return document


def disputed(*papers: ExtractedDocument) -> Dispute:
    data = order(
        po("480", "1.50", pack_factors={"CS": "24"}, **SOAP), receipts=[got("432")],
        head={"freight_terms": "prepaid"}, claims=[HELD],
    )  # fmt: skip
    return [paper(row("480", "1.50"), invoice_id="RE-77"), *papers], data


def partly_repaid() -> Dispute:
    """One carton of the two that were held back came."""
    return disputed(proof("20", True, {"kind": "short", "quantity": "1", "unit": "CS"}))


def proof_asked_for() -> Dispute:
    """The proof of delivery is signed by nobody."""
    return disputed(proof("20", False))


def nothing_to_claim() -> Dispute:
    data = order(po("40", "6.72"), receipts=[got("40")])
    return [paper(row("40", "6.72"), invoice_id="INV-1")], data


CASES = {
    make.__name__: make
    for make in (
        *(short, long, credit_memo, several_orders),
        *(partly_repaid, proof_asked_for, nothing_to_claim),
    )
}


def written(dispute: Dispute, language: str) -> tuple[str, Verdict]:
    documents, data = dispute
    verdict = examine(documents, replace(data, language=language))
    return verdict.message, verdict


def whole_messages(language: str) -> str:
    """All cases in one language, each under its name, as the files here have them."""
    parts = (f"## {name}\n\n{written(make(), language)[0]}" for name, make in CASES.items())
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole_messages(language: str) -> None:
    assert whole_messages(language) == (WHOLE / f"{language}.txt").read_text(encoding="utf-8")


def story(name: str) -> Dispute:
    one = make_dispute(11, 0, name)
    readings = readings_json(truth_json(one, clean_words(one))["documents"])
    documents = list(documents_from_json(readings))
    return documents, parse_order_data(dispute_json(one.story.trade))


def amounts_in(text: str, language: str, currency: str) -> list[Decimal]:
    """Every amount of the currency in a text, as its language writes numbers."""
    locale = shipped_templates()[language].locale
    numbers = re.findall(rf"([0-9][0-9.,\u00a0\u202f]*) {currency}", text)
    return [D(parse_decimal(number, locale)) for number in numbers]


def claimed_money(verdict: Verdict, currency: str) -> set[Decimal]:
    """Amounts, and prices of the lines, that a message may name in the currency."""
    cent = D(1).scaleb(0 if currency == "JPY" else -2)
    claims = [one for one in verdict.variances if one.state == "claim" and (one.amount or 0) > 0]
    money = [one.amount for one in claims]
    lines = {one.po_line_number for one in claims}
    for line in verdict.lines:
        if line.po_line_number in lines:
            money += [line.billed_price, line.ordered_price]
    for one in verdict.settlements:
        held = None if one.claimed is None or one.price is None else one.claimed * one.price
        parts = (one.repay, one.stands, held)
        money += [D(part.numerator) / D(part.denominator) for part in parts if part is not None]
        money.append(one.claim.amount)
    known = [number for number in money if number is not None]
    # Prices are written with up to six digits, money with those of its currency.
    return {number.quantize(step) for number in known for step in (cent, D("0.000001"))}


NAMES = [incident.name for incident in INCIDENTS]
DISPUTES = {**{name: make() for name, make in CASES.items()}}


def all_disputes() -> Iterator[tuple[str, Dispute]]:
    yield from DISPUTES.items()
    yield from ((name, story(name)) for name in NAMES)


def test_no_message_names_a_field_a_file_or_money_that_is_not_claimed() -> None:
    seen: dict[str, int] = dict.fromkeys(LANGUAGES, 0)
    for name, (documents, data) in all_disputes():
        examined = examine(documents, data)
        currency = data.order.currency or "USD"
        allowed = claimed_money(examined, currency)
        for language in LANGUAGES:
            wished = replace(data, language=language)
            message = write_message(examined, documents, wished, shipped_templates()).message
            seen[language] += bool(message)
            where = f"{name}, {language}: {message}"
            assert not re.search(r"[a-z]_[a-z]|\bNone\b|[{}]|\bNaN\b", message), where
            # Ids that are plain words may be words of the language as well.
            ids = [key for key in examined.papers if not key.isalpha()]
            assert not [key for key in ids if key in message], where
            for paragraph in message.split("\n\n"):
                head, *rows = paragraph.split("\n")
                if rows and rows[0].startswith("- "):
                    ends = [amounts_in(row, language, currency)[-1:] for row in rows]
                    total = sum((end[0] for end in ends if end), D(0))
                    assert amounts_in(head, language, currency) in ([], [total]), where
                    paragraph = "\n".join(rows)
                strange = set(amounts_in(paragraph, language, currency)) - allowed
                assert not strange, f"{strange} in {where}"
    assert len(set(seen.values())) == 1
    assert seen["en"] > 20


def test_every_claim_has_words_of_its_own_in_every_shipped_language() -> None:
    lacking = {"QTY_UNDER_BILLED", "OVER_DELIVERY", "PRICE_UNDER"}  # never claims on a vendor
    lacking |= {"PRICE_BASIS_SUSPECT", "UOM_UNRESOLVED", "TOTAL_OVER_ORDER"} | UNTOLD_CODES
    for language in LANGUAGES:
        texts = shipped_templates()[language].texts
        assert {code for code in STANDARD_CODES if f"claims.{code}" not in texts} == lacking


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ("1", "1 sztuka"), ("2", "2 sztuki"), ("4", "4 sztuki"), ("5", "5 sztuk"),
        ("12", "12 sztuk"), ("14", "14 sztuk"), ("22", "22 sztuki"), ("25", "25 sztuk"),
        ("101", "101 sztuk"), ("104", "104 sztuki"), ("112", "112 sztuk"), ("0.5", "0,5 sztuki"),
    ],
)  # fmt: skip
def test_polish_plurals(count: str, words: str) -> None:
    data = order(po("200", "6.72", **SOAP), receipts=[got(str(200 - D(count)))])
    message, _ = written(([paper(row("200", "6.72", **SOAP))], data), "pl")
    assert f"ponad ilość otrzymaną: {words} (" in message


@pytest.mark.parametrize(
    ("language", "head"),
    [
        ("fr", "1 unité"),
        ("de", "1 Einheit"),
        ("en", "1 unit"),
        ("ja", "1 単位"),
        ("es", "1 unidad"),
    ],
)
def test_one_without_a_unit_is_singular(language: str, head: str) -> None:
    bare = {"unit_code": None}
    data = order(po("5", "6.72", **bare), receipts=[got("4")])
    message, _ = written(([paper(row("5", "6.72", unit=None))], data), language)
    assert head in message


@pytest.mark.parametrize(
    ("currency", "price", "shown"),
    [("JPY", "671.6", "672 JPY"), ("KWD", "6.7125", "6.713 KWD"), ("USD", "6.715", "6.72 USD")],
)
def test_money_has_the_digits_of_its_currency(currency: str, price: str, shown: str) -> None:
    data = order(po("5", price), receipts=[got("4")], currency=currency)
    message, _ = written(([paper(row("5", price), currency=currency)], data), "en")
    assert f"We are paying {shown} less than billed" in message


def test_the_proof_of_another_order_is_named_with_its_order() -> None:
    stray = documents_from_json(
        {
            "id": "pod", "document_type": "proof_of_delivery",
            "fields": {"proof_of_delivery_id": "POD-881", "purchase_order": "9912"},
            "line_items": [{"product_code": "A-1", "quantity": "20", "unit": "CS"}],
        }
    )  # fmt: skip
    message, _ = written(disputed(*stray), "en")
    assert "The proof of delivery POD-881 that you sent is for order 9912." in message
    assert "We have no paper on this delivery." not in message


def test_no_paper_is_asked_for_that_is_no_longer_needed() -> None:
    """The freight is collect, so a bill of lading is wanted; a signed proof settles it as well."""
    documents, data = disputed(proof("20", True))
    data = replace(data, order=replace(data.order, freight_terms="collect"))
    message, verdict = written((documents, data), "en")
    assert "EVIDENCE_MISSING" in {one.code for one in verdict.variances}
    assert "We will pay" in message
    assert "still need" not in message


def test_a_claim_in_the_vendors_favour_is_not_told() -> None:
    data = order(po("5", "10.00"), receipts=[got("5")])
    message, verdict = written(([paper(row("5", "9.00"))], data), "en")
    assert [one.code for one in verdict.variances] == ["PRICE_UNDER"]
    assert message == ""


def deducted(*claims: dict[str, str], billed: str = "12.00") -> Dispute:
    data = order(
        po("100", "12.00", description="Kettle"), po("8", "30.00", description="Shelf"),
        receipts=[got("100"), got("8", "2")], claims=list(claims),
    )  # fmt: skip
    rows = row("100", billed, description="Kettle"), row("8", "30.00", "A-2", description="Shelf")
    return [paper(*rows, invoice_id="INV-9")], data


def claim(name: str, kind: str, **more: str) -> dict[str, str]:
    return {"claim_id": name, "kind": kind, "invoice_id": "INV-9", **more}


@pytest.mark.parametrize(
    ("kind", "billed", "says"),
    [
        ("price", "12.00", ["Order and invoice agree on the price.", "We will pay 50.00 USD."]),
        (
            "price", "12.20",
            ["The price billed is above the agreed price.", "We will pay 30.00 USD.",
             "The rest of the deduction, 20.00 USD, stands."],
        ),
        (
            "price", "12.50",
            ["The price billed is above the agreed price.",
             "The deduction of 50.00 USD stands."],
        ),
    ],
)  # fmt: skip
def test_deductions_of_other_kinds_are_answered_with_their_ground(
    kind: str, billed: str, says: list[str]
) -> None:
    dispute = deducted(claim("D-1", kind, line="1", amount="50.00"), billed=billed)
    message, _ = written(dispute, "en")
    heading = "Our deduction D-1 on invoice INV-9, Kettle:"
    assert message.split("\n\n")[1].split("\n") == [heading, "We held back 50.00 USD.", *says]


def test_a_repaid_deduction_is_not_answered_again() -> None:
    repaid = claim("D-1", "price", line="1", amount="50.00", status="repaid")
    assert written(deducted(repaid), "en")[0] == ""


def test_money_is_rounded_as_the_verdict_rounds_it() -> None:
    """7 × 6.719 = 47.033, which is 47.05 in coins of five centimes."""
    data = order(po("40", "6.719"), receipts=[got("33")], currency="CHF")
    policy = Policy(rounding={"CHF": D("0.05")})
    verdict = examine([paper(row("40", "6.719"), currency="CHF")], data, policy)
    assert verdict.totals.certain == {"CHF": D("47.05")}
    assert amounts_in(verdict.message, "en", "CHF") == [D("47.05")] * 2


def test_a_credit_memo_is_never_short_paid() -> None:
    verdict = examine(*credit_memo())
    assert verdict.recommendation == "Ask for a credit of 20.00 USD, all of it certain."
    assert "paying" not in verdict.message


def test_papers_of_every_kind_are_named_by_their_number() -> None:
    documents, data = short()
    memo = paper(
        row("1", "6.72"), kind="debit_memo", invoice_id="DM-1", original_invoice_id="INV-1"
    )
    verdict = examine([*documents, memo], data)
    assert verdict.papers["debit_memo"] == "debit memo DM-1"


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("PO-1", {"QTY_OVER_RECEIPT"}),
        ("PO-2", {"QTY_OVER_RECEIPT"}),
        ("PO-1, PO-2", {"QTY_OVER_RECEIPT"}),
        ("PO-1 / PO-2", {"QTY_OVER_RECEIPT"}),
        ("PO-1 PO-2", {"QTY_OVER_RECEIPT"}),
        ("PO-1, XY-9", {"PO_NOT_FOUND"}),
        ("XY-9", {"PO_NOT_FOUND"}),
    ],
)
def test_an_invoice_over_several_orders_may_print_all_their_numbers(
    printed: str, codes: set[str]
) -> None:
    (bill,), data = several_orders()
    fields = {**bill.fields, "purchase_order": Field(printed)}
    verdict = examine([replace(bill, fields=fields)], data)
    assert {one.code for one in verdict.variances} == codes
