"""Words printed on story documents: titles, labels and remarks, in the vendors' languages."""

from collections.abc import Mapping

from data.synthesis.commerce.wording import Labels


def labels(**texts: str) -> Labels:
    """Return labels by language; the labels of a language are separated by bars."""
    return {language: tuple(text.split("|")) for language, text in texts.items()}


TITLES: Mapping[str, Labels] = {
    "goods_receipt": labels(
        en="GOODS RECEIPT|Goods Received Note|GRN|Receiving Report|Material Receipt",
        de="Wareneingang|WARENEINGANGSSCHEIN|Wareneingangsbeleg",
        fr="Bon de réception|BON DE RÉCEPTION|Réception marchandises",
    ),
    "debit_memo": labels(
        en="DEBIT MEMO|Debit Memo|Chargeback Notice|Deduction Notice",
        de="Belastungsanzeige|LASTSCHRIFTANZEIGE|Belastung",
        fr="Note de débit|NOTE DE DÉBIT",
    ),
}
NUMBER: Labels = labels(
    en="No.|Number|Document No.|Ref.", de="Nr.|Nummer|Belegnummer", fr="N°|Numéro|N° pièce"
)
DATE: Labels = labels(en="Date|Dated", de="Datum|vom", fr="Date|Le")
ORDER: Labels = labels(
    en="PO Number|PO #|Purchase Order", de="Bestellung|Bestell-Nr.", fr="Commande|N° commande"
)
TERMS: Labels = labels(en="Terms", de="Zahlungsbedingung", fr="Conditions")
CURRENCY: Labels = labels(en="Currency", de="Währung", fr="Devise")
ORIGINAL: Labels = labels(
    en="Original Invoice|Ref. Invoice", de="Zu Rechnung Nr.|Bezug Rechnung", fr="Facture d'origine"
)
FREIGHT_TERMS: Labels = labels(
    en="Freight Terms|Freight Charges", de="Frachtvermerk|Fracht", fr="Port"
)
FREIGHT_TERM: Mapping[str, Labels] = {
    "collect": labels(en="COLLECT", de="unfrei", fr="port dû"),
    "prepaid": labels(en="PREPAID", de="frei", fr="port payé"),
}
CARRIER: Labels = labels(en="Carrier", de="Spediteur", fr="Transporteur")
CARRIERS = ("Norvia Freight", "Tal Express", "Ostro Lines", "Kemba Cargo", "Velo Transport")
RECEIPT: Labels = labels(en="Goods Receipt", de="Wareneingang", fr="Réception")
SHIPMENT: Labels = labels(en="Shipment|Shipment No.", de="Sendung", fr="Expédition")
COMPLETE: Labels = labels(
    en="Final delivery, order complete.",
    de="Restlieferung, Auftrag erledigt.",
    fr="Solde de commande.",
)
LOAD_AND_COUNT: Labels = labels(
    en="SHIPPER LOAD AND COUNT",
    de="Vom Absender geladen und gezählt",
    fr="Chargé et compté par l'expéditeur",
)
RECEIVED_BY: Labels = labels(
    en="Received by:|Received in good order:", de="Empfangen von:|Erhalten:", fr="Reçu par :"
)
DRIVER: Labels = labels(
    en="Driver signature:", de="Unterschrift Fahrer:", fr="Signature chauffeur :"
)
SIGNERS = ("R. Dallow", "M. Ferrin", "K. Osten", "J. Palme", "T. Quist", "A. Brecht", "L. Morel")
CARTONS: Labels = labels(en="ctn|cartons|cs", de="Ktn|Kartons", fr="ctn|cartons")
PIECES: Labels = labels(en="pcs|EA", de="Stk", fr="pcs")
EXCEPTIONS: Mapping[str, Labels] = {
    "short": labels(en="short|missing", de="fehlen|zu wenig", fr="manquants"),
    "over": labels(en="over", de="zu viel", fr="en trop"),
    "damaged": labels(en="damaged", de="beschädigt", fr="abîmés"),
    "refused": labels(en="refused", de="abgelehnt", fr="refusés"),
}
CARRIED: Labels = labels(en="Carried forward", de="Übertrag", fr="À reporter")
BROUGHT: Labels = labels(en="Brought forward", de="Übertrag", fr="Report")
