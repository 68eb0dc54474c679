"""What texts mean: vectors of a concept space, and which passages are nearest to a question."""
