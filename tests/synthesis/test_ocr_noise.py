"""The noise is Tesseract's: counted on pages it read, laid on words at the same rates."""

import random
from collections import Counter
from pathlib import Path

import pytest

from data.labels import LINE_TAGS
from data.records import Box
from data.synthesis.layouts.documents import make_document
from data.synthesis.ocr_fitting.alignment import Edit, find_edits
from data.synthesis.ocr_fitting.refit import refit, summarise
from data.synthesis.ocr_fitting.shards import ReadPage, read_pages, read_shards, write_shard
from data.synthesis.ocr_fitting.tally import Tally, count_page
from data.synthesis.ocr_fitting.tesseract_pages import tag_read_words, write_read_pages
from data.synthesis.ocr_noise.error_statistics import PATH, load, reading_errors
from data.synthesis.ocr_noise.noise import SCANNERS, TaggedWord, add_noise, in_reading_order
from data.synthesis.pages import sheet_words
from training.learning.recipe import load_recipe
from training.learning.stream import GROUP, Groups

PAPER = (595.0, 842.0)


def printed(text: str, left: float = 0.1, top: float = 0.1, tag: str = "other") -> TaggedWord:
    """A word in print of 10 points, half an em a character."""
    wide = len(text) * 5 / PAPER[0]
    return TaggedWord(text, Box(left, top, left + wide, top + 7.6 / PAPER[1]), tag, -1)


def row(*texts: str, top: float = 0.1) -> list[TaggedWord]:
    """Words on one line, a quarter of an em apart."""
    words: list[TaggedWord] = []
    for text in texts:
        words.append(printed(text, words[-1].box.right + 2.5 / PAPER[0] if words else 0.1, top))
    return words


def over(*words: TaggedWord, text: str) -> TaggedWord:
    box = words[0].box
    for word in words:
        box = box.union(word.box)
    return TaggedWord(text, box, "other", -1, 0.9)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("12.50", "12.50", []),
        ("12.50", "12,50", [Edit(2, 3, ",")]),
        ("modern", "modem", [Edit(4, 6, "m")]),
        ("12.50", "12.50|", [Edit(5, 5, "|")]),
        (":", "", [Edit(0, 1, "")]),
        ("$5", "S5.", [Edit(0, 1, "S"), Edit(2, 2, ".")]),
    ],
)
def test_edits_are_the_least_changes(one: str, other: str, expected: list[Edit]) -> None:
    assert find_edits(one, other) == expected


def count(words: list[TaggedWord], read: list[TaggedWord]) -> Tally:
    return count_page(words, read, PAPER)


def test_a_word_read_over_its_gap_is_a_merge() -> None:
    words = row("Net", "12.50", "EUR")
    counted = count(words, [over(*words[:2], text="Net12.50"), over(words[2], text="EUR")])
    assert sum(n for (_, _, merged), n in counted.gaps.items() if merged) == 1
    assert sum(n for (_, _, merged), n in counted.gaps.items() if not merged) == 1
    assert {fate.fate for fate in counted.fates} == {"right"}


def test_a_word_read_in_two_is_a_split() -> None:
    word = printed("12.50")
    left, top, right, bottom = word.box.left, word.box.top, word.box.right, word.box.bottom
    parts = [TaggedWord("12.", Box(left, top, left + 0.024, bottom), "other", -1, 0.9),
             TaggedWord("50", Box(left + 0.026, top, right, bottom), "other", -1, 0.9)]  # fmt: skip
    counted = count([word], parts)
    assert [pair for (pair, cut) in counted.joints if cut] == [(3, 0)]  # point, digit
    assert not counted.wrong


def test_lost_words_garbled_words_and_specks_are_counted() -> None:
    words = row("Quantity", "Price", "Amount")
    speck = TaggedWord("|", Box(0.8, 0.8, 0.81, 0.83), "other", -1, 0.2)
    read = [over(words[0], text="Ouantity"), over(words[2], text="Zw=)"), speck]
    counted = count(words, read)
    assert [fate.fate for fate in counted.fates] == ["wrong", "lost", "garbled"]
    assert counted.confusions == {("Q", "O"): 1}
    assert [text for text, _, _ in counted.specks] == ["|"]
    assert counted.right == 0


def test_words_lost_on_several_lines_are_a_region() -> None:
    words = [word for n in range(4) for word in row("a1", "b2", "c3", top=0.1 + n * 0.015)]
    kept = words[:3]
    counted = count(words, [over(word, text=word.text) for word in kept])
    assert len(counted.regions) == 1
    assert [fate.fate for fate in counted.fates].count("region") == 9


WORDS = [
    printed("Net", tag="other"),
    printed("12.50", 0.14, tag="amount"),
    printed("EUR", 0.2, tag="currency"),
    printed("9.00", 0.14, 0.113, tag="unit_price"),
]


@pytest.mark.parametrize(
    ("read", "tag"),
    [
        pytest.param(over(WORDS[1], text="12,50"), "amount", id="one word, misread"),
        pytest.param(over(WORDS[0], WORDS[1], text="Net12.50"), "amount", id="the longer part"),
        pytest.param(printed("|", 0.9, 0.9), "other", id="nothing printed there"),
        pytest.param(over(WORDS[1], WORDS[3], text="9.00"), "unit_price", id="a box run wild"),
    ],
)
def test_a_read_word_has_the_tag_of_what_is_printed_there(read: TaggedWord, tag: str) -> None:
    assert [word.tag for word in tag_read_words([read], WORDS)] == [tag]


def test_the_statistics_are_small_and_say_where_they_come_from() -> None:
    errors = reading_errors()
    assert PATH.stat().st_size < 100_000
    assert errors.fitted_on["tesseract"].startswith("5.")
    assert errors.fitted_on["pages"] >= 100
    assert set(errors.qualities) == set(errors.held_out) == set(SCANNERS)
    recalls = [level.recall for level in errors.levels]
    assert recalls == sorted(recalls, reverse=True)


