"""Tesseract's engine as a task of `data.sandbox`: a grey page in, its table of words out.

The fork server loads the languages once; a page runs in a fork of it. As a program Tesseract would
load them for every page, which costs half a second of two with three languages. It is the library
of the installed program, through its C interface (tesseract/capi.h): another version of it, as
Python packages bring, lays other pages out wrongly.
"""

import ctypes
import ctypes.util
import sys
from collections.abc import Mapping
from functools import cache
from typing import IO, Any

DPI = 300  # what Tesseract is told; sizes of print are judged by it
_NAMES = {"linux": "libtesseract.so.5", "darwin": "libtesseract.5.dylib"}


class EngineFailed(RuntimeError):
    """The engine does not load its languages or recognises nothing it could say."""


def prepare(arguments: Mapping[str, Any]) -> None:
    """Load the languages of the page to come, unless they are."""
    _engine(arguments["languages"], arguments["tessdata"])


def run(arguments: Mapping[str, Any], file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Tesseract's TSV table of the page in `file`: width * height grey pixels, row by row."""
    width, height = arguments["width"], arguments["height"]
    library, engine = _engine(arguments["languages"], arguments["tessdata"])
    pixels = file.read()
    if len(pixels) != width * height:
        raise EngineFailed(f"{len(pixels)} pixels, wanted {width} x {height}")
    library.TessBaseAPISetPageSegMode(engine, arguments["mode"])
    library.TessBaseAPISetImage(engine, pixels, width, height, 1, width)
    library.TessBaseAPISetSourceResolution(engine, DPI)
    table = library.TessBaseAPIGetTsvText(engine, 0)
    if table is None:
        raise EngineFailed("no table of words")
    return {}, table


@cache
def _engine(languages: str, tessdata: str) -> tuple[ctypes.CDLL, ctypes.c_void_p]:
    name = _NAMES.get(sys.platform) or ctypes.util.find_library("tesseract")
    library = ctypes.CDLL(name)
    handle = ctypes.c_void_p
    library.TessBaseAPICreate.restype = handle
    library.TessBaseAPIInit3.argtypes = (handle, ctypes.c_char_p, ctypes.c_char_p)
    library.TessBaseAPISetPageSegMode.argtypes = (handle, ctypes.c_int)
    library.TessBaseAPISetImage.argtypes = (handle, ctypes.c_char_p, *[ctypes.c_int] * 4)
    library.TessBaseAPISetSourceResolution.argtypes = (handle, ctypes.c_int)
    library.TessBaseAPIGetTsvText.argtypes = (handle, ctypes.c_int)
    library.TessBaseAPIGetTsvText.restype = ctypes.c_char_p
    engine = handle(library.TessBaseAPICreate())
    if library.TessBaseAPIInit3(engine, tessdata.encode(), languages.encode()) != 0:
        raise EngineFailed(f"the languages {languages} of {tessdata} do not load")
    return library, engine
