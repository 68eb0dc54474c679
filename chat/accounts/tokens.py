"""The secrets that let somebody in without a password, and what is kept of them.

Keeps true: a token has 256 random bits and is never stored; its SHA-256 is enough to find its row
and useless to whoever reads the database. Imports nothing of Parley.
"""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """A fresh secret of 43 characters, fit for an address and a header."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a token: 64 hex digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def setup_token(secret_key: str) -> str:
    """The token of the set-up link: whoever can read the server's output, or its secret, has it."""
    return hmac.new(secret_key.encode(), b"parley-setup", hashlib.sha256).hexdigest()


def is_setup_token(secret_key: str, token: str) -> bool:
    """Whether `token` is the set-up token, compared in constant time."""
    return hmac.compare_digest(
        setup_token(secret_key).encode(), token.encode("utf-8", "surrogatepass")
    )
