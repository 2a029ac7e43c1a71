"""Composes running text: clauses of terms and conditions, in English, German and French.

The sentences have no meaning. They only have to look like language: function words, long lines,
numbers and sums inside a sentence that belong to no item.
"""

import random

from data.synthesis.commerce.deals import Deal


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


# Subject, predicate, object, condition; a sentence takes one of each.
_CLAUSES: dict[str, tuple[tuple[str, ...], ...]] = {
    "en": (
        _parts(
            "The Buyer|The Seller|The Carrier|Any claim|Each party|Agency|Title to the goods|"
            "No waiver of any term|The undersigned|All merchandise|The station|Such notice|"
            "Payment of this invoice|Every shipment|This agreement|The customer|Our company"
        ),
        _parts(
            "shall be responsible for|will be bound by|may not be held liable for|is subject to|"
            "must be made under|is hereby released from|shall remain with|does not include|"
            "will only be accepted with|shall pay|has agreed to|cannot be transferred without|"
            "reserves the right to charge"
        ),
        _parts(
            "any loss or damage which was not noted upon delivery|the terms stated on the reverse|"
            "charges that were not paid when due|errors in any order given by phone|the rates in "
            "effect at that time|interest of 1.5% per month on the unpaid balance|a restocking "
            "fee of 15 percent|all costs of collection including attorney fees|the written consent "
            "of the other party|any tax imposed by law|those goods which have been used or opened|"
            "a copy of this document and the original packing list|an adjustment of $25.00 for "
            "each returned check"
        ),
        _parts(
            "unless otherwise agreed in writing|until paid in full|notwithstanding any provision "
            "to the contrary|within thirty (30) days from the date above|as provided under section "
            "{n} of this agreement|if notice is given by 5:00 PM on the following business day|"
            "for which it shall have no other remedy|whether or not such loss was known to it|"
            "by reason of any cause beyond its control|and all disputes shall be settled where we "
            "have our principal office|so that no other terms will apply|which are available on "
            "request or at {web}"
        ),
    ),
    "de": (
        _parts(
            "Der Käufer|Der Verkäufer|Die gelieferte Ware|Jede Reklamation|Der Besteller|"
            "Unser Unternehmen|Eine Aufrechnung|Die Rechnung|Der Frachtführer|Ein Rücktritt|"
            "Der Rechnungsbetrag|Die Gewährleistung|Der Auftraggeber"
        ),
        _parts(
            "ist nur zulässig mit|haftet nicht für|bleibt verantwortlich für|umfasst nicht|"
            "unterliegt|richtet sich nach|gilt als anerkannt durch|erfolgt ohne|trägt|"
            "ist ausgeschlossen bei|verpflichtet sich zu|wird berechnet nach"
        ),
        _parts(
            "den allgemeinen Geschäftsbedingungen in der jeweils gültigen Fassung|die Kosten der "
            "Rücksendung und der erneuten Prüfung|Schäden, die bei der Übergabe nicht vermerkt "
            "wurden|einer schriftlichen Bestätigung durch uns|Verzugszinsen in Höhe von 9 "
            "Prozentpunkten über dem Basiszinssatz|eine Mahngebühr von 5,00 EUR je Schreiben|"
            "die am Tag der Lieferung geltenden Preise|alle Angaben zu Maßen und Gewichten|"
            "der gesetzlichen Umsatzsteuer|einer Frist von 14 Tagen"
        ),
        _parts(
            "sofern nichts anderes vereinbart wurde|bis zur vollständigen Bezahlung|wenn die Ware "
            "bereits benutzt worden ist|gemäß § {n} des Vertrages|auch wenn wir davon keine "
            "Kenntnis hatten|nach Ablauf von 30 Tagen ab Rechnungsdatum|soweit dies gesetzlich "
            "zulässig ist|mit Ausnahme der oben genannten Positionen|ohne dass es einer Mahnung "
            "bedarf|und wird auf Wunsch oder unter {web} zugesandt"
        ),
    ),
    "fr": (
        _parts(
            "L'acheteur|Le vendeur|La marchandise|Toute réclamation|Le transporteur|Notre société|"
            "Le règlement de cette facture|La garantie|Chaque livraison"
        ),
        _parts(
            "est responsable de|ne couvre pas|reste soumise à|doit être accompagné de|ne peut être "
            "tenu pour|s'engage à respecter|entraîne de plein droit|n'est valable qu'avec"
        ),
        _parts(
            "les frais de retour et de contrôle|les conditions générales en vigueur|une indemnité "
            "forfaitaire de 40,00 € pour frais de recouvrement|les dommages non signalés à la "
            "livraison|un accord écrit de notre part|des pénalités au taux de 12 % par an|les "
            "prix du jour de la livraison"
        ),
        _parts(
            "sauf accord contraire|jusqu'au paiement complet|dans un délai de 30 jours à compter "
            "de la date ci-dessus|selon l'article {n} du contrat|même si cela n'était pas connu|"
            "sans qu'un rappel soit nécessaire|et peut être demandé sur {web}"
        ),
    ),
}


def sentence(rng: random.Random, deal: Deal) -> str:
    """Draw one clause in the document's language, in English where there is none in it."""
    clauses = _CLAUSES.get(deal.style.language, _CLAUSES["en"])
    text = " ".join(rng.choice(choices) for choices in clauses)
    web = deal.vendor.mail.replace("info@", "www.")
    return text.format(n=rng.randint(1, 40), web=web) + "."


def paragraph(rng: random.Random, deal: Deal, sentences: int) -> str:
    """Draw a paragraph of that many clauses, sometimes numbered."""
    parts = [sentence(rng, deal) for _ in range(sentences)]
    if rng.random() < 0.25:
        parts = [f"{place + 1}. {part}" for place, part in enumerate(parts)]
    return " ".join(parts)
