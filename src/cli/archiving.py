"""`dziennik archive ...`"""

from __future__ import annotations

from dziennik.app import open_system
from dziennik.archive.cli import archive_app
from dziennik.bagcheck.cli import verify_bag
from dziennik.cli import archive_mapping, archive_sampling, archive_years

app = archive_app(open_system)
app.command("verify")(verify_bag)
app.command("plan")(archive_years.plan)
app.command("year")(archive_years.year)
app.command("regenerate")(archive_years.again)
app.command("prepare")(archive_years.prepare)
app.command("sign")(archive_years.sign_here)
app.command("upload")(archive_years.upload)
app.command("map")(archive_mapping.map_archive)
app.command("sample")(archive_sampling.sample)
