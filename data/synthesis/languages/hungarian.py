"""Hungarian wording of documents from Hungary."""

from data.synthesis.languages.language import Language, texts, words

HUNGARIAN = Language(
    code="hu",
    share=0.5,
    titles=texts(
        invoice="Számla|SZÁMLA|Díjbekérő|Számla / Invoice|Előlegszámla|Végszámla",
        credit_memo="Jóváíró számla|Helyesbítő számla|STORNÓ SZÁMLA|Stornó számla",
        purchase_order="Megrendelés|MEGRENDELÉS|Rendelés|Rendelés visszaigazolás|Vevői rendelés",
        packing_slip="Csomaglista|CSOMAGLISTA|Csomagolási jegyzék",
        delivery_note="Szállítólevél|SZÁLLÍTÓLEVÉL",
        bill_of_lading="Fuvarlevél|FUVARLEVÉL|CMR fuvarlevél",
        proof_of_delivery="Átvételi elismervény|Átadás-átvételi jegyzőkönyv|Kézbesítési igazolás",
        receipt="NYUGTA|Nyugta|Egyszerűsített számla|",
        other="Ajánlat|Árlista|Fizetési felszólítás|Egyenlegközlő|Árajánlat",
    ),
    numbers=texts(
        invoice="Számlaszám|Számla sorszáma|Sorszám|Számla száma|A számla sorszáma|Bizonylatszám",
        credit_memo="Számlaszám|Bizonylatszám|Jóváíró számla száma|Sorszám",
        purchase_order=(
            "Rendelésszám|Megrendelés száma|Rendelési szám|Megrendelésszám|Rendelés száma"
        ),
        delivery_note="Szállítólevél száma|Szállítólevélszám|Bizonylatszám|Sorszám",
    ),
    days=texts(
        invoice="Számla kelte|Kelt|Kiállítás dátuma|Kiállítás kelte|Dátum|A számla kelte",
        credit_memo="Kelt|Kiállítás dátuma|Dátum|Számla kelte",
        purchase_order="Rendelés dátuma|Megrendelés dátuma|Dátum|Kelt",
        delivery_note="Dátum|Kelt|Kiállítás dátuma",
    ),
    fields=texts(
        document_id="{} száma|Sorszám|Szám|Bizonylatszám|Hivatkozási szám|Iktatószám",
        document_date="Dátum|Kelt|Kiállítás dátuma|Kiállítás kelte",
        due_date="Fizetési határidő|Fizetési határidő napja|Esedékesség|Határidő",
        delivery_date=(
            "Teljesítés dátuma|Teljesítés időpontja|Teljesítés kelte|Szállítás dátuma|Teljesítés"
        ),
        purchase_order=(
            "Megrendelés száma|Rendelésszám|Vevő rendelésszáma|Hivatkozás|Az Önök rendelésszáma"
        ),
        original_invoice_id="Eredeti számla|Eredeti számla száma|Hivatkozott számla",
        currency="Pénznem|Deviza",
    ),
    headings=words("{title} sz. {number} / {day}|{title}: {number}, {day}"),
    other_fields=words(
        "Adószám|Közösségi adószám|Vevőkód|Vevő azonosító|Fizetési mód|Fizetés módja|"
        "Bankszámlaszám|Bankszámla|IBAN|SWIFT|Telefon|Tel.|E-mail|Ügyintéző|Kapcsolattartó|"
        "Szállítási mód|Fuvarozó|Raktár|Oldal|Súly|Bruttó súly|Csomagok száma|Projekt|"
        "Szerződésszám|Elszámolási időszak|Mérőszám|Fogyasztási hely|Pénztár|Pénztáros|Asztal|"
        "Cégjegyzékszám|Megjegyzés|Rendszám"
    ),
    seller_labels=words("Eladó|Szállító|Kiállító|Eladó:"),
    buyer_labels=words("Vevő|VEVŐ|Vevő neve, címe|Megrendelő|Számlázási cím|Címzett"),
    place_labels=words("Szállítási cím|Átvevő"),
    heads=texts(
        line_number="Ssz.|Sorszám|Tétel|Sor|#|S.sz.",
        product_code="Cikkszám|Kód|Termékkód|Cikksz.|Azonosító|Termékazonosító|Árukód",
        buyer_item_id="Vevő cikkszáma|Vevői cikkszám|Vevői kód",
        gtin="EAN|EAN kód|GTIN|Vonalkód",
        description=(
            "Megnevezés|Termék megnevezése|Termék|Leírás|Áru megnevezése|Terméknév|Szolgáltatás|A "
            "termék vagy szolgáltatás megnevezése|MEGNEVEZÉS|Cikk megnevezése"
        ),
        quantity="Mennyiség|Menny.|Menny|Db|Darab|Óraszám|Fogyasztás|MENNYISÉG",
        unit="Me.|Egység|M.e.|Mennyiségi egység|Mee.|Me|ME",
        unit_price=(
            "Egységár|Nettó egységár|Egys.ár|E.ár|Nettó ár|Ár|Egységár (nettó)|Egységár Ft|Nettó "
            "e.ár|Óradíj|Egys. ár|EGYSÉGÁR"
        ),
        price_base_quantity="Áregység|Ár alapja|Per",
        discount_rate="Kedv. %|Engedmény %|Kedvezmény %|Kedv.|Eng. %",
        discount_amount="Kedvezmény|Engedmény|Kedvezmény összege|Engedmény Ft",
        amount=(
            "Nettó érték|Érték|Nettó|Nettó összeg|Összesen|Nettó ért.|Összeg|Nettó érték Ft|Érték "
            "(nettó)|Ért.|Nettó ár összesen"
        ),
        gross_amount="Bruttó érték|Bruttó|Bruttó összeg|Bruttó ért.|Bruttó érték Ft",
        tax_rate="ÁFA|ÁFA %|Áfa kulcs|ÁFA kulcs|Áfa %|Áfa|ÁFA-kulcs",
        tax_amount="ÁFA összeg|ÁFA érték|Áfa összege|ÁFA Ft|Áfa érték",
        date="Dátum|Teljesítés|Szállítás dátuma|Nap",
        po_number="Rendelés|Rendelésszám|Megrendelés",
        quantity_ordered="Rendelt|Rendelt mennyiség|Rendelt menny.",
        quantity_shipped="Szállított|Szállított mennyiség|Kiszállítva|Kiadott",
        quantity_backordered="Hátralék|Függő|Fennmaradó",
        quantity_received="Átvett|Beérkezett|Átvett mennyiség",
        quantity_rejected="Visszautasított|Sérült|Visszáru|Hiány",
        list_price="Listaár|Bruttó egységár|Katalógusár|Eredeti ár",
        quantity_unit="Mennyiség|Menny./Me.|Mennyiség és egység",
    ),
    detail_heads=words("Ettől|Eddig|Napok|Darab|Ár|Szorzó"),
    sections=words(
        "Szállítólevél {} {day}|Rendelés {}|Megrendelés {} {day}|{n}. fejezet|"
        "{n}. {noun}|{noun}|Projekt {}"
    ),
    discounts=words("Kedvezmény|Mennyiségi kedvezmény"),
    nets=words("Nettó|Nettó összeg"),
    parts=words("tartalmaz:|ebből|benne"),
    charges=words("Szállítási díj|Fuvardíj|Csomagolás|Betétdíj"),
    head_groups=texts(
        quantity="Mennyiség|Darabszám",
        money="Ár|Összegek {currency}|{currency}",
        article="Cikk|Termék",
    ),
    party_labels=words("Név|Cím|Kapcsolattartó|Telefon|E-mail|Adószám|Cégjegyzékszám|Kód|Szám|GLN"),
    subtotals=words("Részösszeg|Összesen|Átvitel|Áthozat|Oldal összesen|Részösszesen"),
    totals=texts(
        sub_total=(
            "Nettó összesen|Nettó összeg|Összesen nettó|Adóalap|Nettó érték|Részösszeg|Nettó "
            "végösszeg"
        ),
        total_discount="Kedvezmény|Engedmény|Összes kedvezmény",
        shipping_charge="Szállítási költség|Szállítási díj|Postaköltség|Kiszállítás|Fuvardíj",
        total_tax="ÁFA|ÁFA összesen|Áfa|ÁFA összeg|ÁFA 27%|Összes ÁFA|Áfa összesen",
        invoice_total=(
            "Összesen|ÖSSZESEN|Bruttó összesen|Fizetendő|FIZETENDŐ|Fizetendő összeg|Végösszeg|"
            "Bruttó végösszeg|Számla végösszege|Mindösszesen|Fizetendő végösszeg|Összesen bruttó"
        ),
        amount_due="Fizetendő maradék|Hátralék|Egyenleg|Még fizetendő|Tartozás",
    ),
    paid=words("Kifizetve|Előleg|Fizetve|Befizetve|Készpénz|Bankkártya"),
    terms=words(
        "Fizetési határidő 8 nap.|Köszönjük a vásárlást!|Késedelmes fizetés esetén késedelmi "
        "kamatot számítunk fel.|Az áru a teljes kifizetésig az eladó tulajdonában marad.|Kérjük, "
        "utaláskor a számlaszámot tüntesse fel.|Fordított adózás.|A számla aláírás nélkül is "
        "érvényes.|Köszönjük megrendelését.|Reklamációt 8 napon belül fogadunk el."
    ),
    notes=words(
        "Gyári szám {}|Tételszám {}|Rendelés: {}|Szállítólevél {}|Időszak: {}|Származási ország: "
        "HU|Szavatosság: {}|Garancia 24 hónap|Vámtarifaszám {}|Cikkszám {}"
    ),
    joints=words(
        "{} à {}|áron|Szolgáltatásainkért az alábbiakat számlázzuk:|Megállapodásunk szerint:"
    ),
    nouns=texts(
        goods=(
            "Hatlapfejű csavar|Fénymásolópapír A4|Golyóscsap|Védősisak|Munkakesztyű|Ragasztószalag|"
            "Levegőszűrő|Irodai szék|Hosszabbító kábel|Facsavar|Kartondoboz|Törölköző|LED izzó|"
            "Fúrógép|Fehér falfesték|Elem AA|Tömítés|Golyóscsapágy|Szemeteszsák"
        ),
        food=(
            "Tej|Vaj|Kenyér|Narancslé|Szemes kávé|Ásványvíz|Trappista sajt|Burgonya|Gulyásleves|"
            "Csirkemell|Napi menü|Világos sör|Kristálycukor|Búzaliszt|Téliszalámi"
        ),
        services=(
            "Tanácsadás|Szerelés|Telepítés|Takarítás|Oktatás|Fordítás|Útiköltség|Munkadíj|Javítás|"
            "Karbantartás|Könyvelés"
        ),
        software="Licenc|Tárhely|Előfizetés|Domain név|Adattárolás|Technikai támogatás",
        property=(
            "Bérleti díj|Villamos energia|Biztosítási díj|Parkolóhely|Vízdíj|Fűtés|Szemétszállítás"
        ),
    ),
    units=words(
        "db|DB|db.|kg|m|m²|csomag|csom.|doboz|tekercs|pár|l|klt|karton|fm|liter|zsák|üveg|készlet|"
        "m2"
    ),
    time_units=words("óra|ó|h|nap|hó|hónap|éj|km|kWh|év|alkalom|átalány"),
    legal=words("Kft.|Zrt.|Bt.|Nyrt.|Kkt.|és Társa Bt.|"),
    trades=words(
        "Kereskedelmi|Építő|Technika|Nagyker|Villamossági|Élelmiszer|Szállítmányozó|Szerszám|"
        "Csomagoló|Faipari|Informatika|Nyomda|Ingatlan|Szolgáltató|Pékség"
    ),
    streets=words(
        "Fő utca|Kossuth Lajos utca|Petőfi utca|Rákóczi út|Ipar utca|Iskola utca|Vasút utca|Dózsa "
        "György út|Templom tér|Béke utca"
    ),
    towns=words(
        "Budapest|Debrecen|Szeged|Miskolc|Pécs|Győr|Nyíregyháza|Kecskemét|Székesfehérvár|"
        "Szombathely|Eger|Sopron"
    ),
    departments=words("Könyvelés|Beszerzés|Pf. 402|Pénzügy|Raktár 7|2. emelet"),
    street_form="{street} {house}.",
    town_form="{code} {town}",
    postcodes=words("####"),
    phones=words("+36 # ### ####|06 # ### ####|+36 ## ### ####"),
    tax_ids=words("########-#-##|HU########|########-2-##"),
    tax_rates=words("27|27|27|27|18|5|0"),
    currencies=words("HUF|HUF|HUF|HUF|HUF|EUR"),
    number_forms=words("1 234,56|1 234,56|1 234,56|1.234,56|1.234,56|1234,56"),
    sign_sides=words("after"),
    dates=words("%Y.%m.%d.|%Y.%m.%d.|%Y.%m.%d|%Y-%m-%d|%Y-%m-%d|%Y. %m. %d.|%Y. %B %-d.|%Y.%m.%d"),
    months=words(
        "január|február|március|április|május|június|július|augusztus|szeptember|október|november|"
        "december"
    ),
    short_months=words("jan.|febr.|márc.|ápr.|máj.|jún.|júl.|aug.|szept.|okt.|nov.|dec."),
)
