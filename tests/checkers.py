"""Programs by others that check what Dziennik writes: all there in CI (.ci/run), skipped where missing."""

from __future__ import annotations

import os
import shutil

import pytest

IN_CI = os.environ.get("CI") == "true"


def needs(program: str, package: str) -> pytest.MarkDecorator:
    """Skip the test, with the reason, where `program` is missing; in CI nothing is skipped."""
    missing = shutil.which(program) is None and not IN_CI
    return pytest.mark.skipif(missing, reason=f"{program} is not installed (Debian package {package})")


needs_xmllint = needs("xmllint", "libxml2-utils")
