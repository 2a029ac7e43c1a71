"""Heads of item table columns, in five languages."""

from data.synthesis.wording import Labels, labels

HEADS: dict[str, Labels] = {
    "line_number": labels(
        en="#|Line|Ln|Pos|No.|Item|Item #|Line No|S.No|*Line",
        de="Pos|Pos.|Nr.|Position|Lfd. Nr.",
        fr="N°|Pos.|Ligne|#",
        es="N.º|Pos.|Línea",
        it="N.|Pos.|Riga",
    ),
    "product_code": labels(
        en=(
            "Item|Code|SKU|Part No.|Item No.|Product|Item Code|Part Number|Catalog #|"
            "Material|Product ID|Stock Code"
        ),
        de=("Art.-Nr.|Artikelnummer|Artikel|Artikel-Nr.|Art-Nr-Lief.|Material|Sachnummer"),
        fr="Référence|Réf.|Code|Code article|Art.",
        es="Código|Ref.|Referencia|Artículo",
        it="Codice|Cod. art.|Articolo|Rif.",
    ),
    "buyer_item_id": labels(
        en="Cust. Item|Your Item|Customer Part|Buyer Code|Cust P/N",
        de="Ihre Art.-Nr.|Art-Nr-Kunde|Kundenmaterial|Ihre Nr.",
        fr="Votre réf.|Réf. client",
        es="Su ref.|Ref. cliente",
        it="Vs. codice|Cod. cliente",
    ),
    "gtin": labels(
        en="UPC|GTIN|EAN|Barcode|UPC Code",
        de="GTIN|EAN|EAN-Code",
        fr="GTIN|EAN|Gencod",
        es="EAN|GTIN",
        it="EAN|Cod. EAN",
    ),
    "description": labels(
        en=(
            "Description|Item Description|Product|Details|Description of Goods|"
            "Particulars|Service|Program|Inventory Code|Article|Product Description|"
            "Activity"
        ),
        de=("Bezeichnung|Beschreibung|Artikelbezeichnung|Leistung|Text|Artikel|Produkt"),
        fr="Désignation|Description|Libellé|Article|Désignation des produits",
        es="Descripción|Concepto|Artículo|Detalle",
        it="Descrizione|Articolo|Descrizione articolo|Prestazione",
    ),
    "quantity": labels(
        en=(
            "Qty|Quantity|QTY|Qty.|Units|Hours|# of Units|Spots|Total Spots|Pieces|Billed Qty|Count"
        ),
        de="Menge|Anzahl|Mge.|Stück|Menge abger.|Anz.",
        fr="Qté|Quantité|Qte|Nbre",
        es="Cantidad|Cant.|Uds",
        it="Q.tà|Quantità|Qtà",
    ),
    "unit": labels(
        en="UOM|Unit|U/M|UoM|Units|UM|Pack",
        de="Einheit|ME|Einh.|VE",
        fr="Unité|U|Un.",
        es="Unidad|Ud.|UM",
        it="U.M.|Unità|UM",
    ),
    "unit_price": labels(
        en=(
            "Unit Price|Price|Rate|Unit Cost|Price Each|U/P|Each|Cost|Unit Rate|S/Price|"
            "Net Price|Price/Unit"
        ),
        de=("Einzelpreis|Preis|E-Preis|EP|Nettopreis|Einzelpreis (netto)|Preis/Einheit|Stückpreis"),
        fr="Prix unitaire|P.U.|P.U. HT|Prix Unit.|PU HT|Prix net",
        es="Precio|Precio unit.|P. Unitario|Precio unitario",
        it="Prezzo|Prezzo unitario|Pr. unit.|P. unit.",
    ),
    "price_base_quantity": labels(
        en="Per|Price per|Price Unit|PU|Price Base",
        de="PE|Preiseinheit|per|VKE/Geb|Preisbasis",
        fr="Par|Base prix",
        es="Por|Base",
        it="Per|Base",
    ),
    "discount_rate": labels(
        en="Disc %|Disc.|Discount|Disc|DISC%",
        de="Rabatt|Rabatt %|Rab.|Rab. %",
        fr="Remise|Rem. %|Disc.|Rem.",
        es="Dto.|Dto. %|Desc.",
        it="Sconto|Sc. %|Sconto %",
    ),
    "discount_amount": labels(
        en="Discount|Disc. Amt|Allowance|Discount Amount",
        de="Rabattbetrag|Abschlag|Nachlass",
        fr="Montant remise|Remise",
        es="Descuento|Importe dto.",
        it="Importo sconto|Sconto",
    ),
    "amount": labels(
        en=(
            "Amount|Total|Line Total|Extension|Ext. Price|Net Amount|Extended|Amount "
            "(Net)|Total Price|Net|Ext Amount|Entend|Subtotal|Gross Amount"
        ),
        de=(
            "Betrag|Gesamt|Gesamtpreis|Summe|Nettobetrag|G-Preis|Positionsbetrag|Wert|"
            "Netto|GP|Warenwert|Nettowert|Entgelt"
        ),
        fr="Montant|Total HT|Montant HT|Total|Prix total|Total net",
        es="Importe|Total|Subtotal|Importe neto",
        it="Importo|Totale|Totale riga|Imponibile",
    ),
    "gross_amount": labels(
        en="Gross|Total incl. Tax|Amount inc VAT|Gross Total|Total (incl.)",
        de="Brutto|Bruttobetrag|Gesamt brutto|Betrag inkl.",
        fr="Total TTC|Montant TTC|TTC",
        es="Total con IVA|Bruto",
        it="Totale ivato|Lordo",
    ),
    "tax_rate": labels(
        en="Tax %|VAT|VAT %|GST %|Tax Rate|TAX",
        de="MwSt|MwSt.|USt.|MwSt.-%|USt. %|USt.-Satz|Steuersatz|Steuer",
        fr="TVA|TVA %|Taux TVA",
        es="IVA|IVA %|% IVA",
        it="IVA|Aliq. IVA|% IVA",
    ),
    "tax_amount": labels(
        en="Tax|VAT Amount|Tax Amt|GST|Tax Amount",
        de="MwSt-Betrag|Steuerbetrag|USt.-Betrag",
        fr="Montant TVA|TVA",
        es="Cuota IVA|Impuesto",
        it="Imposta|Importo IVA",
    ),
    "date": labels(
        en="Date|Service Date|Ship Date|Start Date|Air Date|Del. Date|Start",
        de="Datum|Lieferdatum|Leistungsdatum|Termin",
        fr="Date|Date livr.|Livré le",
        es="Fecha|F. entrega",
        it="Data|Data cons.",
    ),
    "po_number": labels(
        en="PO|PO #|Order No.|PO No.|Your Order|Cust PO",
        de="Bestellung|Auftrag|Bestell-Nr.|Auftrags-Nr.",
        fr="Commande|N° cde",
        es="Pedido|N.º pedido",
        it="Ordine|N. ordine",
    ),
    "quantity_ordered": labels(
        en="Ordered|Qty Ordered|Order Qty|ORD|Ord.|Qty Ord|Requested Qty",
        de="Bestellt|Bestellmenge|Menge best.|Soll",
        fr="Qté cdée|Commandé|Qté commandée",
        es="Pedida|Cant. pedida",
        it="Ordinata|Q.tà ord.",
    ),
    "quantity_shipped": labels(
        en=("Shipped|Qty Shipped|Ship Qty|SHP|Shp.|Delivered|Qty Delivered|Qty Ship"),
        de="Geliefert|Liefermenge|Menge gel.|Ist",
        fr="Qté livrée|Livré|Expédié",
        es="Servida|Cant. servida|Enviado",
        it="Consegnata|Spedita",
    ),
    "quantity_backordered": labels(
        en="Backordered|B/O|BO|Back Ord|Qty B/O|Open|Balance",
        de="Rückstand|Offen|Restmenge",
        fr="Reliquat|Reste",
        es="Pendiente|Pdte.",
        it="Residuo|Da consegnare",
    ),
    "quantity_received": labels(
        en="Received|Qty Received|Rec'd|Qty Rec|Accepted",
        de="Erhalten|Empfangen|Wareneingang",
        fr="Reçu|Qté reçue",
        es="Recibido|Cant. recibida",
        it="Ricevuta|Q.tà ricevuta",
    ),
    "quantity_rejected": labels(
        en="Rejected|Damaged|Short|Refused|Qty Rej",
        de="Abgelehnt|Beschädigt|Fehlmenge",
        fr="Refusé|Manquant",
        es="Rechazado|Dañado",
        it="Respinta|Danneggiata",
    ),
    "list_price": labels(
        en="List Price|Gross Price|MSRP|Retail",
        de="Bruttopreis|Listenpreis|UVP",
        fr="Prix brut|Tarif",
        es="PVP|Precio bruto",
        it="Prezzo lordo|Listino",
    ),
    "quantity_unit": labels(
        en="Qty/Unit|Quantity|Qty UOM|Qty.",
        de="Menge|Menge Einheit|Menge/Einheit",
        fr="Quantité|Qté",
        es="Cantidad",
        it="Quantità",
    ),
}
