"""Finds the fonts of this machine, and sorts them into the faces that layouts choose from.

No font is part of the package: the usual folders of Linux and macOS are searched, and the fonts of
matplotlib where it is installed. A file is used if it is an upright text font that draws every
letter we print; its measures and the name of its family decide its face. Without any font the one
built into Pillow draws everything.
"""

import importlib.util
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from PIL import ImageFont

from data.synthesis.layouts.sheets import FACES, Face

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Mask = npt.NDArray[np.uint8]  # (height, width), 255 ink

_PLACES = (
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/liberation",
    "/usr/share/fonts/dejavu",
)
_FILES = {
    "sans": ("LiberationSans-Regular", "DejaVuSans"),
    "serif": ("LiberationSerif-Regular", "DejaVuSerif"),
    "narrow": ("LiberationSansNarrow-Regular", "DejaVuSansCondensed", "LiberationSans-Regular"),
    "wide": ("DejaVuSans", "LiberationSans-Regular"),
    "mono": ("LiberationMono-Regular", "DejaVuSansMono"),
}
_BOLD = {"DejaVuSans": "DejaVuSans-Bold", "DejaVuSerif": "DejaVuSerif-Bold",
         "DejaVuSansCondensed": "DejaVuSansCondensed-Bold",
         "DejaVuSansMono": "DejaVuSansMono-Bold"}  # fmt: skip
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/Library/Fonts",
)
_MAX_FILES = 1000  # these are variety enough on a machine with more fonts
_MAX_BYTES = 4_000_000  # larger ones are fonts of other scripts
_EM = 64  # pixels at which a font is measured
_REGULAR = frozenset(("", "Regular", "Book", "Roman", "Normal", "Medium", "Condensed"))
_BOLDS = frozenset(("Bold", "SemiBold", "Semibold", "DemiBold", "Condensed Bold", "Bold Condensed"))
_SERIF_WORDS = ("serif", "stix", "roman", "times", "tinos", "georgia", "garamond", "caladea",
                "cambria", "palatino", "palladio", "pagella", "bookman", "bonum", "schola",
                "schoolbook", "termes", "baskerville", "charter", "utopia", "slab", "gentium",
                "crimson", "libertine", "playfair", "merriweather", "antiqua")  # fmt: skip
_OTHER_WORDS = ("hand", "script", "brush", "cursive", "comic", "chancery", "symbol", "dingbat",
                "emoji", "math", "music", "icon", "barcode", "extralight", "thin", "hairline",
                "black", "ultra", "stencil", "display", "last resort")  # fmt: skip
# Letters that a text font must draw; rarer ones may come from another font, as in any program.
_NEEDED = "".join(map(chr, range(33, 127))) + "€£§°²äöüßÄÖÜáàâãåæçéèêëíìîïñóòôõøúùûýÁÀÇÉÈÊÍÑÓÔØÚ"
_WIDE_SET = "DejaVuSans"  # the family with the most letters


class FontFile(NamedTuple):
    """One font family, named by its stem; `bold` is the regular file where there is no bold."""

    stem: str
    regular: str
    bold: str


class Glyph(NamedTuple):
    """One letter's ink: `left` and `top` from the pen's position on the baseline, in pixels."""

    mask: Mask
    left: int
    top: int
    advance: float


