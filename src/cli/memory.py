"""Why does a server keep memory that it has freed?

An answer of a megabyte is copied some times on its way out. glibc gives such blocks back to the kernel at
once and faults them in again, page by page, for the next answer: more than half of a gradebook's time. With
these limits it keeps them (see bench/graphql_gradebook.py; ADR 0038).
"""

from __future__ import annotations

import ctypes
from typing import Final

# From malloc.h: glibc's numbers of the parameters.
M_TRIM_THRESHOLD: Final = -1
M_TOP_PAD: Final = -2
M_MMAP_THRESHOLD: Final = -3

KEPT: Final = ((M_MMAP_THRESHOLD, 32 << 20), (M_TRIM_THRESHOLD, 64 << 20), (M_TOP_PAD, 8 << 20))  # bytes


def keep_freed_memory() -> bool:
    """Let this process keep up to 64 MiB per heap that it has freed; False where the C library cannot."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all(mallopt(parameter, value) == 1 for parameter, value in KEPT)
