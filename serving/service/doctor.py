"""Which native parts Tieout finds on this machine, with their versions and the remedy."""

import importlib.metadata
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from data.pages.ocr import LANGUAGES, installed_languages
from serving.service.versions import tieout_version

_PROBE_TIMEOUT_S = 20.0
_LIBRARIES = (
    "torch",
    "torchvision",
    "ray",
    "fastapi",
    "pillow",
    "opencv-python-headless",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing Tieout uses. `needed` is False where it works without; `remedy` says what to do."""

    name: str
    found: bool
    detail: str
    needed: bool = True
    remedy: str = ""


def native_parts() -> Iterator[Part]:
    """Programs and languages that reading needs."""
    for program, package in (("tesseract", "tesseract-ocr"), ("pdftoppm", "poppler-utils")):
        version = _first_line([program, "--version" if program == "tesseract" else "-v"])
        yield Part(
            program,
            version is not None,
            version or "not found on the PATH",
            remedy="" if version else f"apt-get install {package}, or run `make setup`",
        )
    for library, version in _tesseract_libraries().items():
        yield Part(library, True, f"{version}, linked into tesseract")
    _, installed = installed_languages()
    for language in LANGUAGES:
        found = language in installed
        yield Part(
            f"tesseract language {language}",
            found,
            "installed" if found else "not installed",
            remedy="" if found else f"apt-get install tesseract-ocr-{language}",
        )


@cache
def native_versions() -> str:
    """The versions that decide what is read on a page, as results keep them.

    Like "tesseract/5.3.0 leptonica/1.82.0 libtiff/4.5.0 poppler/22.12.0"; "none" for what is not
    there.
    """
    found = {
        "tesseract": _version_in(_first_line(["tesseract", "--version"])),
        **_tesseract_libraries(),
        "poppler": _version_in(_first_line(["pdftoppm", "-v"])),
    }
    return " ".join(f"{name}/{version}" for name, version in found.items())


def optional_parts() -> Iterator[Part]:
    """What makes Tieout better or faster where it is there. Imports torch."""
    fonts = _output(["fc-list"]) or ""
    count = len(fonts.splitlines())
    yield Part(
        "fonts",
        count > 0,
        f"{count} found by fontconfig" if count else "none found by fontconfig",
        needed=False,
        remedy=""
        if count
        else "apt-get install fontconfig fonts-dejavu-core; "
        "poppler draws PDFs without embedded fonts with them",
    )
    gpu = _gpu()
    yield Part(
        "gpu",
        gpu is not None,
        gpu or "no CUDA device is visible",
        needed=False,
        remedy="" if gpu else "none needed: the model runs on the CPU",
    )


def versions() -> Iterator[Part]:
    """Python and the libraries whose version explains most differences."""
    yield Part("tieout", True, tieout_version())
    yield Part("python", True, f"{platform.python_version()} on {platform.platform()}")
    for library in _LIBRARIES:
        try:
            yield Part(library, True, importlib.metadata.version(library))
        except importlib.metadata.PackageNotFoundError:
            yield Part(library, False, "not installed", remedy="run `make setup`")


def missing_programs() -> tuple[str, ...]:
    """A sentence for each needed native part that is not there."""
    return tuple(
        f"{part.name}: {part.detail}; {part.remedy}"
        for part in native_parts()
        if part.needed and not part.found
    )


def _gpu() -> str | None:
    import torch

    if not torch.cuda.is_available():
        return None
    memory = torch.cuda.get_device_properties(0).total_memory
    return f"{torch.cuda.get_device_name(0)}, {memory / 2**30:.0f} GiB, CUDA {torch.version.cuda}"


def _tesseract_libraries() -> dict[str, str]:
    """The libraries Tesseract decodes images with."""
    told = _output(["tesseract", "--version"]) or ""
    names = {"leptonica": r"leptonica-(\S+)", "libtiff": r"libtiff (\S+)"}
    return {
        name: found[1] if (found := re.search(pattern, told)) else "none"
        for name, pattern in names.items()
    }


def _version_in(line: str | None) -> str:
    found = re.search(r"\d+(?:\.\d+)+", line or "")
    return found[0] if found else "none"


def _first_line(argv: list[str]) -> str | None:
    lines = (_output(argv) or "").splitlines()
    return lines[0] if lines else None


def _output(argv: list[str]) -> str | None:
    """What a program prints on both streams; None when it is not there or does not end."""
    if shutil.which(argv[0]) is None:
        return None
    try:
        finished = subprocess.run(
            argv, capture_output=True, text=True, timeout=_PROBE_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return finished.stdout + finished.stderr
