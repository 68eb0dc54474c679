"""Reads are 20 ms apart while the process is idle, up to 100 ms as it gets busy, 200 when full."""

import pytest

from chat.providers.pacing import Pace


class Machine:
    """Clocks that tests turn; a sleep turns them too."""

    def __init__(self) -> None:
        self.now = self.cpu = 0.0
        self.measured = 0
        self.slept: list[float] = []
        self.slept_about: list[float] = []

    def clock(self) -> float:
        return self.now

    def process_time(self) -> float:
        self.measured += 1
        return self.cpu

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def sleep_about(self, seconds: float) -> None:
        self.slept_about.append(seconds)

    def run(self, pace: Pace, share: float, seconds: float = 10.0) -> float:
        """The interval after this long at that share of a core."""
        until = self.now + seconds
        while self.now < until:
            self.now += 0.05
            self.cpu += 0.05 * share
            interval = pace.interval()
        return interval


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def pace(machine: Machine) -> Pace:
    return Pace(machine.clock, machine.process_time, machine.sleep, machine.sleep_about)


def test_the_first_answer_is_not_slowed(pace: Pace) -> None:
    assert pace.interval() == 0.020


@pytest.mark.parametrize(
    ("share", "interval"),
    [(0.0, 0.020), (0.1, 0.020), (0.175, 0.060), (0.25, 0.100), (0.8, 0.100), (1.9, 0.200)],
)
def test_the_interval_follows_the_share_of_the_core(
    machine: Machine, pace: Pace, share: float, interval: float
) -> None:
    assert machine.run(pace, share) == pytest.approx(interval, abs=0.001)


def test_a_process_that_calms_down_is_fast_again(machine: Machine, pace: Pace) -> None:
    machine.run(pace, 1.0)
    assert machine.run(pace, 0.0, seconds=1.5) == 0.020


def test_many_that_ask_measure_four_times_a_second_at_most(machine: Machine, pace: Pace) -> None:
    before = machine.measured
    for _ in range(1000):
        machine.now += 0.001
        pace.interval()
    assert machine.measured - before <= 4


def test_a_rest_lasts_until_the_interval_is_over(machine: Machine, pace: Pace) -> None:
    machine.now = 0.005
    pace.rest(since=0.0)
    assert machine.slept == [pytest.approx(0.015)]
    assert machine.now == pytest.approx(0.020)


def test_a_busy_process_wakes_streams_together(machine: Machine, pace: Pace) -> None:
    machine.run(pace, 0.5)
    pace.rest(since=machine.now)
    assert (machine.slept, machine.slept_about) == ([], [pytest.approx(0.1)])


def test_a_reader_that_is_late_only_lets_others_go_first(machine: Machine, pace: Pace) -> None:
    machine.now = 0.2
    pace.rest(since=0.0)
    assert machine.slept == [0]
