"""Danish wording of documents from Denmark."""

from data.synthesis.languages.language import Language, texts, words

DANISH = Language(
    code="da",
    share=0.6,
    titles=texts(
        invoice="Faktura|FAKTURA|Regning|Samlefaktura|Salgsfaktura",
        credit_memo="Kreditnota|KREDITNOTA",
        purchase_order=(
            "Indkøbsordre|INDKØBSORDRE|Bestilling|Ordrebekræftelse|ORDREBEKRÆFTELSE|Rekvisition"
        ),
        packing_slip="Pakkeliste|PAKKELISTE|Pakkeseddel",
        delivery_note="Følgeseddel|FØLGESEDDEL|Leveringsseddel",
        bill_of_lading="Fragtbrev|FRAGTBREV|CMR-fragtbrev",
        proof_of_delivery="Leveringsbevis|Kvittering for levering|Modtagelsesbevis",
        receipt="Kvittering|KVITTERING|Kassebon|BON|",
        other="Tilbud|Prisliste|Rykker|Kontoudtog|Betalingspåmindelse",
    ),
    numbers=texts(
        invoice="Fakturanr.|Fakturanummer|Faktura nr.|Fakturanr|Faktura|Bilagsnr.",
        credit_memo="Kreditnotanr.|Kreditnota nr.|Kreditnotanummer|Bilagsnr.",
        purchase_order=(
            "Ordrenr.|Ordrenummer|Ordre nr.|Indkøbsordrenr.|Rekvisitionsnr.|Bestillingsnr."
        ),
        delivery_note="Følgeseddelnr.|Følgeseddel nr.|Leverancenr.|Følgeseddel",
    ),
    days=texts(
        invoice="Fakturadato|Dato|Faktura dato|Udstedelsesdato",
        credit_memo="Dato|Kreditnotadato|Bilagsdato",
        purchase_order="Ordredato|Dato|Bestillingsdato",
        delivery_note="Dato|Udskriftsdato|Bilagsdato",
    ),
    fields=texts(
        document_id="{} nr.|Nummer|Nr.|Dokumentnr.|Bilagsnr.|Reference|Vores ref.",
        document_date="Dato|Bilagsdato|Udstedt|Udskriftsdato",
        due_date=(
            "Forfaldsdato|Betalingsdato|Forfald|Sidste rettidige betaling|Betales senest|"
            "Betalingsfrist"
        ),
        delivery_date="Leveringsdato|Leveret den|Leveret|Afsendelsesdato",
        purchase_order=(
            "Deres ordrenr.|Jeres ordre|Deres rekvisition|Rekvisitionsnr.|Deres ref.|Jeres "
            "ordrenr.|Kundeordre|Indkøbsordre"
        ),
        original_invoice_id=(
            "Vedr. faktura|Oprindelig faktura|Krediterer faktura|Udlignes med faktura"
        ),
        currency="Valuta",
    ),
    headings=words("{title} nr. {number} af {day}|{title} {number} - {day}"),
    other_fields=words(
        "Kundenr.|Kundenummer|Debitornr.|Betalingsbetingelser|Leveringsbetingelser|Leveringsmåde|"
        "Vores reference|Deres reference|Sælger|CVR-nr.|CVR|SE-nr.|EAN-nr.|Momsnr.|Reg.nr.|"
        "Kontonr.|IBAN|SWIFT|FI-kode|Telefon|Tlf.|E-mail|Projekt|Sagsnr.|Side|Vægt|Antal kolli|"
        "Speditør|Lager|Ekspedient|Kasse|Periode|Målernr.|Aftalenr.|Kontaktperson|Att."
    ),
    seller_labels=words("Leverandør|Sælger"),
    buyer_labels=words("Faktureringsadresse|Kunde|Køber|Faktura til|Modtager|Fakturaadresse"),
    place_labels=words("Leveringsadresse|Leveres til"),
    heads=texts(
        line_number="Linje|Pos.|Nr.|Linjenr.|#|Pos",
        product_code="Varenr.|Varenummer|Varenr|Vare nr.|Vare|Produktnr.|Art.nr.|Nummer",
        buyer_item_id="Deres varenr.|Jeres varenr.|Kundens varenr.|Kundevarenr.",
        gtin="EAN|GTIN|EAN-kode|Stregkode",
        description=(
            "Beskrivelse|Varebeskrivelse|Tekst|Vare|Betegnelse|Varetekst|Ydelse|Produkt|"
            "BESKRIVELSE|Specifikation"
        ),
        quantity="Antal|Mængde|ANTAL|Timer|Ant.|Stk.|Forbrug",
        unit="Enhed|Enh.|Enh|ENHED|Måleenhed",
        unit_price=(
            "Pris|Stk. pris|Stk.pris|Enhedspris|Pris pr. stk.|À pris|Pris/stk|Pris pr. enhed|"
            "Nettopris|Stykpris|Timepris|Pris ekskl. moms|Salgspris"
        ),
        price_base_quantity="Pr.|Pris pr.|Prisenhed",
        discount_rate="Rabat|Rabat %|Rab. %|Rabat-%|% rabat",
        discount_amount="Rabatbeløb|Rabat kr.|Fradrag",
        amount=(
            "Beløb|I alt|Total|Linjebeløb|Beløb DKK|Beløb ekskl. moms|Nettobeløb|Pris i alt|Sum|"
            "BELØB|Linjetotal|Netto"
        ),
        gross_amount="Beløb inkl. moms|Inkl. moms|I alt inkl. moms|Brutto",
        tax_rate="Moms|Moms %|Momssats|Moms%",
        tax_amount="Momsbeløb|Moms kr.|Moms DKK",
        date="Dato|Leveringsdato|Lev.dato|Dag",
        po_number="Ordre|Ordrenr.|Rekvisition|Jeres ordre",
        quantity_ordered="Bestilt|Bestilt antal|Antal bestilt|Best.",
        quantity_shipped="Leveret|Leveret antal|Antal leveret|Lev.",
        quantity_backordered="Restordre|Rest|I rest|Resterende",
        quantity_received="Modtaget|Modtaget antal|Antal modtaget",
        quantity_rejected="Afvist|Beskadiget|Returneret|Mangler",
        list_price="Listepris|Bruttopris|Vejl. pris|Vejledende pris|Katalogpris",
        quantity_unit="Antal|Antal/enhed|Antal enh.",
    ),
    detail_heads=words("Fra|Til|Dage|Antal|Pris|Faktor"),
    sections=words(
        "Følgeseddel {} af {day}|Ordre {}|Deres ordre {} af {day}|Afsnit {n}|"
        "{n}. {noun}|{noun}|Projekt {}"
    ),
    discounts=words("Rabat|Mængderabat"),
    nets=words("Netto|Nettobeløb"),
    parts=words("inkl.|består af:|heraf"),
    charges=words("Fragt|Pant|Emballage|Ekspeditionsgebyr"),
    head_groups=texts(
        quantity="Antal|Mængde",
        money="Pris|Beløb i {currency}|{currency}",
        article="Vare|Produkt",
    ),
    party_labels=words("Navn|Adresse|Kontakt|Telefon|E-mail|Momsnr.|CVR|Kode|Nummer|GLN"),
    subtotals=words("Subtotal|I alt|Transport|Overføres|Side i alt|Mellemtotal|Delsum"),
    totals=texts(
        sub_total=(
            "Subtotal|Netto|I alt ekskl. moms|Nettobeløb|Total ekskl. moms|Momspligtigt beløb|"
            "Beløb ekskl. moms|Varebeløb|Momsgrundlag"
        ),
        total_discount="Rabat|Rabat i alt|Rabatbeløb|Fradrag",
        shipping_charge="Fragt|Forsendelse|Porto|Fragtomkostninger|Levering|Ekspeditionsgebyr",
        total_tax="Moms|25% moms|Moms 25%|Momsbeløb|Moms i alt|Heraf moms|Moms udgør",
        invoice_total=(
            "I alt|Total|TOTAL|I alt DKK|Total DKK|I alt inkl. moms|Total inkl. moms|Fakturabeløb|"
            "Til betaling|Faktura i alt|Samlet beløb"
        ),
        amount_due="At betale|Skyldigt beløb|Restbeløb|Beløb til betaling|Saldo",
    ),
    paid=words("Betalt|Forudbetalt|A conto|Tidligere betalt|Depositum|Kontant|Dankort"),
    terms=words(
        "Netto 30 dage.|Ved for sen betaling beregnes renter.|Angiv venligst fakturanummer ved "
        "betaling.|Varerne forbliver vores ejendom, indtil betaling er sket.|Tak for ordren.|"
        "Reklamationer skal ske inden 8 dage.|Omvendt betalingspligt.|Beløbet indbetales på vores "
        "bankkonto.|Byttes inden 30 dage mod bon.|Tak for besøget."
    ),
    notes=words(
        "Serienr. {}|Batchnr. {}|Deres ref.: {}|Følgeseddel {}|Periode: {}|Oprindelsesland: DK|"
        "Ordrenr. {}|Holdbar til {}|Garanti 2 år|Leveret {}"
    ),
    joints=words("{} à {}|for|For vores ydelser beregner vi:|Som aftalt beregner vi:"),
    nouns=texts(
        goods=(
            "Sekskantbolt|Kopipapir A4|Kuglehane|Sikkerhedshjelm|Arbejdshandsker|Kabelbinder|"
            "Luftfilter|Kontorstol|Forlængerledning|Tape|Træskruer|Håndklæde|LED-pære|Boremaskine|"
            "Hvid vægmaling|Batterier AA|Pakning|Kugleleje|Affaldssække"
        ),
        food=(
            "Letmælk|Smør|Rugbrød|Appelsinjuice|Kaffebønner|Danskvand|Leverpostej|Kartofler|"
            "Havarti|Røget laks|Dagens ret|Fadøl|Wienerbrød|Havregryn|Piskefløde"
        ),
        services=(
            "Konsulentydelse|Montering|Installation|Rengøring|Undervisning|Oversættelse|"
            "Rejseomkostninger|Arbejdsløn|Service|Projektledelse|Kørsel"
        ),
        software="Licens|Webhotel|Abonnement|Domænenavn|Datalagring|Support",
        property="Husleje|El|Forsikringspræmie|Parkeringsplads|Vand|Fjernvarme|Renovation",
    ),
    units=words(
        "stk|stk.|STK|kg|m|m²|pk|pk.|pakke|kasse|rulle|par|l|krt.|sæt|ltr.|ps.|sæk|fl.|ds."
    ),
    time_units=words("time|timer|tim|dag|dage|md.|måned|uge|km|kWh|år|t"),
    legal=words("A/S|ApS|I/S|& Søn|& Co.|K/S|"),
    trades=words(
        "Byg|Teknik|Engros|El|Fødevarer|Transport|Industri|Værktøj|Emballage|Trælast|Data|Maler|"
        "Tryk|Ejendomme|Handel"
    ),
    streets=words(
        "Hovedgaden|Nørregade|Østergade|Industrivej|Skolegade|Havnegade|Kirkevej|Algade|Vestergade|"
        "Stationsvej"
    ),
    towns=words(
        "København|Aarhus|Odense|Aalborg|Esbjerg|Randers|Kolding|Vejle|Roskilde|Herning|Viborg|"
        "Helsingør"
    ),
    departments=words("Bogholderiet|Indkøb|Postboks 402|Att. Regnskab|Varemodtagelsen|2. sal"),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("####|####|DK-####"),
    phones=words("+45 ## ## ## ##|## ## ## ##|Tlf. ########"),
    tax_ids=words("DK########|########|CVR ########"),
    tax_rates=words("25|25|25|25|25|0"),
    currencies=words("DKK|DKK|DKK|DKK|DKK|DKK|EUR"),
    number_forms=words("1.234,56|1.234,56|1.234,56|1.234,56|1234,56"),
    sign_sides=words("after|before"),
    dates=words(
        "%d-%m-%Y|%d-%m-%Y|%d-%m-%Y|%d.%m.%Y|%d.%m.%Y|%d/%m/%Y|%d-%m-%y|%d.%m.%y|%-d. %B %Y|"
        "%Y-%m-%d|%d. %b %Y"
    ),
    months=words(
        "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
    ),
    short_months=words("jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec"),
)
