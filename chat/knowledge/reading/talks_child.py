"""The process that reads one export of conversations: bounds itself, then writes JSON Lines.

`python -m chat.knowledge.reading.talks_child MEMORY SECONDS`, with the file as standard input. Its
lines are `{"total": …}` once, conversations as `talks.py` tells them, and `{"end": true}`, or
`{"reason": …, "detail": …}` for a file that is none. Imports limits, refusals and talks.
"""

import json
import os
import sys

from chat.knowledge.reading.limits import confine
from chat.knowledge.reading.refusals import Refused
from chat.knowledge.reading.talks import parsed, read_talks


def main() -> None:
    """Read standard input as an export."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is no line of ours

    def say(line: object) -> None:
        output.write(json.dumps(line).encode() + b"\n")

    confine(memory, seconds)
    with os.fdopen(0, "rb") as file:
        try:
            held = parsed(file)
            say({"total": len(held)})
            for talk in read_talks(held):
                say(talk)
        except Refused as refused:
            say({"reason": refused.reason, "detail": refused.detail})
            return
    say({"end": True})


if __name__ == "__main__":
    main()
