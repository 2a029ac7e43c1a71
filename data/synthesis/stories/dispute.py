"""A whole dispute: its story, its documents laid out, and the files they are scanned into.

`dispute` draws nothing; `render` does, when somebody wants the pages.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from data.corpora.damage import Damage, light_damage
from data.records import GreyImage
from data.synthesis.ocr_noise.noise import Seen
from data.synthesis.pages import seen_words
from data.synthesis.paper.conditions import CLEAN, Condition, pick_condition
from data.synthesis.paper.rendering import scan
from data.synthesis.stories.incidents.by_name import incident
from data.synthesis.stories.papers.all_papers import contents_of
from data.synthesis.stories.papers.layout_search import Paper, set_on_paper
from data.synthesis.stories.story import Story, tell
from data.synthesis.stories.trade.findings import Variance

DPI = 150
Format = Literal["pdf", "png", "jpg"]


class Sheeted(NamedTuple):
    """One page of a file: which paper (by its place in the dispute) and which of its sheets."""

    paper: int
    sheet: int


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is delivered, with its pages in order."""

    name: str
    format: Format
    pages: tuple[Sheeted, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A story on paper. `variances` are true of it, with pointers to their evidence."""

    dispute_id: str
    story: Story
    papers: tuple[Paper, ...]
    files: tuple[File, ...]

    @property
    def variances(self) -> tuple[Variance, ...]:
        return self.story.planted

    def paper(self, key: str) -> Paper:
        """The document of that key; raises StopIteration where there is none."""
        return next(one for one in self.papers if one.key == key)

    def place(self, paper: int, sheet: int) -> tuple[File, int]:
        """The file and the page in it (from 0) of one sheet."""
        for file in self.files:
            if (page := Sheeted(paper, sheet)) in file.pages:
                return file, file.pages.index(page)
        raise KeyError(f"{self.dispute_id}: no file holds sheet {sheet} of paper {paper}")


class Scan(NamedTuple):
    """One drawn page: the grey image, and one `Seen` for each word on the sheet, in order."""

    grey: GreyImage
    words: tuple[Seen, ...]


def dispute(
    seed: int,
    index: int,
    case: str | None = None,
    numbers: Mapping[str, Any] | None = None,
) -> Dispute:
    """Dispute `index` of the stream of that seed, laid out and not drawn.

    `case` names the incident that has to happen, or the edge case ("1" to "42") of the reference;
    `numbers` are given to it in place of drawn ones. Raises ValueError for an unknown case.
    """
    story = tell(seed, index, None if case is None else [incident(case, index)], numbers)
    wanted = [pointer for one in story.planted for pointer in one.evidence]
    wanted += story.shows
    hand = story.trade.vendor.hand
    papers = tuple(set_on_paper(one, hand, wanted) for one in contents_of(story.trade))
    dispute_id = f"{seed}-{index:05d}" + (f"-{case}" if case else "")
    rng = random.Random(f"files/{seed}/{index}")
    return Dispute(dispute_id, story, papers, _files(rng, story, papers))


def _files(rng: random.Random, story: Story, papers: Sequence[Paper]) -> tuple[File, ...]:
    files = []
    bundled: list[Sheeted] = []
    for number, paper in enumerate(papers):
        pages = tuple(Sheeted(number, sheet) for sheet in range(len(paper.sheets)))
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


Words = tuple[tuple[tuple[Seen, ...], ...], ...]  # by paper and sheet, in the order of writing


def clean_words(one: Dispute) -> Words:
    """The words of every paper where they lie on the clean sheet; nothing is drawn."""
    return tuple(
        tuple(tuple(seen_words(sheet, full=False)) for sheet in paper.sheets)
        for paper in one.papers
    )


def render(
    one: Dispute, dpi: int = DPI, damage: Damage | None = None
) -> tuple[tuple[Scan, ...], ...]:
    """The pages of every paper, scanned at `dpi`; without `damage` each paper gets its own."""
    pages = []
    for paper in one.papers:
        rng = random.Random(f"scan/{one.dispute_id}/{paper.key}")
        # Only the story itself strikes numbers out: the truth knows of no other hand.
        hurt: Damage | Condition = replace(pick_condition(rng), hand=CLEAN.hand)
        own = damage or (light_damage(rng) if rng.random() < 0.5 else hurt)
        scans = []
        for sheet in paper.sheets:
            long_side = round(max(sheet.width, sheet.height) / 72 * dpi)
            grey, words = scan(sheet, paper.face, rng, own, long_side)
            scans.append(Scan(grey, tuple(words)))
        pages.append(tuple(scans))
    return tuple(pages)
