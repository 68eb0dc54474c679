"""What breaks on a stage. A fault breaks something, waits, and mends it; then it returns.

Keeps true: whatever a fault broke serves again when it returns. `FAULTS` has all of them.
"""

import os
import random
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.instances import Owned, worker_of
from tests.faults.machines import RemoteSite
from tests.faults.stage import Stage
from tests.live import START_SECONDS
from tests.people import api_token

ZOMBIE_SECONDS = 10.0  # longer than a lease


@dataclass
class Breaking:
    """A stage, chance, and what the faults have done so far.

    `killed` is which answers each death has hit, and when. `longest` is the most seconds that Redis
    is away, `followers` how many come and leave at once.
    """

    stage: Stage
    chance: random.Random
    longest: float = 2.0
    followers: int = 100
    following: Callable[[], Sequence[str]] = list
    killed: list[tuple[float, Owned]] = field(default_factory=list)

    def kill(self, site: RemoteSite, how: Callable[[RemoteSite, int], None]) -> None:
        """End a process, noting what it wrote."""
        worker = wait_until_serves(site)
        owned = self.stage.owned_by(site, worker)
        at = time.monotonic()
        how(site, worker)
        self.killed += [(at, one) for one in owned]

    def any_site(self) -> RemoteSite:
        return self.chance.choice(self.stage.sites)


def wait_until_serves(site: RemoteSite) -> int:
    """The site's worker, as soon as it serves."""
    deadline = time.monotonic() + START_SECONDS
    while (worker := worker_of(site)) is None:
        assert time.monotonic() < deadline, f"it does not come back:\n{site.output}"
        time.sleep(0.02)  # between two looks at a condition, not for a time to pass
    return worker


def kill_worker(it: Breaking) -> None:
    """gunicorn's master makes another one."""
    site = it.any_site()
    it.kill(site, lambda _, worker: os.kill(worker, signal.SIGKILL))
    wait_until_serves(site)


def kill_master(it: Breaking) -> None:
    """The worker sees that it is alone, and leaves."""
    site = it.any_site()
    worker = wait_until_serves(site)
    site.end_master()
    while Path(f"/proc/{worker}").exists() and not _is_zombie(worker):
        time.sleep(0.02)  # between two looks at a condition, not for a time to pass
    site.start()


def kill_site(it: Breaking) -> None:
    """Master and worker at once, on a machine that goes on."""
    site = it.any_site()
    it.kill(site, lambda site, _: site.kill())
    site.start()


def lose_machine(it: Breaking) -> None:
    """Nobody can prove that its processes are gone: their leases have to run out."""
    site = it.any_site()
    it.kill(site, lambda site, _: site.crash())
    site.start()


def restart_gracefully(it: Breaking) -> None:
    """As a deploy does."""
    site = it.any_site()
    wait_until_serves(site)
    assert site.stop() == 0, site.output
    site.start()


def freeze(it: Breaking) -> None:
    """A process that wakes up after its lease went."""
    worker = wait_until_serves(it.any_site())
    os.kill(worker, signal.SIGSTOP)
    time.sleep(ZOMBIE_SECONDS)
    os.kill(worker, signal.SIGCONT)


def kill_redis(it: Breaking) -> None:
    """What it held is gone."""
    it.stage.redis.kill()
    time.sleep(it.chance.uniform(0.2, it.longest))
    it.stage.redis.start()


def freeze_redis(it: Breaking) -> None:
    """It holds its connections and answers nothing."""
    it.stage.redis.freeze()
    time.sleep(it.chance.uniform(0.2, it.longest))
    it.stage.redis.thaw()


def restart_postgresql(it: Breaking) -> None:
    """Every connection ends."""
    it.stage.postgres.stop(it.chance.choice([signal.SIGINT, signal.SIGQUIT]))
    it.stage.postgres.start()


def kill_postgresql(it: Breaking) -> None:
    """One of its processes dies by SIGKILL: it drops everybody and recovers, as after a crash."""
    it.stage.postgres.kill_one()
    it.stage.postgres.wait_until_it_answers()


def reload_nginx(it: Breaking) -> None:
    """Its old workers end the streams that they have after a while."""
    it.stage.nginx.reload()


def leave_together(it: Breaking) -> None:
    """Many follow the same answers and leave at once, without a word."""
    messages = it.following()
    if not messages:
        return
    crowd = [
        _follow(it.stage.sites[number % 2], it.chance.choice(messages))
        for number in range(it.followers)
    ]
    time.sleep(it.chance.uniform(0.0, 0.5))
    for one in crowd:
        one.close()


def _follow(site: RemoteSite, message_id: str) -> socket.socket:
    """A follower that has its first byte, and takes it with it when it leaves."""
    follower = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    follower.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # by a reset
    request = (
        f"GET /api/messages/{message_id}/stream HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {api_token('alice')}\r\n\r\n"
    )
    follower.sendall(request.encode())
    return follower


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


FAULTS: dict[str, Callable[[Breaking], None]] = {
    fault.__name__: fault
    for fault in (
        kill_worker,
        kill_master,
        kill_site,
        lose_machine,
        restart_gracefully,
        freeze,
        kill_redis,
        freeze_redis,
        restart_postgresql,
        kill_postgresql,
        reload_nginx,
        leave_together,
    )
}
