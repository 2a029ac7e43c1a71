"""Signing of webhooks by the Standard Webhooks scheme (https://www.standardwebhooks.com).

Each live secret makes one signature, so that a receiver may change secrets at its own pace.
"""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks.webhooks import Webhook

SECRET_BYTES = 32


def new_secret() -> str:
    """Return a new secret in the form of the scheme: `whsec_` and base64 of 32 random bytes."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def signed_headers(
    message_id: str, body: bytes, live_secrets: Sequence[str], now: datetime
) -> dict[str, str]:
    """Return the three headers of the scheme; `now` has a time zone, the body is UTF-8."""
    text = body.decode()
    signatures = [Webhook(secret).sign(message_id, now, text) for secret in live_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
