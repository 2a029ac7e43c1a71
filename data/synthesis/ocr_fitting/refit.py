"""Fits the reading noise to Tesseract's readings of synthetic pages, and reports the fit.

Pages are read (or taken from shards read before) and counted. A fifth of them is held out: the
noise is added to their printed words, and its figures are reported beside Tesseract's.
"""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from data.synthesis.ocr_fitting.fitting import fit
from data.synthesis.ocr_fitting.shards import ReadPage, read_shards
from data.synthesis.ocr_fitting.tally import Tally, count_page
from data.synthesis.ocr_fitting.tesseract_pages import SCANNERS, read_synthetic_pages
from data.synthesis.ocr_noise.error_statistics import CLASSES, PATH, ReadingErrors, class_of, save
from data.synthesis.ocr_noise.noise import add_noise

_HELD_OUT = 5  # every fifth page, by scanner and quality
_SEED = 20

_Counted = tuple[ReadPage, Tally]


def refit(count: int, seed: int, out: Path = PATH, folder: Path | None = None) -> None:
    """Fit the noise to `count` pages read by Tesseract, write it to `out`, report on stdout.

    With `folder`, up to `count` pages come from its shards instead of being read now.
    """
    source: Iterable[ReadPage] = (
        read_synthetic_pages(count, seed) if folder is None else read_shards(folder)
    )
    counted = [
        (page, count_page(page.printed, page.read, (page.width, page.height)))
        for _, page in zip(range(count), source, strict=False)
        if page.printed
    ]
    # Bad pages are rare: the sort gives both parts their share of them
    counted.sort(key=lambda entry: (entry[0].scanner, entry[1].quality))
    held = counted[_HELD_OUT // 2 :: _HELD_OUT]
    fitted = [entry for place, entry in enumerate(counted) if place % _HELD_OUT != _HELD_OUT // 2]
    held_out: dict[str, dict[str, float]] = {
        scanner: summarise([tally for page, tally in held if page.scanner == scanner])
        for scanner in SCANNERS
    }
    about = {
        "tesseract": _tesseract_version(),
        "pages": len(fitted),
        "words": sum(tally.printed for _, tally in fitted),
        "held_out_pages": len(held),
        "seed": seed,
    }
    errors = fit(fitted, about, held_out)
    save(errors, out)
    sys.stdout.write(report(held, errors))


def summarise(counts: Sequence[Tally]) -> dict[str, float]:
    """Summarise readings, real or simulated: shares of words, characters and gaps."""
    printed = max(sum(count.printed for count in counts), 1)
    fates = Counter(fate.fate for count in counts for fate in count.fates)
    counted_words = max(fates.total(), 1)
    characters: Counter[int] = Counter()
    wrong: Counter[int] = Counter()
    for count in counts:
        for spot, n in count.characters.items():
            characters[class_of(spot.char)] += n
        for spot, n in count.wrong.items():
            wrong[class_of(spot.char)] += n
    figures = {
        "recall": sum(count.right for count in counts) / printed,
        "precision": sum(count.right for count in counts)
        / max(sum(count.read for count in counts), 1),
        "lost": (fates["lost"] + fates["region"]) / counted_words,
        "garbled": fates["garbled"] / counted_words,
        "merged": sum(n for count in counts for (_, _, hit), n in count.gaps.items() if hit)
        / printed,
        "split": sum(n for count in counts for (_, hit), n in count.joints.items() if hit)
        / printed,
        "specks": sum(len(count.specks) for count in counts) / printed,
    }
    for place, name in enumerate(CLASSES):
        figures[f"{name} wrong"] = wrong[place] / max(characters[place], 1)
    return {name: round(value, 4) for name, value in figures.items()}


def report(held: Sequence[_Counted], errors: ReadingErrors) -> str:
    """Return a table of real and simulated figures by scanner, on the same printed words."""
    rows = [f"{'':10}{'':14}{'Tesseract':>10}{'noise':>10}"]
    for scanner in SCANNERS:
        pages = [(page, count) for page, count in held if page.scanner == scanner]
        real = summarise([count for _, count in pages])
        rng = random.Random(_SEED)
        simulated = summarise([_simulate(rng, page, errors) for page, _ in pages for _ in range(4)])
        rows += [f"{scanner:10}{name:14}{real[name]:10.4f}{simulated[name]:10.4f}" for name in real]
    return "\n".join(rows) + "\n"


def _simulate(rng: random.Random, page: ReadPage, errors: ReadingErrors) -> Tally:
    paper = page.width, page.height
    noisy = add_noise(rng, page.printed, paper, page.scanner, errors)
    return count_page(page.printed, noisy, paper)


def _tesseract_version() -> str:
    try:
        shown = subprocess.run(
            ["tesseract", "--version"], capture_output=True, text=True, check=False, timeout=20
        )
    except OSError:
        return "not here: the pages were read elsewhere"
    return (shown.stdout + shown.stderr).splitlines()[0].removeprefix("tesseract ")
