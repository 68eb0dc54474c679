"""Who writes the text of an answer."""
