"""E-mail addresses, also of other scripts (RFC 6531), and written `name [at] example [dot] org`.

Imports nothing of Parley but the findings.
"""

import re
from collections.abc import Iterator

from chat.safety.personal.finding import Finding, Kind

_LOCAL = r"[^\W_](?:[\w.+'’~-]{0,62}[\w+~-])?|_[\w.+-]{1,62}"
_LABEL = r"[^\W_](?:[^\W_]|-(?=[^\W_]|-)){0,62}"
_PLAIN = re.compile(
    rf"(?<![\w.+~@-])(?P<local>{_LOCAL})@(?P<host>(?:{_LABEL}\.)+[^\W\d_]{{2,24}}"
    rf"|(?:{_LABEL}\.)+xn--[a-z0-9-]{{2,59}})(?![\w@])(?!\.\w+@)"
)
_LITERAL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@\[(?:IPv6:[0-9a-fA-F:.]+|\d{1,3}(?:\.\d{1,3}){3})\]"
)
_NAME = r"[A-Za-z0-9][\w+-]*"
_AT = r"\s?[\[({<]\s?(?:at|AT|@|arroba|ät)\s?[\])}>]\s?"
_DOT = r"(?:\s?[\[({<]\s?(?:dot|DOT|\.|punkt|point|punto)\s?[\])}>]\s?|\.)"
_SPELLED = re.compile(
    rf"(?<![\w.+-]){_NAME}(?:{_DOT}[\w+-]+){{0,4}}{_AT}{_NAME}(?:{_DOT}[\w-]+){{0,4}}"
    rf"{_DOT}[A-Za-z]{{2,12}}(?![\w-])"
    rf"|(?<![\w.+-]){_NAME}(?:\.[\w+-]+){{0,3}} (?:at|AT) [\w-]{{2,40}}"
    r" (?:dot|DOT) [a-z]{2,12}\b"
)
_MAY_SPELL = re.compile(r"[\[({<]\s?(?:at|AT|@|arroba|ät)\s?[\])}>]| (?:at|AT) [\w-]+ (?:dot|DOT) ")
# What looks like the end of a host but is that of a file (`logo@2x.png`).
_ENDINGS = (
    "png|jpg|jpeg|gif|svg|webp|avif|ico|bmp|pdf|css|scss|js|mjs|ts|tsx|jsx|json|yaml|yml|toml|xml|"
    "html|htm|txt|csv|tsv|log|exe|dll|jar|war|class|lock|map|md5|tmp|bak|sql|db|conf|cfg|ini"
)
_FILES = frozenset(_ENDINGS.split("|"))
_USERS = frozenset({"git", "hg", "svn"})


def find_emails(text: str) -> Iterator[Finding]:
    """Every address, without `mailto:` and without what ends its sentence."""
    if "@" in text:
        for found in _PLAIN.finditer(text):
            if _is_address(text, found):
                yield Finding(Kind.EMAIL, found.start(), found.end())
        for found in _LITERAL.finditer(text):
            yield Finding(Kind.EMAIL, found.start(), found.end())
    if _MAY_SPELL.search(text):
        for found in _SPELLED.finditer(text):
            yield Finding(Kind.EMAIL, found.start(), found.end())


def _is_address(text: str, found: re.Match[str]) -> bool:
    local, host, after = found["local"], found["host"], text[found.end() : found.end() + 2]
    if host.rpartition(".")[2].lower() in _FILES or ".." in local:
        return False
    if text[max(0, found.start() - 3) : found.start()].endswith("://"):
        return False  # who signs in at an address, or a secret
    is_path = after[:1] == ":" and len(after) == 2 and (after[1].isalnum() or after[1] in "/~")
    return local not in _USERS and not is_path  # `git@host:path` names an account of a machine
