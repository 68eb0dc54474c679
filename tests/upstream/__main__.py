"""`python -m tests.upstream --port 0` prints its port, and serves until its stdin closes."""

import argparse
import asyncio
import os
import sys

from tests.upstream.connections import Server


async def serve(port: int) -> None:
    stdin_closed = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), read_stdin, stdin_closed)
    listening = await Server().listen(port)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await stdin_closed.wait()


def read_stdin(closed: asyncio.Event) -> None:
    """Nothing is said there; its end is the owner's."""
    if not os.read(sys.stdin.fileno(), 1024):
        closed.set()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A loopback provider of models, good and bad.")
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(serve(parser.parse_args().port))
