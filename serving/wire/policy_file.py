"""Loading of the buyer's policy from a YAML file."""

from collections.abc import Mapping
from pathlib import Path

from data.outside_data import YamlError, guarded, load_yaml
from serving.matching.rules.policy import Policy, PolicyError, parse_policy


@guarded(PolicyError, 0)
def load_policy(path: str | Path) -> Policy:
    """Return the policy in a YAML file; raises `PolicyError`."""
    path = Path(path)
    try:
        values = load_yaml(path.read_bytes())
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read ({error.strerror})") from None
    except YamlError as error:
        raise PolicyError(f"{path}: {error}") from None
    if values is not None and not isinstance(values, Mapping):
        raise PolicyError(
            f"{path}: the top level must be keys with values, got a {type(values).__name__}"
        )
    return parse_policy(values or {}, path.name)
