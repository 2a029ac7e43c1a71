"""German wording of documents from Germany, Austria and Switzerland."""

from data.synthesis.languages.language import Language, texts, words

GERMAN = Language(
    code="de",
    share=25,
    titles=texts(
        invoice=(
            "Rechnung|RECHNUNG|Handelsrechnung|Teilrechnung|Sammelrechnung|Ausgangsrechnung|"
            "Schlussrechnung|Abschlagsrechnung|Barrechnung|RECHNUNG / INVOICE|Proforma-Rechnung|"
            "Monatsrechnung|Honorarrechnung|Warenrechnung|Kostenrechnung|Mietrechnung|"
            "Beitragsrechnung|Leasingrechnung|Lieferrechnung|Leistungsabrechnung|Energieabrechnung|"
            "Gutschrift (selbst ausgestellte Rechnung)|Rechnung (380)"
        ),
        credit_memo=(
            "Gutschrift|GUTSCHRIFT|Rechnungskorrektur|Stornorechnung|Rechnungsgutschrift|"
            "GUTSCHRIFT / CREDIT NOTE|Storno|Warengutschrift"
        ),
        purchase_order=(
            "Bestellung|BESTELLUNG|Auftragsbestätigung|Auftrag|Bestellauftrag|AUFTRAGSBESTÄTIGUNG|"
            "Einkaufsbestellung|Abruf|Bestellschein|Rahmenauftrag"
        ),
        packing_slip=(
            "Packliste|PACKLISTE|Packzettel|Versandschein|Packschein|Kommissionierschein|"
            "Versandliste"
        ),
        delivery_note=(
            "Lieferschein|LIEFERSCHEIN|Lieferschein / Delivery Note|Warenbegleitschein|"
            "Lieferschein-Kopie|Lieferavis"
        ),
        bill_of_lading=(
            "Frachtbrief|FRACHTBRIEF|CMR Frachtbrief|Speditionsauftrag|Ladeliste|Internationaler "
            "Frachtbrief"
        ),
        proof_of_delivery=(
            "Ablieferungsnachweis|Empfangsbestätigung|Zustellnachweis|Abliefernachweis|Quittierter "
            "Lieferschein|Übergabeprotokoll"
        ),
        receipt=(
            "Kassenbon|Quittung|Rechnung|BON|KUNDENBELEG|Bewirtungsbeleg|Rechnung/Quittung|"
            "KASSENBELEG"
        ),
        other=(
            "Kontoauszug|Mahnung|Preisliste|Zahlungserinnerung|Angebot|Offene-Posten-Liste|2. "
            "Mahnung|Zahlungsavis|Kostenvoranschlag|Prüfzeugnis"
        ),
    ),
    numbers=texts(
        invoice=(
            "Rechnungsnummer|Rechnungs-Nr.|Rechnung Nr.|Rechn.-Nr.|Rechnungsnr.|Re.-Nr.|RE-Nr.|"
            "RgNr.|Rechnung|Beleg|Belegnummer|Beleg-Nr.|Beleg Nr.|Rg.-Nr.|Rechnungs-Nummer|"
            "Rechnung-Nr|Fakturanummer|Rechnungsbeleg"
        ),
        credit_memo=(
            "Gutschriftsnummer|Gutschrift-Nr.|Gutschrift Nr.|Beleg-Nr.|GS-Nr.|Gutschrift|Storno-Nr."
        ),
        purchase_order=(
            "Bestellnummer|Bestell-Nr.|Bestellung Nr.|Auftragsnummer|Auftrags-Nr.|Auftrag Nr.|"
            "AB-Nr.|Auftr.-Nr.|Best.-Nr.|Unsere Bestellung|Bestellung"
        ),
        delivery_note=(
            "Lieferschein-Nr.|Lieferscheinnummer|Lieferschein Nr.|LS-Nr.|Lief.-Nr.|Lieferung|"
            "Liefers.-Nr.|LS"
        ),
    ),
    days=texts(
        invoice=(
            "Rechnungsdatum|Rechnungs-Datum|Datum|Re.-Datum|Rg.-Datum|Belegdatum|Ausstellungsdatum|"
            "vom|Rechn.-Datum|Rechnung vom|Fakturadatum"
        ),
        credit_memo="Gutschriftsdatum|Datum|Belegdatum|Ausstellungsdatum",
        purchase_order=(
            "Bestelldatum|Auftragsdatum|Datum|Best.-Datum|Bestellung vom|Auftrag vom|Erstellt am"
        ),
        delivery_note="Lieferscheindatum|Datum|Liefertag|LS-Datum",
    ),
    fields=texts(
        document_id=(
            "{}-Nr.|Nummer|Beleg-Nr.|Nr.|Belegnummer|{} Nr.|Vorgangsnummer|Dokumentnummer|Beleg|"
            "Referenz-Nr.|Dok.-Nr."
        ),
        document_date=(
            "Datum|{}sdatum|Beleg-Datum|vom|Ausstellungsdatum|Belegdatum|Druckdatum|Erstellt am|"
            "DATUM|Dat."
        ),
        due_date=(
            "Fällig am|Zahlbar bis|Fälligkeit|Fälligkeitsdatum|Fällig|Zahlungsziel|Zahlbar bis zum|"
            "Zahlungstermin|Valuta|fällig am|Zu zahlen bis"
        ),
        delivery_date=(
            "Lieferdatum|Leistungsdatum|Liefer- und Leistungsdatum|Liefertermin|Geliefert am|"
            "Lieferung am|Leistungszeitpunkt|Versanddatum|Lief.-Datum|Warenausgang|Wunschtermin"
        ),
        purchase_order=(
            "Ihre Bestellung|Bestellnummer|Bestell-Nr.|Bestellung|Auftragsnummer|Ihre Bestell-Nr.|"
            "Ihr Auftrag|Kundenbestellnr.|Best.-Nr.|Kundenauftrag|Kd.-Bestellung|Ihre Best.-Nr.|"
            "Bestell-Referenz|Ihre Bestellung Nr.|Kundenreferenz|Ihre Referenz|Auftr.-Nr.|Ihre "
            "Auftragsnr."
        ),
        original_invoice_id=(
            "Ursprungsbeleg-Nr|Bezug Rechnung|Zu Rechnung Nr.|Rechnung vom/Nr.|Urspr. Rechnung|"
            "Ursprungsrechnung|Storno zu Rechnung|Bezugsrechnung"
        ),
        currency="Währung|Währ.|Belegwährung|Whg.",
    ),
    headings=words(
        "{title} Nr. {number} vom {day}|{title} {number} vom {day}|{title} Nr. {number} / {day}"
    ),
    other_fields=words(
        "Zahlungsart|Betreff|Geschäftsführer|Inhalt|Abteilung|Weitere Referenz|"
        "Abrechnungszeitraum|Zahlungsbedingungen|Handelsregisternummer|Kontoname|Skonto|"
        "Zahlungsreferenz|Bemerkungen|Lieferschein-Datum|Reklamationsnummer|Amtsgericht|GLN|"
        "BIC|Referenz des Käufers|Berechnungszeitraum|Vertriebsbereich|Warenempfängernummer|"
        "Kundennummer|Kunden-Nr.|Sachbearbeiter|USt-IdNr.|Zahlungsbedingung|Lieferbedingung|"
        "Versandart|Projekt|Vertrag|Kostenstelle|Lieferschein|Ansprechpartner|Telefon|Steuernummer|"
        "Bestelldatum|Seite|Leitweg-ID|Referenz|Globale Nummer|Zählpunkt|Kd.-Nr.|Kd-Nr|Kunde Nr.|"
        "Kundennr.|Debitor|Debitoren-Nr.|Lieferantennr.|Lieferanten-Nr.|Lief.-Nr. bei Ihnen|"
        "Bearbeiter|Sachb.|Durchwahl|Fax|E-Mail|Telefax|Tel.|Ihre Nachricht vom|Unser Zeichen|Ihr "
        "Zeichen|Versandbedingung|Frachtführer|Spediteur|Tour|Fahrer|Gewicht|Bruttogewicht|"
        "Nettogewicht|Anzahl Colli|Lager|Filiale|Kasse|Bediener|Tisch|Steuer-Nr.|St.-Nr.|UID-Nr.|"
        "ATU-Nr.|MWST-Nr.|HRB|Zählernummer|Zählerstand alt|Zählerstand neu|Abrechnungszeitraum|"
        "Verbrauchsstelle|Vertragskonto|Vertragsnummer|Mandatsreferenz|Gläubiger-ID|IBAN|BIC|Blatt|"
        "Seite/von|Angebotsnr.|Objekt|Bauvorhaben|Kostenträger|Auftraggeber|Vertreter|Zahlungsart|"
        "Zahlungsbed.|Lieferbed.|Versand|Leistungszeitraum|Abteilung"
    ),
    seller_labels=words(
        "Verkäufer|Lieferant|Absender|Verkäufer:|Rechnungssteller|Leistungserbringer|Lieferant:|"
        "Aussteller"
    ),
    buyer_labels=words(
        "Rechnungsempfänger|Käufer|Rechnung an:|Empfänger|Rechnungsadresse|Rechnungsanschrift|"
        "Auftraggeber|Herrn/Frau/Firma|Firma|Kunde|An:|Leistungsempfänger|Besteller|Regulierer|"
        "Käufer:|Käufer/Leistungsempfänger|Rechnung an"
    ),
    place_labels=words(
        "Lieferadresse|Warenempfänger|Lieferanschrift:|Lieferadresse:|Versandanschrift|Lieferung "
        "an|Warenempfänger:|Zahlungsempfänger|Abweichender Warenempfänger|Abweichender "
        "Zahlungsempfänger|Lieferort"
    ),
    heads=texts(
        line_number=(
            "Pos|Pos.|Nr.|Position|Lfd. Nr.|Pos.-Nr.|Pos.Nr.|PosNr|Lfd.|lfd. Nr.|lfd.Nr.|Z.|Zeile|"
            "POS|Positionsnr."
        ),
        product_code=(
            "Art.-Nr.|Artikelnummer|Artikel|Artikel-Nr.|Art-Nr-Lief.|Material|Sachnummer|ArtikelNr|"
            "Art. Nr.|ArtNr|Art.Nr.|Artikelnr.|Materialnr.|Mat.-Nr.|Material-Nr.|Teilenummer|"
            "Teile-Nr.|Produktnr.|Produkt-Nr.|Artikel Nr|Artikel/Nr.|Leist.-Nr.|Unsere Art.-Nr.|"
            "Typ|PZN|ISBN"
        ),
        buyer_item_id=(
            "Ihre Art.-Nr.|Art-Nr-Kunde|Kundenmaterial|Ihre Nr.|Ihre Artikelnr.|Kunden-Art.-Nr.|"
            "Kd.-Art.-Nr.|Kundenartikelnr.|Ihre Materialnr.|Ihr Artikel"
        ),
        gtin="GTIN|EAN|EAN-Code|EAN/GTIN|EAN-Nr.|GTIN-Nr.|EAN Code|Barcode",
        description=(
            "Bezeichnung|Beschreibung|Artikelbezeichnung|Leistung|Text|Artikel|Produkt|"
            "Artikelbeschreibung|Warenbezeichnung|Bezeichnung der Leistung|Leistungsbeschreibung|"
            "Art.-Bezeichnung|Artikelbez.|Bez.|Beschr.|Produktbezeichnung|Materialkurztext|"
            "Gegenstand|Tätigkeit|Ware|Artikeltext|Positionstext|Kurztext|Titel|Lieferung / "
            "Leistung|Artikel/Bezeichnung|Leistungsart|Position/Leistung|BEZEICHNUNG"
        ),
        quantity=(
            "Menge|Anzahl|Mge.|Stück|Menge abger.|Anz.|MENGE|Mg.|Stk.|Stk|Fakt. Menge|Ber. Menge|"
            "Berechn. Menge|Std.|Stunden|Tage|Verbrauch|Rechnungsmenge|Stückzahl|Menge fakt.|"
            "Nächte|Kisten"
        ),
        unit=(
            "Einheit|ME|Einh.|VE|Mengeneinheit|MEH|Mengeneinh.|M.E.|Eht.|Me|BME|Gebinde|Verp.|ME/VE"
        ),
        unit_price=(
            "Einzelpreis|Preis|E-Preis|EP|Nettopreis|Einzelpreis (netto)|Preis/Einheit|Stückpreis|"
            "Einzelpr.|Einzelpr. netto|Einzel|Einzelpreis €|Einzelpreis EUR|Einzelpreis in EUR|"
            "E-Preis €|EP €|EP netto|Einh.-Preis|Einheitspreis|EUR/Einheit|Preis je Einheit|Preis "
            "EUR|Preis €|Preis/ME|Netto-EP|VK-Preis|E.-Preis|Stk.-Preis|Preis/Stk.|Stundensatz|"
            "Satz|Einzelbetrag|Ep netto EUR|Netto-Einzelpreis|Arbeitspreis|Nettopreis/ME|Preis "
            "netto|EINZELPREIS"
        ),
        price_base_quantity=(
            "PE|Preiseinheit|per|VKE/Geb|Preisbasis|pro|je|Preis per|Pr.-Einh.|P-Einh.|PrEinh|PE."
        ),
        discount_rate=(
            "Rabatt|Rabatt %|Rab.|Rab. %|Rab %|Rab.%|Rabatt in %|% Rabatt|Nachlass %|Rbt.|Rab|R%"
        ),
        discount_amount=(
            "Rabattbetrag|Abschlag|Nachlass|Rabatt EUR|Rabatt €|Rabattwert|Abzug|Ersparnis"
        ),
        amount=(
            "Betrag|Gesamt|Gesamtpreis|Summe|Nettobetrag|G-Preis|Positionsbetrag|Wert|Netto|GP|"
            "Warenwert|Nettowert|Entgelt|Betrag EUR|Betrag €|Gesamt €|Gesamt EUR|Gesamt netto|"
            "Gesamtpreis €|Gesamtpreis EUR|Gesamtpreis in EUR|Gesamtpr.|Ges.-Preis|Ges.preis|GP €|"
            "GP netto|Gesamtbetrag|Gesamtwert|Positionswert|Pos.-Wert|Pos.-Betrag|Summe €|Summe "
            "EUR|Summe netto|Netto €|Netto EUR|Nettosumme|Netto-Betrag|Netto-Gesamt|Gesamt-Netto|"
            "Wert EUR|Zeilenbetrag|BETRAG|Gesamtnetto|Zeilensumme|Endpreis|Rechnungsbetrag|Betrag "
            "netto|Kosten|Warenwert netto"
        ),
        gross_amount=(
            "Brutto|Bruttobetrag|Gesamt brutto|Betrag inkl.|Brutto EUR|Brutto €|Gesamt inkl. MwSt.|"
            "Summe brutto|Gesamtpreis brutto|Endbetrag brutto|Betrag brutto"
        ),
        tax_rate=(
            "MwSt|MwSt.|USt.|MwSt.-%|USt. %|USt.-Satz|Steuersatz|Steuer|MwSt. %|MwSt %|MWST|USt|"
            "USt %|USt.%|St.|St.-Satz|% MwSt.|MwSt.-Satz|Ust-Satz|St.%|VSt."
        ),
        tax_amount=(
            "MwSt-Betrag|Steuerbetrag|USt.-Betrag|MwSt. EUR|MwSt. €|Steuer EUR|USt. EUR|"
            "MwSt.-Betrag|USt-Betrag|Mehrwertsteuer"
        ),
        date=(
            "Datum|Lieferdatum|Leistungsdatum|Termin|Liefertermin|Lief.-Datum|Liefer-Datum|Tag|"
            "Leist.-Datum|Buchungstag|Einsatztag|geliefert am|Bel.-Dat."
        ),
        po_number=(
            "Bestellung|Auftrag|Bestell-Nr.|Auftrags-Nr.|Best.-Nr.|Ihre Bestellung|Ihre Best.-Nr.|"
            "Kd.-Bestellung|Auftr.-Nr.|Bestellnr."
        ),
        quantity_ordered=(
            "Bestellt|Bestellmenge|Menge best.|Soll|Best. Menge|Bestellmg.|bestellt|Menge bestellt|"
            "Auftragsmenge|Auftr.-Menge|Sollmenge"
        ),
        quantity_shipped=(
            "Geliefert|Liefermenge|Menge gel.|Ist|geliefert|Gel. Menge|Menge geliefert|Lief.-Menge|"
            "Istmenge|Versandmenge|Liefermng.|Versandt"
        ),
        quantity_backordered=(
            "Rückstand|Offen|Restmenge|Offene Menge|Rückst.|Restmge.|offen|Rest|Nachlieferung|"
            "Rückstandsmenge"
        ),
        quantity_received=(
            "Erhalten|Empfangen|Wareneingang|Empf. Menge|WE-Menge|erhalten|Übernommen|Zugang"
        ),
        quantity_rejected=(
            "Abgelehnt|Beschädigt|Fehlmenge|Reklamiert|Bruch|Fehlt|Fehlmg.|Retoure|Zurückgewiesen|"
            "Verweigert"
        ),
        list_price=(
            "Bruttopreis|Listenpreis|UVP|Listenpr.|Grundpreis|Brutto-EP|Katalogpreis|LP|Br.-Preis|"
            "Regulärer Preis"
        ),
        quantity_unit=(
            "Menge|Menge Einheit|Menge/Einheit|Menge/ME|Menge ME|Menge / Einheit|Menge Einh.|"
            "Anzahl/Einheit|Mge./ME"
        ),
    ),
    detail_heads=words("Von|Bis|Tage|Anzahl|Preis|Faktor"),
    sections=words(
        "Lieferschein {} vom {day}|Auftrag {}|Ihre Bestellung {} vom {day}|Titel {n}|"
        "Filiale {}|Abschnitt {n}|{n}. {noun}|{noun}|Kommission: {}|Los {n}|"
        "Lieferung vom {day}|Bauabschnitt {n}"
    ),
    discounts=words(
        "Rabatt|abzgl. Rabatt|Mengenrabatt|Nachlass|Artikelrabatt|Sondernachlass|Aktionsrabatt"
    ),
    nets=words("Netto|Positionsbetrag|Nettobetrag|Positionssumme"),
    parts=words("inkl.|bestehend aus:|Bestandteil|je|davon|enthält"),
    charges=words(
        "Versandkosten|Fracht|Pfand|Palettenpfand|Verpackung|Mindermengenzuschlag|"
        "Energiezuschlag|Leergut|Frachtpauschale|Mautzuschlag|Transportkosten"
    ),
    head_groups=texts(
        quantity="Menge|Anzahl|Mengen",
        money="Preis|Beträge in {currency}|Wert {currency}|{currency}|Betrag",
        article="Artikel|Ware|Bezeichnung",
    ),
    party_labels=words(
        "Name|Anschrift|Ansprechpartner|Telefon|E-Mail|USt-IdNr.|Steuernummer|"
        "Globale Nr.|Nummer|Handelsregisternummer"
    ),
    subtotals=words(
        "Zwischensumme|Übertrag|Summe Gruppe|Seitensumme|Zwischensumme Titel|Übertrag:|"
        "Zwischensumme:|Übertrag von Seite 1|Summe Titel|Zw.-Summe|Summe Pos. 1-4|Gesamtsumme "
        "Seite|Summe|Zwischensumme netto|Summe Lieferschein|Titelsumme"
    ),
    totals=texts(
        sub_total=(
            "Zwischensumme|Nettobetrag|Summe netto|Gesamt netto|Positionssumme|Summe Positionen|"
            "Netto|Warenwert|Rechnungssumme ohne USt.|Nettosumme|Summe Netto|Gesamtnetto|"
            "Netto-Summe|Nettowert|Gesamt Netto EUR|Gesamtbetrag netto|Summe Netto EUR|Netto "
            "gesamt|Netto-Warenwert|Zwischensumme netto|Gesamtpreis netto|Nettorechnungsbetrag|"
            "Warenwert netto|Total netto|Summe (netto)|Steuerpfl. Betrag|Gesamtnettobetrag|"
            "Leistungssumme"
        ),
        total_discount=(
            "Rabatt|Abschläge|Nachlass|Gesamtbetrag der Abschläge|abzgl. Rabatt|Rabatt gesamt|./. "
            "Rabatt|Skonto|Treuerabatt|Gesamtrabatt|Auftragsrabatt|Mengenrabatt"
        ),
        shipping_charge=(
            "Versandkosten|Fracht|Porto|Transportkosten|Versand|Versandkostenpauschale|"
            "Frachtkosten|Versandkosten netto|Porto und Verpackung|Verpackung/Fracht|Lieferkosten|"
            "Logistikpauschale|Mautzuschlag|Versandpauschale"
        ),
        total_tax=(
            "MwSt.|Umsatzsteuer|USt.|Steuerbetrag|zzgl. MwSt.|Mehrwertsteuer|Steuersumme|MwSt|USt|"
            "MwSt.-Betrag|Umsatzsteuer 19 %|19 % MwSt.|zzgl. 19% USt.|+ MwSt.|Mehrwertsteuer EUR|"
            "USt.-Betrag|gesetzl. MwSt.|MWST|davon MwSt.|zzgl. USt|Gesamtsteuer|MwSt. gesamt|enth. "
            "MwSt."
        ),
        invoice_total=(
            "Gesamtbetrag|Rechnungsbetrag|Gesamt|Endbetrag|Bruttosumme|Summe|Gesamtsumme|"
            "Bruttobetrag|Rechnungsbetrag EUR|Gesamtbetrag EUR|Gesamt EUR|Gesamt €|SUMME|Summe EUR|"
            "Rechnungssumme|Gesamtbetrag brutto|Brutto|Brutto gesamt|Gesamt brutto|Endsumme|"
            "Gesamtpreis|Rechnungsbetrag brutto|Summe brutto|Total|Rechnungsendbetrag|Gesamt inkl. "
            "MwSt.|Gesamtpreis brutto|Bruttorechnungsbetrag|Total EUR|Auftragssumme|Auftragswert|"
            "Gesamtsumme EUR|Total inkl. MWST|Endbetrag EUR"
        ),
        amount_due=(
            "Zahlbetrag|Zu zahlen|Offener Betrag|Fälliger Betrag|Restbetrag|Zu zahlender Betrag|"
            "Offen|Saldo|Noch zu zahlen|Zahllast|Rechnungsbetrag offen|Restforderung|Nachzahlung|"
            "Bitte überweisen"
        ),
    ),
    paid=words(
        "Anzahlung|Bereits gezahlt|Erhaltene Anzahlungen|Bezahlt|Abschlag|Geleistete Zahlungen|"
        "abzgl. Anzahlung|Vorauszahlung|gezahlte Abschläge|Gegeben|Bar|Bereits bezahlt|EC-Karte"
    ),
    terms=words(
        "Zahlbar innerhalb 30 Tagen netto.|Bei Zahlung innerhalb von 10 Tagen 2 % Skonto.|Die Ware "
        "bleibt bis zur vollständigen Bezahlung unser Eigentum.|Wir danken für Ihren Auftrag.|"
        "Bitte bei Zahlung die Rechnungsnummer angeben.|Es gelten unsere Allgemeinen "
        "Geschäftsbedingungen.|Es bestehen Rabatt- und Bonusvereinbarungen.|Lieferung frei Haus ab "
        "500,00 EUR.|Zahlbar sofort ohne Abzug.|Zahlungsziel: 14 Tage netto.|Reklamationen "
        "innerhalb von 8 Tagen nach Erhalt der Ware.|Es gilt der erweiterte Eigentumsvorbehalt.|"
        "Gerichtsstand ist Hamburg.|Leistungsdatum entspricht Rechnungsdatum, sofern nicht anders "
        "angegeben.|Der Betrag wird per SEPA-Lastschrift eingezogen.|Steuerfreie "
        "innergemeinschaftliche Lieferung.|Steuerschuldnerschaft des Leistungsempfängers.|Gemäß § "
        "19 UStG wird keine Umsatzsteuer berechnet.|Ware ordnungsgemäß erhalten:|Bitte überweisen "
        "Sie den Betrag auf das unten genannte Konto.|Dieses Dokument wurde maschinell erstellt "
        "und ist ohne Unterschrift gültig.|Vielen Dank für Ihren Einkauf!|Umtausch nur mit Bon.|"
        "Bitte beachten Sie die neue Bankverbindung.|Verpackung wird nicht zurückgenommen."
    ),
    notes=words(
        "Seriennummer {}|Charge {}|Lieferschein-Nr. {}|Liefer-Datum: {}|Verpackung: Karton|"
        "Ursprungsland: DE|Zeitraum: {}|Bruttopreis : {}|Anzahl Packstücke: 4 Karton|"
        "Zolltarifnummer {}|Kostenstelle: {}|Bestell-Nr: {}|SN: {}|Ser.-Nr.: {}|Chargennr.: {}|MHD "
        "{}|Ihre Pos. {}|LS {} vom 03.02.|Leistungszeitraum {}|Auftrag {}|Ihre Art.-Nr.: {}|"
        "Warennummer {}|Ursprung: EU|inkl. Pfand {}|abzgl. Skonto {}|Lieferwoche 14|Zeichnung {}|"
        "EAN {}|Nachlieferung zu {}|Projekt {}|Mietzeitraum: {}"
    ),
    joints=words("{} à {}|zu|Für unsere Leistungen berechnen wir:|Wir berechnen wie vereinbart:"),
    nouns=texts(
        goods=(
            "Sechskantschraube|Kugelhahn|Kopierpapier A4|Kabelbinder|Farbroller|Trennblätter A4|"
            "Faltenbeutel|Dichtungsring|Stahlblech|Holzschraube|Schutzhelm|Taschenlampe|Wandregal|"
            "Handtuch|Trinkflasche|Bürostuhl|Tonerkartusche|Schlauchschelle|Luftfilter|Netzteil|"
            "Klebeband|Reinigungsmittel|Müllbeutel|Unterlegscheibe|Leergutpfand|Lagerbox|"
            "Bohrersatz|Arbeitshandschuhe|Rohrverbinder|Fensterdichtung|Gewindestange|Dachlatte|"
            "Gipskartonplatte|Akkuschrauber|Mehrfachsteckdose|Lüsterklemme|Rohrschelle|Silikon "
            "transparent|Mischbatterie|Schleifscheibe|Versandkarton|Etikettenrolle|Kugellager|"
            "Hydraulikschlauch|Arbeitsjacke|Besteckset|Zahnbürste|Gartenschere|Blumenerde|"
            "Kugelschreiber"
        ),
        food=(
            "Gelierzucker Extra|Zitronensäure|Joghurt Banane|Bierbrau Pils|Mineralwasser|"
            "Kaffeebohnen|Vollmilch|Butter|Tomatenmark|Apfelsaft|Roggenbrot|Käseaufschnitt|Nudeln|"
            "Olivenöl|Schokolade|Frühstück|Tagesgericht|Currywurst|Speisequark|Hähnchenbrust|"
            "Kartoffeln festkochend|Weizenmehl Type 405|Apfelschorle|Bratwurst|Brötchen|Espresso|"
            "Tafelsalz|Zucker"
        ),
        services=(
            "Beratungsleistung|Montage|Arbeitszeit Techniker|Wartungsvertrag|Schulung|Übersetzung|"
            "Reisekosten|Übernachtung|Fahrtkosten|Reinigung Büroräume|Projektleitung|Reparatur|"
            "Transportkosten|Planungsleistung|Kommissionierer|Wirkarbeit HT|Anfahrtspauschale|"
            "Steuerberatung|Winterdienst|Gartenpflege|Arbeitsstunden|Elektroinstallation|"
            "Entsorgung|Fotografie|Wartung Heizungsanlage|Gerüststellung"
        ),
        software=(
            "Lizenz|Cloud Hosting|Supportvertrag|Datenspeicher|Domain|Servermiete|Software Wartung|"
            "Grundpreis|Grundgebühr|Benutzerkonto|Webhosting|E-Mail-Postfach|Pflegevertrag|"
            "Jahreslizenz|SSL-Zertifikat"
        ),
        property=(
            "Kaltmiete|Nebenkosten|Versicherungsbeitrag|Strom|Stellplatz|Heizkosten|Abfallgebühr|"
            "Ökosteuer Lieferant|Grundpreis|Wasser|Hausmeisterdienst|Netzentgelt|Stromsteuer|"
            "Messstellenbetrieb|Grundsteuer|Miete Gewerbeeinheit"
        ),
    ),
    units=words(
        "Stk|Stück|St.|Stk.|St|kg|m|m²|Ktn|Karton|Pkg|VE|Pack|l|Rolle|Paar|Palette|C62|H87|STK|ST|"
        "Fl.|Ki.|Eimer|Sack|Dose|Kan.|Set|Bund|t|m3|lfm|lfd. m|BTL|PAK|KAR|Fl|PCE|Btl."
    ),
    time_units=words(
        "Std|Std.|h|Tage|Tag|Monat|Mon.|psch|kWh|LS|Stunde|Stunden|pauschal|Psch.|MT|PT|Tg.|Monate|"
        "Woche|km|Nacht|Einsatz|AW"
    ),
    legal=words(
        "GmbH|GmbH & Co. KG|AG|KG|e.K.|OHG|UG|GmbH & Co KG|Ges.m.b.H.|SE|eG|GbR|& Söhne|& Co.|mbH"
    ),
    trades=words(
        "Handel|Technik|Großhandel|Bau|Elektro|Logistik|Werkzeuge|Verlag|Druck|Lebensmittel|"
        "Maschinenbau|Elektrotechnik|Baustoffe|Sanitär|Büroservice|Getränke|Fleischerei|Bäckerei|"
        "Medien|Energie|Stadtwerke|Spedition|Verpackung|Autohaus|Hotel|Gartenbau|Heizungsbau|"
        "IT-Service"
    ),
    streets=words(
        "Hauptstraße|Bahnhofstr.|Industriestraße|Lindenweg|Am Markt|Gartenstr.|Schulstraße|"
        "Dorfstr.|Am Bahnhof|Goethestraße|Gewerbepark|Kirchweg|Bergstraße|Ringstr.|Mühlenweg|An "
        "der Alten Ziegelei|Rosenweg|Werkstraße"
    ),
    towns=words(
        "Hamburg|München|Köln|Nürnberg|Düsseldorf|Leipzig|Musterstadt|Zürich|Sarstedt|Berlin|"
        "Stuttgart|Bremen|Dresden|Hannover|Wien|Graz|Linz|Basel|Bern|Kassel|Ulm|Freiburg|Bad "
        "Homburg|Frankfurt am Main|Bielefeld|Regensburg|Kiel"
    ),
    departments=words(
        "Buchhaltung|z. Hd. Einkauf|Postfach 12 04|Abt. 7|Rechnungsprüfung|Wareneingang|Tor 3|"
        "Kreditorenbuchhaltung|Niederlassung Nord"
    ),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("#####|#####|#####|D-#####|####"),
    phones=words(
        "0### ######|0## / ### ## ##|+49 ### ######|+49 (0)## #######|0####/######|+43 # #######|"
        "+41 ## ### ## ##"
    ),
    tax_ids=words("DE#########|DE#########|DE#########|##/###/#####|ATU########|CHE-###.###.###"),
    tax_rates=words("19|19|19|19|7|7|0|20|8.1|7.7|16"),
    currencies=words("EUR|EUR|EUR|EUR|EUR|EUR|CHF|EUR|EUR|USD"),
    number_forms=words("1.234,56|1.234,56|1.234,56|1.234,56|1.234,56|1234,56|1234,56|1 234,56"),
    sign_sides=words("after|after|after|after|before"),
    dates=words(
        "%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%d.%m.%y|%d.%m.%y|%-d.%-m.%Y|%d. %B "
        "%Y|%-d. %B %Y|%d. %b %Y|%Y-%m-%d|%d/%m/%Y|%Y%m%d|%d-%m-%Y"
    ),
    months=words(
        "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    ),
    short_months=words("Jan|Feb|Mrz|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez"),
)
