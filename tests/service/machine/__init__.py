"""A fresh Debian for a test: this machine's root, copied on write, with a systemd of its own.

Needs root, overlayfs and namespaces; where they are missing, tests that need it are skipped and say
why. Nothing outside of it changes, and everything that it started ends with it.
"""
