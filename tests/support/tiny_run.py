"""The smallest training run: a recipe that ends in seconds."""

TINY_RUN = [
    "steps=8",
    "words_per_batch=600",
    "max_words=150",
    "warmup_steps=2",
    "device=cpu",
    "precision=float32",
    "workers=0",
    "save_every_steps=3",
    "log_every_steps=2",
    "evaluate_every_steps=100",
    "image_share=0",
    "model.width=16",
    "model.layers=1",
    "model.heads=2",
    "model.feed_forward=16",
    "model.pair_width=4",
    "model.image_channels=8",
]
