"""The answers of a message to the vendor: what becomes of short payments that he disputes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from data.records import ExtractedDocument
from serving.matching.evidence.delivery_papers import BACKUP_TYPES, Rank, rank_of
from serving.matching.evidence.short_payments import Settlement
from serving.matching.ledger.deductions import Reason, reason_of
from serving.verdict.vendor_message_keys import UNTOLD_CODES, WANTED_KINDS
from serving.verdict.vendor_message_papers import PaperNames, kind_of
from serving.verdict.vendor_message_words import one_line

_DECIDED = frozenset({"repay", "partly_repay", "uphold"})
# The finding whose words say why a deduction for this reason stands.
_CODE_OF_REASON: Mapping[Reason, str] = {
    "price": "PRICE_OVER",
    "freight": "FREIGHT_VARIANCE",
    "damage": "REJECTED_BILLED",
    "return": "RETURN_NOT_CREDITED",
    "duplicate": "DUPLICATE_INVOICE",
    "item": "ITEM_NOT_ORDERED",
    "tax": "TAX_MISMATCH",
    "sum": "TOTAL_MISMATCH",
    "advance": "PREPAYMENT_NOT_DEDUCTED",
}


def wanted_kind(kind: str) -> str:
    """Return the kind of paper to ask for, "other" where a message has no word for it."""
    return kind if kind in WANTED_KINDS else "other"


@dataclass(frozen=True, slots=True)
class AnswerTexts:
    """Answers to disputed short payments, in one language."""

    papers: PaperNames

    def paragraphs(self, settlements: Sequence[Settlement]) -> list[str]:
        """Return a paragraph for each settlement that is decided; the others stay in the house."""
        places = Counter(map(_place, settlements))
        return [
            "\n".join(filter(None, self._rows(settlement, places[_place(settlement)] == 1)))
            for settlement in settlements
            if settlement.decision != "needs_analyst"
        ]

    def _rows(self, settlement: Settlement, is_alone: bool) -> list[str]:
        words, claim = self.papers.words, settlement.claim
        heading = words.text(
            "answer_heading",
            claim=claim.claim_id,
            invoice=claim.invoice_id,
            article=one_line(settlement.description),
        )
        rows = [heading, self._held(settlement)]
        if settlement.decision == "ask_for_evidence":
            return [*rows, *self._request(settlement)]
        if settlement.parts:
            rows += [self._part(part) for part in settlement.parts]
        else:
            rows.append(self._proof(settlement, is_alone) or self._ground(settlement, is_alone))
        return [*rows, *self._outcome(settlement, is_alone)]

    def _part(self, part: Settlement) -> str:
        """Return the outcome on one of several lines of a deduction."""
        why = self._proof(part, is_alone=True) or self._ground(part, is_alone=True)
        rows = [why, *self._outcome(part, is_alone=True)]
        words = self.papers.words
        text = words.text("place", text=words.sentences(rows), article=one_line(part.description))
        return f"- {text}"

    def _ground(self, settlement: Settlement, is_alone: bool) -> str:
        """Return why a deduction stands or does not, that no delivery paper decides."""
        words, reason = self.papers.words, reason_of(settlement.claim.kind)
        if settlement.decision == "repay" and not is_alone and not settlement.evidence:
            return words.text("agreed.twice")
        if settlement.supported is not None or settlement.decision not in _DECIDED:
            return ""
        if settlement.decision == "repay":
            key = f"agreed.{reason}"
            return words.text(key if key in words.template.texts else "agreed.other")
        code = _CODE_OF_REASON.get(reason)
        # The plainest words of a finding: nothing but its kind is known here.
        codes = settlement.codes or (() if code is None else (code,))
        keys = [f"claims.{code}" for code in codes if code not in UNTOLD_CODES]
        known = [key if key in words.template.texts else "claims.other" for key in keys]
        return words.sentences([words.text(key) for key in dict.fromkeys(known)])

    def _held(self, settlement: Settlement) -> str:
        """Return what was billed, paid and held back, as far as it adds up."""
        words, unit, currency = self.papers.words, settlement.unit, settlement.currency
        billed, paid, claimed = settlement.billed, settlement.paid, settlement.claimed
        price, stated = settlement.price, settlement.claim.amount
        worth = claimed * price if claimed is not None and price is not None else None
        money = words.money(
            abs(stated) if worth is None and stated is not None else worth, currency
        )
        if (
            billed is not None
            and paid is not None
            and claimed is not None
            and (paid >= 0 and billed == paid + claimed)
        ):
            return words.text(
                "answer_units",
                billed=words.quantity(billed, unit),
                paid=words.number(paid),
                claimed=words.number(claimed),
                money=money,
            )
        return words.text("answer_held", units=words.quantity(claimed, unit), money=money)

    def _request(self, settlement: Settlement) -> list[str]:
        words, data = self.papers.words, self.papers.data
        missing = [wanted_kind(kind) for kind in settlement.missing] or ["other"]
        names = words.either([words.text(f"wanted.{kind}") for kind in dict.fromkeys(missing)])
        is_required = bool(set(settlement.missing) & set(data.order.required_documents))
        terms = data.order.freight_terms.split("_")[0]
        rule = words.text("rule.required", papers=names) if is_required else None
        key = "ask.bill_of_lading" if "bill_of_lading" in missing else "ask.proof_of_delivery"
        in_hand = self._in_hand(settlement)
        others = self.papers.of_other_orders()
        if not in_hand and not others:
            in_hand = words.text("nothing_in_hand")
        return [
            words.sentences([in_hand, *others]),
            rule or words.text(f"rule.{terms}"),
            words.text(key, papers=names),
        ]

    def _in_hand(self, settlement: Settlement) -> str:
        """Return the papers in hand with what each lacks as a proof."""
        words = self.papers.words
        papers = [
            words.text(self.papers.weakness(document), paper=cited)
            for document in self._delivery_papers(settlement)
            for cited in self._cite(settlement, document)
        ]
        return words.text("in_hand", papers=words.comma(papers)) if papers else ""

    def _delivery_papers(self, settlement: Settlement) -> list[ExtractedDocument]:
        names = dict.fromkeys(place.document_id for place in settlement.evidence)
        known = self.papers.documents
        cited = [known[name] for name in names if name in known]
        return [document for document in cited if kind_of(document) in BACKUP_TYPES]

    def _cite(self, settlement: Settlement, document: ExtractedDocument) -> list[str]:
        name = document.document_id
        return self.papers.cite(
            [place for place in settlement.evidence if place.document_id == name]
        )

    def _proof(self, settlement: Settlement, is_alone: bool) -> str:
        """Return the sentence on the paper, or the receipts, that settle it; "" for none."""
        words = self.papers.words
        papers = self._delivery_papers(settlement)
        if not papers:
            receipts = list(dict.fromkeys(place.document_id for place in settlement.evidence))
            ours = [name for name in receipts if name not in self.papers.documents]
            if len(ours) != len(receipts) or not ours or settlement.supported is None:
                return ""
            day = words.day(settlement.claim.claimed_at)
            return words.text("proof.receipts", receipts=words.both(ours), date=day)
        ranks = {rank_of(document) for document in papers}
        key = "proof.receiver" if ranks == {Rank.RECEIVER_SIGNED} else "proof.carrier"
        if not ranks <= {Rank.RECEIVER_SIGNED, Rank.CARRIER_SIGNED}:
            return ""
        cited = [name for document in papers for name in self._cite(settlement, document)]
        remarks = [remark for document in papers for remark in self._remarks(document, settlement)]
        return words.sentences(
            [
                words.text(
                    key,
                    paper=words.both(cited),
                    remarks=words.both(remarks),
                    delivered=words.quantity(_delivered(settlement, is_alone), settlement.unit),
                )
            ]
        )

    def _remarks(self, document: ExtractedDocument, settlement: Settlement) -> list[str]:
        """Return what was noted on delivery, of the exceptions that the settlement rests on."""
        words = self.papers.words
        cited = {
            (place.field.removeprefix("exception "), place.raw_text)
            for place in settlement.evidence
            if place.document_id == document.document_id
        }
        return [
            words.text(
                f"remarks.{exception.kind}",
                quantity=words.quantity(
                    exception.quantity.decimal,
                    exception.unit.text if exception.unit is not None else settlement.unit,
                ),
            )
            for exception in document.exceptions
            if exception.quantity.decimal is not None
            and (exception.kind, exception.quantity.raw_text or exception.quantity.text) in cited
        ]

    def _outcome(self, settlement: Settlement, is_alone: bool) -> list[str]:
        """Return what is paid after all and what stands."""
        words, unit, currency = self.papers.words, settlement.unit, settlement.currency
        supported, claimed, price = settlement.supported, settlement.claimed, settlement.price
        rows: list[str] = []
        if is_alone and supported is not None and self._delivery_papers(settlement):
            if settlement.decision == "repay":
                units = words.quantity(claimed, unit)
                rows.append(words.text("outcome.repay", units=units) if units else "")
            if settlement.decision == "uphold" and settlement.paid is not None:
                units = words.quantity(settlement.paid, unit)
                rows.append(words.text("outcome.uphold", units=units))
        if settlement.repay:
            # The product is told only where it is the money that is repaid.
            is_product = supported is not None and price is not None
            is_product = is_product and (supported or 0) * (price or 0) == settlement.repay
            rows.append(
                words.text(
                    "repay",
                    units=words.number(supported or Fraction(0)) if is_product else None,
                    price=words.price(price, None) if is_product else None,
                    money=words.money(settlement.repay, currency),
                )
            )
        if settlement.stands:
            rest = None
            if claimed is not None and supported is not None and claimed > supported:
                rest = words.quantity(claimed - supported, unit)
            key = "stands_rest" if settlement.repay else "stands"
            money = words.money(settlement.stands, currency)
            rows.append(words.text(key, units=rest, money=money))
        return rows


def _place(settlement: Settlement) -> tuple[str, str | None]:
    return settlement.claim.invoice_id, settlement.claim.line


def _delivered(settlement: Settlement, is_alone: bool) -> Fraction | None:
    """Return the units delivered where the settlement tells them exactly.

    Those supported lie between none and all that are claimed: only between the two they are the
    units delivered beyond those paid. Several claims on a line share its deliveries.
    """
    supported, paid = settlement.supported, settlement.paid
    if not is_alone or settlement.decision != "partly_repay" or supported is None or paid is None:
        return None
    return paid + supported
