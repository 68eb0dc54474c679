"""The process that reads one file: bounds itself, reads standard input, writes messages.

`python -m chat.knowledge.reading.child NAME MEMORY SECONDS`, with the file as standard input.
Keeps true: no byte of the file is looked at before the bounds hold; what it writes is messages and
nothing else. Imports limits, files and messages.
"""

import os
import sys

from chat.knowledge.reading import messages
from chat.knowledge.reading.files import read_file
from chat.knowledge.reading.limits import confine


def main() -> None:
    """Read standard input as a file with the name that is given."""
    name, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is no message

    def report(message: messages.Message) -> None:
        output.write(messages.encode(message) + b"\n")

    confine(memory, seconds)
    with os.fdopen(0, "rb") as file:
        read_file(file, name, report)
    report(messages.Finished())


if __name__ == "__main__":
    main()
