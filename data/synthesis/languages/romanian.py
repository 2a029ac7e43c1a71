"""Romanian wording of documents from Romania."""

from data.synthesis.languages.language import Language, texts, words

ROMANIAN = Language(
    code="ro",
    share=0.5,
    titles=texts(
        invoice="Factură|FACTURĂ|FACTURA|Factură fiscală|FACTURĂ FISCALĂ|Factură proformă",
        credit_memo="Notă de credit|Factură storno|FACTURĂ STORNO|Notă de creditare",
        purchase_order=(
            "Comandă|COMANDĂ|Comandă de achiziție|Confirmare de comandă|Notă de comandă"
        ),
        packing_slip="Listă de colisaj|LISTĂ DE COLISAJ|Packing list",
        delivery_note=(
            "Aviz de însoțire a mărfii|AVIZ DE ÎNSOȚIRE A MĂRFII|Notă de livrare|Aviz de expediție"
        ),
        bill_of_lading="Scrisoare de transport|Scrisoare de trăsură CMR|CMR",
        proof_of_delivery=(
            "Dovada livrării|Proces-verbal de predare-primire|Confirmare de primire"
        ),
        receipt="BON FISCAL|Bon fiscal|Chitanță|CHITANȚĂ|",
        other="Ofertă|Listă de prețuri|Somație de plată|Extras de cont|Ofertă de preț",
    ),
    numbers=texts(
        invoice="Factura nr.|Nr. factură|Număr factură|Nr. facturii|Seria și numărul|Factură nr.",
        credit_memo="Nota de credit nr.|Nr. document|Factura storno nr.|Număr document",
        purchase_order="Comanda nr.|Nr. comandă|Număr comandă|Comandă nr.",
        delivery_note="Aviz nr.|Nr. aviz|Număr aviz|Nr. livrare",
    ),
    days=texts(
        invoice="Data facturii|Data|Data emiterii|Data emiterii facturii|Din data",
        credit_memo="Data|Data emiterii|Din data",
        purchase_order="Data comenzii|Data|Data emiterii",
        delivery_note="Data|Data avizului|Data emiterii",
    ),
    fields=texts(
        document_id="{} nr.|Număr|Nr.|Nr. document|Număr document|Referință",
        document_date="Data|Data emiterii|Data documentului|Emis la",
        due_date="Data scadenței|Scadență|Termen de plată|Scadent la|Data scadentă",
        delivery_date="Data livrării|Data livrare|Livrat la|Data expedierii",
        purchase_order=(
            "Comanda dvs.|Nr. comandă client|Comandă client|Referința dvs.|Nr. comandă"
        ),
        original_invoice_id=(
            "Factura inițială|La factura nr.|Storno la factura|Factura de referință"
        ),
        currency="Monedă|Valută|Moneda",
    ),
    headings=words("{title} nr. {number} din {day}|{title} {number} din data de {day}"),
    other_fields=words(
        "CUI|CIF|C.I.F.|Reg. com.|Nr. Reg. Com.|Capital social|Cod client|Nr. client|Banca|Cont|"
        "Cont bancar|IBAN|Telefon|Tel.|E-mail|Modalitate de plată|Mod de plată|Condiții de plată|"
        "Agent|Persoană de contact|Delegat|Mijloc de transport|Nr. auto|Transportator|Depozit|"
        "Pagina|Greutate|Nr. colete|Proiect|Contract nr.|Perioada de facturare|Loc de consum|Casa|"
        "Casier|Întocmit de|Observații|Cota TVA"
    ),
    seller_labels=words("Furnizor|Furnizor:|Vânzător"),
    buyer_labels=words("Cumpărător|Client|CLIENT|Cumpărător:|Destinatar|Adresa de facturare"),
    place_labels=words("Adresa de livrare|Beneficiar"),
    heads=texts(
        line_number="Nr. crt.|Nr.|Crt.|Poz.|#|Nr crt",
        product_code="Cod|Cod produs|Cod articol|Cod art.|Referință|SKU",
        buyer_item_id="Cod client|Codul dvs.|Cod cumpărător",
        gtin="EAN|Cod EAN|Cod de bare|GTIN",
        description=(
            "Denumire|Denumirea produselor sau a serviciilor|Denumire produs|Descriere|Produs|"
            "Denumire produse/servicii|Denumirea mărfii|Articol|Serviciu|Explicații"
        ),
        quantity="Cantitate|Cant.|Cantitatea|Cant|Buc.|Ore|Consum|CANTITATE",
        unit="U.M.|UM|U/M|Unitate|Unitate de măsură",
        unit_price=(
            "Preț unitar|Preț|Preț unitar fără TVA|P.U.|Preț unit.|Preț/UM|Pret unitar|Prețul "
            "unitar|Preț net|Tarif|Preț unitar (fără TVA)"
        ),
        price_base_quantity="Per|Preț pentru|Bază preț",
        discount_rate="Disc. %|Discount %|Reducere %|% discount",
        discount_amount="Discount|Valoare discount|Reducere",
        amount=(
            "Valoare|Valoarea|Valoare fără TVA|Total|Valoare netă|Valoare totală|Suma|Total fără "
            "TVA|Valoare lei|Preț total"
        ),
        gross_amount="Valoare cu TVA|Total cu TVA|Total cu T.V.A.|Brut",
        tax_rate="TVA %|Cota TVA|% TVA|Cotă TVA|TVA",
        tax_amount="Valoare TVA|Valoarea TVA|TVA lei|Suma TVA",
        date="Data|Data livrării|Data livrare|Ziua",
        po_number="Comandă|Nr. comandă|Comanda",
        quantity_ordered="Comandat|Cant. comandată|Cantitate comandată",
        quantity_shipped="Livrat|Cant. livrată|Cantitate livrată|Expediat",
        quantity_backordered="Rest|Rest de livrat|Restant|Nelivrat",
        quantity_received="Recepționat|Primit|Cant. primită|Cantitate recepționată",
        quantity_rejected="Respins|Deteriorat|Refuzat|Lipsă",
        list_price="Preț de listă|Preț listă|Preț catalog|Preț întreg",
        quantity_unit="Cantitate|Cant./UM|Cantitate UM",
    ),
    detail_heads=words("De la|Până la|Zile|Număr|Preț|Factor"),
    sections=words(
        "Aviz {} din {day}|Comanda {}|Comanda {} din {day}|Capitolul {n}|{n}. {noun}|"
        "{noun}|Proiect {}"
    ),
    discounts=words("Reducere|Discount|Rabat"),
    nets=words("Net|Valoare netă"),
    parts=words("incl.|compus din:|din care"),
    charges=words("Transport|Taxă de livrare|Ambalaj|Garanție ambalaj"),
    head_groups=texts(
        quantity="Cantitate|Cantități",
        money="Preț|Valori în {currency}|{currency}",
        article="Articol|Produs",
    ),
    party_labels=words("Nume|Adresă|Contact|Telefon|E-mail|CUI|Reg. com.|Cod|Număr|GLN"),
    subtotals=words("Subtotal|Total pagină|Report|De reportat|Total parțial|Total grupă"),
    totals=texts(
        sub_total=(
            "Subtotal|Total fără TVA|Bază de impozitare|Total net|Valoare fără TVA|Total valoare|"
            "Valoare netă"
        ),
        total_discount="Discount|Reducere|Total discount|Reducere comercială",
        shipping_charge="Transport|Cost livrare|Taxă de livrare|Cheltuieli de transport|Livrare",
        total_tax="TVA|Total TVA|Valoare TVA|TVA 19%|TVA total",
        invoice_total=(
            "Total|TOTAL|Total de plată|TOTAL DE PLATĂ|Total general|Total factură|Total cu TVA|"
            "Valoare totală|TOTAL LEI|Total RON|Suma totală"
        ),
        amount_due="Rest de plată|Sold|De plată|Sumă de plată|Sold de plată",
    ),
    paid=words("Achitat|Avans|Plătit|Încasat|Numerar|Card"),
    terms=words(
        "Plata se face în termen de 30 de zile.|Vă mulțumim!|Marfa rămâne proprietatea "
        "furnizorului până la achitarea integrală.|Factura circulă fără semnătură și ștampilă.|"
        "Pentru întârzieri se percep penalități de 0,1% pe zi.|Taxare inversă.|Reclamațiile se "
        "primesc în termen de 7 zile.|Vă rugăm să menționați numărul facturii la plată.|Vă mai "
        "așteptăm!"
    ),
    notes=words(
        "Serie {}|Lot {}|Comanda {}|Aviz nr. {}|Perioada: {}|Țara de origine: RO|Garanție 24 luni|"
        "Expiră la {}|Ref. {}|Cod NC {}"
    ),
    joints=words(
        "{} a câte {}|pentru|Pentru serviciile noastre facturăm:|Conform înțelegerii facturăm:"
    ),
    nouns=texts(
        goods=(
            "Șurub hexagonal|Hârtie A4|Robinet cu bilă|Cască de protecție|Mănuși de lucru|Bandă "
            "adezivă|Filtru de aer|Scaun de birou|Cablu electric|Șuruburi lemn|Cutie de carton|"
            "Prosop|Bec LED|Bormașină|Vopsea albă|Baterii AA|Garnitură|Rulment|Saci menajeri"
        ),
        food=(
            "Lapte integral|Unt|Pâine albă|Suc de portocale|Cafea boabe|Apă minerală|Cașcaval|"
            "Cartofi|Ciorbă de burtă|Piept de pui|Meniul zilei|Bere blondă|Zahăr|Făină albă|Ulei "
            "de floarea-soarelui"
        ),
        services=(
            "Consultanță|Montaj|Instalare|Curățenie|Instruire|Traducere|Cheltuieli de deplasare|"
            "Manoperă|Reparații|Mentenanță|Servicii contabile"
        ),
        software="Licență|Găzduire web|Abonament|Domeniu|Stocare date|Suport tehnic",
        property=(
            "Chirie|Energie electrică|Primă de asigurare|Loc de parcare|Apă|Căldură|Salubritate"
        ),
    ),
    units=words(
        "buc|buc.|BUC|kg|m|mp|cutie|pachet|rolă|set|pereche|l|bax|ml|sac|pal|sticlă|to|mc|litru"
    ),
    time_units=words("oră|ore|h|zi|zile|lună|luni|km|kWh|an|noapte|serviciu"),
    legal=words("S.R.L.|SRL|S.A.|SA|& Fiii SRL|S.N.C.|P.F.A."),
    trades=words(
        "Distribuție|Comerț|Construcții|Electro|Alimentar|Transport|Industrie|Scule|Ambalaje|"
        "Mobilă|Tipografie|Servicii|Instalații|Logistică|Panificație"
    ),
    streets=words(
        "Str. Mihai Eminescu|Str. Libertății|Bd. Unirii|Calea Victoriei|Str. Florilor|Str. Gării|"
        "Str. Industriei|Bd. Republicii|Str. Școlii|Șos. Mihai Bravu"
    ),
    towns=words(
        "București|Cluj-Napoca|Timișoara|Iași|Constanța|Craiova|Brașov|Galați|Ploiești|Oradea|"
        "Sibiu|Arad"
    ),
    departments=words("Departament Achiziții|Contabilitate|C.P. 402|Facturare|Depozit 7|Etaj 2"),
    street_form="{street} nr. {house}",
    town_form="{code} {town}",
    postcodes=words("######"),
    phones=words("+40 ## ### ####|02## ### ###|07## ### ###"),
    tax_ids=words("RO########|RO#######|########"),
    tax_rates=words("19|19|19|19|9|5|0"),
    currencies=words("RON|RON|RON|RON|RON|EUR"),
    number_forms=words("1.234,56|1.234,56|1.234,56|1234,56|1234,56|1 234,56"),
    sign_sides=words("after"),
    dates=words("%d.%m.%Y|%d.%m.%Y|%d.%m.%Y|%d/%m/%Y|%d-%m-%Y|%d.%m.%y|%Y-%m-%d|%-d %B %Y"),
    months=words(
        "ianuarie|februarie|martie|aprilie|mai|iunie|iulie|august|septembrie|octombrie|noiembrie|"
        "decembrie"
    ),
    short_months=words("ian.|feb.|mar.|apr.|mai|iun.|iul.|aug.|sept.|oct.|nov.|dec."),
)
