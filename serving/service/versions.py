"""Versions of program, model and policy, recorded with each result so that it is reproducible."""

import hashlib
import importlib.metadata
from pathlib import Path

import training
from serving.matching.rules.policy import Policy
from training.network.checkpoint_seal import MANIFEST


def tieout_version() -> str:
    """Return the installed version; "unknown" where the code runs without being installed."""
    try:
        return importlib.metadata.version("tieout")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def model_version(checkpoint: Path | None = None) -> str:
    """Return program version and the first 12 digits of the SHA-256 of the checkpoint's seal."""
    # Not `checkpoint.DEFAULT`: that module imports torch, which the HTTP processes do not load.
    folder = checkpoint or Path(training.__file__).parent / "checkpoints" / "default"
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    return f"{tieout_version()}+{digest[:12]}"


def policy_version(policy: Policy) -> str:
    """Return the first 12 digits of the SHA-256 of the policy with all its defaults."""
    return hashlib.sha256(policy.model_dump_json().encode()).hexdigest()[:12]
