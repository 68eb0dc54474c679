"""What may pass: pure checks of text."""
