"""How well the guardrails tell personal data and injections, on labelled texts."""
