"""Labels documents that nobody labelled with a checkpoint, where their accounting closes.

    python -m training.label FOLDER --out SHARD.jsonl.gz [--checkpoint DIR]
    python -m training.label --measure CORPUS [CORPUS ...] [--checkpoint DIR]

The first form reads every file of a folder and writes the pages that are kept as a shard to train
on (`kind: folder` of a recipe); the checkpoint is named in it. The second says how right kept rows
are, on corpora with truth. The exit status is 0, or 2 when a path or checkpoint cannot be used.
"""

import argparse
import logging
import sys
from pathlib import Path

from data.corpora.readings import DEFAULT_CACHE
from data.corpora.shards.training_page import pack_page
from data.corpora.truth import CorpusError
from data.pages.sandbox import MissingProgram
from data.synthesis.ocr_fitting.shards import write_shard
from training.evaluation.fingerprints import weights_hash
from training.extractor import Extractor
from training.learning.pseudo_labels import FolderCounts, label_folder, measure_agreement
from training.network.checkpoint import DEFAULT
from training.network.checkpoint_seal import CheckpointError
from training.network.device import DeviceError

UNUSABLE = 2  # exit status: the call or its input cannot be used


def main(argv: list[str] | None = None) -> int:
    parser = _parser()
    arguments = parser.parse_args(argv)
    if bool(arguments.folder and arguments.out) == bool(arguments.measure):
        parser.error("want FOLDER and --out, or --measure CORPUS")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        extractor = Extractor.load(arguments.checkpoint, arguments.device)
        if arguments.measure:
            for corpus in arguments.measure:
                agreement = measure_agreement(corpus, extractor, DEFAULT_CACHE)
                sys.stdout.write(f"{corpus}: {agreement}\n")
        else:
            sys.stdout.write(f"{arguments.folder}: {_write(arguments, extractor)}\n")
    except (CorpusError, CheckpointError, DeviceError, MissingProgram, OSError) as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return UNUSABLE
    return 0


def _write(arguments: argparse.Namespace, extractor: Extractor) -> FolderCounts:
    counts = FolderCounts()
    checkpoint = weights_hash(arguments.checkpoint or DEFAULT)
    pages = label_folder(arguments.folder, extractor, checkpoint, DEFAULT_CACHE, counts)
    write_shard(arguments.out, [pack_page(page) for page in pages])
    return counts


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.label")
    parser.add_argument("folder", type=Path, nargs="?", help="documents without labels")
    parser.add_argument("--out", type=Path, help="the shard to write, NAME.jsonl.gz")
    parser.add_argument("--measure", type=Path, nargs="+", metavar="CORPUS", help="with truth")
    parser.add_argument("--checkpoint", type=Path, help="default: the one we ship")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    return parser


if __name__ == "__main__":
    sys.exit(main())
