"""Loading of the buyer's policy from a YAML file."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from serving.matching.rules.policy import Policy, PolicyError, parse_policy


def load_policy(path: str | Path) -> Policy:
    """Return the policy in a YAML file; raises `PolicyError`."""
    path = Path(path)
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: not YAML ({' '.join(str(error).split())[:160]})") from None
    if values is not None and not isinstance(values, Mapping):
        raise PolicyError(
            f"{path}: the top level must be keys with values, got a {type(values).__name__}"
        )
    return parse_policy(values or {}, path.name)
