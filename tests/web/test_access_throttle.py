"""How often somebody may try."""

import threading

import pytest
from flask import Flask

from chat.errors import RateLimited
from chat.web import throttle
from chat.web.throttle import Throttle, network_of


def test_the_one_too_many_is_told_how_long_to_wait() -> None:
    tries = Throttle("2/minute", purpose="test", detail="Too fast.")
    tries.hit("bob")
    tries.hit("bob")
    with pytest.raises(RateLimited) as refused:
        tries.hit("bob")
    assert refused.value.retry_after is not None
    assert 0 < refused.value.retry_after <= 61
    assert f"Try again in {refused.value.retry_after:.0f} seconds" in refused.value.detail
    tries.hit("alice")


def test_what_was_refused_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1_000_000.0]
    monkeypatch.setattr("time.time", lambda: clock[0])
    tries = Throttle("1/minute", purpose="test")
    tries.hit("bob")
    for moment in (1_000_030.0, 1_000_059.0):
        clock[0] = moment
        with pytest.raises(RateLimited):
            tries.hit("bob")
    clock[0] = 1_000_061.0
    tries.hit("bob")


def test_a_key_starts_anew_when_it_is_forgotten() -> None:
    tries = Throttle("1/minute", purpose="test")
    tries.hit("bob")
    tries.forget("bob")
    tries.hit("bob")


def test_without_a_rate_there_is_no_limit() -> None:
    tries = Throttle("", purpose="test")
    for _ in range(1000):
        tries.hit("bob")
    tries.forget("bob")


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


def test_two_requests_that_come_first_count_together(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2)
    made = throttle.Windows

    def make_slowly(*given: object) -> throttle.Windows:
        both.wait(10)
        return made(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(throttle, "Windows", make_slowly)
    found: list[Throttle] = []

    def find() -> None:
        with app.app_context():
            found.append(throttle.kept_throttle("test", "1/minute", "Too fast.", "request"))

    threads = [threading.Thread(target=find) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert found[0] is found[1]
