"""What vendors call things, in five languages: titles, labels, totals, small print."""

import random

Labels = dict[str, tuple[str, ...]]


def labels(**texts: str) -> Labels:
    """Labels per language from texts separated by bars."""
    return {language: tuple(text.split("|")) for language, text in texts.items()}


TITLES: dict[str, Labels] = {
    "invoice": labels(
        en=("INVOICE|Invoice|Tax Invoice|TAX INVOICE|Commercial Invoice|Sales Invoice|BILL"),
        de="Rechnung|RECHNUNG|Handelsrechnung|Teilrechnung|Sammelrechnung",
        fr="FACTURE|Facture|Facture de vente",
        es="FACTURA|Factura",
        it="FATTURA|Fattura",
    ),
    "credit_memo": labels(
        en="CREDIT MEMO|Credit Note|CREDIT NOTE|Credit Memorandum",
        de="Gutschrift|GUTSCHRIFT|Rechnungskorrektur|Stornorechnung",
        fr="AVOIR|Avoir|Note de crédit",
        es="Nota de crédito|ABONO|Factura rectificativa",
        it="Nota di credito|NOTA DI ACCREDITO",
    ),
    "purchase_order": labels(
        en=(
            "PURCHASE ORDER|Purchase Order|ORDER|Order Confirmation|CONTRACT|Order|Sales "
            "Order|Insertion Order|ORDER RESPONSE"
        ),
        de="Bestellung|BESTELLUNG|Auftragsbestätigung|Auftrag|Bestellauftrag",
        fr="Bon de commande|BON DE COMMANDE|Commande|Confirmation de commande",
        es="Pedido|ORDEN DE COMPRA|Orden de compra",
        it="Ordine di acquisto|ORDINE|Conferma d'ordine",
    ),
    "packing_slip": labels(
        en="PACKING SLIP|Packing List|PACKING LIST|Packing Slip|Shipping List",
        de="Packliste|PACKLISTE|Packzettel|Versandschein",
        fr="Liste de colisage|LISTE DE COLISAGE",
        es="Lista de empaque|PACKING LIST",
        it="Lista di imballaggio|DISTINTA IMBALLO",
    ),
    "delivery_note": labels(
        en=(
            "DELIVERY NOTE|Delivery Note|Delivery Docket|DELIVERY TICKET|Despatch Note|"
            "Delivery Order"
        ),
        de="Lieferschein|LIEFERSCHEIN",
        fr="Bon de livraison|BON DE LIVRAISON|BL",
        es="Albarán|ALBARÁN DE ENTREGA|Nota de entrega",
        it="DDT|Documento di trasporto|Bolla di consegna",
    ),
    "bill_of_lading": labels(
        en=("BILL OF LADING|Straight Bill of Lading|Bill of Lading - Short Form|WAYBILL"),
        de="Frachtbrief|FRACHTBRIEF|CMR Frachtbrief",
        fr="Connaissement|Lettre de voiture|CMR",
        es="Conocimiento de embarque|Carta de porte",
        it="Polizza di carico|Lettera di vettura",
    ),
    "proof_of_delivery": labels(
        en=("PROOF OF DELIVERY|Proof of Delivery|POD|Delivery Receipt|Delivery Confirmation"),
        de="Ablieferungsnachweis|Empfangsbestätigung|Zustellnachweis",
        fr="Preuve de livraison|Accusé de réception",
        es="Prueba de entrega|Comprobante de entrega",
        it="Prova di consegna|Ricevuta di consegna",
    ),
    "receipt": labels(
        en=(
            "RECEIPT|TAX INVOICE|-INVOICE-|CASH BILL|SIMPLIFIED TAX INVOICE|Sales "
            "Receipt||CASH RECEIPT"
        ),
        de="Kassenbon|Quittung|Rechnung|BON",
        fr="Ticket de caisse|REÇU|",
        es="TICKET|Factura simplificada",
        it="SCONTRINO|Documento commerciale",
    ),
    "other": labels(
        en=("STATEMENT OF ACCOUNT|Price List|Remittance Advice|REMINDER|Dear Customer"),
        de="Kontoauszug|Mahnung|Preisliste|Zahlungserinnerung",
        fr="Relevé de compte|Tarif|Rappel",
        es="Estado de cuenta|Lista de precios",
        it="Estratto conto|Listino prezzi",
    ),
}

