"""What address may be read from: no notation and no name leads inside."""

import ipaddress
import random
import socket
from collections.abc import Iterator, Sequence

import pytest

from chat.errors import Invalid
from chat.knowledge.addresses import IpAddress, is_public, pinned, read_address

INSIDE = (
    "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255",
)  # fmt: skip
INSIDE_6 = (
    "::", "::1", "::2", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "100::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1",
    "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "4000::1", "8000::1",
)  # fmt: skip
OUTSIDE = ("1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "192.167.1.1",
           "100.63.255.255", "100.128.0.1", "2606:4700::1111",
           "2a00:1450:4001:81b::200e")  # fmt: skip


@pytest.mark.parametrize("text", [*INSIDE, *INSIDE_6])
def test_what_is_inside_is_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_is_outside_is(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


def test_a_link_of_its_own_zone_is_not_public() -> None:
    assert not is_public(ipaddress.ip_address("2606:4700::1111%eth0"))


def test_no_form_of_ipv6_that_carries_an_address_inside_is_public() -> None:
    """Mapped, compatible, translated, NAT64 and its local prefix, 6to4 and Teredo, of any."""
    chance = random.Random(5)
    for network in map(ipaddress.ip_network, ("10.0.0.0/8", "127.0.0.0/8", "192.168.0.0/16")):
        for _ in range(200):
            four = int(network[0]) + chance.randrange(network.num_addresses)
            for six in (
                four,
                (0xFFFF << 32) | four,
                (0xFFFF << 48) | four,
                (0x0064FF9B << 96) | four,
                (0x0064FF9B0001 << 80) | four,
                (0x2002 << 112) | (four << 80),
                (0x20010000 << 96) | (four ^ 0xFFFFFFFF),
            ):
                assert not is_public(ipaddress.IPv6Address(six))


def test_all_of_ipv4_that_the_standard_library_knows_as_not_global_is_out() -> None:
    chance = random.Random(6)
    for _ in range(20_000):
        ip = ipaddress.IPv4Address(chance.getrandbits(32))
        if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_link_local:
            assert not is_public(ip), ip


@pytest.mark.parametrize(
    "text",
    [
        "http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0x7f.0.0.1/",
        "http://0177.0.0.1/", "http://127.1/", "http://127.0.1/", "http://127.0.0.1.5/",
        "http://0/", "http://00000000.0.0.0/", "http://127.0.0.01/", "http://0x/", "http://1.2.3.0x4/",
        "http://8.8.2056/", "http://134744072/", "http://[::1%25lo]/", "http://[fe80::1%eth0]/",
        "http://[::1]x/", "http://[::1", "http://[127.0.0.1]/", "http://①②⑦.⓪.⓪.①.⑤/",
    ],
)  # fmt: skip
def test_no_other_notation_of_an_ip_is_read(text: str) -> None:
    with pytest.raises(Invalid):
        read_address(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://127.0.0.1./", "127.0.0.1"),
        ("http://１２７．０．０．１/", "127.0.0.1"),
        ("http://①②⑦.⓪.⓪.①/", "127.0.0.1"),
        ("http://[0:0:0:0:0:0:0:1]/", "::1"),
        ("http://[::ffff:127.0.0.1]/", "::ffff:7f00:1"),
        ("https://EXAMPLE.org./a", "example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
    ],
)
def test_a_host_has_one_notation_however_it_was_typed(text: str, host: str) -> None:
    assert ipaddress_or_name(read_address(text).host) == ipaddress_or_name(host)


def ipaddress_or_name(host: str) -> object:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return host


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begins with https:// or http://"),
        ("example.org", "begins with https:// or http://"),
        ("file:///etc/passwd", "begins with https:// or http://"),
        ("gopher://example.org/", "begins with https:// or http://"),
        ("http:///a", "begins with https:// or http://"),
        ("http:example.org", "begins with https:// or http://"),
        ("https://user@example.org/", "a user's name or a password"),
        ("https://user:secret@example.org/", "a user's name or a password"),
        ("https://example.org@127.0.0.1/", "a user's name or a password"),
        ("https://example.org\\@127.0.0.1/", "no spaces, control characters or backslashes"),
        ("https://example.org/a b", "no spaces, control characters or backslashes"),
        ("https://example.org/\r\nHost: x", "no spaces, control characters or backslashes"),
        ("https://example.org/\x00", "no spaces, control characters or backslashes"),
        ("https://example.org:22/", "from the ports 80 and 443 only, not from 22"),
        ("https://example.org:99999/", "no address that can be read"),
        ("https://example.org:x/", "no address that can be read"),
        ("https://exa%6dple.org/", "name of the host cannot be read"),
        ("https://-example.org/", "name of the host cannot be read"),
        ("https://a..b/", "name of the host cannot be read"),
        (f"https://example.org/{'x' * 2000}", "at most 2000 characters"),
    ],
)
def test_what_is_no_address_of_a_page_is_refused_with_why(text: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_address(text)
    assert words in refused.value.detail


def test_an_address_keeps_its_path_and_query_and_loses_its_fragment() -> None:
    address = read_address(" https://example.org:443/ä/%20b?q=1&r='x'#top ")
    assert (address.port, address.origin) == (443, "example.org")
    assert address.target == "/%C3%A4/%20b?q=1&r='x'"
    assert read_address(address.url) == address
    assert (
        read_address("http://[2606:4700::1111]:8080/", (8080,)).origin == "[2606:4700::1111]:8080"
    )


def test_an_address_survives_being_written_and_read_again() -> None:
    """Whatever is accepted means the same a second time: a redirect cannot change it on the way."""
    accepted = 0
    for text in _guesses(random.Random(11), 4000):
        try:
            address = read_address(text)
        except Invalid:
            continue
        accepted += 1
        assert read_address(address.url) == address, text
        assert address.target.isascii()
        assert not set("\r\n \\@") & set(address.host)
    assert accepted > 100


def _guesses(chance: random.Random, count: int) -> Iterator[str]:
    text = (
        r"http https :// : / // @ example.org 127.0.0.1 [::1] %2f % ? # \ 80 443 . 0x7f ä ① .. [ ]"
    )
    parts = [*text.split(), "%00", "\t"]
    for _ in range(count):
        head = chance.choice(["http://", "https://", ""])
        yield head + "".join(chance.choice(parts) for _ in range(chance.randint(1, 6)))


def leading_to(*texts: str) -> object:
    def look_up(host: str, port: int) -> Sequence[IpAddress]:
        return [ipaddress.ip_address(text) for text in texts]

    return look_up


@pytest.mark.parametrize("inside", ["10.0.0.1", "::1", "::ffff:192.168.0.1", "169.254.169.254"])
def test_one_address_inside_spoils_a_name(inside: str) -> None:
    address = read_address("https://example.org/")
    for found in ((inside,), ("1.1.1.1", inside), (inside, "1.1.1.1")):
        with pytest.raises(Invalid, match="private network"):
            pinned(address, look_up=leading_to(*found))  # type: ignore[arg-type]
    good = leading_to("1.1.1.1", "2606:4700::1111")
    assert str(pinned(address, look_up=good)) == "1.1.1.1"  # type: ignore[arg-type]


def test_every_notation_that_the_system_would_read_as_loopback_is_refused() -> None:
    """What `read_address` lets through is looked at as what the system makes of it."""
    for text in ("localhost", "127.0.0.1", "::1"):
        found = socket.getaddrinfo(text, 80, type=socket.SOCK_STREAM)
        assert not any(is_public(ipaddress.ip_address(str(one[4][0]))) for one in found)
    with pytest.raises(Invalid, match="private network"):
        pinned(read_address("http://localhost/"))
