"""Who may write to whom in a school that has not said otherwise?

Staff to everybody; pupils and parents to the staff; never parent to parent or pupil to pupil, but in groups
that the school formed itself.
"""

from __future__ import annotations

from typing import Final

from dziennik.contracts.envelope import Role
from dziennik.contracts.messages import AudienceKind, AudienceRule, MessageRules, Reach, RecipientRule

STAFF: Final = (Role.TEACHER, Role.DIRECTOR, Role.ADMINISTRATOR)
FAMILY: Final = (Role.PARENT, Role.PUPIL)
# Whoever has a mailbox. Auditors look, they do not write.
WRITING: Final = frozenset((*STAFF, *FAMILY))

_BY_TEACHERS = (
    AudienceKind.CLASS_PARENTS,
    AudienceKind.CLASS_PUPILS,
    AudienceKind.CLASS_TEACHERS,
    AudienceKind.PUPIL_PARENTS,
    AudienceKind.ALL_TEACHERS,
    AudienceKind.OFFICE,
    AudienceKind.GROUP,
)
_BY_FAMILIES = (
    (AudienceKind.CLASS_TEACHERS, Reach.OWN),
    (AudienceKind.OFFICE, Reach.ANYBODY),
    (AudienceKind.GROUP, Reach.OWN),
)

USUAL_MESSAGES: Final = MessageRules(
    recipients=(
        *(RecipientRule(sender=one, recipient=other) for one in STAFF for other in (*STAFF, *FAMILY)),
        *(RecipientRule(sender=one, recipient=other) for one in FAMILY for other in STAFF),
    ),
    audiences=(
        *(
            AudienceRule(sender=one, audience=kind)
            for one in (Role.DIRECTOR, Role.ADMINISTRATOR)
            for kind in AudienceKind
        ),
        *(AudienceRule(sender=Role.TEACHER, audience=kind) for kind in _BY_TEACHERS),
        *(
            AudienceRule(sender=one, audience=kind, reach=reach)
            for one in FAMILY
            for kind, reach in _BY_FAMILIES
        ),
    ),
)
