"""Backups of a whole site: the file that one is, what goes into it, and how it comes back."""
