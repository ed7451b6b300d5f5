"""How is a mail sent while somebody waits for an answer? By a thread of its own, from a queue with an end.

For mails that whoever asked for them asks for again when they do not come; what must arrive is sent by
whoever keeps account of it (`Mailer`).
"""

from __future__ import annotations

import logging
from queue import Empty, Full, Queue
from threading import Lock, Thread

from dziennik.mail.mailing import Mail, Mailer, MailFault

_log = logging.getLogger(__name__)
WAITING = 1000  # mails; a mail more is dropped
_IDLE = 5.0  # seconds after which the thread ends


class Posting:
    """Sends in the background. Thread-safe; the thread comes and goes with the mails."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._queue: Queue[Mail] = Queue(WAITING)
        self._lock = Lock()
        self._thread: Thread | None = None

    def __call__(self, mail: Mail) -> None:
        """Send it soon."""
        try:
            self._queue.put_nowait(mail)
        except Full:
            _log.warning("mail: the queue is full, a mail was dropped")
            return
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._send, name="dziennik-mail", daemon=True)
                self._thread.start()

    def flush(self, timeout: float) -> None:
        """Wait until what was given so far is sent, at most so many seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _send(self) -> None:
        while True:
            try:
                mail = self._queue.get(timeout=_IDLE)
            except Empty:
                with self._lock:
                    if self._queue.empty():
                        self._thread = None
                        return
                continue
            try:
                self._mailer.send(mail)
            except MailFault as fault:
                _log.warning("mail: not sent: %s", fault)
