"""What the team knows: documents, passages, concepts, and the search over them."""
