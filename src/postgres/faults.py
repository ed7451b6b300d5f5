"""What can go wrong with the embedded server, said so that an operator knows what to do."""

from __future__ import annotations


class PostgresFault(Exception):
    """The embedded PostgreSQL cannot serve. `code` is stable, `advice` is the next step to take.

    POSTGRES.PROGRAMS_MISSING     the wheel with the server's programs is not installed
    POSTGRES.PROGRAMS_UNREACHABLE the unprivileged account cannot execute them, nor a copy of them
    POSTGRES.FOLDER_UNUSABLE      the data folder cannot be made, read or written, or holds something else
    POSTGRES.FOLDER_OF_ANOTHER    the data folder belongs to another account
    POSTGRES.FOREIGN_SERVER       a server that Dziennik did not start runs on the data folder
    POSTGRES.OTHER_VERSION        the data were written by another major version of PostgreSQL
    POSTGRES.INIT_FAILED          initdb failed
    POSTGRES.PORT_TAKEN           the TCP port asked for is in use
    POSTGRES.START_FAILED         the server ended while starting
    POSTGRES.TIMEOUT              the server neither started nor stopped in time
    POSTGRES.SERVER_GONE          the server ended while it was being used
    """

    def __init__(self, code: str, what: str, advice: str) -> None:
        super().__init__(f"{code}: {what}. {advice}")
        self.code = code
        self.what = what
        self.advice = advice
