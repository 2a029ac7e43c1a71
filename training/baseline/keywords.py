"""Keywords of the rules baseline: column headings, words that end a table, header labels.

General terms of English, German, French, Spanish and Italian invoices, orders and receipts, and the
quantity and price words of services (hours, nights, spots, rate); no vendor's own wording. All are
folded as `fold` does: lower case, no accents, letters and digits only.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from data.records import Word
from training.decoding.printed_lines import Line

MAX_WORDS = 4  # of a phrase
_PARTS = re.compile(r"[^\W_]+|[#%]")
_GLUED = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")  # "TypeSpots": two headings set close

# Tag of a column -> its headings. "gross_amount" is an amount with tax.
_COLUMNS: Mapping[str, str] = {
    "line_number": (
        "pos;position;no;nr;n;#;ln;line;line no;line #;item no;item #;item number;lfd nr;"
        "pos nr;posnr;ligne;num;linea;riga;lp"
    ),
    "description": (
        "description;descriptions;item description;product description;article;product;"
        "products;item;items;goods;service;services;details;particulars;description of goods;"
        "description of services;designation;libelle;beschreibung;artikelbeschreibung;"
        "bezeichnung;artikelbezeichnung;warenbezeichnung;produktbezeichnung;leistung;artikel;"
        "text;produkt;descripcion;concepto;articulo;producto;detalle;descrizione;articolo;"
        "prodotto;denominazione;desc;item name;product name;leistungsbeschreibung;program;"
        "programme;inventory;inventory code"
    ),
    "product_code": (
        "code;item code;product code;sku;part no;part number;part #;product id;stock no;"
        "stock code;art nr;artnr;artikelnr;artikelnummer;art no;article no;artikel nr;"
        "material;materialnummer;material nr;reference;ref;codigo;codice;cod;referencia;"
        "codice articolo;code article;item id;product no;catalog no;bestellnummer;"
        "produktnummer;artnrlief;artnrlieferant;referencias;materialnr;article code"
    ),
    "gtin": ("gtin;ean;upc;barcode;ean code;gtinean"),
    "buyer_item_id": ("artnrkunde;your item;customer item;your part no;ihre artikelnummer"),
    "quantity": (
        "qty;quantity;quantities;qnty;quant;menge;anzahl;anz;stuck;stk;stueck;qte;quantite;"
        "nombre;cantidad;cant;unidades;quantita;qta;pcs;pieces;units;hours;days;nights;spots;"
        "# spots;no of spots;# of spots;impressions;stunden;std;tage;heures;jours;horas;ore;"
        "billed qty;qty billed;invoiced qty;qty invoiced;quantity invoiced;liefermenge;"
        "rechnungsmenge;count;qty hrs;hrs"
    ),
    "quantity_ordered": (
        "ordered;qty ordered;quantity ordered;order qty;ordered qty;bestellt;bestellmenge;"
        "commande;qte commandee;pedido;ordinato"
    ),
    "quantity_shipped": (
        "shipped;qty shipped;quantity shipped;ship qty;shipped qty;delivered;geliefert;livre;"
        "qte livree;entregado;consegnato;spedito;qty delivered"
    ),
    "quantity_backordered": ("backordered;back ordered;backorder;b o;bo;ruckstand;reliquat"),
    "unit": (
        "unit;uom;u m;um;einheit;einh;mengeneinheit;me;unite;unidad;unita;unita di misura;"
        "unit of measure;ud;uds;meng einh;mengeinh;verpackungseinheit"
    ),
    "unit_price": (
        "unit price;price;unit cost;cost;rate;price each;each;price per unit;unit rate;"
        "net price;price unit;item price;uprice;u price;unitprice;sale price;selling price;"
        "list price;preis;einzelpreis;e preis;epreis;einzelpr;stuckpreis;stuck preis;"
        "nettopreis;preis einheit;preiseinheit;preis netto;ep;nettoeinzelpreis;"
        "einzelpreis netto;einheitspreis;vk preis;prix;prix unitaire;pu;p u;prix unit;pu ht;"
        "p u ht;prix unitaire ht;prix ht;pxunit;precio;precio unitario;p unit;punit;"
        "precio unit;importe unitario;prezzo;prezzo unitario;prezzo unit;unitario;"
        "unit price net;net unit price"
    ),
    "amount": (
        "amount;total;line total;total price;extended price;extension;ext price;extended;"
        "net amount;total amount;net;net total;line amount;sum;total net;net value;"
        "amount due;ext amount;ext;subtotal;value;price total;totals;line net;betrag;gesamt;"
        "gesamtpreis;summe;nettobetrag;netto;gesamtbetrag;positionsbetrag;nettowert;g preis;"
        "gpreis;gesamt netto;betrag netto;entgelt;warenwert;nettogesamt;gesamtnetto;"
        "zeilensumme;montant;montant ht;total ht;prix total;montant net;total ligne;importe;"
        "importe total;total linea;importe neto;importo;prezzo totale;totale;valore;"
        "imponibile;importo netto;totale netto"
    ),
    "gross_amount": (
        "gross amount;gross;brutto;bruttobetrag;total ttc;montant ttc;total incl vat;"
        "amount incl vat;total gross;gesamt brutto;total incl tax;total gst incl;"
        "importo lordo"
    ),
    "tax_rate": (
        "vat;tax;gst;vat %;tax %;tax rate;vat rate;mwst;mwst %;ust;ust %;steuer;steuersatz;"
        "mehrwertsteuer;tva;taux tva;tva %;iva;iva %;% iva;aliquota;aliq;tipo iva;sales tax;"
        "tax code;ust satz;mwst satz;gst %;sst;taxe"
    ),
    "discount_rate": (
        "discount;disc;disc %;discount %;rabatt;rabatt %;remise;remise %;descuento;dto;% dto;"
        "sconto;sconto %;rab"
    ),
    "date": (
        "date;datum;fecha;data;air date;delivery date;lieferdatum;service date;leistungsdatum"
    ),
}

# First words of the rows below a table: its sums, its taxes.
_TOTALS = (
    "total;totals;subtotal;sub total;grand total;net total;total net;total amount;total due;"
    "amount due;balance due;total price;total tax;total vat;vat total;total excl;total incl;"
    "total before tax;total gross;gross total;net amount;taxable amount;invoice total;order total;"
    "due payable;payable;sales tax;tax;vat;plus vat;gst;gst summary;rounding;"
    "rounding adj;rounding adjustment;cash;change;total sales;total rounded;total qty;"
    "item count;total items;visa;mastercard;amount payable;net payable;nett total;nett;tender;"
    "service charge;balance;gross amount;"
    "summe;gesamt;gesamtbetrag;gesamtsumme;zwischensumme;nettobetrag;nettosumme;netto;"
    "rechnungsbetrag;rechnungssumme;bruttobetrag;brutto;endbetrag;endsumme;summe netto;mwst;ust;"
    "umsatzsteuer;mehrwertsteuer;zzgl;zahlbetrag;gesamt netto;belegsummen;warenwert;"
    "positionssumme;summe positionen;zu zahlen;steuer;zahlbetrag;"
    "sous total;total ht;total ttc;total tva;montant total;montant ht;net a payer;tva;montant net;"
    "base imponible;importe total;iva;total iva;total neto;total a pagar;"
    "totale;subtotale;imponibile;totale imponibile;totale iva;totale documento;totale fattura;"
    "importo totale;importe"
)

# Header tag -> the labels left of or above its value, in order of preference.
_LABELS: Mapping[str, str] = {
    "document_id": (
        "invoice no;invoice number;invoice #;invoice nr;invoice id;invoice;tax invoice no;"
        "inv no;inv #;bill no;bill number;receipt no;receipt #;document no;document number;"
        "order no;order number;order #;order rev;contract #;contract no;contract number;"
        "contract revision;credit memo no;credit note no;doc no;rechnungsnummer;rechnungs nr;"
        "rechnungsnr;rechnung nr;rechnung no;rechnung;belegnummer;beleg nr;belegnr;"
        "gutschriftsnummer;gutschrift nr;bestellnummer;bestellung nr;numero de facture;"
        "no facture;facture no;facture n;n facture;facture;n de facture;avoir n;"
        "numero de factura;factura n;factura no;n factura;factura;numero fattura;fattura n;"
        "fattura nr;fattura;numero documento"
    ),
    "document_date": (
        "invoice date;date of invoice;bill date;order date;issue date;date issued;"
        "document date;original date revision;original date rev;date entered;issued at;dated;"
        "date;rechnungsdatum;belegdatum;bestelldatum;datum;vom;ausstellungsdatum;"
        "date de facture;date facture;date d emission;date de facturation;le;"
        "fecha de factura;fecha factura;fecha de emision;fecha;data fattura;data documento;"
        "data emissione;data"
    ),
    "due_date": (
        "due date;payment due;payment due date;pay by;date due;falligkeitsdatum;fallig am;"
        "fallig;zahlbar bis;faelligkeit;date d echeance;echeance;fecha de vencimiento;"
        "vencimiento;data scadenza;scadenza"
    ),
    "delivery_date": (
        "delivery date;date of delivery;ship date;date of supply;lieferdatum;leistungsdatum;"
        "liefertermin;date de livraison;fecha de entrega;data consegna"
    ),
    "purchase_order": (
        "purchase order;purchase order no;purchase order number;po number;po no;po #;po;"
        "p o no;p o number;customer order;your order;your order no;your reference;your ref;"
        "customer po;order reference;bestellnummer;ihre bestellung;bestellung nr;bestell nr;"
        "ihre bestellnummer;auftragsnummer;bestellung nr kunde;kundenbestellnummer;"
        "bon de commande;numero de commande;commande n;votre commande;n commande;"
        "numero de pedido;pedido n;su pedido;orden de compra;ordine n;numero ordine;"
        "vostro ordine"
    ),
    "customer_name": (
        "bill to;sold to;billed to;customer name;customer;client;advertiser;"
        "rechnungsempfanger;kunde;facture a;adresse de facturation;cliente;facturar a;"
        "spett le"
    ),
    "sub_total": (
        "subtotal;sub total;net total;total net;total excl vat;total excl tax;"
        "total before tax;taxable amount;gross total;total excluding gst;nett total;"
        "gross amount;net amount;zwischensumme;nettobetrag;nettosumme;summe netto;gesamt netto;"
        "netto;positionssumme;summe positionen;gesamtsumme netto;rechnungssumme ohne ust;"
        "sous total;total ht;montant ht;total hors taxe;montant total ht;base imponible;"
        "total neto;imponibile;totale imponibile;subtotale"
    ),
    "total_tax": (
        "total tax;total vat;vat total;vat amount;tax amount;sales tax;tax;vat;gst;plus vat;"
        "total gst;umsatzsteuer;mehrwertsteuer;mwst;ust;steuerbetrag;summe umsatzsteuer;"
        "mwst betrag;total tva;montant tva;tva;total iva;cuota iva;iva;totale iva;imposta"
    ),
    "invoice_total": (
        "grand total;invoice total;total amount;total due;order total;total incl vat;"
        "total incl tax;total gross;total rounded;total sales;total inclusive of gst;"
        "total ttc;due payable;totals;total;gesamtbetrag;rechnungsbetrag;gesamtsumme;"
        "endbetrag;bruttobetrag;endsumme;summe;gesamt;bruttosumme;montant ttc;montant total;"
        "montant total ttc;importe total;total factura;total a pagar;totale documento;"
        "totale fattura;importo totale;totale"
    ),
    "amount_due": (
        "amount due;balance due;total due;amount payable;net payable;due payable;"
        "pay this amount;zahlbetrag;zu zahlen;falliger betrag;zahlbarer betrag;"
        "zu zahlender betrag;net a payer;montant a payer;reste a payer;total a pagar;"
        "importe a pagar;netto a pagare;totale da pagare"
    ),
    "currency": ("currency;wahrung;devise;moneda;valuta;divisa"),
}

# Words that mark a till receipt where no title names its type.
RECEIPT_WORDS = frozenset(
    {"receipt", "cash", "change", "cashier", "kassenbon", "bar", "ticket", "scontrino", "recibo"}
)


def fold(word: str) -> str:
    """Fold the word to lower case without accents: letters, digits, '#' and '%' only.

    >>> fold("Rechnungs-Nr.:")
    'rechnungsnr'
    """
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in letters if char.isalnum() or char in "#%")


@cache
def column_tags() -> Mapping[tuple[str, ...], str]:
    """The tag of every column heading, as folded words."""
    return {
        phrase: tag for tag, headings in _COLUMNS.items() for phrase in _split_phrases(headings)
    }


@cache
def total_phrases() -> frozenset[tuple[str, ...]]:
    """The first words of the rows below a table, as folded words."""
    return frozenset(_split_phrases(_TOTALS))


@cache
def label_tags() -> Mapping[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """The header tags that each label, as folded words, may name, with its rank (0 best)."""
    tags_by_phrase: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for tag, labels in _LABELS.items():
        for rank, phrase in enumerate(_split_phrases(labels)):
            tags_by_phrase.setdefault(phrase, []).append((tag, rank))
    return {phrase: tuple(tags) for phrase, tags in tags_by_phrase.items()}


def longest_phrase_length(
    words: Sequence[str], start: int, phrases: Mapping[tuple[str, ...], object] | frozenset[object]
) -> int:
    """The length in words of the longest known phrase from `start` on; 0 for none."""
    for length in range(min(MAX_WORDS, len(words) - start), 0, -1):
        if tuple(words[start : start + length]) in phrases:
            return length
    return 0


def _split_phrases(listed: str) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(tuple(phrase.split()) for phrase in listed.split(";")))


def folded_tokens(line: Line) -> list[tuple[str, Word]]:
    """Folded words, each with its printed word; "Amount(RM)" is two, "Art-Nr." is one."""
    tokens: list[tuple[str, Word]] = []
    for word in line:
        whole = fold(word.text)
        pieces = [piece for text in _PARTS.findall(word.text) for piece in _GLUED.split(text)]
        parts = [part for text in pieces if (part := fold(text))]
        known = (whole,) in column_tags() or (whole,) in total_phrases()
        tokens += [(whole, word)] if known or len(parts) < 2 else [(part, word) for part in parts]
    return [(text, word) for text, word in tokens if text]
