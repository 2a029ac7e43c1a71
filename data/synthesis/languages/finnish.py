"""Finnish wording of documents from Finland."""

from data.synthesis.languages.language import Language, texts, words

FINNISH = Language(
    code="fi",
    share=0.5,
    titles=texts(
        invoice="Lasku|LASKU|Koontilasku|Myyntilasku|LASKU / INVOICE",
        credit_memo="Hyvityslasku|HYVITYSLASKU",
        purchase_order="Ostotilaus|OSTOTILAUS|Tilaus|Tilausvahvistus|TILAUSVAHVISTUS",
        packing_slip="Pakkausluettelo|PAKKAUSLUETTELO|Pakkauslista",
        delivery_note="Lähete|LÄHETE|Toimituslähete|Lähetyslista",
        bill_of_lading="Rahtikirja|RAHTIKIRJA|CMR-rahtikirja",
        proof_of_delivery="Toimitusvahvistus|Luovutustodistus|Vastaanottokuittaus",
        receipt="KUITTI|Kuitti|Kassakuitti|",
        other="Tarjous|Hinnasto|Maksumuistutus|Tiliote|Maksukehotus",
    ),
    numbers=texts(
        invoice="Laskun numero|Laskunumero|Laskun nro|Lasku nro|Laskunro|Laskun n:o|Numero",
        credit_memo="Hyvityslaskun numero|Hyvityslasku nro|Laskun numero|Numero",
        purchase_order=(
            "Tilausnumero|Tilausnro|Tilaus nro|Tilauksen numero|Ostotilausnumero|Tilaus"
        ),
        delivery_note="Lähetenumero|Lähete nro|Lähetteen numero|Lähetteen nro",
    ),
    days=texts(
        invoice="Laskun päiväys|Päiväys|Laskun pvm|Pvm|Päivämäärä|Laskupäivä|Laskupvm",
        credit_memo="Päiväys|Pvm|Laskun päiväys|Päivämäärä",
        purchase_order="Tilauspäivä|Tilauspvm|Päiväys|Pvm",
        delivery_note="Päiväys|Pvm|Lähetteen päiväys|Päivämäärä",
    ),
    fields=texts(
        document_id="{} nro|Numero|Nro|Asiakirjan numero|Tositenumero|Viite",
        document_date="Päiväys|Päivämäärä|Pvm|Tulostuspäivä",
        due_date="Eräpäivä|ERÄPÄIVÄ|Maksettava viimeistään|Erä pvm|Maksupäivä",
        delivery_date="Toimituspäivä|Toimituspvm|Toimitettu|Lähetyspäivä",
        purchase_order=(
            "Tilausnumeronne|Tilauksenne|Viitteenne|Asiakkaan tilausnumero|Tilausnumero|Ostotilaus|"
            "Tilaajan viite"
        ),
        original_invoice_id="Alkuperäinen lasku|Hyvitettävä lasku|Koskee laskua|Viittaus laskuun",
        currency="Valuutta",
    ),
    headings=words("{title} nro {number} / {day}|{title} {number}, {day}"),
    other_fields=words(
        "Asiakasnumero|Asiakasnro|As.nro|Viitenumero|Viitenro|Maksuehto|Viivästyskorko|"
        "Toimitustapa|Toimitusehto|Viitteemme|Yhteyshenkilö|Myyjä|Y-tunnus|ALV-numero|Alv-tunnus|"
        "Tilinumero|IBAN|BIC|Puhelin|Puh.|Sähköposti|Projekti|Työnumero|Merkki|Sivu|Paino|"
        "Kollimäärä|Rahdinkuljettaja|Varasto|Kassa|Myyjä nro|Laskutusjakso|Mittarinumero|"
        "Käyttöpaikka|Sopimusnumero|Huomautusaika|OVT-tunnus"
    ),
    seller_labels=words("Myyjä|Toimittaja|Lähettäjä"),
    buyer_labels=words("Laskutusosoite|Asiakas|Ostaja|Vastaanottaja|Tilaaja|Laskun saaja"),
    place_labels=words("Toimitusosoite|Maksun saaja"),
    heads=texts(
        line_number="Rivi|Nro|Pos.|#|Rivinro|Pos",
        product_code=(
            "Tuotenumero|Tuotenro|Tuotekoodi|Koodi|Tuote|Nimikenumero|Nimike|Tuote nro|Tuotetunnus"
        ),
        buyer_item_id="Asiakkaan tuotenro|Tuotenumeronne|Asiakkaan koodi|Nimikkeenne",
        gtin="EAN|GTIN|EAN-koodi|Viivakoodi",
        description=(
            "Kuvaus|Tuote|Tuotekuvaus|Nimike|Selite|Nimitys|Tuotteen nimi|Palvelu|KUVAUS|Tuotenimi|"
            "Tavara"
        ),
        quantity="Määrä|Kpl|Lkm|MÄÄRÄ|Tunnit|Kulutus|Laskutettu määrä",
        unit="Yksikkö|Yks.|Yks|Yks|Mittayks.",
        unit_price=(
            "Hinta|Yksikköhinta|À-hinta|à hinta|Yks.hinta|Kappalehinta|Veroton hinta|A-hinta|"
            "Hinta/kpl|Hinta ilman alv|Tuntihinta|Veroton yks.hinta|Nettohinta|Hinta (alv 0 %)"
        ),
        price_base_quantity="Per|Hintayksikkö|Hinta per",
        discount_rate="Ale %|Ale|Alennus %|Alennus|Al. %|Alennus-%",
        discount_amount="Alennuksen määrä|Alennus €|Alennus EUR",
        amount=(
            "Summa|Yhteensä|Veroton summa|Rivisumma|Netto|Yhteensä €|Veroton yhteensä|Summa EUR|"
            "Rivi yhteensä|Veroton|Hinta yhteensä|Summa ilman alv"
        ),
        gross_amount=(
            "Verollinen|Brutto|Yhteensä sis. alv|Verollinen summa|Summa sis. alv|Verollinen "
            "yhteensä"
        ),
        tax_rate="ALV|ALV %|Alv-%|Alv|Alv %|Vero-%|ALV-kanta|Verokanta",
        tax_amount="Alv €|ALV EUR|Veron määrä|Vero|Alv-summa",
        date="Päivä|Pvm|Toimituspvm|Päivämäärä|Toimitusaika",
        po_number="Tilaus|Tilausnro|Tilausnumero|Til.nro",
        quantity_ordered="Tilattu|Tilattu määrä|Til. määrä",
        quantity_shipped="Toimitettu|Toimitettu määrä|Toim. määrä|Lähetetty",
        quantity_backordered="Jälkitoimitus|Toimittamatta|Jäljellä",
        quantity_received="Vastaanotettu|Saapunut|Vast.otettu",
        quantity_rejected="Hylätty|Vaurioitunut|Palautettu|Puuttuu",
        list_price="Listahinta|Bruttohinta|Ovh|Normaalihinta",
        quantity_unit="Määrä|Määrä/yks.|Määrä yks.",
    ),
    detail_heads=words("Alkaen|Asti|Päivät|Lkm|Hinta|Kerroin"),
    sections=words(
        "Lähete {} {day}|Tilaus {}|Tilauksenne {} {day}|Osa {n}|{n}. {noun}|{noun}|Projekti {}"
    ),
    discounts=words("Alennus|Määräalennus"),
    nets=words("Netto|Nettosumma"),
    parts=words("sis.|sisältää:|josta"),
    charges=words("Rahti|Toimituskulut|Pantti|Pakkaus"),
    head_groups=texts(
        quantity="Määrä|Määrät",
        money="Hinta|Summat {currency}|{currency}",
        article="Tuote|Artikkeli",
    ),
    party_labels=words(
        "Nimi|Osoite|Yhteyshenkilö|Puhelin|Sähköposti|ALV-numero|Y-tunnus|Koodi|Numero|GLN"
    ),
    subtotals=words("Välisumma|Yhteensä|Siirto|Siirretään|Sivu yhteensä|Välisumma yhteensä"),
    totals=texts(
        sub_total=(
            "Veroton yhteensä|Välisumma|Netto|Yhteensä ilman alv|Veroton summa|Netto yhteensä|"
            "Yhteensä (alv 0 %)|Veroton hinta yhteensä|Summa ilman ALV"
        ),
        total_discount="Alennus|Alennus yhteensä|Alennukset",
        shipping_charge="Rahti|Toimituskulut|Postikulut|Toimitusmaksu|Rahtikulut",
        total_tax=(
            "ALV|Alv yhteensä|ALV yhteensä|Arvonlisävero|ALV 24 %|Vero yhteensä|Alv 25,5 %|"
            "Arvonlisävero yhteensä"
        ),
        invoice_total=(
            "Yhteensä|YHTEENSÄ|Maksettavaa yhteensä|Maksettava yhteensä|Lasku yhteensä|Loppusumma|"
            "Yhteensä EUR|Verollinen yhteensä|Laskun loppusumma|Summa|Kokonaissumma"
        ),
        amount_due="Maksettavaa|Maksettava|Avoinna|Maksamatta|Avoin saldo",
    ),
    paid=words("Maksettu|Ennakkomaksu|Ennakko|Suoritettu|Käteinen|Korttimaksu"),
    terms=words(
        "Maksuehto 14 päivää netto.|Viivästyskorko korkolain mukaan.|Käyttäkää maksaessanne "
        "viitenumeroa.|Huomautukset 8 päivän kuluessa.|Kiitos tilauksestanne.|Tavara pysyy myyjän "
        "omaisuutena, kunnes se on kokonaan maksettu.|Käännetty verovelvollisuus.|Kiitos "
        "käynnistä!|Tervetuloa uudelleen!"
    ),
    notes=words(
        "Sarjanumero {}|Eränumero {}|Viitteenne: {}|Lähete {}|Ajalta: {}|Alkuperämaa: FI|Tilaus {}|"
        "Parasta ennen {}|Takuu 2 vuotta|Toimitettu {}"
    ),
    joints=words("{} à {}|hintaan|Laskutamme palveluistamme:|Laskutamme sopimuksen mukaan:"),
    nouns=texts(
        goods=(
            "Kuusioruuvi|Kopiopaperi A4|Palloventtiili|Suojakypärä|Työkäsineet|Nippuside|"
            "Ilmansuodatin|Toimistotuoli|Jatkojohto|Teippi|Puuruuvi|Pyyhe|LED-lamppu|Porakone|"
            "Valkoinen seinämaali|Paristot AA|Tiiviste|Kuulalaakeri|Jätesäkki"
        ),
        food=(
            "Rasvaton maito|Voi|Ruisleipä|Appelsiinimehu|Kahvi|Kivennäisvesi|Juusto|Perunat|"
            "Lihapullat|Savulohi|Lounas|Olut|Korvapuusti|Kaurahiutaleet|Kuohukerma"
        ),
        services=(
            "Konsultointi|Asennus|Huolto|Siivous|Koulutus|Käännös|Matkakulut|Työ|Korjaus|"
            "Projektinhallinta|Lumityöt"
        ),
        software="Lisenssi|Webhotelli|Tilausmaksu|Verkkotunnus|Tallennustila|Tuki",
        property="Vuokra|Sähkö|Vakuutusmaksu|Autopaikka|Vesi|Kaukolämpö|Jätehuolto",
    ),
    units=words(
        "kpl|KPL|kpl.|kg|m|m²|pkt|ltk|rll|pari|l|pussi|srj|prk|laatikko|rulla|pak|sk|pll|säkki"
    ),
    time_units=words("h|tunti|t|pv|päivä|kk|vko|km|kWh|vuosi|krt|tuntia"),
    legal=words("Oy|Oyj|Ky|Tmi|Oy Ab|& Pojat Oy|Ay|"),
    trades=words(
        "Rakennus|Tekniikka|Tukku|Sähkö|Elintarvike|Kuljetus|Teollisuus|Työkalu|Pakkaus|Puutavara|"
        "Data|Maalaus|Paino|Kiinteistöt|Kauppa"
    ),
    streets=words(
        "Kauppakatu|Hämeenkatu|Teollisuustie|Koulukatu|Satamakatu|Kirkkokatu|Asematie|Rantatie|"
        "Keskuskatu|Koivutie"
    ),
    towns=words(
        "Helsinki|Tampere|Turku|Oulu|Espoo|Vantaa|Jyväskylä|Lahti|Kuopio|Pori|Vaasa|Rovaniemi"
    ),
    departments=words("Ostoreskontra|Osto-osasto|PL 402|Laskutus|Vastaanotto|2. krs"),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("#####|#####|FI-#####"),
    phones=words("0## ### ####|+358 ## ### ####|(0#) ### ####"),
    tax_ids=words("FI########|#######-#|FI########"),
    tax_rates=words("24|24|25.5|25.5|14|10|0"),
    currencies=words("EUR|EUR|EUR|EUR|EUR|SEK"),
    number_forms=words("1 234,56|1 234,56|1 234,56|1234,56|1.234,56"),
    sign_sides=words("after"),
    dates=words(
        "%-d.%-m.%Y|%-d.%-m.%Y|%-d.%-m.%Y|%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%d.%m.%y|%Y-%m-%d|%-d. %B %Y"
    ),
    months=words(
        "tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kesäkuuta|heinäkuuta|elokuuta|"
        "syyskuuta|lokakuuta|marraskuuta|joulukuuta"
    ),
    short_months=words("tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu"),
)
