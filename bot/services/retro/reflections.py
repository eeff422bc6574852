"""What people wrote, as rows. Works inside the transaction of whoever asks."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.db.tables import (
    AnonymousReflectionRow,
    AnonymousRetrospectiveRow,
    MemberRow,
    ReflectionRow,
    RetrospectiveRow,
    StudyDayRow,
)
from bot.domain.retro import Reflection, written


async def own_retrospective(session: AsyncSession, day: StudyDayRow, member: MemberRow) -> RetrospectiveRow | None:
    """What a member wrote by name on a day."""
    return await session.scalar(
        select(RetrospectiveRow).where(RetrospectiveRow.day_id == day.id, RetrospectiveRow.member_id == member.id)
    )


async def reflections_of(
    session: AsyncSession, retrospective_ids: Iterable[int]
) -> Mapping[int, tuple[Reflection, ...]]:
    """Retrospective → the fields of its form in their order, the empty ones too."""
    query = select(ReflectionRow).where(ReflectionRow.retrospective_id.in_(list(retrospective_ids)))
    found: dict[int, tuple[Reflection, ...]] = {}
    for row in await session.scalars(query.order_by(ReflectionRow.retrospective_id, ReflectionRow.place)):
        found[row.retrospective_id] = (*found.get(row.retrospective_id, ()), Reflection(row.question, row.text))
    return found


async def nameless_of_day(session: AsyncSession, day_id: int) -> Sequence[tuple[str, tuple[Reflection, ...]]]:
    """The anonymous retrospectives of a day with their random keys, and in the order of these, which tells nothing."""
    return (await nameless_by_day(session, [day_id]))[day_id]


async def nameless_by_day(
    session: AsyncSession, day_ids: Collection[int]
) -> Mapping[int, Sequence[tuple[str, tuple[Reflection, ...]]]]:
    """The same for several days; every day is there."""
    query = (
        select(AnonymousRetrospectiveRow.day_id, AnonymousReflectionRow)
        .join(AnonymousRetrospectiveRow, AnonymousRetrospectiveRow.key == AnonymousReflectionRow.key)
        .where(AnonymousRetrospectiveRow.day_id.in_(day_ids))
        .order_by(AnonymousReflectionRow.key, AnonymousReflectionRow.place)
    )
    found: dict[int, dict[str, tuple[Reflection, ...]]] = {day_id: {} for day_id in day_ids}
    for day_id, row in await session.execute(query):
        of_day = found[day_id]
        of_day[row.key] = (*of_day.get(row.key, ()), Reflection(row.question, row.text))
    return {day_id: tuple(of_day.items()) for day_id, of_day in found.items()}


async def put_reflections(
    session: AsyncSession, retrospective: RetrospectiveRow, reflections: Sequence[Reflection]
) -> bool:
    """Put these in place of what was there. True if that changed anything somebody can read."""
    before = (await reflections_of(session, [retrospective.id])).get(retrospective.id, ())
    await session.execute(delete(ReflectionRow).where(ReflectionRow.retrospective_id == retrospective.id))
    for place, each in enumerate(reflections):
        session.add(
            ReflectionRow(retrospective_id=retrospective.id, place=place, question=each.question, text=each.text)
        )
    await session.flush()
    return written(before) != written(reflections)


async def add_nameless(session: AsyncSession, day: StudyDayRow, reflections: Sequence[Reflection]) -> None:
    """Keep texts under a random key, with no author and no time."""
    key = secrets.token_hex(16)
    session.add(AnonymousRetrospectiveRow(key=key, day_id=day.id))
    await session.flush()
    for place, each in enumerate(written(reflections)):
        session.add(AnonymousReflectionRow(key=key, place=place, question=each.question, text=each.text))
