"""Lectures, notes and materials."""

from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.engine import Database, reads, writes
from bot.db.tables import LectureRow, MaterialRow, MemberRow, NoteRow, TeamRow
from bot.domain.duties import KINDS_WITHOUT_PRESENTER
from bot.domain.lectures import (
    LectureChange,
    LectureEdit,
    LectureMove,
    LectureSummary,
    MaterialPlace,
    NewLecture,
    NewMaterial,
)
from bot.domain.references import Reference
from bot.domain.team import Caller, Member
from bot.domain.titles import lecture_label
from bot.errors import InvalidInput, NotFound
from bot.i18n import _
from bot.services import audit
from bot.services.days import load_calendar
from bot.services.lectures._changes import (
    move_questions,
    moved_days,
    redraw,
    require_empty,
    require_presenter,
    require_still_open,
)
from bot.services.lectures._rows import (
    facts_of,
    label,
    latest_course,
    lecture_of,
    lectures_of,
    require_new,
    summaries,
    unit_label,
    whole_facts_of,
)
from bot.services.lectures._turns import detach_turns, give_out, holders_of
from bot.services.lectures._typed import (
    FURTHEST,
    URL_LIMIT,
    edit_row,
    material_title,
    new_row,
    read_day,
    require_open_study_day,
    set_days,
)
from bot.services.presence import present_members
from bot.services.teams import changing_team_of, is_moderator, member_named, member_of, team_of
from bot.services.turns import brief
from bot.services.values import to_member

__all__ = [
    "FURTHEST",
    "URL_LIMIT",
    "Lectures",
    "label",
    "lecture_of",
    "read_day",
    "require_open_study_day",
    "unit_label",
]


