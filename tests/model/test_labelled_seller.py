"""The vendor's name under a label such as "Seller"."""

import pytest

from data.records import Box, Page, Word
from tests.support.tagged_pages import W, tagged_page
from training.decoding.labelled_seller import find_labelled_seller, whole_name

X = 0.1


def lines(*rows: tuple[str, float] | str):
    """A page of those lines one below the other; of a pair the second is far to the right."""
    words = []
    for number, row in enumerate(rows):
        for text, left in ((row, X),) if isinstance(row, str) else row:
            words += _words(text, left, 5.0 + number)
    return tagged_page(words).page


def _words(text: str, left: float, y: float) -> list[W]:
    placed = []
    for word in text.split():
        placed.append(W(word, "other", left, y))
        left += 0.006 * len(word) + 0.004
    return placed


def beside(label: str, value: str):
    return ((label, X), (value, 0.6))


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (["Seller:", "Hartmann Tools Ltd", "12 High Street"], "Hartmann Tools Ltd"),
        (["SELLER: Hartmann Nantes Est - 1535", "12 Rue"], "Hartmann Nantes Est - 1535"),
        (["Verkäufer", beside("Name:", "Lieferant GmbH & Co. KG")], "Lieferant GmbH & Co. KG"),
        (  # numbers before the name, with and without the label
            ["Verkäufer", beside("Nummer:", "10737"), beside("Name:", "Groß AG")],
            "Groß AG",
        ),
        (["Verkäufer:", "Nummer : 549910", "MUSTER GMBH", "DE 99199 MUSTERHAUSEN"], "MUSTER GMBH"),
        (["Lieferant", "GLN 4333741000005", "MUSTER GMBH"], "MUSTER GMBH"),
        (["Visualisation of data", "Fournisseur :", "Au bon moulin"], "Au bon moulin"),
        # The customer's name on the same lines
        ([(("Vendor", X), ("Buyer", 0.6)), (("Right Ltd", X), ("Wrong Ltd", 0.6))], "Right Ltd"),
        (["Seller:"], ""),  # nothing under it
        (["Seller:", "", "", "", "", "", "Far Below Ltd"], ""),
        (["The seller: remains owner", "until paid"], ""),  # a sentence
        (["Vendor No. 4711", "12 High Street"], ""),  # a number's label
        (["Invoice", "Hartmann Tools Ltd"], ""),  # no label: the network's to decide
        (["Seller:", "98765 4321", "info@example.com"], ""),
    ],
)
def test_the_seller_named_by_the_page(rows, name):
    assert " ".join(word.text for word in find_labelled_seller(lines(*rows))) == name


@pytest.mark.parametrize(
    ("texts", "tagged", "name"),
    [
        ("Empresa Simples Nacional Ltda", "Ltda", "Empresa Simples Nacional Ltda"),
        ("Bei Spiel GmbH", "Spiel GmbH", "Bei Spiel GmbH"),
        ("Acme", "Acme", "Acme"),
        ("Total: Acme", "Acme", "Acme"),  # a label is no name
        ("we got from Acme Bolts Ltd the goods below", "Acme Bolts Ltd the", "Acme Bolts Ltd"),
        ("we got from the Acme works the goods", "Acme works", "Acme works"),
    ],
)
def test_a_part_of_a_name_becomes_the_whole(texts: str, tagged: str, name: str) -> None:
    left, words = 0.1, []
    for text in texts.split():
        words.append(Word(text, Box(left, 0.1, left + 0.01 * len(text), 0.112)))
        left += 0.01 * len(text) + 0.005
    page = Page(0, 600.0, 800.0, tuple(words), "text", "test")
    wanted = tagged.split()
    start = next(
        n for n in range(len(words)) if [w.text for w in words[n:]][: len(wanted)] == wanted
    )
    part = tuple(words[start : start + len(wanted)])
    assert " ".join(word.text for word in whole_name(page, part)) == name
