"""Findings of texts that were looked at before: a passage is part of many prompts.

Keeps true: what is kept holds nothing of a text, only places and a hash without a way back; so many
are kept at most. Long texts are read on a real thread, so that no stream waits for them. Imports
the findings; the detectors are loaded at the first use.
"""

import hashlib
import secrets
from collections import OrderedDict

from chat.offload import run_blocking
from chat.safety.personal.finding import Finding

_MOST = 4_000  # texts whose findings are kept, about a megabyte
_LONG = 4_000  # characters: longer ones take more than a millisecond or two
_key = secrets.token_bytes(16)
_kept: OrderedDict[bytes, tuple[Finding, ...]] = OrderedDict()


def findings_of(text: str) -> tuple[Finding, ...]:
    """Those of `find_personal`."""
    digest = hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), digest_size=16, key=_key
    ).digest()
    found = _kept.get(digest)
    if found is None:
        from chat.safety.personal.detect import find_personal  # only where a policy is on

        is_long = len(text) > _LONG
        found = tuple(run_blocking(find_personal, text) if is_long else find_personal(text))
        _kept[digest] = found
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found
