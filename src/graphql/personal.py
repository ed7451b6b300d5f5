"""Which root fields need no person of a school? Those of logins, and those of one's own account."""

from __future__ import annotations

# Fields that need no person of a school: everybody, or whoever is logged in.
PUBLIC = frozenset(
    {
        "login",
        "refresh",
        "logout",
        "activateAccount",
        "requestPasswordReset",
        "resetPassword",
        "beginExternalLogin",
        "finishExternalLogin",
    }
)
# Queries that anybody may ask.
OPEN = frozenset({"loginProviders"})
PERSONAL = frozenset({"me", "mySchools", "myChildren", "myAccount", "mySessions"})
# Mutations of one's own account.
OWN = frozenset(
    {
        "addIdentity",
        "changePassword",
        "beginSecondFactor",
        "confirmSecondFactor",
        "removeSecondFactor",
        "replaceRecoveryCodes",
        "endSession",
        "endOtherSessions",
        "proposeRecoveryAddress",
        "confirmRecoveryAddress",
        "removeRecoveryAddress",
        "linkExternalIdentity",
        "unlinkExternalIdentity",
    }
)
