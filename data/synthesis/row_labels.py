"""What stands in rows between items: section titles, discounts, parts, charges."""

from data.synthesis.wording import Labels, labels

SECTIONS: Labels = labels(
    en=(
        "Order {}|Delivery note {} of {day}|Your order {} dated {day}|Section {n}|Store {}|"
        "Department {n}|Shipment {}|{n}. {noun}|{noun}|Project {}|Period {day} - {day}|Title {n}"
    ),
    de=(
        "Lieferschein {} vom {day}|Auftrag {}|Ihre Bestellung {} vom {day}|Titel {n}|Filiale {}|"
        "Abschnitt {n}|{n}. {noun}|{noun}|Kommission: {}|Los {n}|Lieferung vom {day}"
    ),
    fr=(
        "Bon de livraison {} du {day}|Commande {}|Lot {n}|Chapitre {n}|{n}. {noun}|{noun}|"
        "Chantier {}"
    ),
    es="Albarán {} de {day}|Pedido {}|Capítulo {n}|{n}. {noun}|{noun}",
    it="DDT {} del {day}|Ordine {}|Capitolo {n}|{n}. {noun}|{noun}",
)
DISCOUNTS: Labels = labels(
    en="Discount|Less discount|Trade discount|Allowance|Promo allowance|Rebate",
    de="Rabatt|abzgl. Rabatt|Mengenrabatt|Nachlass|Artikelrabatt",
    fr="Remise|Rabais|Remise commerciale",
    es="Descuento|Dto. comercial",
    it="Sconto|Sconto quantità",
)
NET: Labels = labels(
    en="Net|Net amount|Line net|", de="Netto|Positionsbetrag|", fr="Net|", es="Neto|", it="Netto|"
)
PARTS: Labels = labels(
    en="incl.|consisting of:|Component|- each|includes|Kit part",
    de="inkl.|bestehend aus:|Bestandteil|je|davon",
    fr="incl.|composé de :|dont",
    es="incl.|compuesto por:",
    it="incl.|composto da:",
)
CHARGES: Labels = labels(
    en=(
        "Freight|Shipping & Handling|Fuel Surcharge|Pallet Deposit|Delivery Charge|Handling Fee|"
        "Bottle Deposit|Environmental Fee|Small Order Charge"
    ),
    de=(
        "Versandkosten|Fracht|Pfand|Palettenpfand|Verpackung|Mindermengenzuschlag|Energiezuschlag|"
        "Leergut"
    ),
    fr="Frais de port|Consigne|Éco-participation|Frais d'emballage",
    es="Portes|Gastos de envío|Embalaje",
    it="Spese di trasporto|Imballo|Contributo ambientale",
)
HEAD_GROUPS: dict[str, Labels] = {
    "quantity": labels(
        en="Quantity|Units|Qty", de="Menge|Anzahl", fr="Quantité", es="Cantidad", it="Quantità"
    ),
    "money": labels(
        en="Price|Prices in {currency}|Value|Charges|{currency}",
        de="Preis|Beträge in {currency}|Wert {currency}|{currency}",
        fr="Prix|Montants en {currency}",
        es="Precio|Importes en {currency}",
        it="Prezzo|Importi in {currency}",
    ),
    "article": labels(
        en="Item|Product|Article", de="Artikel|Ware", fr="Article", es="Artículo", it="Articolo"
    ),
}
