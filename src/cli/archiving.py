"""`dziennik archive ...`"""

from __future__ import annotations

from dziennik.app import open_system
from dziennik.archive.cli import archive_app
from dziennik.bagcheck.cli import verify_bag

app = archive_app(open_system)
app.command("verify")(verify_bag)
