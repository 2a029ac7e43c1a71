"""What vendors call things, in five languages: titles, column heads, labels, totals, small print."""

import random

Labels = dict[str, tuple[str, ...]]


def _labels(**texts: str) -> Labels:
    return {language: tuple(text.split("|")) for language, text in texts.items()}


TITLES: dict[str, Labels] = {
    "invoice": _labels(
        en="INVOICE|Invoice|Tax Invoice|TAX INVOICE|Commercial Invoice|Sales Invoice|BILL",
        de="Rechnung|RECHNUNG|Handelsrechnung|Teilrechnung|Sammelrechnung",
        fr="FACTURE|Facture|Facture de vente",
        es="FACTURA|Factura",
        it="FATTURA|Fattura",
    ),
    "credit_memo": _labels(
        en="CREDIT MEMO|Credit Note|CREDIT NOTE|Credit Memorandum",
        de="Gutschrift|GUTSCHRIFT|Rechnungskorrektur|Stornorechnung",
        fr="AVOIR|Avoir|Note de crédit",
        es="Nota de crédito|ABONO|Factura rectificativa",
        it="Nota di credito|NOTA DI ACCREDITO",
    ),
    "purchase_order": _labels(
        en="PURCHASE ORDER|Purchase Order|ORDER|Order Confirmation|CONTRACT|Order|Sales Order|Insertion Order|ORDER RESPONSE",
        de="Bestellung|BESTELLUNG|Auftragsbestätigung|Auftrag|Bestellauftrag",
        fr="Bon de commande|BON DE COMMANDE|Commande|Confirmation de commande",
        es="Pedido|ORDEN DE COMPRA|Orden de compra",
        it="Ordine di acquisto|ORDINE|Conferma d'ordine",
    ),
    "packing_slip": _labels(
        en="PACKING SLIP|Packing List|PACKING LIST|Packing Slip|Shipping List",
        de="Packliste|PACKLISTE|Packzettel|Versandschein",
        fr="Liste de colisage|LISTE DE COLISAGE",
        es="Lista de empaque|PACKING LIST",
        it="Lista di imballaggio|DISTINTA IMBALLO",
    ),
    "delivery_note": _labels(
        en="DELIVERY NOTE|Delivery Note|Delivery Docket|DELIVERY TICKET|Despatch Note|Delivery Order",
        de="Lieferschein|LIEFERSCHEIN",
        fr="Bon de livraison|BON DE LIVRAISON|BL",
        es="Albarán|ALBARÁN DE ENTREGA|Nota de entrega",
        it="DDT|Documento di trasporto|Bolla di consegna",
    ),
    "bill_of_lading": _labels(
        en="BILL OF LADING|Straight Bill of Lading|Bill of Lading - Short Form|WAYBILL",
        de="Frachtbrief|FRACHTBRIEF|CMR Frachtbrief",
        fr="Connaissement|Lettre de voiture|CMR",
        es="Conocimiento de embarque|Carta de porte",
        it="Polizza di carico|Lettera di vettura",
    ),
    "proof_of_delivery": _labels(
        en="PROOF OF DELIVERY|Proof of Delivery|POD|Delivery Receipt|Delivery Confirmation",
        de="Ablieferungsnachweis|Empfangsbestätigung|Zustellnachweis",
        fr="Preuve de livraison|Accusé de réception",
        es="Prueba de entrega|Comprobante de entrega",
        it="Prova di consegna|Ricevuta di consegna",
    ),
    "receipt": _labels(
        en="RECEIPT|TAX INVOICE|-INVOICE-|CASH BILL|SIMPLIFIED TAX INVOICE|Sales Receipt||CASH RECEIPT",
        de="Kassenbon|Quittung|Rechnung|BON",
        fr="Ticket de caisse|REÇU|",
        es="TICKET|Factura simplificada",
        it="SCONTRINO|Documento commerciale",
    ),
    "other": _labels(
        en="STATEMENT OF ACCOUNT|Price List|Remittance Advice|REMINDER|Dear Customer",
        de="Kontoauszug|Mahnung|Preisliste|Zahlungserinnerung",
        fr="Relevé de compte|Tarif|Rappel",
        es="Estado de cuenta|Lista de precios",
        it="Estratto conto|Listino prezzi",
    ),
}

