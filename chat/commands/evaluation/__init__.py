"""What `evaluate` measures with: a throw-away library, judgements of answers, and figures."""
