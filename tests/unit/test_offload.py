"""What is run aside, on a stack of its own, and who rests; with and without greenlets."""

import subprocess
import sys
import time
from textwrap import dedent

import pytest

from chat.offload import aside, at_round_end, rest


def test_a_call_aside_gives_its_result() -> None:
    assert aside(divmod, 7, 2) == (3, 1)


def test_an_exception_aside_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        aside(divmod, 7, 0)


def test_a_patched_process_calls_aside_on_another_stack_that_may_wait() -> None:
    program = """
        import threading
        import gevent
        from chat.offload import aside

        woken = threading.Event()

        def work(seconds):
            assert woken.wait(seconds), "nobody else went on meanwhile"
            return gevent.getcurrent()

        threading.Thread(target=woken.set).start()
        assert aside(work, 50) is not gevent.getcurrent()
        try:
            aside(divmod, 7, 0)
        except ZeroDivisionError:
            print("raised here")
    """
    assert _run_patched(program) == "raised here\n"


def test_who_rests_is_not_woken_before_its_time() -> None:
    until = time.monotonic() + 0.01
    rest(0.01)
    assert time.monotonic() >= until
    rest(-1.0)


def test_in_a_patched_process_all_rest_at_once_and_each_for_its_own_time() -> None:
    program = """
        import threading, time
        from chat.offload import rest

        woken = []

        def run(seconds):
            until = time.monotonic() + seconds
            rest(seconds)
            woken.append(until <= time.monotonic())

        threads = [threading.Thread(target=run, args=(n % 7 / 50,)) for n in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        print(sum(woken))
    """
    assert _run_patched(program) == "200\n"


def test_who_rests_about_so_long_is_woken_with_others() -> None:
    program = """
        import time
        from chat.offload import at_round_end, begin, rest_about

        woken, in_time = [0], []

        def run(seconds):
            begun = time.monotonic()
            rest_about(seconds)
            in_time.append(time.monotonic() - begun > seconds - 0.013)
            woken[-1] += 1
            if woken[-1] == 1:
                assert at_round_end(lambda: woken.append(0))

        for number in range(50):
            begin(lambda seconds=0.1 + number / 1000: run(seconds))
        until = time.monotonic() + 10
        while sum(woken) < 50 and time.monotonic() < until:
            time.sleep(0.01)
        print(sum(woken), sum(in_time), len(woken) - 1 <= 4)  # of ticks of 8 ms there were 7
    """
    assert _run_patched(program) == "50 50 True\n"


def test_who_is_late_rests_about_until_the_next_tick() -> None:
    program = """
        import time
        from chat.offload import rest_about

        rested = 0
        for _ in range(20):
            while not 0.004 < time.monotonic() % 0.025 < 0.008:  # the last tick is the nearest
                time.sleep(0.001)
            begun = time.monotonic()
            rest_about(0.001)
            rested += time.monotonic() - begun > 0.005  # a timer fires early on a busy machine
        print(rested >= 10)
    """
    assert _run_patched(program) == "True\n"


def test_what_a_round_leaves_is_done_once_all_have_been_woken() -> None:
    program = """
        import threading, time
        from chat.offload import at_round_end, rest

        done = []

        def run(number):
            rest(0.5)
            done.append("woken")
            assert at_round_end(lambda: done.append("sent"))

        threads = [threading.Thread(target=run, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        time.sleep(0.001)
        print(*done, at_round_end(print))
    """
    assert _run_patched(program) == "woken woken woken sent sent sent False\n"


def test_one_that_fails_keeps_nobody_from_being_woken() -> None:
    program = """
        import threading, time
        from chat.offload import at_round_end, begin, rest

        done = []

        def run(number):
            rest(0.2)
            assert at_round_end(lambda: done.append("sent"))
            if number == 1:
                raise ZeroDivisionError
            done.append(number)

        for number in range(3):
            begin(lambda number=number: run(number))
        until = time.monotonic() + 10
        while len(done) < 5 and time.monotonic() < until:
            time.sleep(0.01)
        print(*done)
    """
    assert _run_patched(program) == "0 2 sent sent sent\n"


def test_where_nobody_rests_there_is_no_round() -> None:
    rest(0.001)
    assert not at_round_end(lambda: None)


def _run_patched(program: str) -> str:
    """What a program prints in a process where threads are greenlets."""
    patched = f"from gevent import monkey\nmonkey.patch_all()\n{dedent(program)}"
    done = subprocess.run(
        [sys.executable, "-c", patched], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
