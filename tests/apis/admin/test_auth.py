"""Where a call comes from."""

import pytest
from aiohttp.test_utils import make_mocked_request

from parlance.apis.admin.auth import address_of
from parlance.app.config import Config

PROXIES = ("127.0.0.0/8", "::1/128", "10.1.2.3", "fc00::/7")


def asked(peer: str | None, said: str | None, proxies: tuple[str, ...] = PROXIES) -> str:
    """The address that counts."""
    headers = {} if said is None else {"X-Forwarded-For": said}
    return address_of(make_mocked_request("GET", "/", headers).clone(remote=peer or ""), proxies)


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.2.3", "fd00::7"])
def test_a_proxy_is_believed(peer: str) -> None:
    """About who came to it, which it says last."""
    assert "203.0.113.5" == asked(peer, "9.9.9.9, 203.0.113.5")
    assert "2001:db8::1" == asked(peer, "2001:db8::1")


@pytest.mark.parametrize("peer", ["10.1.2.4", "192.168.0.1", "203.0.113.9", "::ffff:10.0.0.1", "fe80::1", ""])
def test_nobody_else_is(peer: str) -> None:
    """Or each guess would come from somewhere else."""
    assert peer == asked(peer, "203.0.113.5")


@pytest.mark.parametrize("said", [None, "", "unknown", "203.0.113.5:80", "203.0.113.5,", "x" * 1000])
def test_a_proxy_may_say_nothing(said: str | None) -> None:
    """Then it is the proxy itself."""
    assert "127.0.0.1" == asked("127.0.0.1", said)


def test_by_default_proxies_are_on_this_machine() -> None:
    """No neighbour on the network is one."""
    proxies = Config().trusted_proxies
    assert ["203.0.113.5", "203.0.113.5"] == [asked(peer, "203.0.113.5", proxies) for peer in ("127.0.0.1", "::1")]
    assert ["10.0.0.1", "172.17.0.1"] == [asked(peer, "203.0.113.5", proxies) for peer in ("10.0.0.1", "172.17.0.1")]