TOTALS: dict[str, Labels] = {
    "sub_total": labels(
        en=(
            "Subtotal|Sub Total|Net Total|Total Net|Net Amount|Merchandise Total|"
            "Sub-total|Total before tax|Total Excl. GST|Gross Total"
        ),
        de=(
            "Zwischensumme|Nettobetrag|Summe netto|Gesamt netto|Positionssumme|Summe "
            "Positionen|Netto|Warenwert|Rechnungssumme ohne USt."
        ),
        fr="Total HT|Sous-total|Total net|Montant HT",
        es="Subtotal|Base imponible|Total neto",
        it="Totale imponibile|Imponibile|Subtotale",
    ),
    "total_discount": labels(
        en="Discount|Less Discount|Agency Commission|Allowance|Trade Discount",
        de="Rabatt|Abschläge|Nachlass|Gesamtbetrag der Abschläge",
        fr="Remise|Remise globale",
        es="Descuento",
        it="Sconto",
    ),
    "shipping_charge": labels(
        en="Shipping|Freight|Shipping & Handling|Delivery|S&H|Carriage",
        de="Versandkosten|Fracht|Porto|Transportkosten",
        fr="Frais de port|Port|Transport",
        es="Gastos de envío|Portes",
        it="Spese di trasporto|Trasporto",
    ),
    "total_tax": labels(
        en="Tax|Sales Tax|VAT|GST|Total Tax|Total VAT|Total GST",
        de=("MwSt.|Umsatzsteuer|USt.|Steuerbetrag|zzgl. MwSt.|Mehrwertsteuer|Steuersumme"),
        fr="TVA|Total TVA|Montant TVA",
        es="IVA|Cuota IVA",
        it="IVA|Totale IVA",
    ),
    "invoice_total": labels(
        en=(
            "Total|TOTAL|Invoice Total|Grand Total|Total Amount|Total Due|Order Total|"
            "Total incl. VAT|Net Amount Due|Total Invoice"
        ),
        de=(
            "Gesamtbetrag|Rechnungsbetrag|Gesamt|Endbetrag|Bruttosumme|Summe|Gesamtsumme|"
            "Bruttobetrag"
        ),
        fr="Total TTC|Montant total|TOTAL|Net à payer|Total général",
        es="Total|TOTAL|Total factura",
        it="Totale|TOTALE FATTURA|Totale documento",
    ),
    "amount_due": labels(
        en="Amount Due|Balance Due|Please Pay|AMOUNT DUE|Balance",
        de="Zahlbetrag|Zu zahlen|Offener Betrag|Fälliger Betrag",
        fr="Reste à payer|Net à payer|Solde dû|Residual",
        es="Importe a pagar|Saldo",
        it="Netto a pagare|Saldo dovuto",
    ),
}

PAID: Labels = labels(
    en="Paid|Deposit|Prepaid|Payments",
    de="Anzahlung|Bereits gezahlt|Erhaltene Anzahlungen",
    fr="Acompte|Déjà réglé",
    es="Pagado|Anticipo",
    it="Acconto|Pagato",
)

FIELDS: dict[str, Labels] = {
    "document_id": labels(
        en="{} No.|{} #|{} Number|No.|Number|{} No|Document No.|Doc No|{} ID",
        de="{}-Nr.|{}snummer|Nummer|Beleg-Nr.|Nr.|Belegnummer",
        fr="{} n°|Numéro|N°|N° pièce",
        es="{} n.º|Número|N.º",
        it="{} n.|Numero|N. documento",
    ),
    "document_date": labels(
        en="Date|{} Date|Issue Date|Dated|Print Date",
        de="Datum|{}sdatum|Beleg-Datum|vom|Ausstellungsdatum",
        fr="Date|Date {}|Le",
        es="Fecha|Fecha {}",
        it="Data|Del",
    ),
    "due_date": labels(
        en="Due Date|Payment Due|Due|Pay By",
        de="Fällig am|Zahlbar bis|Fälligkeit|Fälligkeitsdatum",
        fr="Échéance|Date d'échéance",
        es="Vencimiento",
        it="Scadenza",
    ),
    "delivery_date": labels(
        en="Delivery Date|Ship Date|Date Shipped|Delivered",
        de="Lieferdatum|Leistungsdatum|Liefer- und Leistungsdatum",
        fr="Date de livraison|Livré le",
        es="Fecha de entrega",
        it="Data consegna",
    ),
    "purchase_order": labels(
        en=(
            "PO Number|P.O. No.|Your Order|PO #|Customer PO|Order #|Purchase Order|Order "
            "No.|Your Reference"
        ),
        de="Ihre Bestellung|Bestellnummer|Bestell-Nr.|Bestellung|Auftragsnummer",
        fr="Votre commande|N° commande|Référence commande",
        es="Pedido|Su pedido",
        it="Vs. ordine|Ordine n.",
    ),
    "original_invoice_id": labels(
        en="Original Invoice|Ref. Invoice|Invoice Ref|Applies to Invoice",
        de="Ursprungsbeleg-Nr|Bezug Rechnung|Zu Rechnung Nr.",
        fr="Facture d'origine|Réf. facture",
        es="Factura original",
        it="Fattura originale",
    ),
    "currency": labels(
        en="Currency|Curr.", de="Währung", fr="Devise", es="Moneda|Divisa", it="Valuta"
    ),
}

