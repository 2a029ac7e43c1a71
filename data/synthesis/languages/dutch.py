"""Dutch wording of documents from the Netherlands and Belgium."""

from data.synthesis.languages.language import Language, texts, words

DUTCH = Language(
    code="nl",
    share=1.5,
    titles=texts(
        invoice="Factuur|FACTUUR|Verkoopfactuur|Verzamelfactuur|Factuur / Invoice",
        credit_memo="Creditnota|CREDITNOTA|Creditfactuur|CREDITFACTUUR",
        purchase_order=(
            "Bestelling|Inkooporder|INKOOPORDER|Bestelbon|Orderbevestiging|ORDERBEVESTIGING"
        ),
        packing_slip="Paklijst|PAKLIJST|Verpakkingslijst",
        delivery_note="Pakbon|PAKBON|Leverbon|Afleverbon|Leveringsbon|Vrachtbon",
        bill_of_lading="Vrachtbrief|VRACHTBRIEF|CMR-vrachtbrief|Cognossement",
        proof_of_delivery="Afleverbewijs|Ontvangstbewijs|Bewijs van levering",
        receipt="Kassabon|KASSABON|BON|Kasticket|Kwitantie|",
        other="Offerte|Prijslijst|Betalingsherinnering|Rekeningoverzicht|Aanmaning",
    ),
    numbers=texts(
        invoice="Factuurnummer|Factuurnr.|Factuur nr.|Factuurnr|Fact.nr.|Factuur|Nummer",
        credit_memo="Creditnotanummer|Creditnota nr.|Creditnr.|Creditfactuurnummer|Nummer",
        purchase_order=(
            "Ordernummer|Ordernr.|Bestelnummer|Bestelnr.|Inkoopordernummer|Bestelbon nr.|Order"
        ),
        delivery_note="Pakbonnummer|Pakbonnr.|Pakbon nr.|Leverbonnummer|Leverbon nr.|Bonnummer",
    ),
    days=texts(
        invoice="Factuurdatum|Datum|Fact.datum|Datum factuur|Dagtekening",
        credit_memo="Creditdatum|Datum|Datum creditnota",
        purchase_order="Besteldatum|Orderdatum|Datum|Datum bestelling",
        delivery_note="Datum|Datum pakbon|Pakbondatum",
    ),
    fields=texts(
        document_id=(
            "{} nr.|{} nummer|Nummer|Nr.|Documentnummer|Referentie|Documentnr.|Ons kenmerk"
        ),
        document_date="Datum|Documentdatum|Dagtekening|Datum document",
        due_date=(
            "Vervaldatum|Vervaldag|Uiterste betaaldatum|Te betalen voor|Betalen vóór|Uiterlijk te "
            "betalen"
        ),
        delivery_date="Leverdatum|Leveringsdatum|Afleverdatum|Geleverd op|Verzenddatum",
        purchase_order=(
            "Uw bestelling|Uw order|Uw bestelnummer|Uw referentie|Bestelnummer|Uw ordernr.|Uw "
            "kenmerk|Klantorder"
        ),
        original_invoice_id=(
            "Oorspronkelijke factuur|Betreft factuur|Factuurreferentie|Credit op factuur"
        ),
        currency="Valuta|Munt",
    ),
    headings=words("{title} nr. {number} van {day}|{title} {number} d.d. {day}"),
    other_fields=words(
        "Klantnummer|Klantnr.|Debiteurnummer|Debiteurnr.|Btw-nummer|BTW nr.|KvK-nummer|KvK|"
        "Betalingsconditie|Betalingstermijn|Betalingsvoorwaarden|Contactpersoon|Behandeld door|"
        "Verkoper|Vertegenwoordiger|Telefoon|Tel.|E-mail|IBAN|BIC|Levering|Leveringsvoorwaarden|"
        "Vervoerder|Project|Projectnummer|Werk|Route|Gewicht|Aantal colli|Magazijn|Pagina|Blad|"
        "Kassa|Tafel|Medewerker|Omschrijving|Betreft|Contractnummer|Periode|Meternummer|EAN-code "
        "aansluiting|Ondernemingsnummer"
    ),
    seller_labels=words("Leverancier|Verkoper|Afzender"),
    buyer_labels=words("Factuuradres|Aan:|Klant|Factuur aan|T.a.v."),
    place_labels=words("Afleveradres|Leveringsadres|Geleverd aan|Verzendadres|Bezorgadres"),
    heads=texts(
        line_number="Pos.|Regel|Nr.|#|Pos|Rgl.|Volgnr.",
        product_code=(
            "Artikel|Artikelnr.|Artikelnummer|Art.nr.|Artikelcode|Code|Art. nr|Productcode|"
            "Referentie|Bestelcode"
        ),
        buyer_item_id="Uw artikelnr.|Uw code|Klantartikel|Uw art.nr.",
        gtin="EAN|EAN-code|GTIN|Barcode",
        description=(
            "Omschrijving|Artikelomschrijving|Artikel|Beschrijving|Product|Benaming|OMSCHRIJVING|"
            "Dienst|Werkzaamheden"
        ),
        quantity="Aantal|Hoeveelheid|Aant.|Hoev.|AANTAL|Uren|Stuks|Gefactureerd|Verbruik",
        unit="Eenheid|Eenh.|Ehd|Eh.|Verpakking|Per",
        unit_price=(
            "Prijs|Prijs p/st|Stukprijs|Prijs per stuk|Eenheidsprijs|Prijs p.e.|Nettoprijs|"
            "Prijs/eenheid|Prijs excl.|Verkoopprijs|Tarief|Prijs per eenheid|EHP|Netto prijs|"
            "Uurtarief"
        ),
        price_base_quantity="Per|Prijs per|PE|Prijseenheid",
        discount_rate="Korting|Korting %|Kort.|Krt %|Kort. %|% Korting",
        discount_amount="Kortingsbedrag|Korting|Korting €|Korting EUR",
        amount=(
            "Bedrag|Totaal|Bedrag excl.|Totaalprijs|Regeltotaal|Netto bedrag|Bedrag €|Bedrag EUR|"
            "Nettobedrag|Totaal excl. btw|BEDRAG|Bedrag ex. BTW|Regelbedrag|Waarde|Subtotaal"
        ),
        gross_amount="Totaal incl.|Bedrag incl. btw|Incl. BTW|Totaal incl. btw|Bruto",
        tax_rate="BTW|BTW %|Btw|btw%|Btw-tarief|% BTW|BTW-perc.",
        tax_amount="BTW-bedrag|Btw|BTW bedrag|Btw €",
        date="Datum|Leverdatum|Dag|Datum levering",
        po_number="Order|Ordernr.|Uw order|Bestelling|Bestelnr.",
        quantity_ordered="Besteld|Aantal besteld|Best.|Bestelde hoeveelheid",
        quantity_shipped="Geleverd|Aantal geleverd|Gelev.|Verzonden|Gel.",
        quantity_backordered="In backorder|Nog te leveren|Backorder|Rest|Nalevering",
        quantity_received="Ontvangen|Aantal ontvangen|Ontv.",
        quantity_rejected="Geweigerd|Beschadigd|Manco|Retour",
        list_price="Brutoprijs|Adviesprijs|Catalogusprijs|Bruto prijs|Lijstprijs",
        quantity_unit="Aantal/eenheid|Aantal|Hoeveelheid|Aantal eenh.",
    ),
    detail_heads=words("Van|Tot|Dagen|Aantal|Prijs|Factor"),
    sections=words(
        "Pakbon {} van {day}|Order {}|Uw bestelling {} van {day}|Hoofdstuk {n}|"
        "{n}. {noun}|{noun}|Project {}"
    ),
    discounts=words("Korting|Kwantumkorting|Actiekorting"),
    nets=words("Netto|Nettobedrag"),
    parts=words("incl.|bestaande uit:|waarvan"),
    charges=words("Verzendkosten|Vrachtkosten|Statiegeld|Verpakking|Transportkosten"),
    head_groups=texts(
        quantity="Aantal|Hoeveelheid",
        money="Prijs|Bedragen in {currency}|{currency}",
        article="Artikel|Product",
    ),
    party_labels=words(
        "Naam|Adres|Contactpersoon|Telefoon|E-mail|BTW-nummer|Belastingnummer|Code|Nummer|KvK"
    ),
    subtotals=words(
        "Subtotaal|Transport|Totaal pagina|Subtotaal groep|Over te brengen|Tussentotaal|Totaal "
        "pakbon"
    ),
    totals=texts(
        sub_total=(
            "Subtotaal|Totaal excl. btw|Totaal exclusief BTW|Nettobedrag|Totaal netto|"
            "Goederenbedrag|Bedrag excl. BTW|Totaal excl.|Maatstaf van heffing|Netto"
        ),
        total_discount="Korting|Totaal korting|Kortingsbedrag|Klantkorting|Betalingskorting",
        shipping_charge=(
            "Verzendkosten|Transportkosten|Vrachtkosten|Vracht|Bezorgkosten|Orderkosten"
        ),
        total_tax="BTW|Btw|BTW 21%|Totaal BTW|Btw-bedrag|BTW bedrag|21% btw|BTW hoog",
        invoice_total=(
            "Totaal|TOTAAL|Totaal incl. BTW|Totaal inclusief btw|Factuurbedrag|Totaalbedrag|Totaal "
            "EUR|Eindtotaal|Factuurtotaal|Totaal te voldoen"
        ),
        amount_due=(
            "Te betalen|Openstaand bedrag|Nog te betalen|TE BETALEN|Te voldoen|Openstaand saldo"
        ),
    ),
    paid=words("Betaald|Aanbetaling|Voorschot|Reeds betaald|Reeds voldaan|Contant|PIN"),
    terms=words(
        "Betaling binnen 30 dagen na factuurdatum.|Gelieve het factuurnummer bij betaling te "
        "vermelden.|De goederen blijven ons eigendom tot volledige betaling.|Bedankt voor uw "
        "bestelling.|Op al onze leveringen zijn onze algemene voorwaarden van toepassing.|Reclames "
        "binnen 8 dagen na ontvangst.|Btw verlegd.|Wij verzoeken u het bedrag over te maken op "
        "onderstaand rekeningnummer.|Bij te late betaling is wettelijke rente verschuldigd.|"
        "Goederen in goede orde ontvangen:|Bedankt en tot ziens!"
    ),
    notes=words(
        "Serienummer {}|Partij {}|Lotnummer {}|Pakbon {} d.d. 12-03|Uw referentie: {}|Periode: {}|"
        "Oorsprong: NL|Garantie 2 jaar|Houdbaar tot {}|Order {}|Statiegeld {}|Geleverd op {}"
    ),
    joints=words(
        "{} à {}|voor|Voor onze diensten brengen wij in rekening:|Zoals afgesproken berekenen wij:"
    ),
    nouns=texts(
        goods=(
            "Zeskantbout|Kogelkraan|Kopieerpapier A4|Kabelbinder|Verfroller|Veiligheidshelm|"
            "Werkhandschoenen|Bureaustoel|Opbergdoos|Handdoek|Luchtfilter|Verlengsnoer|Pallet|"
            "Zaklamp|Schroeven|Vuilniszak|Plakband|Batterijen AA|Boormachine"
        ),
        food=(
            "Jonge kaas|Volle melk|Appelstroop|Koffiebonen|Sinaasappelsap|Volkoren brood|Pindakaas|"
            "Bronwater|Roomboter|Stroopwafels|Kipfilet|Frites|Kroket|Pils|Uitsmijter"
        ),
        services=(
            "Advieswerkzaamheden|Montage|Onderhoudscontract|Schoonmaak|Reiskosten|Vertaling|"
            "Training|Arbeidsloon|Projectleiding|Voorrijkosten|Fotografie"
        ),
        software="Webhosting|Licentie|Domeinnaam|Onderhoud software|Gegevensopslag|Abonnement",
        property=(
            "Huur|Servicekosten|Elektriciteit|Verzekeringspremie|Parkeerplaats|Water|Vastrecht"
        ),
    ),
    units=words(
        "st|st.|stuk|stuks|ST|kg|m|m²|doos|pak|rol|set|krat|zak|fles|paar|l|pallet|m1|blik|colli"
    ),
    time_units=words("uur|u|uren|dag|dagen|maand|mnd|week|post|stelpost|km|kWh|jaar"),
    legal=words("B.V.|BV|N.V.|V.O.F.|NV|& Zonen|VOF|BVBA|"),
    trades=words(
        "Groothandel|Techniek|Handel|Bouw|Installatie|Transport|Verpakkingen|Dranken|Drukkerij|"
        "Bloemen|IJzerwaren|Elektro|Bakkerij|Diensten|Logistiek"
    ),
    streets=words(
        "Dorpsstraat|Kerkstraat|Stationsweg|Industrieweg|Molenlaan|Hoofdstraat|Havenkade|"
        "Julianalaan|Nijverheidsweg|Schoolstraat"
    ),
    towns=words(
        "Amsterdam|Rotterdam|Utrecht|Eindhoven|Den Haag|Groningen|Zwolle|Antwerpen|Gent|Breda|"
        "Arnhem|Tilburg|Leiden"
    ),
    departments=words(
        "t.a.v. Administratie|Postbus 402|Afdeling Inkoop|Unit 7|Crediteurenadministratie|Magazijn"
    ),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("#### @@|#### @@|####@@|####"),
    phones=words("0##-#######|+31 ## ### ####|0##-### ## ##|06-########|+32 # ### ## ##"),
    tax_ids=words("NL#########B##|NL #########B01|BE 0###.###.###|NL#########B##"),
    tax_rates=words("21|21|21|9|9|0|6"),
    currencies=words("EUR|EUR|EUR|EUR|EUR|EUR|USD"),
    number_forms=words("1.234,56|1.234,56|1.234,56|1234,56"),
    sign_sides=words("before|before|before|after"),
    dates=words(
        "%d-%m-%Y|%d-%m-%Y|%d-%m-%Y|%-d-%-m-%Y|%d-%m-%y|%d/%m/%Y|%-d %B %Y|%d %b. %Y|%Y-%m-%d|"
        "%d.%m.%Y"
    ),
    months=words(
        "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    ),
    short_months=words("jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec"),
)
