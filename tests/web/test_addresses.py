"""Where the world reaches this server."""

import pytest
from aiohttp.test_utils import make_mocked_request

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.addresses import forwarded_origin, origin


@pytest.mark.parametrize("host", ["chat.example.com", "127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_the_host_that_was_asked(host: str) -> None:
    """Answers say where something is as the caller would say it."""
    assert f"http://{host}" == origin(make_mocked_request("GET", "/", headers={"Host": host}), "")


def test_the_public_address_goes_first() -> None:
    """Behind a proxy the caller's host says nothing."""
    request = make_mocked_request("GET", "/", headers={"Host": "10.0.0.7"})
    assert "https://chat.example.com" == origin(request, "https://chat.example.com/")


@pytest.mark.parametrize("host", ["x:y", "x:123456", "a b", "evil.com/path?", "user@evil.com", 'a"b', "[bad"])
def test_what_is_no_host(host: str) -> None:
    """Is refused, rather than put in an address that others follow."""
    with pytest.raises(Fault) as fault:
        origin(make_mocked_request("GET", "/", headers={"Host": host}), "")
    assert FaultCode.MALFORMED is fault.value.code


def test_a_proxy_says_how_it_was_asked_itself() -> None:
    """By X-Forwarded-Proto and -Host, of which the first counts; the public address goes before."""
    headers = {
        "Host": "10.0.0.7:8000",
        "X-Forwarded-Proto": "https, http",
        "X-Forwarded-Host": "im.example.com:444, inner",
    }
    request = make_mocked_request("GET", "/", headers=headers)
    assert "https://im.example.com:444" == forwarded_origin(request, "")
    assert "https://chat.example.com" == forwarded_origin(request, "https://chat.example.com/")
    assert "http://10.0.0.7" == forwarded_origin(make_mocked_request("GET", "/", headers={"Host": "10.0.0.7"}), "")
