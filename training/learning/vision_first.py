"""Train the image branch alone, before the whole network: marks by hand on generated pages.

    python -m training.learning.vision_first --start-from DIR --out DIR [--pages 12000]
        [--parts strikes]

In the whole run a page with a picture costs as much time as ten without and few bear a mark, so
that the branch learned nothing (no mark found after 6,000 steps). Here it gets pictures only, all
with marks. The checkpoint in `--out` is that of `--start-from` with the new image branch: to
continue from (`start_from` of a recipe), not to ship, since the word layers have not yet learned to
use it. `--parts strikes` trains only the strike head, whose output no other part uses.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset
from tqdm import tqdm

from data.synthesis.layouts.documents import make_document
from data.synthesis.paper.conditions import pick_condition
from data.synthesis.paper.fonts import faces_of
from training.evaluation.page_marks import draw_marked_page
from training.learning.losses import mark_loss
from training.learning.stream import mark_map
from training.network.checkpoint import load_matching, save_checkpoint
from training.network.checkpoint_seal import CheckpointError
from training.network.device import Device, autocast, choose_device
from training.network.encoding import IS_NUMBER, encode_page
from training.network.model import LineItemReader
from training.network.struck_numbers import strike_loss, struck_words
from training.network.vision import VisionBranch

PAGES_A_STEP = 4
PARTS = ("marks", "strikes")


@dataclass(frozen=True, slots=True)
class _Picture:
    """The `ink` of a page (1, h, w), its map of marks, its words' boxes in pixels and flags."""

    ink: Tensor
    marks: Tensor
    boxes: Tensor
    numbers: Tensor
    struck: Tensor


class _Pictures(IterableDataset[_Picture]):
    """An endless stream of generated pages that all bear marks by hand."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __iter__(self) -> Iterator[_Picture]:
        index = 0
        while True:
            rng = random.Random(f"vision/{self.seed}/{index}")
            index += 1
            document = make_document(rng, faces_of(rng))
            condition = pick_condition(rng, till=document.family == "till")
            number = rng.randrange(len(document.sheets))
            labelled = draw_marked_page(document, number, rng, condition)
            marks, struck = mark_map(labelled), struck_words(labelled)
            if labelled.page.image is None or marks is None or struck is None:
                continue
            ink = 1 - torch.from_numpy(labelled.page.image.copy()).float() / 255
            height, width = ink.shape
            encoded = encode_page(labelled.page)
            boxes = torch.from_numpy(encoded.boxes) * torch.tensor([width, height, width, height])
            numbers = torch.from_numpy(encoded.features[:, IS_NUMBER] > 0)
            yield _Picture(ink[None], marks, boxes, numbers, struck[: encoded.length])


def train_image_branch(
    model: LineItemReader, seed: int, pages: int, rate: float, parts: Sequence[str] = PARTS
) -> None:
    """Train those parts of the image branch on that many pictures, in place."""
    if model.vision is None:
        raise ValueError("the network has no image branch: its image_channels is 0")
    vision = model.vision.train()
    trained = [*vision.strikes.parameters()] if "strikes" in parts else []
    if "marks" in parts:
        trained += [*vision.backbone.parameters(), *vision.marks.parameters()]
    steps = pages // PAGES_A_STEP
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    device = choose_device("auto")
    vision.to(device.torch_device)
    stream = iter(DataLoader(_Pictures(seed), batch_size=None, num_workers=1, prefetch_factor=16))
    shown = 0.0
    bar = tqdm(range(steps), unit="step", disable=not sys.stderr.isatty())
    for step in bar:
        loss: Tensor | None = None
        for _ in range(PAGES_A_STEP):
            for part in _losses(vision, next(stream), device, parts):
                loss = part if loss is None else loss + part
        if loss is None:
            continue
        optimizer.zero_grad(set_to_none=True)
        (loss / PAGES_A_STEP).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        shown += loss.item() / PAGES_A_STEP
        if (step + 1) % 100 == 0:
            bar.set_postfix(loss=round(shown / 100, 4))
            if bar.disable:
                sys.stderr.write(f"step {step + 1}/{steps} loss {shown / 100:.4f}\n")
            shown = 0.0


def _losses(
    vision: VisionBranch, page: _Picture, device: Device, parts: Sequence[str]
) -> Iterator[Tensor]:
    ink = page.ink[None].to(device.torch_device)
    with autocast(device, "bfloat16"):
        marks = vision.mark_squares(ink) if "marks" in parts else None
    struck = None
    if "strikes" in parts:
        # A stroke one pixel wide needs more than the eight bits of mantissa of bfloat16
        struck = vision.strikes(ink, page.boxes.to(ink.device), page.numbers.to(ink.device))
    for loss in (mark_loss([marks], [page.marks]), strike_loss([struck], [page.struck])):
        if loss is not None:
            yield loss


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.learning.vision_first", description=__doc__
    )
    parser.add_argument("--start-from", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=12000)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.002)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args(argv)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    try:
        model, unmatched = load_matching(arguments.start_from)
    except CheckpointError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if unmatched:
        sys.stderr.write(f"started at random: {', '.join(unmatched)}\n")
    seed, pages = arguments.seed, arguments.pages
    train_image_branch(model, seed, pages, arguments.rate, arguments.parts)
    card = f"Image branch trained alone on {pages} pictures; to start a run from.\n"
    recipe = f"start_from: {arguments.start_from.name}\nseed: {seed}\npages: {pages}\n"
    save_checkpoint(arguments.out, model.cpu().state_dict(), model.config, recipe=recipe, card=card)
    sys.stdout.write(f"{arguments.out}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
