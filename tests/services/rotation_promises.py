"""What must hold after every step of a team's life with its rotation, whatever the step was."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from tests.services.rotation_model import PRIVATE, Look, Model, Row, who_does_what


def holders_are_there(model: Model, now: Look) -> None:
    """No coming turn is somebody's who is away or has left; a week's that runs stays with them while they belong."""
    for row in now.standing.values():
        day, person = model.day_of(row), model.member(row.member)
        if day is None or not model.is_open(day):
            continue
        there = person.belongs(day) if row.day < model.today else person.is_there(day)
        assert there, f"{person.name} has {row} but is not there on {day}"


def each_task_has_its_turns(model: Model, now: Look) -> None:
    """Every study day to come shows as many turns of each task as it needs, and no more stand for it."""
    for day, turns in now.shown.items():
        wanted = model.wanted(day, now.lectures.values())
        assert Counter(turn.task for turn in turns) == wanted, day
        standing = Counter(
            row.duty
            for row in now.standing.values()
            if row.day <= day <= row.last_day and (row.day >= model.today or (row.duty, None) in wanted)
        )
        for duty, count in standing.items():
            needed = sum(people for (each, _lecture), people in wanted.items() if each == duty)
            assert count <= needed, f"{count} turns of {duty} stand for {day}"


def skipped(now: Look, duty: str, day: date) -> set[int]:
    """Who skipped a duty on a day, for a lecture of that day, or for the week that it lies in."""
    rows = (row for row in now.rows.values() if row.state == "skipped" and row.duty == duty)
    lectures = {key for key, lecture in now.lectures.items() if lecture.day == day}
    return {row.member for row in rows if row.day <= day <= row.last_day or row.lecture_id in lectures}


def nobody_is_idle(model: Model, before: Look, now: Look) -> None:
    """The rule gives nobody a second duty, and leaves none to nobody, while somebody who can do it has none.

    Presenters come first: whoever is free because they skipped what came after is no reason against it.
    """
    for day, turns in now.shown.items():
        duties = Counter(turn.member for turn in turns)
        idle = {person.member for person in model.roster if person.is_there(day) and not duties[person.member]}
        by_rule = _given_by_rule(before, now, day)
        for member, count in duties.items() if model.is_open(day) else ():
            own = [turn for turn in turns if turn.member == member]
            given = [turn for turn in own if not turn.made or by_rule[turn.duty, turn.member]]
            if any(model.goes_on(now, turn, day) for turn in own):
                continue
            if member is None:
                assert not any(idle - skipped(now, turn.duty, day) for turn in own), f"{own} on {day}: {idle} are free"
            elif count > 1 and given:
                assert any(idle <= skipped(now, turn.duty, day) for turn in given), f"{given} on {day}: {idle} are free"
                assert any(turn.double or turn.made for turn in own), f"{own} on {day} does not say so"


def _given_by_rule(before: Look, now: Look, day: date) -> Counter:
    """Duties and members of the turns of a day that were given out in this step, to somebody else than before."""
    fresh = [row for row in now.rows.values() if row.id not in before.rows and row.state == "proposed"]
    fresh = [row for row in fresh if row.slot not in before.standing or before.standing[row.slot].member != row.member]
    return Counter((row.duty, row.member) for row in fresh if row.day == day)


def announced_days_are_made(model: Model, now: Look) -> None:
    """Whoever has a duty on a day that was announced has been given it."""
    for day in model.announced & now.shown.keys():
        if model.is_open(day) and model.is_study_day(day):
            planned = [turn for turn in now.shown[day] if turn.member is not None and not turn.made]
            assert not planned, f"{planned} on {day}, which was announced, is nobody's in the database"


def history_stays(model: Model, before: Look, now: Look) -> None:
    """No turn vanishes or becomes another; those of closed days do not change at all."""
    for row in before.rows.values():
        after = now.rows[row.id]
        same = (row.duty, row.member, row.day, row.made_at)
        assert (after.duty, after.member, after.day, after.made_at) == same, f"{row} has become {after}"
        assert after.unit.replace("removed:", "lecture:") == row.unit.replace("removed:", "lecture:"), after
        if row.last_day < model.today:
            assert (after.state, after.confirmed_at) == (row.state, row.confirmed_at), f"{row} has become {after}"


def confirmed_turns_stay(model: Model, before: Look, now: Look) -> None:
    """Whoever said yes, is there and does not skip it keeps their turn, as long as there is something to do."""
    for row in before.standing.values():
        after = now.standing.get(row.slot)
        day = None if now.rows[row.id].state == "skipped" else model.day_of(row if after is None else after)
        if row.confirmed_at is None or day is None or not model.is_open(day) or not _is_to_do(model, now, row, day):
            continue
        lecture = now.lectures.get(row.lecture_id or 0)
        day = day if lecture is None else lecture.day
        if model.member(row.member).is_there(day):
            assert after is not None, f"{row} was taken away"
            assert (after.member, after.confirmed_at) == (row.member, row.confirmed_at), f"{row} was given to {after}"


def _is_to_do(model: Model, now: Look, row: Row, day: date) -> bool:
    place = int(row.unit.partition("/")[2] or 1)
    if row.duty == "presenter":
        lecture = now.lectures.get(row.lecture_id or 0)
        return lecture is not None and place <= lecture.places
    if row.lecture_id is not None and row.lecture_id not in now.lectures:
        return False
    return row.duty == "moderator" or model.duties[row.duty].is_done(day)


def each_change_is_on_record(before: Look, now: Look) -> None:
    """The audit has a row for each turn that was made, and for each that ended without another in its place."""
    new = now.records[len(before.records) :]
    made = Counter(subject for _id, action, subject, *_rest in new if action in {"rotation.propose", "rotation.assign"})
    for slot, count in Counter(row.slot for row in now.rows.values() if row.id not in before.rows).items():
        assert made[f"turn:{slot[0]}:{slot[1]}"] == count, f"{slot} is not on record"
    for row in before.rows.values():
        if row.state != now.rows[row.id].state:
            assert new, f"{row} has become {now.rows[row.id]}, and nothing is on record"


def the_reason_is_private(now: Look) -> None:
    told = [line for line in now.dump if PRIVATE in line and not line.startswith('INSERT INTO "absence"')]
    assert not told, told


def news(days: Iterable[date], before: Look, now: Look) -> Iterator[str]:
    """What is shown otherwise than before, of days that both looks show."""
    for day in days:
        if day in before.shown and day in now.shown:
            was, is_now = who_does_what(before.shown[day]), who_does_what(now.shown[day])
            if was != is_now:
                yield f"{day}: shown {was - is_now}, happened {is_now - was}"
