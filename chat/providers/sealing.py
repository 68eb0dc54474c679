"""Keys of providers as they are kept: encrypted under a key that follows from the secret key.

HKDF-SHA256 (RFC 5869) makes a key of its own for each provider, so that a sealed key opens nowhere
but in its row; Fernet (AES-128-CBC, HMAC-SHA256) encrypts and signs. `cryptography` is loaded only
when a key is sealed or opened: it costs 10 MB and 18 ms. Imports nothing of Parley.
"""

from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class Unreadable(Exception):
    """A sealed key cannot be opened: the secret key is another one by now."""


class Sealer:
    """Seals and opens keys with the site's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._secret = secret_key.encode()

    def seal(self, provider_id: str, key: str) -> str:
        """The key as it may be stored; "" stays "", since there is nothing to hide."""
        return self._fernet(provider_id).encrypt(key.encode()).decode() if key else ""

    def open(self, provider_id: str, sealed: str) -> str:
        """The key that was sealed for this provider; Unreadable when that is not possible."""
        if not sealed:
            return ""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet(provider_id).decrypt(sealed.encode()).decode()
        except (InvalidToken, ValueError) as error:
            raise Unreadable from error

    def _fernet(self, provider_id: str) -> "Fernet":
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = b"parley key of provider " + provider_id.encode()
        derived = HKDF(SHA256(), length=32, salt=None, info=info).derive(self._secret)
        return Fernet(urlsafe_b64encode(derived))
