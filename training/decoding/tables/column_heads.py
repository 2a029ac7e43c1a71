"""Printed heads of table columns: from their words, in many languages, to the tags they allow.

A head is read by the concepts of its words, not by whole phrases: "Gesamtpreis netto" is a price
and a total, so an amount. A head that names a weight, a volume, cartons, a date or a code allows no
quantity, price or amount.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

# Concept -> folded words that name it; those with a final "*" also begin longer words.
_WORDS: Mapping[str, str] = {
    "quantity": (
        "qty qnty quant quantity quantities menge anzahl anz qte qt quantite nombre cantidad "
        "cant unidades quantita qta pcs pieces units hours hrs days nights spots stunden std "
        "tage heures jours horas dias ore giorni qtd qtde quantidade aantal antal antall maara "
        "ilosc kolicina kom mnozstvi pocet mennyiseg db menny cantitate miktar adet count stuck "
        "stueck stuk kpl uren dagen timer tid impressions colis pz pezzi liefermenge "
        "rechnungsmenge billed invoiced berechnet nbre qtt"
    ),
    "price": (
        "price prices uprice unitprice cost rate each preis einzelpreis epreis stuckpreis "
        "nettopreis einheitspreis preiseinheit ep einzelpr vkpreis prix pu pxunit precio prezzo "
        "preco prijs eenheidsprijs stukprijs apris pris enhetspris stykpris hinta ahinta "
        "yksikkohinta cena cenajedn jednostkowa jedn ar egysegar egysar pret pretul fiyat "
        "fiyati birimfiyat tarif tarief tarifa taxa listprice vunit vunitario vlunit valorunit "
        "prunit punit stuckpr einzel up hourlyrate stundensatz satz unitario unitaire unitari"
    ),
    "amount": (
        "amount amt total totals extension extended ext sum value subtotal betrag gesamt "
        "gesamtpreis summe gesamtbetrag positionsbetrag wert nettowert bruttowert gpreis "
        "gesamtpr zeilensumme entgelt warenwert montant importe importo totale valore "
        "imponibile bedrag totaal belopp summa belob yhteensa wartosc kwota suma celkem castka "
        "osszesen osszeg ertek valoare valoarea tutar toplam valor vtotal vltotal valortotal "
        "prtotal ptotal totalprice lineamount linetotal gp charges debit"
    ),
    "tax": (
        "vat tax taxes gst hst pst sst mwst ust steuer steuersatz mehrwertsteuer umsatzsteuer "
        "tva iva iv icms ipi pis cofins issqn iss moms alv btw mva vatrate dph afa kdv impuesto "
        "aliquota aliq taxe impot ptu"
    ),
    "included": (
        "ttc incl inkl inclusive including brutto gross bruttobetrag bruttopreis lordo bruto "
        "ivato kdvli avec"
    ),
    "excluded": (
        "ht excl exkl exclusive excluding ohne netto net nett nette neto before zzgl hors sans "
        "sin senza uden utan ex nettobetrag nettopreis nettowert netsum htva hvat bez sem "
        "liquido veroton"
    ),
    "discount": (
        "discount disc rabatt rab remise rabais descuento dto desconto desc sconto sc korting "
        "rabat alennus ale sleva kedvezmeny engedmeny reducere iskonto nachlass rebate "
        "allowance"
    ),
    "percent": "% percent prozent satz taux pct proc",
    "unit": (
        "unit uom um einheit einh me unite unidad unita un ud und eenheid enhet enhed yks jm "
        "jed mj mertekegyseg birim measure mengeneinheit"
    ),
    "ordered": (
        "ordered order bestellt bestellmenge commande commandee pedido pedida ordinato ordinata "
        "besteld bestilt tilattu zamowiona objednano rendelt comandat"
    ),
    "shipped": (
        "shipped ship delivered geliefert liefermenge livre livree entregado entregada enviado "
        "consegnato consegnata spedito geleverd leveret levert toimitettu dostarczona dodano "
        "szallitott livrat despatched dispatched supplied expediee"
    ),
    "received": (
        "received erhalten recu recue recibido recibida ricevuto ricevuta ontvangen modtaget "
        "accepted"
    ),
    "backordered": (
        "backordered backorder backord bo ruckstand reliquat pendiente residuo outstanding backlog"
    ),
    "rejected": "rejected refused damaged short abgelehnt refuse rechazado respinto",
    "measure": (
        "weight wt gewicht bruttogewicht nettogewicht poids peso vikt vaegt vekt paino waga "
        "hmotnost suly greutate agirlik kg kgs lb lbs kilos volume vol volumen cbm m3 cuft "
        "dimensions dim size length width height lange breite hohe tare"
    ),
    "package": (
        "cartons carton ctn ctns ctnno pallet pallets plt palette paletten package packages pkg "
        "pkgs pack packs box boxes case cases cs kolli colli karton kartons kart "
        "verpackungseinheit ve vpe caisses cajas scatole bultos drums bags rolls paquets "
        "pezzature inner outer"
    ),
    "date": (
        "date datum fecha data datums dato pvm time zeit heure hora ora period periode exp "
        "expiry mhd ablauf verfall"
    ),
    "code": (
        "code sku ref reference article artikel art artnr item artikelnr artikelnummer part "
        "codigo codice cod ean gtin upc barcode hs hsn ncm ncmsh cfop cst csosn sac tariff "
        "serial lot batch charge chargen account acct kto konto po referencia riferimento id "
        "matnr material nr no number"
    ),
    "base": "bc bcicms base basis bemessungsgrundlage assiette",
    "line": "pos position lfd line ln lp ligne linea riga rad poz seq #",
    "text": (
        "description descriptions designation beschreibung bezeichnung artikelbeschreibung "
        "descripcion descrizione descricao concepto omschrijving benamning beskrivelse nimike "
        "opis nazwa popis megnevezes denumire aciklama product products produkt produit "
        "producto prodotto produto service services leistung goods particulars details libelle "
        "denominazione"
    ),
}
_QUANTITIES = frozenset({"quantity"})
_AMOUNTS = frozenset({"amount", "gross_amount"})
_TAXES = frozenset({"tax_rate", "tax_amount"})
_DISCOUNTS = frozenset({"discount_rate", "discount_amount"})
NOTHING = frozenset[str]()
_SPLIT = re.compile(r"[^\w%#]+|_")


def fold(word: str) -> str:
    """Fold the word to lower case without accents: letters, digits, '#' and '%' only."""
    letters = unicodedata.normalize("NFKD", word.casefold().replace("ß", "ss").replace("ł", "l"))
    return "".join(char for char in letters if char.isalnum() or char in "#%")


@cache
def _concepts() -> Mapping[str, frozenset[str]]:
    """The concepts that each folded word names."""
    named: dict[str, set[str]] = {}
    for concept, words in _WORDS.items():
        for word in words.split():
            named.setdefault(word, set()).add(concept)
    return {word: frozenset(concepts) for word, concepts in named.items()}


@cache
def word_concepts(word: str) -> frozenset[str]:
    """The concepts that a printed word names: whole, else by its parts; none for another word.

    >>> sorted(word_concepts("V.UNIT."))
    ['price']
    """
    whole = _concepts().get(fold(word))
    if whole is not None:
        return whole
    parts = [fold(part) for part in _SPLIT.split(word.replace("%", " % "))]
    return frozenset[str]().union(*(_concepts().get(part, NOTHING) for part in parts))


def allowed_tags(words: Iterable[str]) -> frozenset[str] | None:
    """The tags that numbers under a head of those words may have; None where it says nothing.

    No tag at all is allowed under a head of something else, as a weight or a customs code.

    >>> sorted(allowed_tags(["Gesamtpreis", "netto"]))
    ['amount', 'gross_amount']
    """
    concepts = frozenset[str]().union(*(word_concepts(word) for word in words))
    if not concepts:
        return None
    if "price" in concepts or "amount" in concepts:
        return _money_tags(concepts)
    if concepts & {"measure", "package", "date", "base"}:
        return NOTHING
    if "tax" in concepts and "excluded" in concepts:
        return _AMOUNTS | {"unit_price"}
    if "tax" in concepts:
        return frozenset({"tax_rate"}) if "percent" in concepts else _TAXES
    if "discount" in concepts:
        return _DISCOUNTS
    if "code" in concepts and "quantity" not in concepts:
        return NOTHING
    for state in ("ordered", "shipped", "received", "backordered", "rejected"):
        if state in concepts:
            return frozenset({f"quantity_{state}", "quantity"})
    return _plain_tags(concepts)


def _plain_tags(concepts: frozenset[str]) -> frozenset[str] | None:
    if "quantity" in concepts:
        return _QUANTITIES
    if concepts & {"included", "excluded"}:
        return _AMOUNTS | {"unit_price"}
    if "line" in concepts:
        return frozenset({"line_number"})
    if "percent" in concepts:
        return frozenset({"tax_rate", "discount_rate"})
    return None if "unit" in concepts else NOTHING


def _money_tags(concepts: frozenset[str]) -> frozenset[str]:
    """The tags under a head that names a price or an amount, and perhaps a tax or a quantity."""
    price, amount = "price" in concepts, "amount" in concepts
    if "base" in concepts or ("tax" in concepts and not concepts & {"included", "excluded"}):
        rate = not amount or "percent" in concepts
        return NOTHING if "base" in concepts else _TAXES if rate else frozenset({"tax_amount"})
    if "discount" in concepts:
        return _DISCOUNTS | ({"unit_price"} if price else _AMOUNTS)
    if price:
        return frozenset({"amount"}) if amount else frozenset({"unit_price"})
    if concepts & {"measure", "package"}:
        return NOTHING
    if "quantity" in concepts:
        return _QUANTITIES
    return frozenset({"gross_amount", "amount"}) if "included" in concepts else _AMOUNTS
