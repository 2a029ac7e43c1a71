"""Swedish wording of documents from Sweden."""

from data.synthesis.languages.language import Language, texts, words

SWEDISH = Language(
    code="sv",
    share=0.8,
    titles=texts(
        invoice="Faktura|FAKTURA|Kundfaktura|Samlingsfaktura|Räkning",
        credit_memo="Kreditfaktura|KREDITFAKTURA|Kreditnota",
        purchase_order=(
            "Inköpsorder|INKÖPSORDER|Beställning|Orderbekräftelse|ORDERBEKRÄFTELSE|"
            "Orderbekräftelse / Order"
        ),
        packing_slip="Packsedel|PACKSEDEL|Packlista",
        delivery_note="Följesedel|FÖLJESEDEL|Leveranssedel",
        bill_of_lading="Fraktsedel|FRAKTSEDEL|CMR-fraktsedel",
        proof_of_delivery="Leveranskvitto|Mottagningskvitto|Leveransbevis",
        receipt="KVITTO|Kvitto|Kassakvitto|",
        other="Offert|Prislista|Påminnelse|Kontoutdrag|Betalningspåminnelse",
    ),
    numbers=texts(
        invoice="Fakturanummer|Fakturanr|Fakturanr.|Faktura nr|Fakt.nr|Faktura",
        credit_memo="Kreditfaktura nr|Fakturanr|Kreditnr|Kreditnotanummer",
        purchase_order="Ordernummer|Ordernr|Order nr|Inköpsordernr|Beställningsnr|Vårt ordernr",
        delivery_note="Följesedelsnr|Följesedel nr|Följesedelsnummer|Leveransnr",
    ),
    days=texts(
        invoice="Fakturadatum|Datum|Fakt.datum|Utskriftsdatum",
        credit_memo="Datum|Fakturadatum|Kreditdatum",
        purchase_order="Orderdatum|Datum|Beställningsdatum",
        delivery_note="Datum|Utskriftsdatum",
    ),
    fields=texts(
        document_id="{} nr|Nummer|Nr|Dokumentnummer|Referens|Dokumentnr",
        document_date="Datum|Utskriftsdatum|Dokumentdatum|Utfärdad",
        due_date=(
            "Förfallodatum|Förfallodag|Betalas senast|Förf.datum|Oss tillhanda senast|Sista "
            "betalningsdag"
        ),
        delivery_date="Leveransdatum|Lev.datum|Leveransdag|Levererad",
        purchase_order=(
            "Ert ordernr|Er beställning|Er order|Ert beställningsnr|Kundorder|Inköpsorder"
        ),
        original_invoice_id=(
            "Avser faktura|Kredit av faktura|Krediterar faktura|Ursprunglig faktura"
        ),
        currency="Valuta",
    ),
    headings=words("{title} nr {number} av den {day}|{title} {number}, {day}"),
    other_fields=words(
        "Kundnummer|Kundnr|Kundnr.|Betalningsvillkor|Leveransvillkor|Leveranssätt|Vår referens|Er "
        "referens|Säljare|Momsreg.nr|VAT-nr|Org.nr|Organisationsnummer|Bankgiro|Plusgiro|"
        "OCR-nummer|OCR|IBAN|BIC|Telefon|Tel|E-post|Dröjsmålsränta|Godsmärke|Märkning|Projekt|"
        "Avtalsnr|Sida|Vikt|Antal kolli|Transportör|Lager|Kassa|Kassör|Period|Mätarnummer|"
        "Anläggnings-id|Godkänd för F-skatt"
    ),
    seller_labels=words("Säljare|Leverantör|Avsändare"),
    buyer_labels=words("Fakturaadress|Kund|Köpare|Mottagare|Fakturamottagare"),
    place_labels=words("Leveransadress|Levereras till"),
    heads=texts(
        line_number="Rad|Pos|Pos.|Nr|Radnr|#",
        product_code="Artikelnr|Art.nr|Artikelnummer|Art nr|Artikel|Produktnr|Varunr|Artnr",
        buyer_item_id="Ert artikelnr|Er art.nr|Kundens artikelnr|Kundartikel",
        gtin="EAN|GTIN|EAN-kod|Streckkod",
        description=(
            "Benämning|Beskrivning|Artikel|Produkt|Text|Varubenämning|Artikelbenämning|Tjänst|"
            "Specifikation|BENÄMNING"
        ),
        quantity="Antal|Kvantitet|Kvant.|Ant.|ANTAL|Timmar|Mängd|Förbrukning",
        unit="Enhet|Enh|Enh.|Sort|ENHET",
        unit_price=(
            "Pris|À-pris|á-pris|A-pris|Styckpris|Pris/enhet|Enhetspris|Pris exkl. moms|Nettopris|"
            "Pris/st|À pris|Timpris"
        ),
        price_base_quantity="Per|Pris per|Prisenhet",
        discount_rate="Rabatt|Rabatt %|Rab.|Rab %|% rabatt",
        discount_amount="Rabattbelopp|Rabatt kr|Avdrag",
        amount=(
            "Belopp|Summa|Totalt|Radsumma|Nettobelopp|Belopp SEK|Summa exkl. moms|Radbelopp|Netto|"
            "BELOPP|Summa kr|Värde"
        ),
        gross_amount="Belopp inkl. moms|Inkl. moms|Summa inkl. moms|Brutto",
        tax_rate="Moms|Moms %|Moms%|Momssats|Moms-%",
        tax_amount="Momsbelopp|Moms kr|Moms SEK",
        date="Datum|Leveransdatum|Lev.datum|Dag",
        po_number="Order|Ordernr|Er order|Beställning",
        quantity_ordered="Beställt|Best. antal|Beställt antal|Best",
        quantity_shipped="Levererat|Lev. antal|Levererat antal|Lev",
        quantity_backordered="Restnoterat|Rest|Restantal|Restorder",
        quantity_received="Mottaget|Mottaget antal|Mott.",
        quantity_rejected="Avvisat|Skadat|Returnerat|Saknas",
        list_price="Listpris|Bruttopris|Ord. pris|Ordinarie pris|Katalogpris",
        quantity_unit="Antal|Antal/enhet|Antal enh",
    ),
    detail_heads=words("Från|Till|Dagar|Antal|Pris|Faktor"),
    sections=words(
        "Följesedel {} {day}|Order {}|Er beställning {} {day}|Avsnitt {n}|{n}. {noun}|"
        "{noun}|Projekt {}"
    ),
    discounts=words("Rabatt|Mängdrabatt"),
    nets=words("Netto|Nettobelopp"),
    parts=words("inkl.|består av:|varav"),
    charges=words("Frakt|Fraktkostnad|Pant|Emballage|Expeditionsavgift"),
    head_groups=texts(
        quantity="Antal|Kvantitet",
        money="Pris|Belopp i {currency}|{currency}",
        article="Artikel|Produkt",
    ),
    party_labels=words("Namn|Adress|Kontakt|Telefon|E-post|Momsreg.nr|Org.nr|Kod|Nummer|GLN"),
    subtotals=words("Delsumma|Summa|Transport|Att överföra|Sidsumma|Summa grupp"),
    totals=texts(
        sub_total=(
            "Netto|Delsumma|Summa exkl. moms|Nettobelopp|Summa netto|Exkl. moms|Varuvärde|Belopp "
            "före moms|Totalt exkl. moms"
        ),
        total_discount="Rabatt|Total rabatt|Rabattbelopp|Avgår rabatt",
        shipping_charge="Frakt|Fraktkostnad|Porto|Leveransavgift|Expeditionsavgift|Fraktavgift",
        total_tax="Moms|Moms 25%|Momsbelopp|Summa moms|Varav moms|Total moms|25% moms",
        invoice_total=(
            "Att betala|ATT BETALA|Totalt|Summa|Total|Summa att betala|Totalbelopp|Totalt inkl. "
            "moms|Fakturabelopp|Summa inkl. moms|TOTALT SEK|Slutsumma"
        ),
        amount_due="Kvar att betala|Återstår att betala|Belopp att betala|Saldo|Restbelopp",
    ),
    paid=words("Betalt|Förskott|Tidigare betalt|Delbetalning|Erlagt|Kontant|Kort"),
    terms=words(
        "Betalningsvillkor 30 dagar netto.|Vid försenad betalning debiteras dröjsmålsränta.|"
        "Vänligen ange fakturanummer vid betalning.|Godkänd för F-skatt.|Varan förblir vår egendom "
        "till dess full betalning erlagts.|Tack för din beställning.|Anmärkningar mot fakturan ska "
        "göras inom 8 dagar.|Omvänd betalningsskyldighet.|Öppet köp 30 dagar mot kvitto.|Välkommen "
        "åter!"
    ),
    notes=words(
        "Serienr {}|Batchnr {}|Er ref: {}|Följesedel {}|Period: {}|Ursprungsland: SE|Ordernr {}|"
        "Bäst före {}|Garanti 2 år|Levererat {}"
    ),
    joints=words("{} à {}|för|För våra tjänster debiteras:|Enligt överenskommelse debiteras:"),
    nouns=texts(
        goods=(
            "Sexkantsskruv|Kopieringspapper A4|Kulventil|Skyddshjälm|Arbetshandskar|Buntband|"
            "Luftfilter|Kontorsstol|Förlängningskabel|Tejp|Träskruv|Handduk|Glödlampa LED|"
            "Borrmaskin|Vit väggfärg|Batterier AA|Packning|Kullager|Sopsäckar"
        ),
        food=(
            "Mellanmjölk|Smör|Knäckebröd|Apelsinjuice|Kaffebönor|Mineralvatten|Köttbullar|Potatis|"
            "Ost|Lax|Dagens lunch|Folköl|Kanelbulle|Havregryn|Grädde"
        ),
        services=(
            "Konsulttjänst|Montering|Installation|Städning|Utbildning|Översättning|Resekostnader|"
            "Arbetstid|Service|Projektledning|Snöröjning"
        ),
        software="Licens|Webbhotell|Abonnemang|Domännamn|Datalagring|Support",
        property="Hyra|El|Försäkringspremie|Parkeringsplats|Vatten|Fjärrvärme|Sophämtning",
    ),
    units=words("st|st.|ST|kg|m|m²|fp|förp|paket|kart|rulle|par|l|låda|pkt|set|säck|krt|hg|burk"),
    time_units=words("tim|h|timmar|dag|dagar|mån|månad|vecka|km|kWh|år|tim."),
    legal=words("AB|HB|KB|& Söner AB|Handelsbolag|i Sverige AB|"),
    trades=words(
        "Bygg|Teknik|Grossist|El|Livsmedel|Transport|Industri|Verktyg|Emballage|Trävaror|Data|"
        "Måleri|Tryckeri|Fastigheter|Åkeri"
    ),
    streets=words(
        "Storgatan|Kungsgatan|Drottninggatan|Industrigatan|Skolgatan|Hamngatan|Kyrkogatan|"
        "Verkstadsgatan|Björkvägen|Stationsvägen"
    ),
    towns=words(
        "Stockholm|Göteborg|Malmö|Uppsala|Västerås|Örebro|Linköping|Helsingborg|Jönköping|Umeå|"
        "Luleå|Växjö"
    ),
    departments=words(
        "Ekonomiavdelningen|Inköp|Box 402|Att: Fakturor|Godsmottagningen|c/o Nilsson"
    ),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("### ##|### ##|SE-### ##"),
    phones=words("0#-### ### ##|+46 # ### ### ##|0##-## ## ##|070-### ## ##"),
    tax_ids=words("SE##########01|######-####|SE ##########01"),
    tax_rates=words("25|25|25|25|12|6|0"),
    currencies=words("SEK|SEK|SEK|SEK|SEK|SEK|EUR"),
    number_forms=words("1 234,56|1 234,56|1 234,56|1234,56|1.234,56"),
    sign_sides=words("after|after|after|before"),
    dates=words(
        "%Y-%m-%d|%Y-%m-%d|%Y-%m-%d|%Y-%m-%d|%Y-%m-%d|%d.%m.%Y|%Y%m%d|%-d %B %Y|%d/%m/%Y|%-d %b %Y"
    ),
    months=words(
        "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    ),
    short_months=words("jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec"),
)
