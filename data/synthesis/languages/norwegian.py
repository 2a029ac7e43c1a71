"""Norwegian (bokmål) wording of documents from Norway."""

from data.synthesis.languages.language import Language, texts, words

NORWEGIAN = Language(
    code="nb",
    share=0.6,
    titles=texts(
        invoice="Faktura|FAKTURA|Regning|Samlefaktura|Utgående faktura",
        credit_memo="Kreditnota|KREDITNOTA",
        purchase_order="Innkjøpsordre|INNKJØPSORDRE|Bestilling|Ordrebekreftelse|ORDREBEKREFTELSE",
        packing_slip="Pakkliste|PAKKLISTE|Pakkeliste",
        delivery_note="Følgeseddel|Pakkseddel|PAKKSEDDEL|Leveringsseddel",
        bill_of_lading="Fraktbrev|FRAKTBREV|CMR-fraktbrev",
        proof_of_delivery="Leveringsbevis|Kvittering for mottak|Utleveringskvittering",
        receipt="Kvittering|KVITTERING|Salgskvittering|",
        other="Tilbud|Prisliste|Purring|Kontoutskrift|Betalingspåminnelse",
    ),
    numbers=texts(
        invoice="Fakturanr.|Fakturanummer|Faktura nr.|Fakturanr|Faktura nr|Faktura",
        credit_memo="Kreditnotanr.|Kreditnota nr.|Kreditnotanummer|Bilagsnr.",
        purchase_order="Ordrenr.|Ordrenummer|Ordre nr.|Bestillingsnr.|Innkjøpsordrenr.|Ordrenr",
        delivery_note="Pakkseddelnr.|Pakkseddel nr.|Følgeseddelnr.|Leveransenr.",
    ),
    days=texts(
        invoice="Fakturadato|Dato|Faktura dato|Fakt.dato",
        credit_memo="Dato|Kreditnotadato|Bilagsdato",
        purchase_order="Ordredato|Dato|Bestillingsdato",
        delivery_note="Dato|Utskriftsdato",
    ),
    fields=texts(
        document_id="{} nr.|Nummer|Nr.|Dokumentnr.|Bilagsnr.|Referanse|Vår ref.",
        document_date="Dato|Bilagsdato|Utstedt|Utskriftsdato",
        due_date="Forfallsdato|Forfall|Betalingsfrist|Betales innen|Forfaller",
        delivery_date="Leveringsdato|Leveransedato|Levert|Lev.dato|Sendt dato",
        purchase_order=(
            "Deres ordrenr.|Deres bestilling|Deres ref.|Kundens ordrenr.|Bestillingsnr.|"
            "Innkjøpsordre|Rekvisisjonsnr."
        ),
        original_invoice_id=(
            "Gjelder faktura|Krediterer faktura|Opprinnelig faktura|Kreditering av faktura"
        ),
        currency="Valuta",
    ),
    headings=words("{title} nr. {number} av {day}|{title} {number} - {day}"),
    other_fields=words(
        "Kundenr.|Kundenummer|Betalingsbetingelser|Leveringsbetingelser|Leveringsmåte|Vår "
        "referanse|Deres referanse|Selger|Org.nr.|Organisasjonsnr.|MVA-nr.|Kontonr.|Bankkonto|KID|"
        "KID-nummer|IBAN|SWIFT|Telefon|Tlf.|E-post|Prosjekt|Prosjektnr.|Side|Vekt|Antall kolli|"
        "Transportør|Lager|Kasserer|Kasse|Periode|Målernr.|Avtalenr.|Merket|Kontaktperson|Rekvirent"
    ),
    seller_labels=words("Leverandør|Selger|Avsender"),
    buyer_labels=words("Fakturaadresse|Kunde|Kjøper|Faktura til|Mottaker"),
    place_labels=words("Leveringsadresse|Leveres til"),
    heads=texts(
        line_number="Linje|Pos.|Nr.|Linjenr.|#|Pos",
        product_code="Varenr.|Varenummer|Varenr|Artikkelnr.|Vare|Produktnr.|Art.nr.|Varekode",
        buyer_item_id="Deres varenr.|Kundens varenr.|Kundevarenr.",
        gtin="EAN|GTIN|EAN-kode|Strekkode",
        description=(
            "Beskrivelse|Varebeskrivelse|Tekst|Vare|Betegnelse|Varetekst|Produkt|BESKRIVELSE|"
            "Tjeneste|Spesifikasjon"
        ),
        quantity="Antall|Mengde|ANTALL|Timer|Ant.|Kvantum|Forbruk",
        unit="Enhet|Enh.|Enh|ENHET|Måleenhet",
        unit_price=(
            "Pris|Stk. pris|Stykkpris|Enhetspris|Pris pr. stk.|À pris|Pris/stk|Pris per enhet|"
            "Nettopris|Pris eks. mva|Timepris|Enh.pris|Pris pr. enhet"
        ),
        price_base_quantity="Pr.|Pris pr.|Prisenhet|Per",
        discount_rate="Rabatt|Rabatt %|Rab. %|% rabatt|Rab.",
        discount_amount="Rabattbeløp|Rabatt kr|Fradrag",
        amount=(
            "Beløp|Sum|Total|Linjesum|Beløp NOK|Beløp eks. mva|Nettobeløp|Sum eks. mva|Totalt|"
            "BELØP|Netto|Linjebeløp"
        ),
        gross_amount="Beløp inkl. mva|Inkl. mva|Sum inkl. mva|Brutto",
        tax_rate="Mva|MVA %|Mva %|Mva-sats|MVA",
        tax_amount="Mva-beløp|Mva kr|MVA NOK",
        date="Dato|Leveringsdato|Lev.dato|Dag",
        po_number="Ordre|Ordrenr.|Bestilling|Deres ordre",
        quantity_ordered="Bestilt|Bestilt antall|Antall bestilt|Best.",
        quantity_shipped="Levert|Levert antall|Antall levert|Lev.",
        quantity_backordered="Restordre|Rest|I rest|Gjenstår",
        quantity_received="Mottatt|Mottatt antall|Antall mottatt",
        quantity_rejected="Avvist|Skadet|Returnert|Mangler",
        list_price="Listepris|Bruttopris|Veil. pris|Veiledende pris|Katalogpris",
        quantity_unit="Antall|Antall/enhet|Antall enh.",
    ),
    detail_heads=words("Fra|Til|Dager|Antall|Pris|Faktor"),
    sections=words(
        "Pakkseddel {} av {day}|Ordre {}|Deres ordre {} av {day}|Avsnitt {n}|"
        "{n}. {noun}|{noun}|Prosjekt {}"
    ),
    discounts=words("Rabatt|Mengderabatt"),
    nets=words("Netto|Nettobeløp"),
    parts=words("inkl.|består av:|herav"),
    charges=words("Frakt|Pant|Emballasje|Ekspedisjonsgebyr"),
    head_groups=texts(
        quantity="Antall|Mengde",
        money="Pris|Beløp i {currency}|{currency}",
        article="Vare|Produkt",
    ),
    party_labels=words("Navn|Adresse|Kontakt|Telefon|E-post|MVA-nr.|Org.nr.|Kode|Nummer|GLN"),
    subtotals=words("Delsum|Sum|Overføres|Fra forrige side|Sum side|Mellomsum"),
    totals=texts(
        sub_total=(
            "Netto|Sum eks. mva|Nettobeløp|Sum netto|Beløp eks. mva|Delsum|Grunnlag mva|Netto sum|"
            "Total eks. mva"
        ),
        total_discount="Rabatt|Sum rabatt|Rabattbeløp|Fradrag",
        shipping_charge="Frakt|Porto|Fraktkostnader|Forsendelse|Ekspedisjonsgebyr|Fraktgebyr",
        total_tax="MVA|Mva|Mva 25%|MVA 25%|Merverdiavgift|Sum mva|Mva-beløp|Herav mva",
        invoice_total=(
            "Å betale|Sum|Total|TOTALT|Totalt|Sum inkl. mva|Total inkl. mva|Sum å betale|"
            "Fakturabeløp|Totalsum|Totalbeløp|SUM NOK|Å BETALE NOK"
        ),
        amount_due="Beløp å betale|Skyldig beløp|Restbeløp|Gjenstår å betale|Utestående",
    ),
    paid=words("Betalt|Forskudd|Tidligere betalt|Depositum|Innbetalt|Kontant|Bankkort"),
    terms=words(
        "Netto 30 dager.|Ved forsinket betaling beregnes forsinkelsesrente.|Vennligst oppgi "
        "fakturanummer ved betaling.|Salgspant i varene til kjøpesummen er betalt.|Takk for "
        "handelen!|Reklamasjoner må meldes innen 8 dager.|Vennligst bruk KID ved betaling.|Varene "
        "forblir vår eiendom til full betaling har skjedd.|Omvendt avgiftsplikt.|Velkommen tilbake!"
    ),
    notes=words(
        "Serienr. {}|Batchnr. {}|Deres ref.: {}|Pakkseddel {}|Periode: {}|Opprinnelsesland: NO|"
        "Ordrenr. {}|Best før {}|Garanti 2 år|Levert {}"
    ),
    joints=words("{} à {}|for|For våre tjenester beregner vi:|Som avtalt beregner vi:"),
    nouns=texts(
        goods=(
            "Sekskantbolt|Kopipapir A4|Kuleventil|Vernehjelm|Arbeidshansker|Kabelstrips|Luftfilter|"
            "Kontorstol|Skjøteledning|Teip|Treskruer|Håndkle|LED-pære|Drill|Hvit veggmaling|"
            "Batterier AA|Pakning|Kulelager|Søppelsekker"
        ),
        food=(
            "Lettmelk|Smør|Grovbrød|Appelsinjuice|Kaffebønner|Mineralvann|Brunost|Poteter|"
            "Kjøttkaker|Røkt laks|Dagens rett|Pils|Skolebolle|Havregryn|Kremfløte"
        ),
        services=(
            "Konsulenttjenester|Montering|Installasjon|Renhold|Opplæring|Oversettelse|"
            "Reisekostnader|Arbeid|Service|Prosjektledelse|Snørydding"
        ),
        software="Lisens|Webhotell|Abonnement|Domenenavn|Datalagring|Support",
        property="Husleie|Strøm|Forsikringspremie|Parkeringsplass|Vann|Nettleie|Renovasjon",
    ),
    units=words(
        "stk|stk.|STK|kg|m|m²|pk|pk.|pakke|eske|rull|par|l|krt|sett|pose|sekk|boks|fl|kartong"
    ),
    time_units=words("time|timer|t|dag|dager|mnd|måned|uke|km|kWh|år|RS"),
    legal=words("AS|ASA|ANS|DA|& Sønn AS|& Co AS|"),
    trades=words(
        "Bygg|Teknikk|Engros|Elektro|Mat|Transport|Industri|Verktøy|Emballasje|Trelast|Data|Maler|"
        "Trykk|Eiendom|Handel"
    ),
    streets=words(
        "Storgata|Kirkegata|Industriveien|Skoleveien|Havnegata|Strandgata|Bjørkeveien|"
        "Stasjonsveien|Dronningens gate|Kongens gate"
    ),
    towns=words(
        "Oslo|Bergen|Trondheim|Stavanger|Tromsø|Drammen|Kristiansand|Fredrikstad|Ålesund|Bodø|"
        "Hamar|Lillehammer"
    ),
    departments=words("Regnskapsavdelingen|Innkjøp|Postboks 402|Att: Faktura|Varemottak|2. etasje"),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("####|####|N-####"),
    phones=words("+47 ## ## ## ##|## ## ## ##|Tlf. ### ## ###"),
    tax_ids=words("NO ### ### ### MVA|### ### ###|NO#########MVA"),
    tax_rates=words("25|25|25|25|15|12|0"),
    currencies=words("NOK|NOK|NOK|NOK|NOK|NOK|EUR"),
    number_forms=words("1 234,56|1 234,56|1 234,56|1234,56|1.234,56"),
    sign_sides=words("before|after"),
    dates=words(
        "%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%d.%m.%y|%-d. %B %Y|%Y-%m-%d|%d/%m/%Y|%d.%b.%Y"
    ),
    months=words(
        "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
    ),
    short_months=words("jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des"),
)
