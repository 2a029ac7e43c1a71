"""Tesseract's engine as a task of `data.pages.sandbox`: a grey page in, its table of words out.

The fork server loads the languages once; a page runs in a fork of it. As a program Tesseract would
load them for every page, which costs half a second of two with three languages. It is the library
of the installed program, through its C interface (tesseract/capi.h): the words are those of the
program. Where that library is not found the program itself is run, by pytesseract.
"""

import ctypes
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
    if _library() is not None:
        _engine(arguments["languages"], arguments["tessdata"])


def run(arguments: Mapping[str, Any], file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Tesseract's TSV table of the page in `file`: width * height grey pixels, row by row."""
    width, height = arguments["width"], arguments["height"]
    pixels = file.read()
    if len(pixels) != width * height:
        raise EngineFailed(f"{len(pixels)} pixels, wanted {width} x {height}")
    if _library() is None:
        return {}, _by_program(pixels, arguments)
    library, engine = _engine(arguments["languages"], arguments["tessdata"])
    library.TessBaseAPISetPageSegMode(engine, arguments["mode"])
    library.TessBaseAPISetImage(engine, pixels, width, height, 1, width)
    library.TessBaseAPISetSourceResolution(engine, DPI)
    table = library.TessBaseAPIGetTsvText(engine, 0)
    if table is None:
        raise EngineFailed("no table of words")
    return {}, table


def _by_program(pixels: bytes, arguments: Mapping[str, Any]) -> bytes:
    """The same table, of the program."""
    import pytesseract
    from PIL import Image

    table = pytesseract.image_to_data(
        Image.frombytes("L", (arguments["width"], arguments["height"]), pixels),
        lang=arguments["languages"],
        config=f"--psm {arguments['mode']} --dpi {DPI} --tessdata-dir {arguments['tessdata']}",
    )
    return str(table).encode()


@cache
def _library() -> ctypes.CDLL | None:
    """The engine's library; None where there is none of a version whose interface is known."""
    name = _NAMES.get(sys.platform)
    try:
        return None if name is None else ctypes.CDLL(name)
    except OSError:
        return None


@cache
def _engine(languages: str, tessdata: str) -> tuple[ctypes.CDLL, ctypes.c_void_p]:
    library = _library()
    if library is None:
        raise EngineFailed("no library of Tesseract 5")
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
