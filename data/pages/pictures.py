"""Image files measured and decoded by Pillow in the sandbox, never in the calling process.

Only the decoder of the file's own kind is used. The answer is plain numbers and grey pixels; a
fault of the file is part of it, as {"fault": code, "message": text}.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

import numpy as np
from PIL import Image, ImageOps

FORMATS = {"tiff": ["TIFF"], "png": ["PNG"], "jpeg": ["JPEG"]}
_ORIENTATION = 0x0112  # EXIF
_TURNED = (5, 6, 7, 8)

Answer = tuple[dict[str, Any], bytes]


class _Fault(ValueError):
    """A fault of the file, with its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def prepare(arguments: Mapping[str, Any]) -> None:
    """Load the decoders, so that no fork has to."""
    Image.preinit()
    Image.init()


def run(arguments: Mapping[str, Any], file: IO[bytes]) -> Answer:
    """Measure or decode the image in `file`, as `arguments["do"]` requests."""
    tasks: dict[str, Callable[[Image.Image, Mapping[str, Any]], Answer]] = {
        "measure": _measure,
        "decode": _decode,
    }
    Image.MAX_IMAGE_PIXELS = int(arguments["max_pixels"])
    try:
        with _open_image(file, arguments["kind"]) as image:
            return tasks[arguments["do"]](image, arguments)
    except _Fault as fault:
        return {"fault": fault.code, "message": str(fault)}, b""
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        return {"fault": "image_too_large", "message": str(error)}, b""
    # A broken file makes Pillow's decoders raise nearly anything; too little memory is the caller's
    except (OSError, ValueError, TypeError, SyntaxError, ArithmeticError, LookupError) as error:
        return {"fault": "corrupt_document", "message": str(error)[:400]}, b""


@contextmanager
def _open_image(file: IO[bytes], kind: str) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(file, formats=FORMATS[kind]) as image:
            yield image


def _measure(image: Image.Image, arguments: Mapping[str, Any]) -> Answer:
    """Return {"sizes": [[width, height], ...]} as a viewer shows them, EXIF turn applied."""
    sizes: list[tuple[int, int]] = []
    # Not `n_frames`: it walks every frame of a 5,000-page file before the limit can be checked
    while arguments["kind"] == "tiff" or not sizes:
        if len(sizes) >= arguments["max_pages"]:
            raise _Fault("too_many_pages", f"over {arguments['max_pages']}")
        width, height = image.size
        if width * height > arguments["max_pixels"]:
            raise _Fault("image_too_large", f"image {len(sizes) + 1}: {width} x {height} pixels")
        turned = image.getexif().get(_ORIENTATION, 1) in _TURNED
        sizes.append((height, width) if turned else (width, height))
        try:
            image.seek(len(sizes))
        except EOFError:
            break
    return {"sizes": sizes}, b""


def _decode(image: Image.Image, arguments: Mapping[str, Any]) -> Answer:
    """Return {"shape": [height, width]} of a page in grey, and its pixels."""
    long_side = arguments["long_side"]
    image.seek(arguments["page"])
    if arguments["kind"] == "jpeg" and long_side:
        image.draft("L", (long_side, long_side))  # decodes large photographs at 1/2 .. 1/8
    grey = _to_grey(ImageOps.exif_transpose(image))
    longest = max(grey.size)
    if long_side and longest > long_side:
        width, height = (max(round(side * long_side / longest), 1) for side in grey.size)
        grey = grey.resize((width, height), Image.Resampling.BOX)
    return {"shape": [grey.height, grey.width]}, grey.tobytes()


def _to_grey(image: Image.Image) -> Image.Image:
    """Return the image in 8-bit grey; transparency becomes white, deep images keep their range."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float32)
        top = 65535.0 if image.mode.startswith("I") else max(float(values.max(initial=0)), 1.0)
        return Image.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8))
    if "A" in image.getbands() or "transparency" in image.info:
        over = image.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(paper, over).convert("L")
    return image.convert("L")
