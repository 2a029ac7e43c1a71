"""A whole dispute: its story, its documents laid out, and the files they are scanned into.

`make_dispute` draws no images; `render` draws the pages.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from data.corpora.damage import Damage, light_damage
from data.records import GreyImage
from data.synthesis.ocr_noise.noise import TaggedWord
from data.synthesis.pages import sheet_words
from data.synthesis.paper.conditions import CLEAN, Condition, pick_condition
from data.synthesis.paper.rendering import scan
from data.synthesis.stories.incidents.by_name import find_incident
from data.synthesis.stories.papers.all_papers import document_contents
from data.synthesis.stories.papers.layout_search import Paper, lay_out_paper
from data.synthesis.stories.story import Story, make_story
from data.synthesis.stories.trade.findings import Variance

DPI = 150
Format = Literal["pdf", "png", "jpg"]


class PaperSheet(NamedTuple):
    """One page of a file: the index of its paper in the dispute, and of the sheet in the paper."""

    paper: int
    sheet: int


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is delivered, with its pages in order."""

    name: str
    format: Format
    pages: tuple[PaperSheet, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A story on paper; `variances` are the true ones, with pointers to their evidence."""

    dispute_id: str
    story: Story
    papers: tuple[Paper, ...]
    files: tuple[File, ...]

    @property
    def variances(self) -> tuple[Variance, ...]:
        return self.story.planted

    def paper(self, key: str) -> Paper:
        """Return the document with that key; raises StopIteration where there is none."""
        return next(paper for paper in self.papers if paper.key == key)

    def find_page(self, paper: int, sheet: int) -> tuple[File, int]:
        """Return the file and the page in it (from 0) of one sheet."""
        for file in self.files:
            if (page := PaperSheet(paper, sheet)) in file.pages:
                return file, file.pages.index(page)
        raise KeyError(f"{self.dispute_id}: no file holds sheet {sheet} of paper {paper}")


class Scan(NamedTuple):
    """One drawn page: the grey image, and one `TaggedWord` for each word on the sheet, in order."""

    grey: GreyImage
    words: tuple[TaggedWord, ...]


def make_dispute(
    seed: int,
    index: int,
    case: str | None = None,
    numbers: Mapping[str, Any] | None = None,
) -> Dispute:
    """Return dispute `index` of the stream of that seed, laid out and not drawn.

    `case` names the incident that has to happen, or the edge case ("1" to "42") of
    `serving/matching/README.md`; `numbers` replace its drawn ones. Raises ValueError for an unknown
    case.
    """
    story = make_story(seed, index, None if case is None else [find_incident(case, index)], numbers)
    pointers = [pointer for variance in story.planted for pointer in variance.evidence]
    pointers += story.must_print
    layout_seed = story.trade.vendor.layout_seed
    papers = tuple(
        lay_out_paper(content, layout_seed, pointers) for content in document_contents(story.trade)
    )
    dispute_id = f"{seed}-{index:05d}" + (f"-{case}" if case else "")
    rng = random.Random(f"files/{seed}/{index}")
    return Dispute(dispute_id, story, papers, _files(rng, story, papers))


def _files(rng: random.Random, story: Story, papers: Sequence[Paper]) -> tuple[File, ...]:
    files = []
    bundled: list[PaperSheet] = []
    for number, paper in enumerate(papers):
        pages = tuple(PaperSheet(number, sheet) for sheet in range(len(paper.sheets)))
        is_bill = paper.key.startswith("invoice")
        if is_bill and story.trade.bundle == "one_file":
            bundled += pages
        elif is_bill and story.trade.bundle == "two_files":
            files.append(File("invoice_page_1.pdf", "pdf", pages[:1]))
            files.append(File("invoice_page_2.pdf", "pdf", pages[1:]))
        else:
            kinds: tuple[Format, ...] = ("pdf", "pdf", "png", "jpg")
            kind = rng.choice(kinds) if len(pages) == 1 else "pdf"
            files.append(File(f"{paper.key}.{kind}", kind, pages))
    if bundled:
        files.insert(0, File("invoices.pdf", "pdf", tuple(bundled)))
    return tuple(files)


Words = tuple[
    tuple[tuple[TaggedWord, ...], ...], ...
]  # by paper and sheet, in the order of writing


def clean_words(dispute: Dispute) -> Words:
    """Return the words of every paper with their boxes on the clean sheet; nothing is drawn."""
    return tuple(
        tuple(tuple(sheet_words(sheet, full=False)) for sheet in paper.sheets)
        for paper in dispute.papers
    )


def render(
    dispute: Dispute, dpi: int = DPI, damage: Damage | None = None
) -> tuple[tuple[Scan, ...], ...]:
    """Draw the pages of every paper, scanned at `dpi`; `damage` None: each paper draws its own."""
    pages = []
    for paper in dispute.papers:
        rng = random.Random(f"scan/{dispute.dispute_id}/{paper.key}")
        # Only the story itself strikes numbers out: the truth records no other handwriting.
        condition: Damage | Condition = replace(pick_condition(rng), hand=CLEAN.hand)
        paper_damage = damage or (light_damage(rng) if rng.random() < 0.5 else condition)
        scans = []
        for sheet in paper.sheets:
            long_side = round(max(sheet.width, sheet.height) / 72 * dpi)
            grey, words = scan(sheet, paper.face, rng, paper_damage, long_side)
            scans.append(Scan(grey, tuple(words)))
        pages.append(tuple(scans))
    return tuple(pages)
