"""Which addresses of the web may be read: checked as text, then where their names lead.

Keeps true: an address names a host by its name or by one plain IP address, in no other notation; it
carries no credentials; it leads to ports that are allowed and to addresses of the public internet
only, whatever its name resolves to. Pure but for `resolve`. Imports the plain ground.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from chat.errors import Invalid

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 2000  # characters of an address
PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_LIKE_A_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_WITHIN = tuple(
    ipaddress.ip_network(network)
    for network in (
        # IPv4, beyond what the standard library calls not global (RFC 6890 and its registry)
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        # IPv6: all but 2000::/3, and of that what carries an IPv4 address or is no host's
        "::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "5f00::/16",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """Where to look: `scheme://host:port/target`; `host` is a name or an IP, as it is connected."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """The host as a `Host` header has it: with its port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.origin}{self.target}"


def is_public(ip: IpAddress) -> bool:
    """Whether an address is one of the public internet, that a page may be read from."""
    if isinstance(ip, ipaddress.IPv6Address) and ip.scope_id:
        return False
    return ip.is_global and not any(ip in network for network in _WITHIN)


def read_address(text: str, ports: Sequence[int] = (80, 443)) -> Address:
    """The address that somebody typed; Invalid, with why, when it may not be read."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Invalid(f"An address may have at most {LONGEST} characters.")
    if _UNFIT.search(text):
        raise Invalid("An address has no spaces, control characters or backslashes.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Invalid("This is no address that can be read.") from error
    if parts.scheme not in PORTS or not parts.netloc:
        raise Invalid("An address begins with https:// or http://, and names a host.")
    if "@" in parts.netloc:
        raise Invalid("An address with a user's name or a password in it is not read.")
    port = PORTS[parts.scheme] if port is None else port
    if port not in ports:
        allowed = " and ".join(map(str, ports))
        raise Invalid(f"Pages are read from the ports {allowed} only, not from {port}.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/?%:@!$&'()*+,;=~-._")
    target = f"{path}?{query}" if parts.query else path
    return Address(parts.scheme, _host(parts.netloc), port, target)


def _host(netloc: str) -> str:
    """The host, in one notation: a name in ASCII, four decimal numbers, or an IPv6 address."""
    if netloc.startswith("["):
        inner, _, rest = netloc[1:].partition("]")
        if (rest and not rest.startswith(":")) or "%" in inner:
            raise Invalid("This is no address that can be read.")
        return _literal(inner, ipaddress.IPv6Address)
    name = netloc.rpartition(":")[0] if ":" in netloc else netloc
    name = _in_ascii(name).lower().removesuffix(".")
    last = name.rpartition(".")[2]
    if _LIKE_A_NUMBER.fullmatch(last):
        return _literal(name, ipaddress.IPv4Address)
    if not _NAME.fullmatch(name) or len(name) > 253:
        raise Invalid("The name of the host cannot be read.")
    return name


def _in_ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Invalid("The name of the host cannot be read.") from error


def _literal(text: str, kind: Callable[[str], IpAddress]) -> str:
    try:
        return str(kind(text))
    except ValueError as error:
        raise Invalid("An IP address is written as 192.0.2.1 or [2001:db8::1].") from error


Resolve = Callable[[str, int], Sequence[IpAddress]]


def resolve(host: str, port: int) -> list[IpAddress]:
    """What a name leads to now; Invalid where it leads nowhere."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Invalid(f"There is no host of the name {host}.") from error
    return [ipaddress.ip_address(str(entry[4][0])) for entry in found]


def pinned(
    address: Address, allows: Callable[[IpAddress], bool] = is_public, look_up: Resolve = resolve
) -> IpAddress:
    """The one IP that is connected to; Invalid when any that the name leads to may not be."""
    found = look_up(address.host, address.port)
    if not found or not all(map(allows, found)):
        raise Invalid("This address leads into a private network. Only public pages are read.")
    return found[0]
