"""`dziennik archive ...`"""

from __future__ import annotations

from dziennik.app import open_system
from dziennik.archive.cli import archive_app

app = archive_app(open_system)
