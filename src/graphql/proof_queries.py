"""Query: the proof of one grade, for a parent to keep and to check offline (docs/proof.md)."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from dziennik.contracts.refusals import Reason
from dziennik.graphql.context import Context, context_of
from dziennik.graphql.entry_queries import is_granted_grade
from dziennik.graphql.proof_files import name_of, proof_of
from dziennik.graphql.refusing import TOO_BUSY, Refused
from dziennik.graphql.structure_queries import Position, SchoolId
from dziennik.graphql.who_may import guarded
from dziennik.projections import entry_history, gradebook
from dziennik.proof.links import LASTS
from dziennik.proof.log import CannotVouch

ID = strawberry.ID
SEEN = (gradebook.GRADEBOOK.name, entry_history.ENTRY_HISTORY.name)
CANNOT_VOUCH = Reason(
    "HISTORY.CANNOT_VOUCH",
    pl="Rejestr nie może teraz poręczyć za swoją historię. Zgłoś to dyrektorowi.",
    en="The register cannot vouch for its history at the moment. Tell the director.",
)


@strawberry.type(description="A proof in C2SP tlog-proof form: fetch `address`, or save `content` as `name`.")
class EntryProof:
    name: str
    content: str
    position: int = strawberry.field(description="Of the fact that entered it.")
    size: int = strawberry.field(description="How many facts the checkpoint covers.")
    key: str = strawberry.field(
        description="The register's public key. Ask for it once, and elsewhere than for the proof."
    )
    address: str = strawberry.field(description="Of the file, below this server's; good for some minutes.")
    expires_in: int


@strawberry.type
class ProofQueries:
    @guarded(description="The proof that a grade was entered and what was said of it later; null: none.")
    def grade_proof(
        self, info: Info, school: SchoolId, pupil_id: ID, grade_id: ID, after_position: Position = None
    ) -> EntryProof | None:
        context = context_of(info)
        context.wait(school, SEEN, after_position)
        if not is_granted_grade(context, school, pupil_id, grade_id):
            return None
        changes = entry_history.of_grade(context.view(school), grade_id)
        given = [one for one in changes if one.pupil_id == pupil_id and one.what == "grade_given"]
        return _proof(context, school, given[0].position) if given else None  # type: ignore[return-value]


def _proof(context: Context, school: str, position: int) -> dict[str, Any]:
    log, journal = context.system.log(school), context.register(school).journal
    with context.gates.proving.entered() as inside:
        if not inside:
            raise Refused(TOO_BUSY(), context.language)
        try:
            content = proof_of(log, journal, position)
        except CannotVouch as fault:
            raise Refused(CANNOT_VOUCH(), context.language) from fault
    newest = log.latest()
    return {
        "name": name_of(school, position),
        "content": content,
        "position": position,
        "size": newest.size if newest else 0,
        "key": log.signer.public,
        "address": f"/proofs/{context.system.proof_links.make(school, position)}",
        "expiresIn": int(LASTS.total_seconds()),
    }
