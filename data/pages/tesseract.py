"""Tesseract's library as a task of `data.pages.sandbox`: a grey page in, its table of words out.

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

DPI = 300  # the resolution passed to Tesseract, by which it judges print sizes
_NAMES = {"linux": "libtesseract.so.5", "darwin": "libtesseract.5.dylib"}


class EngineFailed(RuntimeError):
    """The engine does not load its languages or returns no table of words."""


def prepare(arguments: Mapping[str, Any]) -> None:
    """Load the languages of the next page, unless they are loaded."""
    if _library() is not None:
        _engine(arguments["languages"], arguments["tessdata"])


def run(arguments: Mapping[str, Any], file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Return Tesseract's TSV table of the page in `file`: width * height grey pixels by row."""
    width, height = arguments["width"], arguments["height"]
    pixels = file.read()
    if len(pixels) != width * height:
        raise EngineFailed(f"got {len(pixels)} pixels, expected {width} x {height}")
    if _library() is None:
        return {}, _by_program(pixels, arguments)
    library, engine = _engine(arguments["languages"], arguments["tessdata"])
    library.TessBaseAPISetPageSegMode(engine, arguments["mode"])
    library.TessBaseAPISetImage(engine, pixels, width, height, 1, width)
    library.TessBaseAPISetSourceResolution(engine, DPI)
    table = library.TessBaseAPIGetTsvText(engine, 0)
    if table is None:
        raise EngineFailed("Tesseract returned no table of words")
    return {}, table


def _by_program(pixels: bytes, arguments: Mapping[str, Any]) -> bytes:
    """Return the same table from the tesseract program."""
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
    """Return the engine's library; None where it is not installed in a supported version."""
    name = _NAMES.get(sys.platform)
    try:
        return None if name is None else ctypes.CDLL(name)
    except OSError:
        return None


@cache
def _engine(languages: str, tessdata: str) -> tuple[ctypes.CDLL, ctypes.c_void_p]:
    library = _library()
    if library is None:
        raise EngineFailed("the library of Tesseract 5 was not found")
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
        raise EngineFailed(f"cannot load the languages {languages} from {tessdata}")
    return library, engine