HEADS: dict[str, Labels] = {
    "line_number": _labels(
        en="#|Line|Ln|Pos|No.|Item|Item #|Line No|S.No|*Line",
        de="Pos|Pos.|Nr.|Position|Lfd. Nr.",
        fr="N°|Pos.|Ligne|#",
        es="N.º|Pos.|Línea",
        it="N.|Pos.|Riga",
    ),
    "product_code": _labels(
        en="Item|Code|SKU|Part No.|Item No.|Product|Item Code|Part Number|Catalog #|Material|Product ID|Stock Code",
        de="Art.-Nr.|Artikelnummer|Artikel|Artikel-Nr.|Art-Nr-Lief.|Material|Sachnummer",
        fr="Référence|Réf.|Code|Code article|Art.",
        es="Código|Ref.|Referencia|Artículo",
        it="Codice|Cod. art.|Articolo|Rif.",
    ),
    "buyer_item_id": _labels(
        en="Cust. Item|Your Item|Customer Part|Buyer Code|Cust P/N",
        de="Ihre Art.-Nr.|Art-Nr-Kunde|Kundenmaterial|Ihre Nr.",
        fr="Votre réf.|Réf. client",
        es="Su ref.|Ref. cliente",
        it="Vs. codice|Cod. cliente",
    ),
    "gtin": _labels(
        en="UPC|GTIN|EAN|Barcode|UPC Code",
        de="GTIN|EAN|EAN-Code",
        fr="GTIN|EAN|Gencod",
        es="EAN|GTIN",
        it="EAN|Cod. EAN",
    ),
    "description": _labels(
        en="Description|Item Description|Product|Details|Description of Goods|Particulars|Service|Program|Inventory Code|Article|Product Description|Activity",
        de="Bezeichnung|Beschreibung|Artikelbezeichnung|Leistung|Text|Artikel|Produkt",
        fr="Désignation|Description|Libellé|Article|Désignation des produits",
        es="Descripción|Concepto|Artículo|Detalle",
        it="Descrizione|Articolo|Descrizione articolo|Prestazione",
    ),
    "quantity": _labels(
        en="Qty|Quantity|QTY|Qty.|Units|Hours|# of Units|Spots|Total Spots|Pieces|Billed Qty|Count",
        de="Menge|Anzahl|Mge.|Stück|Menge abger.|Anz.",
        fr="Qté|Quantité|Qte|Nbre",
        es="Cantidad|Cant.|Uds",
        it="Q.tà|Quantità|Qtà",
    ),
    "unit": _labels(
        en="UOM|Unit|U/M|UoM|Units|UM|Pack",
        de="Einheit|ME|Einh.|VE",
        fr="Unité|U|Un.",
        es="Unidad|Ud.|UM",
        it="U.M.|Unità|UM",
    ),
    "unit_price": _labels(
        en="Unit Price|Price|Rate|Unit Cost|Price Each|U/P|Each|Cost|Unit Rate|S/Price|Net Price|Price/Unit",
        de="Einzelpreis|Preis|E-Preis|EP|Nettopreis|Einzelpreis (netto)|Preis/Einheit|Stückpreis",
        fr="Prix unitaire|P.U.|P.U. HT|Prix Unit.|PU HT|Prix net",
        es="Precio|Precio unit.|P. Unitario|Precio unitario",
        it="Prezzo|Prezzo unitario|Pr. unit.|P. unit.",
    ),
    "price_base_quantity": _labels(
        en="Per|Price per|Price Unit|PU|Price Base",
        de="PE|Preiseinheit|per|VKE/Geb|Preisbasis",
        fr="Par|Base prix",
        es="Por|Base",
        it="Per|Base",
    ),
    "discount_rate": _labels(
        en="Disc %|Disc.|Discount|Disc|DISC%",
        de="Rabatt|Rabatt %|Rab.|Rab. %",
        fr="Remise|Rem. %|Disc.|Rem.",
        es="Dto.|Dto. %|Desc.",
        it="Sconto|Sc. %|Sconto %",
    ),
    "discount_amount": _labels(
        en="Discount|Disc. Amt|Allowance|Discount Amount",
        de="Rabattbetrag|Abschlag|Nachlass",
        fr="Montant remise|Remise",
        es="Descuento|Importe dto.",
        it="Importo sconto|Sconto",
    ),
    "amount": _labels(
        en="Amount|Total|Line Total|Extension|Ext. Price|Net Amount|Extended|Amount (Net)|Total Price|Net|Ext Amount|Entend|Subtotal|Gross Amount",
        de="Betrag|Gesamt|Gesamtpreis|Summe|Nettobetrag|G-Preis|Positionsbetrag|Wert|Netto|GP|Warenwert|Nettowert|Entgelt",
        fr="Montant|Total HT|Montant HT|Total|Prix total|Total net",
        es="Importe|Total|Subtotal|Importe neto",
        it="Importo|Totale|Totale riga|Imponibile",
    ),
    "gross_amount": _labels(
        en="Gross|Total incl. Tax|Amount inc VAT|Gross Total|Total (incl.)",
        de="Brutto|Bruttobetrag|Gesamt brutto|Betrag inkl.",
        fr="Total TTC|Montant TTC|TTC",
        es="Total con IVA|Bruto",
        it="Totale ivato|Lordo",
    ),
    "tax_rate": _labels(
        en="Tax %|VAT|VAT %|GST %|Tax Rate|TAX",
        de="MwSt|MwSt.|USt.|MwSt.-%|USt. %|USt.-Satz|Steuersatz|Steuer",
        fr="TVA|TVA %|Taux TVA",
        es="IVA|IVA %|% IVA",
        it="IVA|Aliq. IVA|% IVA",
    ),
    "tax_amount": _labels(
        en="Tax|VAT Amount|Tax Amt|GST|Tax Amount",
        de="MwSt-Betrag|Steuerbetrag|USt.-Betrag",
        fr="Montant TVA|TVA",
        es="Cuota IVA|Impuesto",
        it="Imposta|Importo IVA",
    ),
    "date": _labels(
        en="Date|Service Date|Ship Date|Start Date|Air Date|Del. Date|Start",
        de="Datum|Lieferdatum|Leistungsdatum|Termin",
        fr="Date|Date livr.|Livré le",
        es="Fecha|F. entrega",
        it="Data|Data cons.",
    ),
    "po_number": _labels(
        en="PO|PO #|Order No.|PO No.|Your Order|Cust PO",
        de="Bestellung|Auftrag|Bestell-Nr.|Auftrags-Nr.",
        fr="Commande|N° cde",
        es="Pedido|N.º pedido",
        it="Ordine|N. ordine",
    ),
    "quantity_ordered": _labels(
        en="Ordered|Qty Ordered|Order Qty|ORD|Ord.|Qty Ord|Requested Qty",
        de="Bestellt|Bestellmenge|Menge best.|Soll",
        fr="Qté cdée|Commandé|Qté commandée",
        es="Pedida|Cant. pedida",
        it="Ordinata|Q.tà ord.",
    ),
    "quantity_shipped": _labels(
        en="Shipped|Qty Shipped|Ship Qty|SHP|Shp.|Delivered|Qty Delivered|Qty Ship",
        de="Geliefert|Liefermenge|Menge gel.|Ist",
        fr="Qté livrée|Livré|Expédié",
        es="Servida|Cant. servida|Enviado",
        it="Consegnata|Spedita",
    ),
    "quantity_backordered": _labels(
        en="Backordered|B/O|BO|Back Ord|Qty B/O|Open|Balance",
        de="Rückstand|Offen|Restmenge",
        fr="Reliquat|Reste",
        es="Pendiente|Pdte.",
        it="Residuo|Da consegnare",
    ),
    "quantity_received": _labels(
        en="Received|Qty Received|Rec'd|Qty Rec|Accepted",
        de="Erhalten|Empfangen|Wareneingang",
        fr="Reçu|Qté reçue",
        es="Recibido|Cant. recibida",
        it="Ricevuta|Q.tà ricevuta",
    ),
    "quantity_rejected": _labels(
        en="Rejected|Damaged|Short|Refused|Qty Rej",
        de="Abgelehnt|Beschädigt|Fehlmenge",
        fr="Refusé|Manquant",
        es="Rechazado|Dañado",
        it="Respinta|Danneggiata",
    ),
    "list_price": _labels(
        en="List Price|Gross Price|MSRP|Retail",
        de="Bruttopreis|Listenpreis|UVP",
        fr="Prix brut|Tarif",
        es="PVP|Precio bruto",
        it="Prezzo lordo|Listino",
    ),
    "quantity_unit": _labels(
        en="Qty/Unit|Quantity|Qty UOM|Qty.",
        de="Menge|Menge Einheit|Menge/Einheit",
        fr="Quantité|Qté",
        es="Cantidad",
        it="Quantità",
    ),
}

