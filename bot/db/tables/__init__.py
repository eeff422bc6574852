"""Every table. Rows stay inside services; what leaves a service is a frozen value."""

from bot.db.tables.assignments import AssignmentExceptionRow, AssignmentRow, SubmissionRow
from bot.db.tables.base import Base
from bot.db.tables.deliveries import BoardRow, DeliveryRow, ScheduleRow
from bot.db.tables.lectures import LectureRow, MaterialRow, NoteRow
from bot.db.tables.questions import AnswerRow, AnswerVersionRow, QuestionChangeRow, QuestionRow, VoteRow
from bot.db.tables.retro import (
    AnonymousReflectionRow,
    AnonymousRetrospectiveRow,
    ExperimentRow,
    PassRow,
    ReflectionRow,
    RetrospectiveRow,
    VerdictRow,
    WrittenRow,
)
from bot.db.tables.rotation import ActRow, DutyRow, OrderRow, RequestRow, TurnRow
from bot.db.tables.session import AttendanceRow, MinutesRow, RoundtableReplyRow, RoundtableRow, SessionStepRow
from bot.db.tables.team import (
    AbsenceRow,
    AuditRow,
    CalendarDayRow,
    GuildRow,
    MemberRow,
    MembershipRow,
    MetaRow,
    PublishedPageRow,
    StudyDayRow,
    TeamRow,
)

__all__ = [
    "AbsenceRow",
    "ActRow",
    "AnonymousReflectionRow",
    "AnonymousRetrospectiveRow",
    "AnswerRow",
    "AnswerVersionRow",
    "AssignmentExceptionRow",
    "AssignmentRow",
    "AttendanceRow",
    "AuditRow",
    "Base",
    "BoardRow",
    "CalendarDayRow",
    "DeliveryRow",
    "DutyRow",
    "ExperimentRow",
    "GuildRow",
    "LectureRow",
    "MaterialRow",
    "MemberRow",
    "MembershipRow",
    "MetaRow",
    "MinutesRow",
    "NoteRow",
    "OrderRow",
    "PassRow",
    "PublishedPageRow",
    "QuestionChangeRow",
    "QuestionRow",
    "ReflectionRow",
    "RequestRow",
    "RetrospectiveRow",
    "RoundtableReplyRow",
    "RoundtableRow",
    "ScheduleRow",
    "SessionStepRow",
    "StudyDayRow",
    "SubmissionRow",
    "TeamRow",
    "TurnRow",
    "VerdictRow",
    "VoteRow",
    "WrittenRow",
]
