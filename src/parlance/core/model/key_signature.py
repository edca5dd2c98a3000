"""A key shown without being sent: LeanCloud's clients sign the time with it.

`<md5 of the milliseconds followed by the key, hex>,<milliseconds>`, and `,master` behind if the key is the
server key. Like the key itself, a signature is good for as long as the key is; LeanCloud's own are.
"""

import hmac
import re
from hashlib import md5

from parlance.core.model.app import App
from parlance.kernel.faults import Fault, FaultCode

_SHAPE = re.compile(r"([0-9a-f]{32}),(\d{1,20})(,master)?", re.ASCII)


def signed_with_server_key(app: App, signature: str) -> bool:
    """Whether it gives the right to act for the app; the public key's only names it. Raises BAD_CREDENTIAL."""
    found = _SHAPE.fullmatch(signature)
    if found is None:
        raise Fault(FaultCode.BAD_CREDENTIAL)
    digest, milliseconds, master = found.groups()
    key = app.master_key if master else app.app_key
    # MD5 is what the clients compute; what is signed is no more than the time.
    expected = md5(f"{milliseconds}{key}".encode(), usedforsecurity=False).hexdigest()
    if not hmac.compare_digest(expected, digest):
        raise Fault(FaultCode.BAD_CREDENTIAL)
    return master is not None
