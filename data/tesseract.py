"""Tesseract's engine as a task of `data.sandbox`: a grey page in, its table of words out.

The fork server loads the languages once; a page runs in a fork of it. As a program Tesseract would
load them for every page, which costs half a second of two with three languages.
"""

from collections.abc import Mapping
from functools import cache
from typing import IO, Any

import tesserocr

DPI = 300  # what Tesseract is told; sizes of print are judged by it


def prepare(arguments: Mapping[str, Any]) -> None:
    """Load the languages of the page to come, unless they are."""
    _engine(arguments["languages"], arguments["tessdata"])


def run(arguments: Mapping[str, Any], file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Tesseract's TSV table of the page in `file`: width * height grey pixels, row by row."""
    width, height = arguments["width"], arguments["height"]
    engine = _engine(arguments["languages"], arguments["tessdata"])
    engine.SetPageSegMode(arguments["mode"])
    engine.SetImageBytes(file.read(), width, height, 1, width)
    engine.SetSourceResolution(DPI)
    return {}, engine.GetTSVText(0).encode()


@cache
def _engine(languages: str, tessdata: str) -> tesserocr.PyTessBaseAPI:
    return tesserocr.PyTessBaseAPI(path=f"{tessdata}/", lang=languages)
