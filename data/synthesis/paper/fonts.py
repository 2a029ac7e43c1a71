"""The fonts found on this machine, sorted into the faces that layouts choose from.

Nothing is carried along: the usual folders of Linux and macOS are searched, and the fonts that
matplotlib brings where it is installed. A file is kept when it is an upright text font that draws
every letter we print; what it measures and what its family is called say which face it is. Without
any font the one built into Pillow draws everything.
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
_MOST_FILES = 1000  # a machine with more fonts than that has variety enough in these
_MOST_BYTES = 4_000_000  # larger ones are fonts of other scripts
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
# What a text font must draw; rarer letters may come from another font, as in any program.
_NEEDED = "".join(map(chr, range(33, 127))) + "€£§°²äöüßÄÖÜáàâãåæçéèêëíìîïñóòôõøúùûýÁÀÇÉÈÊÍÑÓÔØÚ"
_WIDE_SET = "DejaVuSans"  # the family with the most letters


class FontFile(NamedTuple):
    """One family: its stem names it; `bold` is the regular file where the family has no bold."""

    stem: str
    regular: str
    bold: str


class Glyph(NamedTuple):
    """One letter's ink: `left` and `top` from the pen's place on the baseline, in pixels."""

    mask: Mask
    left: int
    top: int
    advance: float


@lru_cache(maxsize=1)
def found_fonts() -> dict[str, tuple[FontFile, ...]]:
    """The families found, by face; a face without any is absent."""
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
    found: defaultdict[str, list[FontFile]] = defaultdict(list)
    seen = set()
    regulars.sort(key=lambda entry: "Medium" in entry[2])  # only where there is no regular weight
    for family, condensed, regular, opened in regulars:
        face = _face_name(family, opened)
        if (
            face
            and (family, condensed) not in seen
            and _draws(opened.font_variant(size=16), _NEEDED)
        ):
            seen.add((family, condensed))
            bold = bolds.get((family, condensed), regular)
            found[face].append(FontFile(Path(regular).stem, regular, bold))
    return {face: tuple(sorted(files)) for face, files in found.items()}


def _font_files() -> Iterator[Path]:
    folders = [Path(folder).expanduser() for folder in _FOLDERS]
    matplotlib = importlib.util.find_spec("matplotlib")
    if matplotlib is not None and matplotlib.origin:
        folders.append(Path(matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf")
    stems: set[str] = set()
    for folder in folders:
        paths = [path for ending in ("ttf", "otf") for path in folder.rglob(f"*.{ending}")]
        for path in sorted(paths):
            usable = path.stem not in stems and path.stat().st_size < _MOST_BYTES
            if usable and len(stems) < _MOST_FILES:
                stems.add(path.stem)
                yield path


def _face_name(family: str, opened: ImageFont.FreeTypeFont) -> str:
    """Which of the five faces a font is; empty for one that no letter is set in."""
    name = family.lower()
    if any(word in name for word in _OTHER_WORDS):
        return ""
    if opened.getlength("i") == opened.getlength("m"):
        return "mono"
    mean = opened.getlength("abcdefghijklmnopqrstuvwxyz") / 26 / _EM
    if "sans" not in name and any(word in name for word in _SERIF_WORDS):
        return "serif"
    return "narrow" if mean < 0.452 else "wide" if mean > 0.545 else "sans"


def _draws(opened: Font, letters: str) -> bool:
    """Whether none of the letters comes out empty or as the font's sign for a missing one."""
    missing = bytes(opened.getmask("\uffff"))
    return all(bytes(mask := opened.getmask(char)) != missing and mask.size[0] for char in letters)


@lru_cache(maxsize=600)
def _file(name: str, bold: bool) -> str | None:
    """The font file of a face ("sans"), or of a family in it ("sans:LiberationSans-Regular")."""
    face, _, stem = name.partition(":")
    for family in found_fonts().get(face, ()) if stem else ():
        if family.stem == stem:
            return family.bold if bold else family.regular
    for first in _FILES[face]:
        wanted = first.replace("Regular", "Bold") if "Regular" in first else _BOLD[first]
        for place in _PLACES:
            path = Path(place) / f"{wanted if bold else first}.ttf"
            if path.exists():
                return str(path)
    families = found_fonts().get(face) or found_fonts().get("sans") or ()
    return (families[0].bold if bold else families[0].regular) if families else None


@lru_cache(maxsize=600)
def font(name: str, bold: bool, pixels: int) -> Font:
    """The font for a face, or the one built into Pillow where the system has none."""
    path = _file(name, bold)
    if path is None:
        return ImageFont.load_default(pixels)
    return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=20_000)
def _able(name: str, bold: bool, char: str) -> str:
    """The font itself, or another that draws the letter; itself again where none does."""
    for other in (name, f"wide:{_WIDE_SET}", *FACES):
        if ord(char) < 127 or _draws(font(other, bold, 16), char):
            return other
    return name


@lru_cache(maxsize=40_000)
def glyph(name: str, bold: bool, pixels: int, char: str, tall: float = 1.0) -> Glyph:
    """One letter drawn once for all pages that print it at that size; `tall` times its height."""
    letters = font(_able(name, bold, char), bold, pixels)
    advance = float(letters.getlength(char))
    if isinstance(letters, ImageFont.FreeTypeFont):
        drawn, (left, top) = letters.getmask2(char, mode="L", anchor="ls")
    else:  # Pillow built without FreeType knows no baseline
        drawn, left, top = letters.getmask(char), 0, -pixels
    mask = np.frombuffer(bytes(drawn), dtype=np.uint8).reshape(drawn.size[::-1])
    if tall != 1.0 and mask.size:
        size = mask.shape[1], max(round(mask.shape[0] * tall), 1)
        mask, top = np.asarray(cv2.resize(mask, size), dtype=np.uint8), round(top * tall)
    return Glyph(mask, left, top, advance)


@lru_cache(maxsize=200_000)
def _ems(name: str, bold: bool, word: str) -> float:
    return float(font(name, bold, _EM).getlength(word)) / _EM


class FontFace:
    """Measures words with the font that will draw them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.space = _ems(name, False, " ")

    def width(self, word: str, bold: bool) -> float:
        return _ems(self.name, bold, word)


@lru_cache(maxsize=200)
def face_of(name: str) -> Face:
    """The drawable face of that name, with its first font unless the name says which."""
    return FontFace(name)


def faces_of(rng: random.Random) -> Callable[[str], Face]:
    """Faces by name, each with one of the fonts found for it: the choice of one document."""
    chosen = {name: _choose(rng, name) for name in FACES}
    return lambda name: face_of(chosen[name])


def _choose(rng: random.Random, name: str) -> str:
    families = found_fonts().get(name, ())
    place = int(rng.random() * len(families))  # one draw, however many fonts there are
    return f"{name}:{families[place].stem}" if families else name
