"""What was written, in order."""
