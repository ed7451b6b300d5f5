"""Does a serving process really keep what it frees?"""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import resource
from dziennik.cli.memory import keep_freed_memory
kept = {keep}
block = 1 << 20
bytearray(block)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(200):
    bytearray(block)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(keep: str) -> int:
    """What 200 blocks of a megabyte cost a fresh process."""
    command = [sys.executable, "-c", SCRIPT.format(keep=keep)]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's mallopt is meant")
def test_blocks_of_a_megabyte_are_not_faulted_in_again() -> None:
    assert page_faults("keep_freed_memory()") * 10 < page_faults("False")
