"""The schema, put together. Its text is a published contract: src/contracts/schema.graphql."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from dziennik.graphql.absence_queries import AbsenceQueries
from dziennik.graphql.account_mutations import AccountMutations
from dziennik.graphql.account_queries import AccountQueries, IssuingMutations
from dziennik.graphql.archive_mutations import ArchiveMutations
from dziennik.graphql.archive_queries import ArchiveQueries
from dziennik.graphql.audit_queries import AuditQueries
from dziennik.graphql.behaviour_queries import BehaviourQueries
from dziennik.graphql.board_queries import BoardMutations, BoardQueries
from dziennik.graphql.calendar_queries import CalendarQueries
from dziennik.graphql.card_printing import CardPrintingMutations, CardPrintingQueries
from dziennik.graphql.card_queries import CardMutations, CardQueries
from dziennik.graphql.carried_queries import CarriedQueries
from dziennik.graphql.classification_queries import ClassificationQueries
from dziennik.graphql.commerce_queries import CommerceMutations, CommerceQueries
from dziennik.graphql.curriculum_queries import CurriculumQueries
from dziennik.graphql.descriptive_queries import DescriptiveQueries
from dziennik.graphql.dispute_queries import DisputeQueries
from dziennik.graphql.draft_fields import DraftMutations, DraftQueries
from dziennik.graphql.entry_queries import EntryQueries
from dziennik.graphql.external_mutations import ExternalMutations, ExternalQueries
from dziennik.graphql.feed_mutations import FeedMutations
from dziennik.graphql.final_queries import FinalQueries
from dziennik.graphql.gap_queries import GapQueries
from dziennik.graphql.history_queries import HistoryQueries
from dziennik.graphql.live_shapes import Subscription
from dziennik.graphql.mandate_queries import MandateQueries
from dziennik.graphql.message_queries import MessageQueries
from dziennik.graphql.movement_queries import MovementQueries
from dziennik.graphql.mutations import Mutation
from dziennik.graphql.notice_queries import NoticeMutations, NoticeQueries
from dziennik.graphql.page_queries import PageQueries
from dziennik.graphql.paying_online import PayingMutations
from dziennik.graphql.proof_queries import ProofQueries
from dziennik.graphql.raw import resolve_default
from dziennik.graphql.realisation_queries import RealisationQueries
from dziennik.graphql.recipient_queries import RecipientQueries
from dziennik.graphql.register_queries import RegisterQueries
from dziennik.graphql.scalars import SCALARS
from dziennik.graphql.scan_queries import ScanQueries
from dziennik.graphql.staff_queries import StaffQueries
from dziennik.graphql.statistic_queries import StatisticQueries
from dziennik.graphql.stay_queries import StayQueries
from dziennik.graphql.structure_queries import StructureQueries
from dziennik.graphql.study_queries import StudyQueries
from dziennik.graphql.warning_queries import WarningQueries


@strawberry.type
class Query(
    StructureQueries,
    EntryQueries,
    ClassificationQueries,
    DisputeQueries,
    StatisticQueries,
    BehaviourQueries,
    CalendarQueries,
    CurriculumQueries,
    GapQueries,
    RealisationQueries,
    PageQueries,
    StaffQueries,
    DescriptiveQueries,
    FinalQueries,
    WarningQueries,
    RegisterQueries,
    MovementQueries,
    AbsenceQueries,
    CarriedQueries,
    StayQueries,
    HistoryQueries,
    AuditQueries,
    MandateQueries,
    ProofQueries,
    ArchiveQueries,
    StudyQueries,
    CardQueries,
    ScanQueries,
    CardPrintingQueries,
    AccountQueries,
    ExternalQueries,
    BoardQueries,
    MessageQueries,
    RecipientQueries,
    NoticeQueries,
    DraftQueries,
    CommerceQueries,
):
    pass


MUTATIONS = (
    Mutation,
    FeedMutations,
    ArchiveMutations,
    CardMutations,
    CardPrintingMutations,
    BoardMutations,
    NoticeMutations,
    AccountMutations,
    IssuingMutations,
    ExternalMutations,
    DraftMutations,
    CommerceMutations,
    PayingMutations,
)
SCHEMA = strawberry.Schema(
    query=Query,
    mutation=strawberry.type(type("Mutation", MUTATIONS, {})),
    subscription=Subscription,
    config=StrawberryConfig(default_resolver=resolve_default, scalar_map=SCALARS),
)
