"""Polish wording of documents from Poland."""

from data.synthesis.languages.language import Language, texts, words

POLISH = Language(
    code="pl",
    share=1.2,
    titles=texts(
        invoice=(
            "Faktura|FAKTURA VAT|Faktura VAT|FAKTURA|Faktura sprzedaży|Faktura pro forma|Faktura "
            "zaliczkowa"
        ),
        credit_memo="Faktura korygująca|FAKTURA KORYGUJĄCA|Korekta faktury|Nota korygująca",
        purchase_order="Zamówienie|ZAMÓWIENIE|Potwierdzenie zamówienia|Zamówienie do dostawcy",
        packing_slip="Lista pakunkowa|Specyfikacja wysyłkowa|LISTA PAKUNKOWA",
        delivery_note="Dokument WZ|WZ|Wydanie zewnętrzne|Dowód dostawy|WYDANIE ZEWNĘTRZNE",
        bill_of_lading="List przewozowy|LIST PRZEWOZOWY|List przewozowy CMR",
        proof_of_delivery="Potwierdzenie odbioru|Protokół odbioru|Potwierdzenie dostawy",
        receipt="PARAGON FISKALNY|Paragon|Pokwitowanie|",
        other="Oferta|Cennik|Wezwanie do zapłaty|Potwierdzenie salda",
    ),
    numbers=texts(
        invoice="Faktura nr|Nr faktury|Numer faktury|Faktura VAT nr|FV nr|Numer|FAKTURA NR",
        credit_memo="Faktura korygująca nr|Nr korekty|Korekta nr|Numer korekty",
        purchase_order="Zamówienie nr|Nr zamówienia|Numer zamówienia|Zam. nr|Zamówienie",
        delivery_note="WZ nr|Nr WZ|Nr dokumentu|Numer WZ",
    ),
    days=texts(
        invoice="Data wystawienia|Data faktury|Data|Wystawiono dnia|Data wyst.|Z dnia",
        credit_memo="Data wystawienia|Data korekty|Data|Z dnia",
        purchase_order="Data zamówienia|Data|Data wystawienia|Z dnia",
        delivery_note="Data wydania|Data|Data wystawienia",
    ),
    fields=texts(
        document_id="{} nr|Numer|Nr|Nr dokumentu|Numer dokumentu|Nr dok.",
        document_date="Data|Data wystawienia|Data dokumentu|Wystawiono|Dnia",
        due_date="Termin płatności|Termin zapłaty|Płatne do|Termin|Do zapłaty do dnia",
        delivery_date=(
            "Data dostawy|Data sprzedaży|Data wysyłki|Data wykonania usługi|Termin dostawy"
        ),
        purchase_order=(
            "Nr zamówienia|Zamówienie|Państwa zamówienie|Nr zam. klienta|Zamówienie klienta"
        ),
        original_invoice_id="Do faktury nr|Korekta do faktury|Faktura korygowana|Dotyczy faktury",
        currency="Waluta",
    ),
    headings=words("{title} nr {number} z dnia {day}|{title} nr {number} z {day}"),
    other_fields=words(
        "NIP|REGON|KRS|Nr klienta|Kod klienta|Forma płatności|Sposób zapłaty|Sposób płatności|Bank|"
        "Nr konta|Konto|Telefon|Tel.|Faks|E-mail|Miejsce wystawienia|Osoba kontaktowa|Handlowiec|"
        "Wystawił|Sposób dostawy|Przewoźnik|Magazyn|Strona|Waga|Liczba paczek|Projekt|Umowa nr|"
        "Okres rozliczeniowy|Nr licznika|BDO|Uwagi|Kasjer|Kasa|Dział|Odebrał"
    ),
    seller_labels=words("Sprzedawca|Sprzedawca:|Dostawca|Wystawca"),
    buyer_labels=words("Nabywca|NABYWCA|Nabywca:|Kupujący"),
    place_labels=words("Odbiorca|Adres dostawy|Płatnik|Miejsce dostawy"),
    heads=texts(
        line_number="Lp.|L.p.|Lp|Nr|Poz.|LP",
        product_code=(
            "Kod|Indeks|Symbol|Kod towaru|Nr katalogowy|Nr art.|Kod produktu|Numer artykułu"
        ),
        buyer_item_id="Kod klienta|Indeks klienta|Kod nabywcy",
        gtin="EAN|Kod EAN|GTIN|Kod kreskowy",
        description=(
            "Nazwa towaru|Nazwa towaru lub usługi|Nazwa towaru / usługi|Nazwa|Opis|Towar|Nazwa "
            "usługi|Nazwa produktu|Usługa|Opis towaru|Produkt"
        ),
        quantity="Ilość|Il.|Liczba|ILOŚĆ|Ilość szt.|Godziny|Zużycie",
        unit="J.m.|Jm|Jedn.|Jednostka|jm.|J.M.|Miara|Jedn. miary",
        unit_price=(
            "Cena netto|Cena|Cena jedn.|Cena jednostkowa|Cena jedn. netto|Cena j. netto|C. netto|"
            "Cena jednostkowa netto|Cena netto PLN|Cena j.|Stawka|Cena zł"
        ),
        price_base_quantity="Za|Cena za|Jedn. ceny",
        discount_rate="Rabat|Rabat %|Rab. %|Upust %|% rabatu",
        discount_amount="Kwota rabatu|Wartość rabatu|Rabat|Upust",
        amount=(
            "Wartość netto|Wartość|Kwota netto|Netto|Wart. netto|Kwota|Wartość netto PLN|Razem|"
            "Wartość bez VAT|Suma|Wartość netto zł"
        ),
        gross_amount="Wartość brutto|Brutto|Kwota brutto|Wart. brutto|Wartość z VAT",
        tax_rate="VAT|Stawka VAT|VAT %|% VAT|St. VAT|Stawka podatku",
        tax_amount="Kwota VAT|Wartość VAT|Podatek|VAT zł|Kwota podatku",
        date="Data|Data dostawy|Termin|Dzień",
        po_number="Zamówienie|Nr zamówienia|Zam.|Nr zam.",
        quantity_ordered="Zamówiono|Ilość zam.|Zamówiona|Ilość zamówiona",
        quantity_shipped="Wydano|Ilość wydana|Wysłano|Dostarczono|Ilość dost.",
        quantity_backordered="Pozostało|Do realizacji|Brakuje",
        quantity_received="Przyjęto|Otrzymano|Ilość przyjęta|Odebrano",
        quantity_rejected="Odrzucono|Uszkodzone|Zwrot|Braki",
        list_price="Cena katalogowa|Cena kat.|Cena cennikowa|Cena przed rabatem",
        quantity_unit="Ilość|Ilość j.m.|Ilość/jm",
    ),
    detail_heads=words("Od|Do|Dni|Liczba|Cena|Współczynnik"),
    sections=words(
        "WZ {} z dnia {day}|Zamówienie {}|Zamówienie {} z dnia {day}|Dział {n}|"
        "{n}. {noun}|{noun}|Projekt {}"
    ),
    discounts=words("Rabat|Upust|Rabat ilościowy"),
    nets=words("Netto|Wartość netto"),
    parts=words("w tym|zawiera:|składnik"),
    charges=words("Koszt dostawy|Transport|Kaucja|Opakowanie"),
    head_groups=texts(
        quantity="Ilość|Ilości",
        money="Cena|Wartość w {currency}|{currency}",
        article="Towar|Produkt",
    ),
    party_labels=words("Nazwa|Adres|Kontakt|Telefon|E-mail|NIP|REGON|Kod|Numer|KRS"),
    subtotals=words(
        "Razem|Suma częściowa|Do przeniesienia|Z przeniesienia|Suma strony|Podsuma|W tym"
    ),
    totals=texts(
        sub_total=(
            "Razem netto|Wartość netto|Suma netto|Netto|Kwota netto|Ogółem netto|Wartość netto "
            "razem|Podstawa opodatkowania"
        ),
        total_discount="Rabat|Suma rabatów|Kwota rabatu|Upust",
        shipping_charge="Koszt dostawy|Transport|Koszty wysyłki|Przesyłka|Koszt transportu",
        total_tax="VAT|Podatek VAT|Kwota VAT|Razem VAT|Podatek|VAT 23%|Suma PTU",
        invoice_total=(
            "Razem|RAZEM|Razem brutto|Wartość brutto|Suma brutto|Do zapłaty|DO ZAPŁATY|Ogółem|"
            "Kwota brutto|Razem do zapłaty|SUMA PLN|Suma|Ogółem brutto"
        ),
        amount_due="Pozostało do zapłaty|Pozostaje do zapłaty|Kwota do zapłaty|Należność|Saldo",
    ),
    paid=words("Zapłacono|Zaliczka|Wpłacono|Przedpłata|Gotówka|Karta"),
    terms=words(
        "Płatne przelewem w terminie 14 dni.|Dziękujemy za zakupy.|Towar pozostaje własnością "
        "sprzedawcy do momentu zapłaty.|Reklamacje przyjmujemy w ciągu 7 dni.|Mechanizm "
        "podzielonej płatności.|Odwrotne obciążenie.|Faktura bez podpisu odbiorcy.|Prosimy o "
        "podanie numeru faktury w tytule przelewu.|Po terminie naliczamy odsetki ustawowe.|"
        "Zapraszamy ponownie."
    ),
    notes=words(
        "Nr seryjny {}|Partia {}|Nr partii: {}|WZ {} z dnia 12.03|Zamówienie {}|Okres: {}|Kraj "
        "pochodzenia: PL|Gwarancja 24 miesiące|Termin ważności {}|PKWiU {}|Kod CN {}"
    ),
    joints=words("{} po {}|za|Za nasze usługi naliczamy:|Zgodnie z umową naliczamy:"),
    nouns=texts(
        goods=(
            "Śruba sześciokątna|Papier ksero A4|Zawór kulowy|Rękawice nitrylowe|Kask ochronny|"
            "Taśma klejąca|Filtr powietrza|Przewód elektryczny|Krzesło biurowe|Wkręty do drewna|"
            "Karton|Ręcznik|Żarówka LED|Wiertarka|Farba biała|Bateria AA|Uszczelka|Łożysko|Folia "
            "stretch"
        ),
        food=(
            "Mleko pełne|Chleb żytni|Ser żółty|Woda mineralna|Sok pomarańczowy|Masło|Kawa "
            "ziarnista|Kiełbasa|Pierogi ruskie|Ogórki kiszone|Cukier|Mąka pszenna|Piwo jasne|"
            "Zestaw obiadowy"
        ),
        services=(
            "Usługa doradcza|Montaż|Szkolenie|Tłumaczenie|Sprzątanie biura|Transport|Naprawa|"
            "Robocizna|Serwis|Usługa księgowa|Projekt graficzny"
        ),
        software="Licencja|Hosting|Abonament|Domena|Wsparcie techniczne|Utrzymanie serwera",
        property=(
            "Czynsz|Energia elektryczna|Ubezpieczenie|Miejsce parkingowe|Woda|Ogrzewanie|Wywóz "
            "śmieci"
        ),
    ),
    units=words(
        "szt.|szt|SZT|kg|m|mb|opak.|op.|kpl.|kpl|l|para|rolka|karton|m2|m²|but.|usł.|zgrz.|pal."
    ),
    time_units=words("godz.|h|godz|dzień|mies.|m-c|usł.|usługa|km|kWh|doba|ryczałt"),
    legal=words("Sp. z o.o.|S.A.|Sp. j.|Sp. k.|s.c.|Sp. z o.o. Sp. k.|"),
    trades=words(
        "Hurtownia|Handel|Budownictwo|Elektro|Transport|Spożywcze|Narzędzia|Meble|Opakowania|"
        "Serwis|Drukarnia|Technika|Hydraulika|Logistyka|Piekarnia"
    ),
    streets=words(
        "ul. Długa|ul. Polna|ul. Leśna|al. Jana Pawła II|ul. Kościuszki|ul. Przemysłowa|ul. Lipowa|"
        "ul. Mickiewicza|pl. Wolności|ul. Słoneczna"
    ),
    towns=words(
        "Warszawa|Kraków|Łódź|Wrocław|Poznań|Gdańsk|Szczecin|Lublin|Katowice|Białystok|Rzeszów|"
        "Toruń"
    ),
    departments=words("Dział Zakupów|Księgowość|Skrytka pocztowa 402|Magazyn 7|Dział Handlowy"),
    street_form="{street} {house}",
    town_form="{code} {town}",
    postcodes=words("##-###"),
    phones=words("+48 ### ### ###|## ### ## ##|### ### ###|tel. ## #######"),
    tax_ids=words("##########|###-###-##-##|PL##########"),
    tax_rates=words("23|23|23|23|8|5|0"),
    currencies=words("PLN|PLN|PLN|PLN|PLN|PLN|EUR"),
    number_forms=words("1 234,56|1 234,56|1 234,56|1234,56|1234,56|1.234,56"),
    sign_sides=words("after"),
    dates=words(
        "%d.%m.%Y|%d.%m.%Y|%Y-%m-%d|%Y-%m-%d|%Y-%m-%d|%d-%m-%Y|%d/%m/%Y|%-d %B %Y|%d.%m.%y|%d %B %Y"
    ),
    months=words(
        "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|"
        "listopada|grudnia"
    ),
    short_months=words("sty|lut|mar|kwi|maj|cze|lip|sie|wrz|paź|lis|gru"),
)
