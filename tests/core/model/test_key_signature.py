"""Keys that are shown by signing the time with them."""

from hashlib import md5

import msgspec
import pytest

from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.key_signature import signed_with_server_key
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId

APP = App(AppId("shop"), "Shop", "public", "server", "secret", Policy.TOKEN, AppSettings(), 1, 1)


def signed(key: str, moment: str = "1767225600000", mark: str = "") -> str:
    """What a client computes."""
    return f"{md5((moment + key).encode(), usedforsecurity=False).hexdigest()},{moment}{mark}"


def test_the_documentations_own_sample() -> None:
    """The digest that LeanCloud's documentation shows for its key and time."""
    app = msgspec.structs.replace(APP, app_key="UtOCzqb67d3sN12Kts4URwy8")
    assert signed_with_server_key(app, "d5bcbb897e19b2f6633c716dfdfaf9be,1453014943466") is False


def test_the_server_key_gives_the_right() -> None:
    """If it says that it is the server key."""
    assert signed_with_server_key(APP, signed("server", mark=",master")) is True


def test_the_public_key_only_names_the_app() -> None:
    """No wrong credential, and no right."""
    assert signed_with_server_key(APP, signed("public")) is False


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "x",
        "1767225600000",
        signed("server"),
        signed("public", mark=",master"),
        signed("other"),
        signed("server", mark=",master").upper(),
        signed("server", mark=",master") + ",master",
        signed("server", mark=",admin"),
        signed("server", "１７"),
        signed("server", mark=",master").replace("1767225600000", "1767225600001"),
    ],
)
def test_what_is_no_signature_is_refused(signature: str) -> None:
    """A key under the wrong mark, another time than the signed one, another shape."""
    with pytest.raises(Fault) as refusal:
        signed_with_server_key(APP, signature)
    assert FaultCode.BAD_CREDENTIAL is refusal.value.code
