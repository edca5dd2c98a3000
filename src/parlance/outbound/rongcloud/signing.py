"""How our requests to RongCloud are signed: it proves that two sides know the same secret, and covers nothing else."""

from parlance.core.model.rongcloud import signature


def signed_headers(key: str, secret: str, nonce: str, timestamp: int) -> dict[str, str]:
    """The four headers of a request; `timestamp` in milliseconds, `nonce` of at most 18 characters."""
    return {
        "App-Key": key,
        "Nonce": nonce,
        "Timestamp": str(timestamp),
        "Signature": signature(secret, nonce, str(timestamp)),
    }
