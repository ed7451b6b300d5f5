"""Runs a module so that it sleeps as long as it says, whatever libfaketime makes of its clock.

`python -m tests.torture.sleeping MODULE ARGUMENT...`. With a clock that jumps and a monotonic one that does
not, the library (0.9.10) hands the system a time to wake up at that it refuses: every `time.sleep` raises
OSError. Whatever waits for something else is left alone by it, so that is what sleeping is done with here.
"""

from __future__ import annotations

import runpy
import select
import sys
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex) -> None:
    """As `time.sleep`."""
    select.select((), (), (), max(float(seconds), 0.0))


if __name__ == "__main__":
    time.sleep = sleep
    module = sys.argv.pop(1)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