TOTALS: dict[str, Labels] = {
    "sub_total": _labels(
        en="Subtotal|Sub Total|Net Total|Total Net|Net Amount|Merchandise Total|Sub-total|Total before tax|Total Excl. GST|Gross Total",
        de="Zwischensumme|Nettobetrag|Summe netto|Gesamt netto|Positionssumme|Summe Positionen|Netto|Warenwert|Rechnungssumme ohne USt.",
        fr="Total HT|Sous-total|Total net|Montant HT",
        es="Subtotal|Base imponible|Total neto",
        it="Totale imponibile|Imponibile|Subtotale",
    ),
    "total_discount": _labels(
        en="Discount|Less Discount|Agency Commission|Allowance|Trade Discount",
        de="Rabatt|Abschläge|Nachlass|Gesamtbetrag der Abschläge",
        fr="Remise|Remise globale",
        es="Descuento",
        it="Sconto",
    ),
    "shipping_charge": _labels(
        en="Shipping|Freight|Shipping & Handling|Delivery|S&H|Carriage",
        de="Versandkosten|Fracht|Porto|Transportkosten",
        fr="Frais de port|Port|Transport",
        es="Gastos de envío|Portes",
        it="Spese di trasporto|Trasporto",
    ),
    "total_tax": _labels(
        en="Tax|Sales Tax|VAT|GST|Total Tax|Total VAT|Total GST",
        de="MwSt.|Umsatzsteuer|USt.|Steuerbetrag|zzgl. MwSt.|Mehrwertsteuer|Steuersumme",
        fr="TVA|Total TVA|Montant TVA",
        es="IVA|Cuota IVA",
        it="IVA|Totale IVA",
    ),
    "invoice_total": _labels(
        en="Total|TOTAL|Invoice Total|Grand Total|Total Amount|Total Due|Order Total|Total incl. VAT|Net Amount Due|Total Invoice",
        de="Gesamtbetrag|Rechnungsbetrag|Gesamt|Endbetrag|Bruttosumme|Summe|Gesamtsumme|Bruttobetrag",
        fr="Total TTC|Montant total|TOTAL|Net à payer|Total général",
        es="Total|TOTAL|Total factura",
        it="Totale|TOTALE FATTURA|Totale documento",
    ),
    "amount_due": _labels(
        en="Amount Due|Balance Due|Please Pay|AMOUNT DUE|Balance",
        de="Zahlbetrag|Zu zahlen|Offener Betrag|Fälliger Betrag",
        fr="Reste à payer|Net à payer|Solde dû|Residual",
        es="Importe a pagar|Saldo",
        it="Netto a pagare|Saldo dovuto",
    ),
}

