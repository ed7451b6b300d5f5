"""`dziennik import ...`"""

from __future__ import annotations

from dziennik.app import open_system
from dziennik.imports.cli import import_app

app = import_app(open_system)
