"""How an app knows that a call is ours, in three ways.

- `X-Parlance-Signature: t=<milliseconds>,v1=<hex>`: HMAC-SHA256 with the app's hook key over `<t>.<id>.<body>`; the
  id is `X-Parlance-Id`. What is older than a few minutes, or was seen before, need not be believed.
- `X-LC-Hook-Key`: the hook key itself, which is what LeanEngine's libraries look for.
- `__sign` in the body: `<milliseconds>,<hex>`, HMAC-SHA1 with the server key over `<hook>:<milliseconds>`, as
  LeanCloud signs its own.
"""

import hmac

from parlance.core.model.hook import Hook

SIGNATURE, ID, KEY = "X-Parlance-Signature", "X-Parlance-Id", "X-LC-Hook-Key"
EVENT = "X-Parlance-Event"
"""What happened, where it has happened already."""


def headers(key: str, call_id: str, at: int, body: bytes) -> dict[str, str]:
    """What a call carries besides its body; `at` in milliseconds."""
    signed = hmac.new(key.encode(), f"{at}.{call_id}.".encode() + body, "sha256").hexdigest()
    return {SIGNATURE: f"t={at},v1={signed}", ID: call_id, KEY: key}


def sign_as_leancloud(master_key: str, hook: Hook, at: int) -> str:
    """The `__sign` of a call's body."""
    # SHA-1 is what LeanEngine's libraries compute; in an HMAC it is sound.
    return f"{at},{hmac.new(master_key.encode(), f'{hook}:{at}'.encode(), 'sha1').hexdigest()}"
