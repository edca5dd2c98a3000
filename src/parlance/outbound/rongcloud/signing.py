"""RongCloud's signature: it proves that two sides know the same secret, and covers nothing else."""

import hashlib


def signature(secret: str, nonce: str, timestamp: str) -> str:
    """Lower-case hex of SHA-1 over the three, one behind the other. No HMAC: that is how RongCloud has it."""
    return hashlib.sha1(f"{secret}{nonce}{timestamp}".encode(), usedforsecurity=False).hexdigest()


def signed_headers(key: str, secret: str, nonce: str, timestamp: int) -> dict[str, str]:
    """The four headers of a request; `timestamp` in milliseconds, `nonce` of at most 18 characters."""
    return {
        "App-Key": key,
        "Nonce": nonce,
        "Timestamp": str(timestamp),
        "Signature": signature(secret, nonce, str(timestamp)),
    }