class Lectures:
    """`/lecture`."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self.database = database
        self._wake = wake

    @reads
    async def choices(self, session: AsyncSession, caller: Caller, typed: str) -> Sequence[Reference]:
        """Lectures whose label contains what was typed, those studied or presented nearest to today first."""
        try:
            team = await team_of(session, caller)
        except NotFound:
            return []
        today = (await load_calendar(session, team)).day_for_entry(caller.at)
        fitting = [row for row in await lectures_of(session, team) if _compact(typed) in _compact(label(row))]
        nearest = sorted(
            fitting, key=lambda row: min(abs((day - today).days) for day in (row.study_date, row.session_date))
        )
        return [Reference(row.id, label(row)) for row in nearest]

    @reads
    async def list(self, session: AsyncSession, caller: Caller, kind: str | None = None) -> Sequence[LectureSummary]:
        """The lectures of the team in the order in which they are studied; those of a kind as they are presented."""
        team = await team_of(session, caller)
        rows = await lectures_of(session, team)
        if kind is not None:
            rows = sorted((row for row in rows if row.kind == kind), key=lambda row: row.session_date)
        return await summaries(session, team, rows, caller.at)

    @writes
    async def add(self, session: AsyncSession, caller: Caller, new: NewLecture) -> LectureSummary:
        """Add a lecture, with the presenter that was named or those whose turn it is.

        Raises InvalidInput for what cannot be, NotFound for a presenter who is not on the roster.
        """
        team = await changing_team_of(session, caller)
        await _require_part(session, team, caller)
        row = new_row(team, new, await latest_course(session, team), caller.at)
        set_days(row, new, await load_calendar(session, team), caller.at)
        await require_new(session, team, row)
        presenter = await _presenter(session, team, row, new.presenter_user_id)
        session.add(row)
        await session.flush()
        audit.record_row(session, caller, "lecture.add", row, after=facts_of(row))
        await give_out(session, team, caller, [row], presenter)
        self._wake()
        return (await summaries(session, team, [row], caller.at))[0]

    @writes
    async def edit(self, session: AsyncSession, caller: Caller, lecture_id: int, edit: LectureEdit) -> LectureChange:
        """Change what a lecture is called, what it is, or how many present it.

        Raises NotAllowed for anybody but its presenter and moderators, InvalidInput for what cannot be, for nothing
        to change, and once its day of presenting is over.
        """
        team, row, before = await self._changing(session, caller, lecture_id)
        if edit == LectureEdit():
            raise InvalidInput(_("Nothing was given to change. Choose title, course, number, kind or readers."))
        facts = facts_of(row)
        edit_row(row, edit)
        await require_new(session, team, row)
        audit.record_row(session, caller, "lecture.edit", row, before=facts, after=facts_of(row))
        await give_out(session, team, caller, [row])
        await redraw(session, team, row, caller)
        return await self._changed(session, team, row, before, caller)

    @writes
    async def move(self, session: AsyncSession, caller: Caller, lecture_id: int, move: LectureMove) -> LectureChange:
        """Study or present a lecture on another day; who presents it, and its questions, go with it.

        Raises NotAllowed for anybody but its presenter and moderators, InvalidInput for days that are past, off or in
        the wrong order, and once its day of presenting is over.
        """
        team, row, before = await self._changing(session, caller, lecture_id)
        if move == LectureMove():
            raise InvalidInput(_("Say where to move it: date is when it is studied, present_on when it is presented."))
        calendar = await load_calendar(session, team)
        facts, presented_before = facts_of(row), row.session_date
        row.study_date, row.session_date = moved_days(row, move.studied, move.presented, calendar, caller)
        await require_new(session, team, row)
        audit.record_row(session, caller, "lecture.move", row, before=facts, after=facts_of(row))
        if row.session_date != presented_before:
            await move_questions(session, team, row, presented_before)
        await give_out(session, team, caller, [row])
        return await self._changed(session, team, row, before, caller)

    @writes
    async def remove(self, session: AsyncSession, caller: Caller, lecture_id: int) -> LectureChange:
        """Take a lecture away on which nothing hangs; its turns stay as history.

        Raises NotAllowed for anybody but its presenter and moderators, InvalidInput naming what hangs on it.
        """
        team, row, before = await self._changing(session, caller, lecture_id)
        await require_empty(session, team, row)
        removed = (await summaries(session, team, [row], caller.at))[0]
        turns = await detach_turns(session, team, row)
        audit.record_row(session, caller, "lecture.remove", row, before=whole_facts_of(row, turns))
        await session.delete(row)
        await session.flush()
        await give_out(session, team, caller, [])
        self._wake()
        return LectureChange(removed, released=before)

    @reads
    async def check_note(self, session: AsyncSession, caller: Caller, lecture_id: int) -> str:
        """The lecture's label. Raises what `add_note` would raise, before anybody writes."""
        team = await team_of(session, caller)
        await member_of(session, team, caller)
        return label(await lecture_of(session, team, lecture_id))

    @writes
    async def add_note(self, session: AsyncSession, caller: Caller, lecture_id: int, text: str) -> str:
        """Add to one's notes of a lecture; what is there stays. Returns the lecture's label."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await lecture_of(session, team, lecture_id)
        session.add(NoteRow(lecture_id=row.id, member_id=member.id, text=text, written_at=caller.at))
        audit.record_row(session, caller, "lecture.note", row, after={"characters": len(text)})
        self._wake()
        return label(row)

    @reads
    async def check_material(
        self, session: AsyncSession, caller: Caller, lecture_id: int, new: NewMaterial, *, has_file: bool
    ) -> MaterialPlace:
        """Where a file would be kept. Raises what `add_material` would raise, before anything is posted."""
        team = await team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await lecture_of(session, team, lecture_id)
        if (new.url is None) is not has_file:
            raise InvalidInput(_("Give either a link or a file. For both, use the command twice."))
        material_title(new)
        return MaterialPlace(team.study_channel_id, team.language, lecture_label(row), to_member(member))

    @writes
    async def add_material(self, session: AsyncSession, caller: Caller, lecture_id: int, new: NewMaterial) -> str:
        """Put a link or a kept file under a lecture. Returns the material's title."""
        team = await changing_team_of(session, caller)
        member = await member_of(session, team, caller)
        row = await lecture_of(session, team, lecture_id)
        title, url = material_title(new)
        session.add(
            MaterialRow(
                lecture_id=row.id,
                member_id=member.id,
                title=title,
                url=url,
                channel_id=new.channel_id,
                message_id=new.message_id,
                attachment_id=new.attachment_id,
                added_at=caller.at,
            )
        )
        audit.record_row(session, caller, "lecture.material", row, after={"title": title, "url": url})
        await brief(session, team, caller.at)
        self._wake()
        return title

    async def _changing(
        self, session: AsyncSession, caller: Caller, lecture_id: int
    ) -> tuple[TeamRow, LectureRow, tuple[Member, ...]]:
        """A lecture that can still change, by somebody who may change it, and who has its turns."""
        team = await changing_team_of(session, caller)
        row = await lecture_of(session, team, lecture_id)
        today = (await load_calendar(session, team)).day_for_entry(caller.at)
        await require_presenter(session, team, caller, row, today)
        await require_still_open(session, team, row, today)
        return team, row, await holders_of(session, team, row)

    async def _changed(
        self, session: AsyncSession, team: TeamRow, row: LectureRow, before: tuple[Member, ...], caller: Caller
    ) -> LectureChange:
        self._wake()
        now = (await summaries(session, team, [row], caller.at))[0]
        return LectureChange(now, tuple(member for member in before if member not in now.presenters))


def _compact(text: str) -> str:
    return "".join(text.casefold().split())


async def _require_part(session: AsyncSession, team: TeamRow, caller: Caller) -> None:
    """Members and moderators; a moderator need not be on the roster."""
    if not is_moderator(team, caller):
        await member_of(session, team, caller)


async def _presenter(session: AsyncSession, team: TeamRow, row: LectureRow, user_id: int | None) -> MemberRow | None:
    """Who was named to present a lecture. Raises InvalidInput for an event, and for somebody away that day."""
    if user_id is None:
        return None
    if row.kind in KINDS_WITHOUT_PRESENTER:
        raise InvalidInput(_("An event has no presenter. Leave the presenter out, or choose another kind."))
    member = await member_named(session, team, user_id)
    if member not in await present_members(session, team, row.session_date):
        text = _("{name} is away on {day:day}. Choose somebody else, or another day.")
        raise InvalidInput(text, name=member.name, day=row.session_date)
    return member
