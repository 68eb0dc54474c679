"""Parley: answers that belong to the server, not to a request."""

__version__ = "0.1.0"
