"""Messages of `tieout` on stderr: notes, and errors of unusable input, each in one line."""

import typer

from data.safe_text import display_text

# Errors of input that a user can mend, by module and class. Naming them imports nothing, so that
# `tieout --help` loads neither the formats nor the service.
INPUT_ERRORS = frozenset(
    {
        "data.exchange.order_files:OrderDataError",
        "data.exchange.wire.errors:ExchangeError",
        "data.pages.attachments:AttachmentError",
        "data.pages.sandbox:MissingProgram",
        "serving.commands.cluster:PortTaken",
        "serving.commands.cluster:StartFailed",
        "serving.commands.messages:Unusable",
        "serving.matching.rules.policy:PolicyError",
        "serving.settings:SettingsError",
        "serving.store.key_format:KeyChangeRefused",
        "serving.verdict.vendor_message_templates:TemplateError",
        "serving.wire.field_json:DocumentJsonError",
    }
)
# The extra of this package that a command needs; the others run without any.
EXTRA_OF_COMMAND = {
    **dict.fromkeys(("extract", "examine", "doctor"), "read"),
    **dict.fromkeys(("serve", "demo", "keys", "openapi"), "serve"),
}
_OURS = ("data", "training", "serving")


class Unusable(ValueError):
    """Input that cannot be used; the message is the one line shown."""


def show_message(text: str) -> None:
    """Print one line on stderr, without control characters."""
    typer.echo(f"tieout: {display_text(' '.join(text.split()))}", err=True)


def is_input_error(error: Exception) -> bool:
    """Return whether the error is one of unusable input, to be shown in one line."""
    classes = (f"{kind.__module__}:{kind.__qualname__}" for kind in type(error).__mro__)
    return not INPUT_ERRORS.isdisjoint(classes)


def missing_extra(error: ModuleNotFoundError, command: str) -> str | None:
    """Return one line on the extra that a command lacks; None where one of our modules is missing.

    >>> missing_extra(ModuleNotFoundError(name="torch.nn"), "extract")
    "torch is not installed; `tieout extract` needs: pip install 'tieout[read]'"
    """
    package = (error.name or "").partition(".")[0]
    extra = EXTRA_OF_COMMAND.get(command)
    if not package or package in _OURS or extra is None:
        return None
    need = "tieout examine --attachment" if command == "examine" else f"tieout {command}"
    return f"{package} is not installed; `{need}` needs: pip install 'tieout[{extra}]'"
