"""Factur-X invoices made by the tests: XML, and one-page PDFs that embed it."""

import zlib
from pathlib import Path

LINE = """
<ram:IncludedSupplyChainTradeLineItem>
 <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID>{status}</ram:AssociatedDocumentLineDocument>
 <ram:SpecifiedTradeProduct>
  <ram:GlobalID schemeID="0160">4012345001235</ram:GlobalID>
  <ram:SellerAssignedID>TB100A4</ram:SellerAssignedID>
  <ram:BuyerAssignedID>K-77</ram:BuyerAssignedID>
  <ram:Name>Copy
   paper</ram:Name><ram:Description>A4, white</ram:Description>
 </ram:SpecifiedTradeProduct>
 <ram:SpecifiedLineTradeAgreement>
  <ram:BuyerOrderReferencedDocument><ram:LineID>10</ram:LineID></ram:BuyerOrderReferencedDocument>
  <ram:GrossPriceProductTradePrice><ram:ChargeAmount>5.00</ram:ChargeAmount>
   <ram:BasisQuantity unitCode="H87">100</ram:BasisQuantity></ram:GrossPriceProductTradePrice>
  <ram:NetPriceProductTradePrice><ram:ChargeAmount>4.50</ram:ChargeAmount>
   <ram:BasisQuantity unitCode="H87">100</ram:BasisQuantity></ram:NetPriceProductTradePrice>
 </ram:SpecifiedLineTradeAgreement>
 <ram:SpecifiedLineTradeDelivery>{quantity}</ram:SpecifiedLineTradeDelivery>
 <ram:SpecifiedLineTradeSettlement>
  <ram:ApplicableTradeTax><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
  <ram:SpecifiedTradeSettlementLineMonetarySummation>
   <ram:LineTotalAmount>{amount}</ram:LineTotalAmount>
  </ram:SpecifiedTradeSettlementLineMonetarySummation>
 </ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>"""

INVOICE = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:{root} xmlns:rsm="urn:rsm" xmlns:ram="urn:ram" xmlns:udt="urn:udt">
<rsm:ExchangedDocumentContext/>
<rsm:ExchangedDocument><ram:ID>R-17</ram:ID><ram:TypeCode>{code}</ram:TypeCode>
 <ram:IssueDateTime>
  <udt:DateTimeString format="102">{issued}</udt:DateTimeString>
 </ram:IssueDateTime>
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{lines}
 <ram:ApplicableHeaderTradeAgreement>
  <ram:SellerTradeParty><ram:ID>549</ram:ID><ram:Name>Papier GmbH</ram:Name></ram:SellerTradeParty>
  <ram:BuyerTradeParty><ram:Name>Kunde AG</ram:Name></ram:BuyerTradeParty>
  <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-4</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
 </ram:ApplicableHeaderTradeAgreement>
 <ram:ApplicableHeaderTradeDelivery/>
 <ram:ApplicableHeaderTradeSettlement>
  <ram:TaxCurrencyCode>CHF</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
  <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
   <ram:LineTotalAmount>1130.00</ram:LineTotalAmount>
   <ram:AllowanceTotalAmount>30.00</ram:AllowanceTotalAmount>
   <ram:TaxBasisTotalAmount>1100</ram:TaxBasisTotalAmount>
   <ram:TaxTotalAmount currencyID="EUR">209.00</ram:TaxTotalAmount>
   <ram:TaxTotalAmount currencyID="CHF">215.00</ram:TaxTotalAmount>
   <ram:GrandTotalAmount>1309.00</ram:GrandTotalAmount>
  </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
 </ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:{root}>"""

BILLED = '<ram:BilledQuantity unitCode="H87">25000</ram:BilledQuantity>'


def line(amount: str = "1125.00", quantity: str = BILLED, status: str = "") -> str:
    return LINE.format(amount=amount, quantity=quantity, status=status)


def invoice(
    *lines: str, code: str = "380", issued: str = "20240305", root: str = "CrossIndustryInvoice"
) -> str:
    return INVOICE.format(lines="".join(lines or (line(),)), code=code, issued=issued, root=root)


PRINTED = (
    "Papier GmbH",
    "Rechnung R-17 vom 05.03.2024",
    "1 Copy paper 25.000 Stk 4,50/100 1.125,00",
    "abzgl. Rabatt 30,00",
    "Summe EUR 1.100,00",
    "Gesamt 1.309,00",
)


def pdf(
    path: Path,
    xml: str | bytes | None,
    name: str = "factur-x.xml",
    lines: tuple[str, ...] = PRINTED,
) -> Path:
    """A page of Helvetica with an embedded file, written object by object."""
    said = b"".join(
        f"BT /F1 12 Tf 50 {780 - 20 * row} Td ({text}) Tj ET\n".encode("latin-1")
        for row, text in enumerate(lines)
    )
    content = xml.encode() if isinstance(xml, str) else xml
    names = b"/Names [(x) 6 0 R]" if content is not None else b"/Names []"
    packed = zlib.compress(content or b"")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << " + names + b" >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(said), said),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Filespec /F (%s) /UF (%s) /EF << /F 7 0 R >> >>" % ((name.encode(),) * 2),
        b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out)
    return path
