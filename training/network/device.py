"""The device the model runs on, CPU or GPU, with the reason for the choice.

A GPU multiplies in bfloat16 (eight bits of mantissa), a CPU in float32, so they do not agree to the
last digit. The bound, which `tests/model/test_gpu.py` checks wherever there is a GPU: a tag's
probability differs by at most 0.03 for 99 % of the words and by at most 0.1 for any, and at least
99 % of the decoded cells are equal. (The CPU itself in bfloat16, over 35 sample and generated pages
of 5259 words: 0.047 at most, above 0.03 for two words, all 1038 cells equal.)
"""

from dataclasses import dataclass

import torch


class DeviceError(ValueError):
    """A requested device that does not exist on this machine."""


@dataclass(frozen=True, slots=True)
class Device:
    """A torch device with the reason it was chosen."""

    torch_device: torch.device
    reason: str

    def __str__(self) -> str:
        return f"{self.torch_device}: {self.reason}"

    @property
    def is_gpu(self) -> bool:
        return self.torch_device.type == "cuda"


def choose_device(name: str = "auto", number: int | None = None) -> Device:
    """Return the device for `auto`, `cpu`, `cuda` or `cuda:N`; DeviceError for an absent GPU.

    `number` is the GPU that `auto` and `cuda` mean, where several processes take one each.
    """
    if number is not None and name in ("auto", "cuda") and torch.cuda.is_available():
        name = f"cuda:{number}"
    if name == "cpu":
        return Device(torch.device("cpu"), "asked for")
    if name == "auto":
        if torch.cuda.is_available():
            return Device(torch.device("cuda"), f"{torch.cuda.get_device_name()} is visible")
        return Device(torch.device("cpu"), "no CUDA device is visible")
    if not name.startswith("cuda"):
        raise DeviceError(f"device must be auto, cpu, cuda or cuda:N, got {name!r}")
    if not torch.cuda.is_available():
        raise DeviceError(f"device {name!r} was asked for but no CUDA device is visible; use cpu")
    return Device(torch.device(name), f"asked for; {torch.cuda.get_device_name(name)}")


def choose_precision(device: Device, precision: str) -> str:
    """Return float32 or bfloat16; `auto` is bfloat16 where the device multiplies it itself.

    A CPU without such instructions converts every number: one without AVX-512 trained at an eighth
    of the speed of float32.
    """
    if precision not in ("auto", "float32", "bfloat16"):
        raise ValueError(f"precision must be auto, float32 or bfloat16, got {precision!r}")
    if precision != "auto":
        return precision
    native = device.is_gpu or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return "bfloat16" if native else "float32"


def autocast(device: Device, precision: str) -> torch.autocast:
    """Return mixed precision for that device; `precision` is as in `choose_precision`."""
    precision = choose_precision(device, precision)
    return torch.autocast(
        device.torch_device.type, dtype=torch.bfloat16, enabled=precision == "bfloat16"
    )
