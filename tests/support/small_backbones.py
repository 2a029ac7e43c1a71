"""LayoutLMv3 and LiLT of a few thousand random weights, with a tokenizer trained on the spot."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import (
    LayoutLMv3Config,
    LayoutLMv3Model,
    LiltConfig,
    LiltModel,
    PreTrainedTokenizerFast,
)

POSITIONS = 514  # 512 for sub-words, as RoBERTa counts from behind the padding
_SPECIAL = {"bos": "<s>", "pad": "<pad>", "eos": "</s>", "unk": "<unk>"}
_SIZES = {
    "hidden_size": 24,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "max_position_embeddings": POSITIONS,
    "pad_token_id": 1,
    "bos_token_id": 0,
    "eos_token_id": 2,
}


def save_backbone(folder: Path, kind: str) -> Path:
    """A folder as the hub has them: config.json, model.safetensors, tokenizer files."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=list(_SPECIAL.values()),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(["total amount price 12.50 invoice"] * 4, trainer)
    special = {f"{name}_token": text for name, text in _SPECIAL.items()}
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, **special, cls_token="<s>", sep_token="</s>"
    )
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    size = _SIZES | {"vocab_size": tokenizer.get_vocab_size()}
    if kind == "lilt":
        LiltModel(LiltConfig(**size)).save_pretrained(folder)
    else:
        layout = {"coordinate_size": 4, "shape_size": 4, "input_size": 32, "patch_size": 16}
        LayoutLMv3Model(LayoutLMv3Config(**size, **layout)).save_pretrained(folder)
    return folder
