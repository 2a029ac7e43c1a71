"""The logs of a real service."""

from pathlib import Path


def session_logs() -> Path:
    import ray

    node = ray._private.worker._global_node
    assert node is not None
    return Path(node.get_session_dir_path()) / "logs"
