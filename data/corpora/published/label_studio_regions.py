"""Reads the regions of one Label Studio annotation: labelled rectangles, their text and ties.

Source of the format: the task and result format of the Label Studio guide (labelstud.io), and
HumanSignal/label-studio, editor, `RectRegion` and `Regions`. Results that share an `id` are one
region: its rectangle, its labels, its transcription. x, y, width and height are in percent of the
image; a rectangle turns clockwise around its own top left corner, in pixels. `parentID` is the
region it was dragged into in the outline, `item_index` the page of a task with several images.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from data.corpora.checked_json import Form
from data.corpora.truth import CorpusError
from data.records import Box

_SLACK = 1.0  # percent of the page: rectangles that reach this far beyond it are cut


class Value(Form):
    """The value of a result; its type decides which of the keys it has."""

    x: float | None = None
    y: float | None = None
    width: float | None = None
    height: float | None = None
    rotation: float = 0.0
    rectanglelabels: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    text: str | list[str] | None = None
    choices: tuple[str, ...] = ()


class Meta(Form):
    text: str | list[str] | None = None


class Result(Form):
    """One result of an annotation."""

    type: str
    id: str | None = None
    from_name: str | None = None
    value: Value = Value()
    original_width: float | None = Field(default=None, gt=0)
    original_height: float | None = Field(default=None, gt=0)
    image_rotation: float | None = None
    item_index: int | None = Field(default=None, ge=0)
    parentID: str | None = None
    meta: Meta | None = None
    from_id: str | None = None
    to_id: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A labelled rectangle. `names` are its labels in lower case with underscores for spaces.

    `text` is its transcription, or the note on the region where it has none. `page` is from 0.
    """

    region_id: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    page: int
    box: Box
    text: str | None
    parent: str | None


def read_regions(results: Sequence[Result], where: str) -> dict[str, Region]:
    """Return the labelled rectangles of an annotation by id, in its order.

    Raises `CorpusError` where a labelled region is no rectangle or lies outside its page.
    """
    parts: dict[str, list[tuple[int, Result]]] = {}
    for index, result in enumerate(results):
        if result.id is not None and result.type != "relation":
            parts.setdefault(result.id, []).append((index, result))
    regions = {}
    for region_id, region_results in parts.items():
        region_labels = (
            label
            for _, part in region_results
            for label in part.value.rectanglelabels + part.value.labels
        )
        if labelled := tuple(dict.fromkeys(region_labels)):
            regions[region_id] = _region(region_id, labelled, region_results, where)
    return regions


def read_ties(
    results: Sequence[Result], regions: Mapping[str, Region]
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of region ids that a relation or the outline ties; a tie has no direction."""
    ties = [(tie.from_id, tie.to_id) for tie in results if tie.type == "relation"]
    ties += [(region.region_id, region.parent) for region in regions.values()]
    for first, second in ties:
        if first is not None and second is not None and first in regions and second in regions:
            yield first, second


def read_choice(results: Sequence[Result], name: str) -> str | None:
    """The choice for the task as a whole in the control of that name; None where there is none."""
    for result in results:
        if result.type == "choices" and result.from_name == name and result.value.choices:
            return result.value.choices[0]
    return None


def _region(
    region_id: str, labelled: tuple[str, ...], results: Sequence[tuple[int, Result]], where: str
) -> Region:
    index, drawn = next(
        ((result_index, part) for result_index, part in results if part.value.x is not None),
        results[0],
    )
    texts = [part.value.text for _, part in results] + [
        part.meta.text for _, part in results if part.meta
    ]
    return Region(
        region_id=region_id,
        names=tuple(plain_name(label) for label in labelled),
        labels=labelled,
        page=drawn.item_index or 0,
        box=_box(drawn, f"{where}.{index}"),
        text=next((text for raw_text in texts if (text := _join_text(raw_text))), None),
        parent=next((part.parentID for _, part in results if part.parentID), None),
    )


def plain_name(label: str) -> str:
    """Turn a label into a name: "Invoice Total" is "invoice_total"."""
    return "_".join(label.replace("-", " ").casefold().split())


def _join_text(text: str | list[str] | None) -> str | None:
    """Join to one text; a text area that was submitted several times holds a list."""
    words = " ".join([text] if isinstance(text, str) else text or []).split()
    return " ".join(words) or None


def _box(drawn: Result, where: str) -> Box:
    value = drawn.value
    if value.x is None or value.y is None or value.width is None or value.height is None:
        raise CorpusError(
            f"{where}: a labelled region of type {drawn.type!r} has no x, y, width and height; "
            "want a rectangle"
        )
    if drawn.image_rotation:
        raise CorpusError(
            f"{where}.image_rotation: got {drawn.image_rotation:g}, want 0: label the image as "
            "stored, boxes on a rotated view cannot be placed on the page"
        )
    corners = _corners(drawn, value.x, value.y, value.width, value.height, where)
    edges = [min(corners[0]), min(corners[1]), max(corners[0]), max(corners[1])]
    on_page = all(-_SLACK <= edge <= 100 + _SLACK for edge in edges)
    if value.width < 0 or value.height < 0 or not on_page:
        shown = ", ".join(f"{edge:g}" for edge in edges)
        raise CorpusError(f"{where}.value: want a rectangle within 0..100 percent, got {shown}")
    left, top, right, bottom = (edge / 100 for edge in edges)
    return Box.clamped(left, top, right, bottom)


def _corners(
    drawn: Result, x: float, y: float, width: float, height: float, where: str
) -> tuple[list[float], list[float]]:
    """The corners' x and y in percent of the page, turned as the rectangle is."""
    angle = drawn.value.rotation % 360
    if angle == 0:
        return [x, x + width], [y, y + height]
    if drawn.original_width is None or drawn.original_height is None:
        raise CorpusError(
            f"{where}: a rectangle turned by {angle:g} degrees without original_width and "
            "original_height; want both for the page's shape"
        )
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    shape = drawn.original_width / drawn.original_height
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    across = [x + right * cosine - down / shape * sine for right, down in corners]
    along = [y + right * shape * sine + down * cosine for right, down in corners]
    return across, along
