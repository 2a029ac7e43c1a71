"""The mean of the weights of checkpoints with one origin, better than any of them.

    python -m training.learning.average --out DIR CHECKPOINT CHECKPOINT [...]

Networks trained on from the same weights are in one valley of the loss, and their mean errs less
than each of them (Wortsman et al. 2022, "Model soups"). All must have one architecture, but for
structure heads that earlier ones lack; configuration and recipe are those of the last one named.
The mean learned from the documents of all of them.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from training.evaluation.learned_from import LEARNED_FROM, LearnedFrom, read_learned_from
from training.learning.start_weights import with_structure_heads
from training.network.checkpoint import load_model, save_checkpoint
from training.network.checkpoint_seal import CheckpointError


def mean_weights(folders: Sequence[Path]) -> dict[str, torch.Tensor]:
    """Average the weights in these checkpoint folders.

    Raises CheckpointError where a folder holds no checkpoint, or a network of another kind or size.
    """
    states = [load_model(folder, labels=None).state_dict() for folder in folders]
    states = [with_structure_heads(state, states[-1]) for state in states]
    shapes = [{name: weight.shape for name, weight in state.items()} for state in states]
    for folder, state_shapes in zip(folders[1:], shapes[1:], strict=True):
        if state_shapes != shapes[0]:
            raise CheckpointError(f"{folder}: holds another network than {folders[0]}")
    return {
        name: torch.stack([state[name].float() for state in states]).mean(dim=0)
        for name in states[0]
    }


def _learned_from(folders: Sequence[Path]) -> LearnedFrom:
    """The documents that any of the checkpoints learned from; calibrations are not averaged."""
    records = [read_learned_from(folder) for folder in folders]
    learned = [record for record in records if record is not None]
    documents = frozenset(document for record in learned for document in record.documents)
    complete = len(learned) == len(records) and all(record.complete for record in learned)
    return LearnedFrom(documents, complete=complete)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.learning.average", description=__doc__
    )
    parser.add_argument("checkpoints", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args(argv)
    names = ", ".join(folder.name for folder in arguments.checkpoints)
    last = arguments.checkpoints[-1]
    try:
        weights = mean_weights(arguments.checkpoints)
        network = load_model(last, labels=None)
        recipe = (last / "recipe.yaml").read_text()
        card = f"The mean of the weights of {names}.\n"
        files = {LEARNED_FROM: _learned_from(arguments.checkpoints).to_json().encode()}
        save_checkpoint(
            arguments.out, weights, network.config, recipe=recipe, card=card, files=files
        )
    except (CheckpointError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{arguments.out}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