def documents(number: int) -> list[tuple[list[TaggedWord], tuple[float, float]]]:
    found = []
    for index in range(number):
        sheet = make_document(random.Random(f"31/{index}")).sheets[0]
        found.append((sheet_words(sheet, full=False), (sheet.width, sheet.height)))
    return found


@pytest.fixture(scope="module")
def simulated() -> dict[str, dict[str, float]]:
    """Figures of the noise over 200 documents by scanner; over 50 they hang on the draw."""
    rng = random.Random(4)
    sheets = [(words, paper) for words, paper in documents(200) if words]
    return {
        scanner: summarise(
            [
                count_page(words, add_noise(rng, words, paper, scanner), paper)
                for words, paper in sheets
            ]
        )
        for scanner in SCANNERS
    }


# Other documents than those Tesseract read, and few of those in a bad scan: the bounds are wide
@pytest.mark.parametrize("scanner", SCANNERS)
@pytest.mark.parametrize(
    ("figure", "bound"),
    [
        ("recall", 0.08),
        ("precision", 0.08),
        ("lost", 0.045),  # of crumpled paper the noise loses .12 of the words, Tesseract .20
        ("garbled", 0.03),
        ("merged", 0.03),
        ("split", 0.02),
        ("digit wrong", 0.03),
        ("lower wrong", 0.03),
        ("upper wrong", 0.03),
    ],
)
def test_simulated_readings_have_the_figures_of_real_ones(
    simulated: dict[str, dict[str, float]], scanner: str, figure: str, bound: float
) -> None:
    real = reading_errors().held_out[scanner][figure]
    bound *= 2 if scanner in ("heavy", "paper") else 1
    assert simulated[scanner][figure] == pytest.approx(real, abs=bound)


def test_noise_is_the_same_for_the_same_seed_and_different_for_another() -> None:
    words, paper = documents(1)[0]
    one, same, other = (add_noise(random.Random(seed), words, paper, "heavy") for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_noise_keeps_tags_and_states_its_confidence() -> None:
    words = [printed(f"{n}.50", 0.1 + 0.1 * (n % 8), 0.1 + 0.02 * (n // 8)) for n in range(300)]
    words = [word._replace(tag="amount", item=n) for n, word in enumerate(words)]
    noisy = add_noise(random.Random(1), words, scanner="light")
    assert sum(word.tag == "amount" for word in noisy) > 200
    assert all((word.item >= 0) == (word.tag in LINE_TAGS) for word in noisy)
    assert all(word.confidence is not None and 0 <= word.confidence <= 1 for word in noisy)
    assert noisy == in_reading_order(noisy)


@pytest.mark.parametrize("words", [[], [printed("-")], [printed("日本", 0.2)]])
def test_noise_bears_pages_with_next_to_nothing(words: list[TaggedWord]) -> None:
    for seed in range(30):
        assert len(add_noise(random.Random(seed), words, scanner="heavy")) < 200


def as_if_read(number: int) -> list[ReadPage]:
    rng = random.Random(9)
    pages = []
    for n, (words, paper) in enumerate(documents(number)):
        scanner = SCANNERS[n % len(SCANNERS)]
        read = tuple(add_noise(rng, words, paper, scanner))
        pages.append(ReadPage("invoice", "table", 0, scanner, *paper, 0.1, read, tuple(words)))
    return pages


def test_shards_give_back_what_was_written(tmp_path: Path) -> None:
    pages = as_if_read(3)
    write_shard(tmp_path / "a.jsonl.gz", pages)
    for one, other in zip(pages, read_shards(tmp_path), strict=True):
        assert one[:7] == other[:7]
        assert [w[2:] for w in one.read] == [w[2:] for w in other.read]
        assert [w.box.left for w in other.read] == pytest.approx(
            [w.box.left for w in one.read], abs=1e-5
        )
    labelled = read_pages(tmp_path)
    assert [word.text for word in labelled[0].page.words] == [word.text for word in pages[0].read]
    assert labelled[0].page.words_source == "ocr"


def test_a_folder_without_shards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no"):
        read_pages(tmp_path)


def test_read_pages_are_mixed_into_the_stream(tmp_path: Path) -> None:
    write_shard(tmp_path / "a.jsonl.gz", as_if_read(4))
    share = f"corpora=[{{path: {tmp_path}, kind: read, share: 0.999}}]"
    batches = Groups(load_recipe(None, [share, "image_share=0"]))[0]
    assert sum(len(batch.kinds) for batch in batches) == GROUP


def test_refitting_writes_statistics_that_load(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_shard(tmp_path / "a.jsonl.gz", as_if_read(40))
    out = tmp_path / "errors.json"
    refit(40, 1, out, tmp_path)
    errors = load(out)
    assert errors.fitted_on["pages"] == 32
    # What was fitted to the noise is the noise
    recalls = {name: quantiles[1][5] for name, quantiles in errors.qualities.items()}
    assert recalls["heavy"] < recalls["light"]
    assert "recall" in capsys.readouterr().out


def test_a_page_is_really_read(tmp_path: Path) -> None:
    write_read_pages(tmp_path, 1, 12)
    (page,) = read_shards(tmp_path)
    assert count_page(page.printed, page.read, (page.width, page.height)).right > 5
    texts = Counter(word.text for word in page.printed)
    printed_tags = {word.text: word.tag for word in page.printed if texts[word.text] == 1}
    read = [word for word in page.read if word.text in printed_tags]
    same = sum(word.tag == printed_tags[word.text] for word in read)
    assert same >= 0.9 * len(read) > 5