OTHER_FIELDS: Labels = labels(
    en=(
        "Customer No.|Account #|Terms|Ship Via|Sales Rep|Estimate #|Flight Dates|"
        "Contract #|Agency|Advertiser|Product|Salesperson|Account Executive|Billing "
        "Calendar|Billing Type|Property|Sales Office|Sales Region|FOB|Warehouse|Page|"
        "Route|Driver|Carrier|Weight|VAT ID|Tax ID|Cashier|Revision|Deal #|"
        "Demographic|Contact|Packages|Incoterms|Department|Alt Order #"
    ),
    de=(
        "Kundennummer|Kunden-Nr.|Sachbearbeiter|USt-IdNr.|Zahlungsbedingung|"
        "Lieferbedingung|Versandart|Projekt|Vertrag|Kostenstelle|Lieferschein|"
        "Ansprechpartner|Telefon|Steuernummer|Bestelldatum|Seite|Leitweg-ID|Referenz|"
        "Globale Nummer|Zählpunkt"
    ),
    fr=(
        "N° client|Conditions|Mode de règlement|Représentant|N° TVA|SIRET|Contact|"
        "Livraison|Incoterms|Page|Référence|Dossier"
    ),
    es="N.º cliente|Forma de pago|NIF|Comercial|Transporte|Página|Referencia",
    it="Cod. cliente|Pagamento|P. IVA|Agente|Trasporto|Pagina|Riferimento",
)
ADDRESS_LABELS: Labels = labels(
    en=(
        "Bill To|BILL TO:|Ship To|Sold To:|Remit To|Deliver To:|Billing Address:|"
        "Customer|SHIP TO:|Vendor|Buyer|Consignee|Send Payment To:|Advertiser"
    ),
    de=(
        "Rechnungsempfänger|Lieferadresse|Käufer|Verkäufer|Warenempfänger|Rechnung "
        "an:|Lieferanschrift:|Empfänger"
    ),
    fr=("Facturé à|Adresse de livraison|Client|Livré à :|Vendeur|Adresse de facturation"),
    es="Cliente|Facturar a|Enviar a",
    it="Cliente|Destinatario|Spett.le",
)
SUBTOTALS: Labels = labels(
    en=(
        "Subtotal|Carried forward|Page total|Section total|Brought forward|Total "
        "group|Balance forward|Totals"
    ),
    de="Zwischensumme|Übertrag|Summe Gruppe|Seitensumme|Zwischensumme Titel",
    fr="Sous-total|À reporter|Report|Total page",
    es="Subtotal|Suma y sigue|Total grupo",
    it="Subtotale|Riporto|A riportare",
)
TERMS: Labels = labels(
    en=(
        "Payment is due within 30 days of the invoice date.|Goods sold are not "
        "returnable.|Please quote the invoice number with your payment.|Late "
        "payments are charged 1.5 % per month.|All prices in the currency stated "
        "above.|Thank you for your business!|Title passes to the buyer on full "
        "payment.|Claims must be made within 7 days of delivery.|This station does "
        "not discriminate in advertising contracts.|Times are approximate within 15 "
        "minutes.|Subject to our standard conditions of sale.|Questions? Call our "
        "billing department."
    ),
    de=(
        "Zahlbar innerhalb 30 Tagen netto.|Bei Zahlung innerhalb von 10 Tagen 2 % "
        "Skonto.|Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum.|Wir "
        "danken für Ihren Auftrag.|Bitte bei Zahlung die Rechnungsnummer angeben.|Es "
        "gelten unsere Allgemeinen Geschäftsbedingungen.|Es bestehen Rabatt- und "
        "Bonusvereinbarungen.|Lieferung frei Haus ab 500,00 EUR."
    ),
    fr=(
        "Paiement à 30 jours fin de mois.|Pas d'escompte pour paiement anticipé.|En "
        "cas de retard, une indemnité de 40 € est due.|TVA acquittée sur les débits.|"
        "Merci de votre confiance.|Franco de port à partir de 300 €."
    ),
    es=("Pago a 30 días.|Gracias por su confianza.|No se admiten devoluciones."),
    it=("Pagamento a 30 giorni.|Grazie per la fiducia.|Merce viaggia a rischio del committente."),
)
NOTES: Labels = labels(
    en=(
        "Serial No. {}|Lot {}|Period: {}|Country of origin: US|Ref {}|Includes "
        "installation|Tracking {}|Drawing {} rev B|Purchased preemptible rate|Note: "
        "{}|Warranty 24 months|Promo code {}|Batch/Exp: {}|Delivered by truck {}"
    ),
    de=(
        "Seriennummer {}|Charge {}|Lieferschein-Nr. {}|Liefer-Datum: {}|Verpackung: "
        "Karton|Ursprungsland: DE|Zeitraum: {}|Bruttopreis : {}|Anzahl Packstücke: 4 "
        "Karton|Zolltarifnummer {}|Kostenstelle: {}|Bestell-Nr: {}"
    ),
    fr=("N° de série {}|Lot {}|Origine : FR|Réf. {}|Période : {}|dont éco-participation {}"),
    es="N.º de serie {}|Lote {}|Origen: ES",
    it="Matricola {}|Lotto {}|Origine: IT",
)


def say(rng: random.Random, choices: Labels, language: str) -> str:
    """One of the labels in that language."""
    return rng.choice(choices[language])