FIELDS: dict[str, Labels] = {
    "document_id": _labels(
        en="{} No.|{} #|{} Number|No.|Number|{} No|Document No.|Doc No|{} ID",
        de="{}-Nr.|{}snummer|Nummer|Beleg-Nr.|Nr.|Belegnummer",
        fr="{} n°|Numéro|N°|N° pièce",
        es="{} n.º|Número|N.º",
        it="{} n.|Numero|N. documento",
    ),
    "document_date": _labels(
        en="Date|{} Date|Issue Date|Dated|Print Date",
        de="Datum|{}sdatum|Beleg-Datum|vom|Ausstellungsdatum",
        fr="Date|Date {}|Le",
        es="Fecha|Fecha {}",
        it="Data|Del",
    ),
    "due_date": _labels(
        en="Due Date|Payment Due|Due|Pay By",
        de="Fällig am|Zahlbar bis|Fälligkeit|Fälligkeitsdatum",
        fr="Échéance|Date d'échéance",
        es="Vencimiento",
        it="Scadenza",
    ),
    "delivery_date": _labels(
        en="Delivery Date|Ship Date|Date Shipped|Delivered",
        de="Lieferdatum|Leistungsdatum|Liefer- und Leistungsdatum",
        fr="Date de livraison|Livré le",
        es="Fecha de entrega",
        it="Data consegna",
    ),
    "purchase_order": _labels(
        en="PO Number|P.O. No.|Your Order|PO #|Customer PO|Order #|Purchase Order|Order No.|Your Reference",
        de="Ihre Bestellung|Bestellnummer|Bestell-Nr.|Bestellung|Auftragsnummer",
        fr="Votre commande|N° commande|Référence commande",
        es="Pedido|Su pedido",
        it="Vs. ordine|Ordine n.",
    ),
    "original_invoice_id": _labels(
        en="Original Invoice|Ref. Invoice|Invoice Ref|Applies to Invoice",
        de="Ursprungsbeleg-Nr|Bezug Rechnung|Zu Rechnung Nr.",
        fr="Facture d'origine|Réf. facture",
        es="Factura original",
        it="Fattura originale",
    ),
    "currency": _labels(
        en="Currency|Curr.", de="Währung", fr="Devise", es="Moneda|Divisa", it="Valuta"
    ),
}

