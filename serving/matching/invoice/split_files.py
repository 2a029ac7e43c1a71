"""One invoice that came as several documents: its pages scanned into files of their own.

Parts are joined where their lines together sum to a total that is printed on one of them, and only
then: two documents that merely share a number may be two versions of an invoice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from data.records import ExtractedDocument
from serving.matching.findings.records import Evidence, Finding
from serving.matching.invoice.sums import amount_name, is_balanced
from serving.matching.pairing.article_names import normalise_code

_Value = TypeVar("_Value")
_TOTALS = ("sub_total", "invoice_total", "total_tax", "amount_due")


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice or credit memo as a whole, and the documents it came in: itself as a rule.

    `document` has the lines of all `parts` in order and the id of the first.
    """

    document: ExtractedDocument
    parts: tuple[ExtractedDocument, ...]

    def split(self, document: ExtractedDocument) -> list[ExtractedDocument]:
        """Return the parts with the lines of `document`, which is this bill's with changed lines.

        Every part has the whole header: it holds for all of them.
        """
        documents, first = [], 0
        for part in self.parts:
            last = first + len(part.line_items)
            lines = document.line_items[first:last]
            documents.append(replace(part, fields=document.fields, line_items=lines))
            first = last
        return documents

    def by_part(self, value: _Value) -> dict[str, _Value]:
        """Return the value by each document that the bill came in."""
        return {part.document_id: value for part in self.parts}

    def place_evidence(self, finding: Finding) -> Finding:
        """Return the finding on the whole bill, each place under the document that it is in."""
        if len(self.parts) == 1:
            return finding
        owners = self._line_owners()
        evidence = tuple(self._place(place, owners) for place in finding.evidence)
        return replace(finding, evidence=evidence)

    def _place(self, place: Evidence, owners: Mapping[str, str]) -> Evidence:
        if place.document_id != self.document.document_id:
            return place
        having = (part.document_id for part in self.parts if place.field in part.fields)
        owner = owners.get(place.field) or next(having, self.parts[0].document_id)
        return replace(place, document_id=owner)

    def _line_owners(self) -> dict[str, str]:
        """Return the part with each line amount, by the amount's name among header cells."""
        lines = [part.document_id for part in self.parts for _ in part.line_items]
        return {amount_name(number): owner for number, owner in enumerate(lines, start=1)}


def number_of(document: ExtractedDocument) -> str | None:
    """Return the normalised number of an invoice, None where none was read."""
    leaf = document.fields.get("invoice_id")
    return normalise_code(leaf.text) if leaf is not None and leaf.text else None


def join_documents(parts: Sequence[ExtractedDocument]) -> Bill:
    """Return the parts as one bill: fields of the first that has them, lines in order."""
    first = parts[0]
    fields = {name: leaf for part in reversed(parts) for name, leaf in part.fields.items()}
    document = replace(
        first,
        fields=fields,
        line_items=tuple(item for part in parts for item in part.line_items),
        problems=tuple(problem for part in parts for problem in part.problems),
    )
    return Bill(document, tuple(parts))


def join_parts(documents: Sequence[ExtractedDocument]) -> list[Bill]:
    """Return the bills among invoices and credit memos, in the order of their first parts."""
    bills: list[Bill] = []
    for document in documents:
        place = next((n for n, bill in enumerate(bills) if _is_rest_of(document, bill)), None)
        if place is None:
            bills.append(join_documents([document]))
        else:
            bills[place] = join_documents([*bills[place].parts, document])
    return bills


def _is_rest_of(document: ExtractedDocument, bill: Bill) -> bool:
    """Return whether the document is the rest of the bill, as the sums prove.

    It has the bill's number, or none while the bill has no totals yet.
    """
    before = bill.document
    if document.document_type.value != before.document_type.value:
        return False
    number, known = number_of(document), number_of(before)
    unfinished = not any(before.fields.get(name) for name in _TOTALS)
    continued = number is None and known is not None and unfinished
    if not continued and (number is None or number != known):
        return False
    joined = join_documents([*bill.parts, document]).document
    return is_balanced(joined) and not is_balanced(before) and not is_balanced(document)
