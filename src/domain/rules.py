"""All rules, loaded: import this before deciding.

A new context is one more line here.
"""

from __future__ import annotations

from dziennik.domain import attendance, classes, grades, imports, lessons, people, school

LOADED = (school, people, classes, lessons, attendance, grades, imports)