OTHER_FIELDS: Labels = _labels(
    en="Customer No.|Account #|Terms|Ship Via|Sales Rep|Estimate #|Flight Dates|Contract #|Agency|Advertiser|Product|Salesperson|Account Executive|Billing Calendar|Billing Type|Property|Sales Office|Sales Region|FOB|Warehouse|Page|Route|Driver|Carrier|Weight|VAT ID|Tax ID|Cashier|Revision|Deal #|Demographic|Contact|Packages|Incoterms|Department|Alt Order #",
    de="Kundennummer|Kunden-Nr.|Sachbearbeiter|USt-IdNr.|Zahlungsbedingung|Lieferbedingung|Versandart|Projekt|Vertrag|Kostenstelle|Lieferschein|Ansprechpartner|Telefon|Steuernummer|Bestelldatum|Seite|Leitweg-ID|Referenz|Globale Nummer|Zählpunkt",
    fr="N° client|Conditions|Mode de règlement|Représentant|N° TVA|SIRET|Contact|Livraison|Incoterms|Page|Référence|Dossier",
    es="N.º cliente|Forma de pago|NIF|Comercial|Transporte|Página|Referencia",
    it="Cod. cliente|Pagamento|P. IVA|Agente|Trasporto|Pagina|Riferimento",
)
ADDRESS_LABELS: Labels = _labels(
    en="Bill To|BILL TO:|Ship To|Sold To:|Remit To|Deliver To:|Billing Address:|Customer|SHIP TO:|Vendor|Buyer|Consignee|Send Payment To:|Advertiser",
    de="Rechnungsempfänger|Lieferadresse|Käufer|Verkäufer|Warenempfänger|Rechnung an:|Lieferanschrift:|Empfänger",
    fr="Facturé à|Adresse de livraison|Client|Livré à :|Vendeur|Adresse de facturation",
    es="Cliente|Facturar a|Enviar a",
    it="Cliente|Destinatario|Spett.le",
)
SUBTOTALS: Labels = _labels(
    en="Subtotal|Carried forward|Page total|Section total|Brought forward|Total group|Balance forward|Totals",
    de="Zwischensumme|Übertrag|Summe Gruppe|Seitensumme|Zwischensumme Titel",
    fr="Sous-total|À reporter|Report|Total page",
    es="Subtotal|Suma y sigue|Total grupo",
    it="Subtotale|Riporto|A riportare",
)
TERMS: Labels = _labels(
    en="Payment is due within 30 days of the invoice date.|Goods sold are not returnable.|Please quote the invoice number with your payment.|Late payments are charged 1.5 % per month.|All prices in the currency stated above.|Thank you for your business!|Title passes to the buyer on full payment.|Claims must be made within 7 days of delivery.|This station does not discriminate in advertising contracts.|Times are approximate within 15 minutes.|Subject to our standard conditions of sale.|Questions? Call our billing department.",
    de="Zahlbar innerhalb 30 Tagen netto.|Bei Zahlung innerhalb von 10 Tagen 2 % Skonto.|Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum.|Wir danken für Ihren Auftrag.|Bitte bei Zahlung die Rechnungsnummer angeben.|Es gelten unsere Allgemeinen Geschäftsbedingungen.|Es bestehen Rabatt- und Bonusvereinbarungen.|Lieferung frei Haus ab 500,00 EUR.",
    fr="Paiement à 30 jours fin de mois.|Pas d'escompte pour paiement anticipé.|En cas de retard, une indemnité de 40 € est due.|TVA acquittée sur les débits.|Merci de votre confiance.|Franco de port à partir de 300 €.",
    es="Pago a 30 días.|Gracias por su confianza.|No se admiten devoluciones.",
    it="Pagamento a 30 giorni.|Grazie per la fiducia.|Merce viaggia a rischio del committente.",
)
NOTES: Labels = _labels(
    en="Serial No. {}|Lot {}|Period: {}|Country of origin: US|Ref {}|Includes installation|Tracking {}|Drawing {} rev B|Purchased preemptible rate|Note: {}|Warranty 24 months|Promo code {}|Batch/Exp: {}|Delivered by truck {}",
    de="Seriennummer {}|Charge {}|Lieferschein-Nr. {}|Liefer-Datum: {}|Verpackung: Karton|Ursprungsland: DE|Zeitraum: {}|Bruttopreis : {}|Anzahl Packstücke: 4 Karton|Zolltarifnummer {}|Kostenstelle: {}|Bestell-Nr: {}",
    fr="N° de série {}|Lot {}|Origine : FR|Réf. {}|Période : {}|dont éco-participation {}",
    es="N.º de serie {}|Lote {}|Origen: ES",
    it="Matricola {}|Lotto {}|Origine: IT",
)


def say(rng: random.Random, labels: Labels, language: str) -> str:
    """One of the labels in that language."""
    return rng.choice(labels[language])
