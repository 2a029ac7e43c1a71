"""Czech wording of documents from the Czech Republic."""

from data.synthesis.languages.language import Language, texts, words

CZECH = Language(
    code="cs",
    share=0.5,
    titles=texts(
        invoice=(
            "Faktura|FAKTURA|Faktura - daňový doklad|FAKTURA - DAŇOVÝ DOKLAD|Zálohová faktura|"
            "Faktura vydaná"
        ),
        credit_memo="Dobropis|DOBROPIS|Opravný daňový doklad|OPRAVNÝ DAŇOVÝ DOKLAD",
        purchase_order=(
            "Objednávka|OBJEDNÁVKA|Potvrzení objednávky|Objednávka vydaná|Potvrzení zakázky"
        ),
        packing_slip="Balicí list|BALICÍ LIST|Seznam zásilky",
        delivery_note="Dodací list|DODACÍ LIST|Výdejka",
        bill_of_lading="Nákladní list|NÁKLADNÍ LIST|Nákladní list CMR",
        proof_of_delivery="Potvrzení o dodání|Předávací protokol|Potvrzení o převzetí",
        receipt="Účtenka|ÚČTENKA|Paragon|Zjednodušený daňový doklad|",
        other="Nabídka|Ceník|Upomínka|Výpis z účtu|Cenová nabídka",
    ),
    numbers=texts(
        invoice=(
            "Faktura č.|Číslo faktury|Č. faktury|Faktura číslo|Číslo dokladu|Doklad č.|FAKTURA č."
        ),
        credit_memo="Dobropis č.|Číslo dobropisu|Doklad č.|Číslo dokladu",
        purchase_order=(
            "Objednávka č.|Číslo objednávky|Č. objednávky|Obj. č.|Objednávka číslo|Zakázka č."
        ),
        delivery_note="Dodací list č.|Číslo dodacího listu|DL č.|Č. dodacího listu",
    ),
    days=texts(
        invoice="Datum vystavení|Datum|Vystaveno|Vystaveno dne|Den vystavení|Dat. vystavení",
        credit_memo="Datum vystavení|Datum|Vystaveno dne",
        purchase_order="Datum objednávky|Datum|Ze dne|Datum vystavení|Objednáno dne",
        delivery_note="Datum|Datum vystavení",
    ),
    fields=texts(
        document_id="{} č.|Číslo|Číslo dokladu|Č.|Doklad č.|Evidenční číslo",
        document_date="Datum|Datum vystavení|Vystaveno|Ze dne|Vystaveno dne",
        due_date="Datum splatnosti|Splatnost|Den splatnosti|Splatné dne|Splatnost dne",
        delivery_date=(
            "Datum dodání|Datum uskutečnění plnění|DUZP|Datum zdanitelného plnění|Dodáno dne|Datum "
            "expedice"
        ),
        purchase_order=(
            "Číslo objednávky|Vaše objednávka|Objednávka č.|Obj. č.|Objednávka zákazníka|Vaše obj. "
            "č."
        ),
        original_invoice_id="K faktuře č.|Původní doklad|Opravovaný doklad|Původní faktura",
        currency="Měna",
    ),
    headings=words("{title} č. {number} ze dne {day}|{title} {number} ze dne {day}"),
    other_fields=words(
        "IČO|IČ|DIČ|IČO:|Zákazník č.|Číslo zákazníka|Kód odběratele|Variabilní symbol|Var. symbol|"
        "Konstantní symbol|Specifický symbol|Forma úhrady|Způsob úhrady|Způsob platby|Způsob "
        "dopravy|Doprava|Bankovní spojení|Číslo účtu|IBAN|SWIFT|Telefon|Tel.|E-mail|Vystavil|"
        "Vyřizuje|Kontaktní osoba|Sklad|Strana|Hmotnost|Počet balíků|Dopravce|Zakázka|Projekt|"
        "Smlouva č.|Období|Číslo elektroměru|Odběrné místo|Pokladna|Obsluha|Středisko|Platební "
        "podmínky"
    ),
    seller_labels=words("Dodavatel|Dodavatel:|Prodávající"),
    buyer_labels=words("Odběratel|ODBĚRATEL|Příjemce|Odběratel:|Fakturační adresa|Zákazník"),
    place_labels=words("Dodací adresa|Konečný příjemce|Místo určení"),
    heads=texts(
        line_number="Č.|Poř.|Pol.|Řádek|#|P. č.",
        product_code=(
            "Kód|Kód zboží|Číslo zboží|Katalogové číslo|Kat. č.|Artikl|Obj. kód|Označení|Kód "
            "položky"
        ),
        buyer_item_id="Váš kód|Kód odběratele|Číslo zákazníka",
        gtin="EAN|EAN kód|GTIN|Čárový kód",
        description=(
            "Popis|Název|Označení dodávky|Popis položky|Název zboží|Položka|Text|Název položky|"
            "Zboží|Předmět plnění|Název výrobku|Popis zboží"
        ),
        quantity="Množství|Počet|Mn.|Množ.|Ks|MNOŽSTVÍ|Hodiny|Spotřeba|Počet ks",
        unit="MJ|M.j.|Jedn.|Jednotka|Měr. j.|J.",
        unit_price=(
            "Cena za MJ|Jedn. cena|J. cena|Jednotková cena|Cena/MJ|J.cena|Cena|Cena bez DPH/MJ|"
            "Cena za ks|Cena za jednotku|Jedn. cena bez DPH|Cena/ks|Sazba|Prodejní cena|Hod. sazba"
        ),
        price_base_quantity="Za|Cena za|Cenová jednotka",
        discount_rate="Sleva|Sleva %|Sleva v %|Rabat %|% sleva",
        discount_amount="Sleva Kč|Výše slevy|Částka slevy",
        amount=(
            "Celkem|Cena celkem|Celkem bez DPH|Částka|Cena bez DPH|Celkem Kč|Základ|Cena celkem "
            "bez DPH|Celková cena|Bez DPH|Kč celkem|Hodnota"
        ),
        gross_amount="Celkem s DPH|Cena s DPH|S DPH|Celkem vč. DPH|Cena vč. DPH",
        tax_rate="DPH|DPH %|% DPH|Sazba DPH|Sazba daně|%DPH",
        tax_amount="DPH Kč|Částka DPH|Daň|Výše DPH|Kč DPH",
        date="Datum|Datum dodání|Den|Termín|Dodáno",
        po_number="Objednávka|Obj. č.|Č. objednávky|Číslo obj.",
        quantity_ordered="Objednáno|Obj. množství|Objednané množství",
        quantity_shipped="Dodané množství|Dod. množství|Vydáno|Odesláno",
        quantity_backordered="Zbývá|Zbývá dodat|Nedodáno",
        quantity_received="Přijato|Přijaté množství|Převzato",
        quantity_rejected="Odmítnuto|Poškozeno|Vráceno|Chybí",
        list_price="Ceníková cena|Základní cena|Cena dle ceníku|Doporučená cena",
        quantity_unit="Množství|Množství MJ|Počet MJ|Množství/MJ",
    ),
    detail_heads=words("Od|Do|Dny|Počet|Cena|Koeficient"),
    sections=words(
        "Dodací list {} ze dne {day}|Objednávka {}|Zakázka {}|Oddíl {n}|{n}. {noun}|"
        "{noun}|Projekt {}"
    ),
    discounts=words("Sleva|Množstevní sleva"),
    nets=words("Netto|Čistá částka"),
    parts=words("vč.|obsahuje:|z toho"),
    charges=words("Doprava|Poštovné|Balné|Vratná záloha"),
    head_groups=texts(
        quantity="Množství|Počet",
        money="Cena|Částky v {currency}|{currency}",
        article="Zboží|Položka",
    ),
    party_labels=words("Název|Adresa|Kontakt|Telefon|E-mail|DIČ|IČO|Kód|Číslo|GLN"),
    subtotals=words("Mezisoučet|Součet|K převodu|Převod|Součet strany|Součet skupiny"),
    totals=texts(
        sub_total=(
            "Celkem bez DPH|Základ daně|Mezisoučet|Základ|Součet bez DPH|Cena celkem bez DPH|"
            "Základ DPH|Cena bez DPH"
        ),
        total_discount="Sleva|Sleva celkem|Celková sleva|Rabat",
        shipping_charge="Doprava|Poštovné|Dopravné|Přepravné|Poštovné a balné|Náklady na dopravu",
        total_tax="DPH|DPH 21 %|DPH celkem|Celkem DPH|Výše daně|Daň|Částka DPH",
        invoice_total=(
            "Celkem|CELKEM|Celkem k úhradě|Celkem s DPH|K úhradě|Celková částka|Cena celkem|CELKEM "
            "K ÚHRADĚ|Celkem Kč|Celkem včetně DPH|Cena celkem s DPH|K úhradě celkem"
        ),
        amount_due="Zbývá uhradit|Zbývá k úhradě|Nedoplatek|Částka k úhradě|Doplatek",
    ),
    paid=words("Uhrazeno|Záloha|Zaplaceno|Zaplacené zálohy|Hotovost|Platba kartou"),
    terms=words(
        "Splatnost 14 dní.|Děkujeme za Váš nákup.|Zboží zůstává až do úplného zaplacení majetkem "
        "dodavatele.|Při platbě uvádějte variabilní symbol.|Při nedodržení splatnosti účtujeme "
        "úrok z prodlení.|Reklamace do 7 dnů od převzetí.|Daň odvede zákazník.|Nejsme plátci DPH.|"
        "Převzal:|Děkujeme za návštěvu."
    ),
    notes=words(
        "Sériové číslo {}|Šarže {}|Vaše obj. {}|Dodací list {}|Období: {}|Země původu: CZ|"
        "Objednávka {}|Spotřebujte do {}|Záruka 24 měsíců|Výr. č. {}"
    ),
    joints=words("{} po {}|za|Za naše služby účtujeme:|Dle dohody účtujeme:"),
    nouns=texts(
        goods=(
            "Šroub šestihranný|Papír A4|Kulový kohout|Ochranná přilba|Pracovní rukavice|Lepicí "
            "páska|Vzduchový filtr|Kancelářská židle|Prodlužovací kabel|Vruty do dřeva|Krabice|"
            "Ručník|Žárovka LED|Vrtačka|Bílá barva|Baterie AA|Těsnění|Ložisko|Pytle na odpad"
        ),
        food=(
            "Mléko plnotučné|Máslo|Chléb|Pomerančový džus|Zrnková káva|Minerální voda|Sýr eidam|"
            "Brambory|Svíčková|Kuřecí prsa|Polední menu|Pivo světlé|Cukr krupice|Mouka hladká|Šunka"
        ),
        services=(
            "Poradenství|Montáž|Instalace|Úklid|Školení|Překlad|Cestovní náklady|Práce|Oprava|"
            "Servis|Vedení účetnictví"
        ),
        software="Licence|Webhosting|Předplatné|Doména|Úložiště dat|Technická podpora",
        property="Nájemné|Elektrická energie|Pojistné|Parkovací místo|Voda|Vytápění|Odvoz odpadu",
    ),
    units=words(
        "ks|KS|kus|kg|m|m²|bal|bal.|krabice|role|pár|l|sada|kart.|t|m2|bm|láhev|pytel|balení"
    ),
    time_units=words("hod|hod.|h|den|dny|měsíc|měs.|noc|km|kWh|rok|paušál"),
    legal=words("s.r.o.|a.s.|spol. s r.o.|v.o.s.|k.s.|a syn s.r.o.|"),
    trades=words(
        "Stavebniny|Technika|Velkoobchod|Elektro|Potraviny|Doprava|Nářadí|Obaly|Dřevo|Nábytek|Tisk|"
        "Reality|Obchod|Servis|Pekárna"
    ),
    streets=words(
        "Hlavní|Nádražní|Školní|Průmyslová|Masarykova|Husova|Palackého|Komenského|Dlouhá|Lipová|"
        "Zahradní"
    ),
    towns=words(
        "Praha|Brno|Ostrava|Plzeň|Liberec|Olomouc|České Budějovice|Hradec Králové|Pardubice|Zlín|"
        "Jihlava|Kladno"
    ),
    departments=words("Účtárna|Oddělení nákupu|P. O. Box 402|Fakturace|Sklad 7|2. patro"),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("### ##|### ##|#####"),
    phones=words("+420 ### ### ###|### ### ###"),
    tax_ids=words("CZ########|########|CZ##########"),
    tax_rates=words("21|21|21|21|15|12|10|0"),
    currencies=words("CZK|CZK|CZK|CZK|CZK|CZK|EUR"),
    number_forms=words("1 234,56|1 234,56|1 234,56|1234,56|1.234,56"),
    sign_sides=words("after"),
    dates=words(
        "%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%-d.%-m.%Y|%-d.%-m.%Y|%-d. %-m. %Y|%-d. %B %Y|%d.%m.%y|%Y-%m-%d"
    ),
    months=words(
        "ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince"
    ),
    short_months=words("led|úno|bře|dub|kvě|čvn|čvc|srp|zář|říj|lis|pro"),
)
