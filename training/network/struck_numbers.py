"""Struck-out numbers: a small network over the pixels of each printed number.

A stroke through a number is one or two pixels wide where a word is ten high: on the words' feature
map (stride 8) it has vanished. So each number is cut from the picture itself, all to one size, and
judged alone.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.ops import roi_align, sigmoid_focal_loss

from data.records import Box, LabelledPage

ROWS, COLUMNS = 20, 56  # pixels of a number's cut-out
MARGIN = 0.35  # of a word's height, on all sides: a pen begins before the number and ends behind it
NOT_A_NUMBER = -20.0  # logit of words that are no numbers


def struck_words(labelled: LabelledPage) -> Tensor | None:
    """Flag the words that are struck out, (T,) bool; None without known marks or a picture."""
    if labelled.marks is None or labelled.page.image is None:
        return None
    strikes = [mark.box for mark in labelled.marks if mark.kind == "strike"]
    words = labelled.page.words
    return torch.tensor([any(is_covered(word.box, box, 0.5) for box in strikes) for word in words])


def is_covered(inner: Box, outer: Box, share: float) -> bool:
    """True where at least that share of the inner box lies in the outer one."""
    width = min(outer.right, inner.right) - max(outer.left, inner.left)
    height = min(outer.bottom, inner.bottom) - max(outer.top, inner.top)
    area = max(inner.width * inner.height, 1e-12)
    return width > 0 and height > 0 and width * height >= share * area


class StrikeHead(nn.Module):
    """Logits that words are struck out, from the picture and the words' boxes."""

    def __init__(self, channels: int = 16) -> None:
        super().__init__()
        self.look = nn.Sequential(
            nn.Conv2d(1, channels, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(channels, 2 * channels, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(2 * channels, 2 * channels, 3, padding=1),
            nn.ReLU(inplace=True),
        )
        # Where along the number matters: a stroke goes from end to end, a letter does not
        self.judge = nn.Sequential(
            nn.Flatten(), nn.Linear(2 * channels * (ROWS // 4) * (COLUMNS // 4), 48), nn.ReLU(),
            nn.Linear(48, 1),
        )  # fmt: skip

    def forward(self, picture: Tensor, boxes: Tensor, numbers: Tensor) -> Tensor:
        """Logits (T,) of the words of one picture (1, 1, h, w) of ink.

        `boxes` (T, 4) in pixels of the picture, `numbers` (T,) flags the words that are
        numbers; the others get `NOT_A_NUMBER`.
        """
        logits = picture.new_full((len(boxes),), NOT_A_NUMBER)
        if bool(numbers.any()):
            number_boxes = boxes[numbers].to(picture.dtype)
            margin = MARGIN * (number_boxes[:, 3] - number_boxes[:, 1])
            grown = number_boxes + torch.stack([-margin, -margin, margin, margin], dim=1)
            cuts = roi_align(picture, [grown], (ROWS, COLUMNS), sampling_ratio=2, aligned=True)
            logits[numbers] = self.judge(self.look(cuts))[:, 0].to(logits.dtype)
        return logits


def strike_loss(
    predicted: Sequence[Tensor | None], truth: Sequence[Tensor | None]
) -> Tensor | None:
    """Focal loss (Lin et al. 2017) over the numbers of pictures whose strikes are known.

    Logits and truth are (T,) a page, None where there is no picture or no truth. Divided by the
    count of struck-out numbers, as they are few; None where there is no number at all.
    """
    known = [
        (logits[: len(struck)].float(), struck.to(logits.device))
        for logits, struck in zip(predicted, truth, strict=True)
        if logits is not None and struck is not None
    ]
    if not known:
        return None
    logits = torch.cat([page for page, _ in known])
    is_number = logits > NOT_A_NUMBER
    if not bool(is_number.any()):
        return None
    targets = torch.cat([page for _, page in known])[is_number].float()
    total: Tensor = sigmoid_focal_loss(
        logits[is_number], targets, alpha=0.75, gamma=2.0, reduction="sum"
    )
    return total / targets.sum().clamp(min=1)
