"""IP addresses of machines; no versions, sections, masks, nor addresses that every machine has.

Imports the findings and the words beside them.
"""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from chat.safety.personal.context import cue_after, cue_before
from chat.safety.personal.finding import Finding, Kind

_V4 = re.compile(r"(?<![\w.-])(?<!\d[:])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)(?P<net>/\d{1,2}\b)?")
_V6 = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}|:(?=:))(?::[0-9A-Fa-f]{0,4}){2,7}"
    r"(?::?(?:\d{1,3}\.){3}\d{1,3})?(?P<zone>%[\w.]{1,16})?(?![\w:]|\.\w)(?P<net>/\d{1,3}\b)?"
)
_VERSION_MARK = re.compile(r"(?:\b[vV]\.?|[~^<>=]=?|[-_@/]v?|§+|\bv\w{3,6})\s?\Z")
_OF_A_TELEPHONE = re.compile(r"\d\d\.\d{3}(?:\.\d\d){2}|\d\d(?:\.\d\d){3}")  # in Madrid, in Oslo
_HEEDED = frozenset(["ip", "version", "other"])
_NEAR = 6  # words in which a word that says something else counts
_SMALL = 32  # a part of a version or of a section's number is hardly greater
_KNOWN = {"1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9"}  # resolvers


def find_addresses(text: str) -> Iterator[Finding]:
    """Every address, without the port or the prefix behind it."""
    if "::" in text or text.count(":") > 6:
        for found in _V6.finditer(text):
            end = found.end() - len(found["net"] or "")
            if _is_v6(text, found.start(), end, found["net"]):
                yield Finding(Kind.IP, found.start(), end)
    if "." in text:
        for found in _V4.finditer(text):
            end = found.end() - len(found["net"] or "")
            if _is_v4(text, found.start(), end, found["net"]):
                yield Finding(Kind.IP, found.start(), end)


def _is_v4(text: str, start: int, end: int, net: str | None) -> bool:
    written = text[start:end]
    try:
        address = IPv4Address(written)
    except AddressValueError:
        return False
    if _is_everybodys(address) or written.startswith(("255.", "0.")):
        return False
    if _is_network(address, net):
        return False
    before = text[max(0, start - 12) : start]
    if _VERSION_MARK.search(before):
        return "://" in before or before.endswith(("@", "= ", "=")) and "==" not in before
    if _OF_A_TELEPHONE.fullmatch(written) and cue_before(text, start).denies("tel", within=0):
        return False
    said = cue_before(text, start, _HEEDED)
    if said.says("ip"):
        return True
    if said.says("version", "other", within=_NEAR) or cue_after(text, end, _HEEDED).says("version"):
        return False
    parts = [int(part) for part in written.split(".")]
    return max(parts) >= _SMALL or parts[0] == 10 or written in _KNOWN


def _is_v6(text: str, start: int, end: int, net: str | None) -> bool:
    bare = text[start:end].partition("%")[0]
    if not any(one.isdigit() for one in bare) or bare.count(":") < 2:
        return False
    if "::" not in bare and bare.count(":") < 7 and "." not in bare:
        return False
    try:
        address = IPv6Address(bare)
    except AddressValueError:
        return False
    if _is_everybodys(address) or _is_network(address, net):
        return False
    groups = sum(map(bool, bare.split(":")))
    is_plain = groups > 2 or "." in bare or bare[:2].lower() in ("fe", "fc", "fd")
    return is_plain or cue_before(text, start, _HEEDED).says("ip")


def _is_everybodys(address: IPv4Address | IPv6Address) -> bool:
    return address.is_loopback or address.is_unspecified or address.is_multicast


def _is_network(address: IPv4Address | IPv6Address, prefix: str | None) -> bool:
    """Whether `10.0.0.0/8` names a network: nothing is behind what its prefix covers."""
    rest = address.max_prefixlen - int(prefix[1:]) if prefix else 0
    return rest > 0 and not int(address) & ((1 << rest) - 1)
