"""Diagnosis of this machine: native programs, libraries and GPU, with versions and remedies."""

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
    """A program or library that Tieout uses; `needed` is False where it is optional."""

    name: str
    is_present: bool
    detail: str
    needed: bool = True
    remedy: str = ""


def native_parts() -> Iterator[Part]:
    """Yield the programs and languages that reading needs."""
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
        is_installed = language in installed
        yield Part(
            f"tesseract language {language}",
            is_installed,
            "installed" if is_installed else "not installed",
            remedy="" if is_installed else f"apt-get install tesseract-ocr-{language}",
        )


@cache
def native_versions() -> str:
    """Return the versions that influence what is read on a page, as results record them.

    Like "tesseract/5.3.0 leptonica/1.82.0 libtiff/4.5.0 poppler/22.12.0"; "none" for what is
    missing.
    """
    versions_by_name = {
        "tesseract": _version_in(_first_line(["tesseract", "--version"])),
        **_tesseract_libraries(),
        "poppler": _version_in(_first_line(["pdftoppm", "-v"])),
    }
    return " ".join(f"{name}/{version}" for name, version in versions_by_name.items())


def optional_parts() -> Iterator[Part]:
    """Yield the optional parts that make Tieout better or faster. Imports torch."""
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
        "poppler uses them to render PDFs without embedded fonts",
    )
    gpu = _gpu()
    yield Part(
        "gpu",
        gpu is not None,
        gpu or "no CUDA device is visible",
        needed=False,
        remedy="" if gpu else "nothing to do: the model runs on the CPU",
    )


def versions() -> Iterator[Part]:
    """Yield Python and the libraries whose versions explain most differences."""
    yield Part("tieout", True, tieout_version())
    yield Part("python", True, f"{platform.python_version()} on {platform.platform()}")
    for library in _LIBRARIES:
        try:
            yield Part(library, True, importlib.metadata.version(library))
        except importlib.metadata.PackageNotFoundError:
            yield Part(library, False, "not installed", remedy="run `make setup`")


def missing_programs() -> tuple[str, ...]:
    """Return a sentence for each needed native part that is missing."""
    return tuple(
        f"{part.name}: {part.detail}; {part.remedy}"
        for part in native_parts()
        if part.needed and not part.is_present
    )


def _gpu() -> str | None:
    import torch

    if not torch.cuda.is_available():
        return None
    memory = torch.cuda.get_device_properties(0).total_memory
    return f"{torch.cuda.get_device_name(0)}, {memory / 2**30:.0f} GiB, CUDA {torch.version.cuda}"


def _tesseract_libraries() -> dict[str, str]:
    """Return the versions of the libraries with which Tesseract decodes images."""
    output = _output(["tesseract", "--version"]) or ""
    names = {"leptonica": r"leptonica-(\S+)", "libtiff": r"libtiff (\S+)"}
    return {
        name: match[1] if (match := re.search(pattern, output)) else "none"
        for name, pattern in names.items()
    }


def _version_in(line: str | None) -> str:
    match = re.search(r"\d+(?:\.\d+)+", line or "")
    return match[0] if match else "none"


def _first_line(argv: list[str]) -> str | None:
    lines = (_output(argv) or "").splitlines()
    return lines[0] if lines else None


def _output(argv: list[str]) -> str | None:
    """Return the output of a program on both streams; None when it is missing or times out."""
    if shutil.which(argv[0]) is None:
        return None
    try:
        finished = subprocess.run(
            argv, capture_output=True, text=True, timeout=_PROBE_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return finished.stdout + finished.stderr
