"""Programs by others that check what Dziennik writes: all there in CI (.ci/run), skipped where missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

IN_CI = os.environ.get("CI") == "true"


def needs(program: str, package: str) -> pytest.MarkDecorator:
    """Skip the test, with the reason, where `program` is missing; in CI nothing is skipped."""
    missing = shutil.which(program) is None and not IN_CI
    return pytest.mark.skipif(missing, reason=f"{program} is not installed (Debian package {package})")


needs_xmllint = needs("xmllint", "libxml2-utils")
needs_xmlsec1 = needs("xmlsec1", "xmlsec1")
needs_pdftotext = needs("pdftotext", "poppler-utils")
needs_moto = needs("moto_server", "none: pip install moto[server]")
needs_bagit = needs("bagit.py", "none: pip install bagit")
# Where there is no Java, what it would say is not asked, in CI either.
_JARS = [f"/usr/share/java/{name}.jar" for name in ("preflight", "pdfbox2", "fontbox2", "xmpbox",
         "commons-logging", "javax.activation", "jaxb-api")]  # fmt: skip
PREFLIGHT = ":".join(_JARS)
needs_preflight = pytest.mark.skipif(
    shutil.which("javac") is None or not all(Path(jar).exists() for jar in _JARS),
    reason="no JDK with PDFBox Preflight (libpdfbox2-java, libactivation-java, libjaxb-api-java)",
)
needs_java = pytest.mark.skipif(shutil.which("javac") is None, reason="no JDK is installed")


def _has_axe() -> bool:
    """Chromium, Node.js and, on NODE_PATH, axe-core with what steers a browser."""
    if shutil.which("chromium") is None or shutil.which("node") is None:
        return False
    tried = ["node", "-e", "require('axe-core'); require('puppeteer-core')"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


# Where no browser can be had, what it would say is not asked, in CI either.
needs_axe = pytest.mark.skipif(
    not _has_axe(),
    reason="no Chromium, or no axe-core and puppeteer-core on NODE_PATH (see .ci/run)",
)
