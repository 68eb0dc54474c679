"""Where the boxes meet: a question becomes a run, a run becomes an answer."""
