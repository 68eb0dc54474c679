"""Reads files of every kind in a child process that is bounded and can be killed."""
