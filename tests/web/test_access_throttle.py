"""How often somebody may try."""

import pytest

from chat.errors import RateLimited
from chat.web.throttle import Throttle, network_of


def test_the_one_too_many_is_told_how_long_to_wait() -> None:
    throttle = Throttle("2/minute", purpose="test", detail="Too fast.")
    throttle.hit("bob")
    throttle.hit("bob")
    with pytest.raises(RateLimited) as refused:
        throttle.hit("bob")
    assert refused.value.retry_after is not None
    assert 0 < refused.value.retry_after <= 61
    assert f"Try again in {refused.value.retry_after:.0f} seconds" in refused.value.detail
    throttle.hit("alice")


def test_what_was_refused_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1_000_000.0]
    monkeypatch.setattr("time.time", lambda: clock[0])
    throttle = Throttle("1/minute", purpose="test")
    throttle.hit("bob")
    for moment in (1_000_030.0, 1_000_059.0):
        clock[0] = moment
        with pytest.raises(RateLimited):
            throttle.hit("bob")
    clock[0] = 1_000_061.0
    throttle.hit("bob")


def test_a_key_starts_anew_when_it_is_forgotten() -> None:
    throttle = Throttle("1/minute", purpose="test")
    throttle.hit("bob")
    throttle.forget("bob")
    throttle.hit("bob")


def test_without_a_rate_there_is_no_limit() -> None:
    throttle = Throttle("", purpose="test")
    for _ in range(1000):
        throttle.hit("bob")
    throttle.forget("bob")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        (None, "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_a_place_is_an_address_or_a_network_of_ipv6(address: str | None, network: str) -> None:
    assert network_of(address) == network