@lru_cache(maxsize=1)
def find_fonts() -> dict[str, tuple[FontFile, ...]]:
    """Find the font families of this machine, by face; a face without any is absent."""
    bolds: dict[tuple[str, bool], str] = {}
    regulars: list[tuple[str, bool, str, ImageFont.FreeTypeFont]] = []
    for path in _font_files():
        try:
            opened = ImageFont.truetype(path, _EM, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue  # not a font FreeType can read
        family, style = (name or "" for name in opened.getname())
        condensed = "Condensed" in style
        if style in _BOLDS:
            bolds.setdefault((family, condensed), str(path))
        elif style in _REGULAR:
            regulars.append((family, condensed, str(path), opened))
    families_by_face: defaultdict[str, list[FontFile]] = defaultdict(list)
    known_families = set()
    regulars.sort(key=lambda entry: "Medium" in entry[2])  # only where there is no regular weight
    for family, condensed, regular, opened in regulars:
        face = _face_of_font(family, opened)
        if (
            face
            and (family, condensed) not in known_families
            and _can_draw(opened.font_variant(size=16), _NEEDED)
        ):
            known_families.add((family, condensed))
            bold = bolds.get((family, condensed), regular)
            families_by_face[face].append(FontFile(Path(regular).stem, regular, bold))
    return {face: tuple(sorted(files)) for face, files in families_by_face.items()}


def _font_files() -> Iterator[Path]:
    folders = [Path(folder).expanduser() for folder in _FOLDERS]
    matplotlib = importlib.util.find_spec("matplotlib")
    if matplotlib is not None and matplotlib.origin:
        folders.append(Path(matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf")
    stems: set[str] = set()
    for folder in folders:
        paths = [path for ending in ("ttf", "otf") for path in folder.rglob(f"*.{ending}")]
        for path in sorted(paths):
            usable = path.stem not in stems and path.stat().st_size < _MAX_BYTES
            if usable and len(stems) < _MAX_FILES:
                stems.add(path.stem)
                yield path


def _face_of_font(family: str, opened: ImageFont.FreeTypeFont) -> str:
    """The face of a font, one of five; empty for a font that is not used for text."""
    name = family.lower()
    if any(word in name for word in _OTHER_WORDS):
        return ""
    if opened.getlength("i") == opened.getlength("m"):
        return "mono"
    mean = opened.getlength("abcdefghijklmnopqrstuvwxyz") / 26 / _EM
    if "sans" not in name and any(word in name for word in _SERIF_WORDS):
        return "serif"
    return "narrow" if mean < 0.452 else "wide" if mean > 0.545 else "sans"


def _can_draw(opened: Font, letters: str) -> bool:
    """Return whether the font draws all letters: none empty, none as the missing-letter sign."""
    missing = bytes(opened.getmask("\uffff"))
    return all(bytes(mask := opened.getmask(char)) != missing and mask.size[0] for char in letters)


@lru_cache(maxsize=600)
def _font_file(name: str, bold: bool) -> str | None:
    """The font file of a face ("sans"), or of a family in it ("sans:LiberationSans-Regular")."""
    face, _, stem = name.partition(":")
    for family in find_fonts().get(face, ()) if stem else ():
        if family.stem == stem:
            return family.bold if bold else family.regular
    for regular_stem in _FILES[face]:
        bold_stem = (
            regular_stem.replace("Regular", "Bold")
            if "Regular" in regular_stem
            else _BOLD[regular_stem]
        )
        for place in _PLACES:
            path = Path(place) / f"{bold_stem if bold else regular_stem}.ttf"
            if path.exists():
                return str(path)
    families = find_fonts().get(face) or find_fonts().get("sans") or ()
    return (families[0].bold if bold else families[0].regular) if families else None


@lru_cache(maxsize=600)
def font(name: str, bold: bool, pixels: int) -> Font:
    """Return the font for a face, or the one built into Pillow where the system has none."""
    path = _font_file(name, bold)
    if path is None:
        return ImageFont.load_default(pixels)
    return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=20_000)
def _font_with_letter(name: str, bold: bool, char: str) -> str:
    """The name of this font, or of another that draws the letter; of this one if none does."""
    for other in (name, f"wide:{_WIDE_SET}", *FACES):
        if ord(char) < 127 or _can_draw(font(other, bold, 16), char):
            return other
    return name


@lru_cache(maxsize=40_000)
def glyph(name: str, bold: bool, pixels: int, char: str, tall: float = 1.0) -> Glyph:
    """Draw one letter, once for all pages that print it at that size; `tall` times its height."""
    letters = font(_font_with_letter(name, bold, char), bold, pixels)
    advance = float(letters.getlength(char))
    if isinstance(letters, ImageFont.FreeTypeFont):
        drawn, (left, top) = letters.getmask2(char, mode="L", anchor="ls")
    else:  # Pillow built without FreeType has no baseline
        drawn, left, top = letters.getmask(char), 0, -pixels
    mask = np.frombuffer(bytes(drawn), dtype=np.uint8).reshape(drawn.size[::-1])
    if tall != 1.0 and mask.size:
        size = mask.shape[1], max(round(mask.shape[0] * tall), 1)
        mask, top = np.asarray(cv2.resize(mask, size), dtype=np.uint8), round(top * tall)
    return Glyph(mask, left, top, advance)


@lru_cache(maxsize=200_000)
def _width_in_ems(name: str, bold: bool, word: str) -> float:
    return float(font(name, bold, _EM).getlength(word)) / _EM


class FontFace:
    """Measures words with the font that will draw them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.space = _width_in_ems(name, False, " ")

    def width(self, word: str, bold: bool) -> float:
        return _width_in_ems(self.name, bold, word)


@lru_cache(maxsize=200)
def face_of(name: str) -> Face:
    """Return the drawable face of that name, with its first font unless the name has a stem."""
    return FontFace(name)


def faces_of(rng: random.Random) -> Callable[[str], Face]:
    """Draw one of the fonts found for each face, for one document; return its faces by name."""
    chosen = {name: _choose_font(rng, name) for name in FACES}
    return lambda name: face_of(chosen[name])


def _choose_font(rng: random.Random, name: str) -> str:
    families = find_fonts().get(name, ())
    place = int(rng.random() * len(families))  # one draw, however many fonts there are
    return f"{name}:{families[place].stem}" if families else name
