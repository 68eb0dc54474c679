"""Takes from a process what reading a file does not need: memory, time, network, other programs.

Called by the child on itself before it looks at the file. Keeps true: what is taken does not come
back. The kernel's filter of system calls (seccomp, kernel.org/doc/html/latest/userspace-api/
seccomp_filter.html) is of Linux on x86-64 and arm64; elsewhere Python's audit hook alone refuses.
Imports nothing of Parley.
"""

import ctypes
import os
import platform
import resource
import signal
import sys

_FILES = 32  # that are open at once
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # go on; EPERM
_DEATH_SIGNAL, _NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 1, 38, 22, 2  # prctl
_X32 = 0x40000000  # the second set of numbers of x86-64

# socket, socketpair, bind, connect, clone, fork, vfork, execve, execveat, clone3, ptrace, kill,
# process_vm_readv, process_vm_writev, io_uring_setup, by audit architecture.
_CALLS = {
    "x86_64": (0xC000003E, (41, 53, 49, 42, 56, 57, 58, 59, 322, 435, 101, 62, 310, 311, 425)),
    "aarch64": (0xC00000B7, (198, 199, 200, 203, 220, 221, 281, 435, 117, 129, 270, 271, 425)),
}
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system",
              "os.remove", "os.rename", "os.mkdir", "os.rmdir", "shutil.")  # fmt: skip


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8),
                ("k", ctypes.c_uint32))  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction)))


def confine(memory: int, seconds: int) -> None:
    """Bound this process: `memory` in bytes of address space, `seconds` of processor time."""
    _lower(resource.RLIMIT_AS, memory)
    _lower(resource.RLIMIT_CPU, seconds)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, _FILES)
    os.nice(10)  # the site's own work comes first
    _end_with_parent()
    _refuse_calls()
    sys.addaudithook(_refuse)


def _lower(what: int, wanted: int) -> None:
    _, hard = resource.getrlimit(what)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (most, most))


def _end_with_parent() -> None:
    """Let the kernel end this process when the one that started it dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def _refuse(event: str, _args: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not allowed while a file is read")


def _refuse_calls() -> bool:
    """Have the kernel refuse network and programs; whether it does."""
    known = _CALLS.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, numbers = known
    left = len(numbers)
    steps = [
        _Instruction(_LOAD, 0, 0, 4),
        _Instruction(_EQUAL, 0, left + 3, architecture),
        _Instruction(_LOAD, 0, 0, 0),
        _Instruction(_AT_LEAST, left + 1, 0, _X32),
        *(_Instruction(_EQUAL, left - at, 0, number) for at, number in enumerate(numbers)),
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _REFUSE),
    ]
    program = _Program(len(steps), (_Instruction * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return not libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)
