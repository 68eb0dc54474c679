"""What is run aside: the result and the exception of a call, on a stack of its own."""

import subprocess
import sys
from textwrap import dedent

import pytest

from chat.offload import aside


def test_a_call_aside_gives_its_result() -> None:
    assert aside(divmod, 7, 2) == (3, 1)


def test_an_exception_aside_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        aside(divmod, 7, 0)


def test_a_patched_process_calls_aside_on_another_stack_that_may_wait() -> None:
    program = """
        from gevent import monkey
        monkey.patch_all()
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
    done = subprocess.run(
        [sys.executable, "-c", dedent(program)], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "raised here\n", done.stderr
