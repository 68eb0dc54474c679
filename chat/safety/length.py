"""How long a text is for a model. Pure. Imports nothing of Parley."""

_BYTES = 4  # of UTF-8 a token: four letters of English, or one and a third of Chinese


def estimate_tokens(text: str) -> int:
    """Tokens by the usual rule of four letters each, letters counted in bytes of UTF-8."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    return -(-size // _BYTES)
