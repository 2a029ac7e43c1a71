"""Templates of messages to vendors: what a file must have, and the language that is chosen."""

from dataclasses import replace
from pathlib import Path

import pytest

from serving.verdict.examine import examine
from serving.verdict.vendor_message import write_message
from serving.verdict.vendor_message_keys import SLOTS
from serving.verdict.vendor_message_language import choose_language, guess_language
from serving.verdict.vendor_message_templates import (
    TemplateError,
    load_template,
    load_templates,
    shipped_templates,
)
from tests.support.small_disputes import got, order, paper, po, row
from tests.support.sources import REPOSITORY

LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh")
SHIPPED = REPOSITORY / "configs" / "vendor-messages"


def changed(folder: Path, language: str, before: str, after: str) -> Path:
    """A copy of a shipped file with one text changed."""
    text = (SHIPPED / f"{language}.yaml").read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path = folder / f"{language}.yaml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("language", "before", "after", "says"),
    [
        (
            "en", "We are paying {money} less", "We are paying {mony} less",
            "line 49: claims_heading has the unknown placeholder {mony}; known: {money}",
        ),
        (
            "en", "We are paying {money} less", "We are paying less",
            "claims_heading lacks the placeholder {money}; known: {money}",
        ),
        ("en", "{money} less", "{money:.2f} less", "{money} is no plain placeholder"),
        ("en", "{money} less", "{money!r} less", "{money} is no plain placeholder"),
        ("en", "{money} less", "{0} less", "{0} is no plain placeholder"),
        ("en", "{money} less", "{money less", "claims_heading: "),
        ("en", "claims_heading:", "claim_heading:", "did you mean 'claims_heading'?"),
        ("en", 'see: "See {papers}."\n', "", "the text 'see' is missing"),
        ("en", 'see: "See {papers}."', "see:", "see is a text in quotes"),
        ("en", 'see: "See {papers}."', "see: []", "see has no text"),
        ("en", 'see: "See {papers}."', 'see: "{papers}"\nsee: "{papers}"', "given twice"),
        ("en", "group_digits: false", "group_digits: nein", "is true or false, got 'nein'"),
        (
            "en", '  - "About {orders}:"\n', "",
            "the last text of about has {papers}, which is not always known",
        ),
        (
            "pl", "few: sztuki, many: sztuk, other: sztuki}\n  PCE", "other: sztuki}\n  PCE",
            "units.EA lacks the plural form 'few'",
        ),
        ("ja", "EA: {other: 個}", "EA: {one: 個, other: 個}", "has the plural form 'one'; ja has"),
        ("de", "EA: {one: Stück, other: Stück}", "EA: Stück", "needs its plural forms: one, other"),
        ("de", "EA: {one: Stück", 'EA: {one: "{n} Stück"', "known: none"),
        ("de", "  PO_CLOSED:", "  PO_SHUT:", "unknown text 'claims.PO_SHUT'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_is_told_with_its_line(
    tmp_path: Path, language: str, before: str, after: str, says: str
) -> None:
    path = changed(tmp_path, language, before, after)
    with pytest.raises(TemplateError) as refused:
        load_templates(tmp_path)
    assert str(refused.value).startswith(str(path))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_files_that_are_no_templates(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no templates in it"):
        load_templates(tmp_path)
    (tmp_path / "klingon.yaml").write_text("a: b", encoding="utf-8")
    with pytest.raises(TemplateError, match="'klingon' is no language"):
        load_templates(tmp_path)
    (tmp_path / "klingon.yaml").rename(tmp_path / "sv.yaml")
    for text in ("", "- a", "a: [", "\x00"):
        (tmp_path / "sv.yaml").write_text(text, encoding="utf-8")
        load_template.cache_clear()
        with pytest.raises(TemplateError, match=r"sv\.yaml"):
            load_templates(tmp_path)


def test_own_files_replace_a_language_or_add_one(tmp_path: Path) -> None:
    changed(tmp_path, "de", "Wir zahlen {money} weniger als berechnet:", "Kürzung um {money}:")
    (tmp_path / "sv.yaml").write_text((SHIPPED / "en.yaml").read_text(encoding="utf-8"))
    load_template.cache_clear()
    templates = load_templates(tmp_path)
    assert set(templates) == {*shipped_templates(), "sv"}
    data = order(po("5", "2.00"), receipts=[got("4")])
    documents = [paper(row("5", "2.00"))]
    verdict = examine(documents, data)
    heads = {
        language: write_message(verdict, documents, replace(data, language=language), templates)
        for language in ("de", "sv", "fr")
    }
    assert "Kürzung um 2,00 USD:" in heads["de"].message
    assert "We are paying 2,00 USD less" in heads["sv"].message
    assert "Nous réglons 2,00 USD de moins" in heads["fr"].message


def test_the_shipped_languages() -> None:
    assert sorted(shipped_templates()) == sorted(LANGUAGES)
    for template in shipped_templates().values():
        assert set(template.texts) | set(template.plurals) <= set(SLOTS)


GERMAN = "Schrauben für den Außenbereich mit Dübeln, zahlbar innerhalb 14 Tagen ohne Abzug"
POLISH = "Śruba sześciokątna, płatność w terminie 14 dni"


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        ([GERMAN], "de"),
        ([POLISH], "pl"),
        (["Vis pour les bois avec rondelle", "paiement sous 30 jours et sans escompte"], "fr"),
        (["Tornillos para las vigas con arandela y los tacos, 30 días"], "es"),
        (["Viti per la staffa con rondella di ottone, entro 30 giorni senza sconto"], "it"),
        (["Parafusos com arruela não inclusa, prazo de 30 dias sem juros"], "pt"),
        (["Schroeven voor het hout met een ring, binnen 30 dagen"], "nl"),
        (["Screws for the frame with washers", "30 days net"], "en"),
        (["六角ボルト M6×20 ステンレス"], "ja"),
        (["不锈钢六角螺栓"], "zh"),
        (["육각 볼트 스테인리스"], ""),
        (["Bolt M6x20 A2"], ""),
        (["M6 X 20", "48.00"], ""),
        (["漢字だけ"], ""),
        ([], ""),
    ],
)
def test_the_language_of_papers(texts: list[str], language: str) -> None:
    assert guess_language(texts) == language


@pytest.mark.parametrize(
    ("wish", "description", "language"),
    [
        ("fr", GERMAN, "fr"),
        (None, GERMAN, "de"),
        (None, "Bolt M6x20", "en"),
        ("sv", GERMAN, "en"),  # there is no Swedish template: not German, which nobody wished
    ],
)
def test_the_language_is_the_one_wished_for_else_the_papers(
    wish: str | None, description: str, language: str
) -> None:
    bill = paper(row("1", "2.00", description=description))
    assert choose_language(wish, [bill], shipped_templates()) == language
