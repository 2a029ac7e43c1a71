"""The JSON of VRDU's files as pydantic forms; `vrdu` makes documents of them."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import Discriminator, Field, Tag

from data.corpora.checked_json import Form

Bbox = tuple[int, float, float, float, float]


class Labelled(NamedTuple):
    """A text with its box; its segments are character ranges of the OCR's text."""

    text: str
    bbox: Bbox
    segments: list[tuple[int, int]]


class LabelledField(NamedTuple):
    """A field's name with its prints, any of which is right."""

    name: str
    texts: list[Labelled]


class LabelledItems(NamedTuple):
    """The names of a line item's parts, and a print for each of them."""

    names: list[str]
    rows: list[list[Labelled]]


def _kind(annotation: Any) -> str:
    nested = isinstance(annotation, list | tuple) and annotation and isinstance(annotation[0], list)
    return "item" if nested else "field"


_Annotation = Annotated[
    Annotated[LabelledField, Tag("field")] | Annotated[LabelledItems, Tag("item")],
    Discriminator(_kind),
]


class Size(Form):
    width: float = Field(gt=0)
    height: float = Field(gt=0)


class Token(Form):
    """A word of the OCR; its box begins with the page number."""

    text: str
    bbox: Bbox


class OcrPage(Form):
    dimension: Size
    tokens: list[Token]


class Ocr(Form):
    pages: list[OcrPage]


class Line(Form):
    """One document of the dataset."""

    filename: str = Field(min_length=1)
    ocr: Ocr
    annotations: list[_Annotation]


class Meta(Form):
    """The content of `meta.json`: match function and pattern of each entity name."""

    dataset_name: str
    entity_name_to_match_func: Mapping[str, str]
    entity_appearance_pattern: Mapping[str, str] = Field(default_factory=dict)


class Split(Form):
    """File names for training, validation and test."""

    train: list[str]
    valid: list[str]
    test: list[str]
