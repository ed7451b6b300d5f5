"""The server's parent: it outlives whoever started the server, and stops it when nobody uses it any more.

A program of its own, executed by path: standard library only, nothing of ours. Everybody who uses the
server holds a shared lock on the use file, so the exclusive lock is had when the last of them is gone,
however they went (kill -9 included). Standard input is open as long as the starter is there. Standard
output tells the starter: its end means that the server has ended, KEPT that others still use it.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading

KEPT = b"kept"
STOP_SECONDS = 60  # for a fast shutdown; then the server is told to drop everything


def main(use_file: str, uid: str, gid: str, inherited: str, *command: str) -> None:
    """Run `command` as `uid` and `gid`, handing it the descriptors `inherited` ("3,5"), until it ends."""
    use = os.open(use_file, os.O_RDWR)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    for ignored in signal.SIGINT, signal.SIGHUP:
        signal.signal(ignored, signal.SIG_IGN)
    keep = [int(number) for number in inherited.split(",")]
    server = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=2,
        stderr=2,
        cwd="/",
        pass_fds=keep,
        preexec_fn=_in_server,  # noqa: PLW1509 - no thread runs yet
    )
    for descriptor in keep:  # the locks are the server's: gone when the last of its processes is gone
        os.close(descriptor)
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(signal.SIGINT))
    threading.Thread(target=_stop_when_unused, args=(server, use), daemon=True).start()
    server.wait()
    os._exit(0)


def _in_server() -> None:
    """Ask for a fast shutdown should the supervisor itself be killed; elsewhere than on Linux nobody does."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def _stop_when_unused(server: subprocess.Popen[bytes], use: int) -> None:
    while os.read(0, 64):
        pass
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with contextlib.suppress(OSError):  # the starter may have been killed
            os.write(1, KEPT)
        os.close(1)
        fcntl.flock(use, fcntl.LOCK_EX)
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)


if __name__ == "__main__":
    main(*sys.argv[1:])
