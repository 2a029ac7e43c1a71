"""The one door for data from outside: a parser's failure becomes one short sentence.

A parser raises its own error for what it knows to be wrong. Anything else that a file can set off
in it or in a library (a date in year 0, 5,000 digits, endless nesting) is a fault of the file too:
the caller gets the parser's error with name and reason, never a traceback. Messages are bounded,
for some quote the value that was read.
"""

import logging
from collections.abc import Callable, Hashable
from functools import wraps
from pathlib import PurePath
from typing import ParamSpec, TypeVar

import yaml

logger = logging.getLogger(__name__)

MESSAGE_SIGNS = 600
MAX_YAML_BYTES = 1_000_000
MAX_YAML_DEPTH = 24  # levels; a mapping or a policy has at most four
MAX_YAML_NODES = 20_000  # counted with every alias written out

Parameters = ParamSpec("Parameters")
Parsed = TypeVar("Parsed")


class YamlError(ValueError):
    """Text that is not YAML, or more of it than a mapping or a policy can have."""


def shorten(message: str, signs: int = MESSAGE_SIGNS) -> str:
    """Return the message in one line of at most so many characters, its middle left out.

    >>> shorten("a" * 50, 20)
    'aaaaaaaaaa ... aaaaa'
    """
    # Cut before the spaces are joined: a message of gigabytes is not copied word by word.
    if len(message) > 4 * signs:
        message = message[: 2 * signs] + message[-2 * signs :]
    line = " ".join(message.split())
    if len(line) <= signs:
        return line
    head = signs // 2
    return f"{line[:head]} ... {line[-(signs - head - 5) :]}"


def guarded(
    refusal: type[ValueError], name_at: int, *known: type[ValueError]
) -> Callable[[Callable[Parameters, Parsed]], Callable[Parameters, Parsed]]:
    """Decorate a parser so that it raises `refusal`, or an error of `known`, and nothing else.

    `name_at` is the position of the argument that names the file. Errors of `known` and `refusal`
    keep their type and are shortened.
    """

    def decorate(parse: Callable[Parameters, Parsed]) -> Callable[Parameters, Parsed]:
        @wraps(parse)
        def parse_guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Parsed:
            try:
                return parse(*args, **kwargs)
            except (refusal, *known) as error:
                message = str(error)
                if len(message) <= MESSAGE_SIGNS:
                    raise
                raise type(error)(shorten(message)) from None
            except Exception as error:
                # The type and the parser only: the text may quote a document.
                logger.warning("%s: %s in a parser", parse.__qualname__, type(error).__name__)
                name = _file_name(args[name_at]) if len(args) > name_at else ""
                raise refusal(_sentence(error, name)) from None

        return parse_guarded

    return decorate


def _file_name(argument: object) -> str:
    return str(argument) if isinstance(argument, str | PurePath) else ""


def _sentence(error: BaseException, name: str) -> str:
    if isinstance(error, RecursionError):
        reason = "values are nested too deep"
    elif isinstance(error, MemoryError):
        reason = "it needs too much memory"
    else:
        reason = shorten(str(error), 200) or "a value in it is malformed"
    return shorten(f"{name or 'the data'}: cannot be read ({reason})")


def load_yaml(content: bytes) -> object:
    """Return the values of YAML in UTF-8; raise `YamlError`.

    Size, nesting and the number of nodes are bounded before a value is built; an alias counts as
    what it stands for.
    """
    if len(content) > MAX_YAML_BYTES:
        raise YamlError(f"has {len(content)} bytes, the limit is {MAX_YAML_BYTES}")
    try:
        text = content.decode("utf-8")
        _check_depth(text)
        root = yaml.compose(text, yaml.SafeLoader)
        if root is not None:
            _written_out(root, {})
        return yaml.safe_load(text)
    except YamlError:
        raise
    # PyYAML lets the errors of `int`, `date` and others through.
    except Exception as error:
        raise YamlError(f"not YAML ({shorten(str(error), 160)})") from None


def _check_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_YAML_DEPTH:
            raise YamlError(f"values are nested more than {MAX_YAML_DEPTH} levels deep")


def _written_out(node: yaml.Node, counts: dict[Hashable, int]) -> int:
    """Return the number of nodes below and with this one, every alias written out."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if node in counts:
        if counts[node] == 0:
            raise YamlError("a value contains itself")
        return counts[node]
    counts[node] = 0
    count = 1
    for child in node.value:
        children = child if isinstance(child, tuple) else (child,)
        count += sum(_written_out(part, counts) for part in children)
        if count > MAX_YAML_NODES:
            raise YamlError(f"has more than {MAX_YAML_NODES} values, aliases written out")
    counts[node] = count
    return count
