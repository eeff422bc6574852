"""A month of study, 2 February to 3 March 2026: holidays, silence, a swap, a substitute, a newcomer, a departure."""

import logging
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import simcord
from sqlalchemy import select

from bot.db.tables import DeliveryRow
from tests.cogs.month_story import (
    ANNOUNCED,
    CHANGED,
    MODERATOR,
    RECORD,
    REMINDED,
    Month,
    Said,
    date_of,
    printed_duties,
    shown_duties,
)
from tests.database import reading
from tests.study_team import NAMES, found_team

STUDIED = [
    *("2/2", "2/3", "2/4", "2/5", "2/6"),
    *("2/9", "2/10", "2/11", "2/12", "2/13"),
    *("2/17", "2/19", "2/20"),  # 설날 is from the 16th to the 18th, and the team wants to study on the 17th
    *("2/23", "2/24", "2/25", "2/26", "2/27"),
    "3/3",  # the 2nd stands in for 삼일절, which is a Sunday
]
WEEKS = [STUDIED[:5], STUDIED[5:10], STUDIED[10:13], STUDIED[13:18], STUDIED[18:]]
DAYS = [date_of(day) for day in STUDIED]

GONE, NEW = "새벽", "하늘"
STAYED = frozenset(NAMES) - {GONE}
AWAY = [date_of(day) for day in ("2/19", "2/20", "2/23")]
LEFT, JOINED = date_of("2/23"), date_of("2/19")


@pytest.fixture
async def month(env: simcord.Env) -> Month:
    """Monday, 2 February 2026, 09:00 in Seoul, the first day of a team of seven with a channel for its moderators."""
    team = await found_team(env, start="2026-02-02")
    mods = team.guild.create_text_channel("mods")
    month = Month(team, mods)
    await month.do("운영자", "settings set", key="mod_channel", value=mods.mention)
    for day in ("1/12", "1/19", "1/26", "2/2"):  # a week at a time: simcord waits 10 s at most
        await month.at(day, "09:00")
    month.said.clear()
    return month


async def test_a_month_of_study(month: Month, caplog: pytest.LogCaptureFixture):
    await two_swap(month)
    await one_steps_in(month)
    await nobody_answers(month)
    await one_skips(month)
    await one_skips_and_takes_it_back(month)
    await they_rest_and_study_in_the_holidays(month)
    await one_comes_and_one_leaves(month)
    await they_study_until_march(month)

    each_day_was_announced_once_with_its_number(month)
    days_off_were_silent(month)
    nobody_had_two_duties_on_a_day(month)
    only_those_with_a_duty_were_pinged(month)
    the_minutes_said_what_was_announced(month)
    await the_pages_print_who_did_it(month)
    nobody_presented_while_somebody_free_had_presented_less(month)
    turns_are_even_among_those_who_stayed(month)
    a_week_of_the_record_was_one_persons(month)
    whoever_was_away_was_left_alone(month)
    whoever_left_appears_no_more(month)
    whoever_came_was_not_met_by_a_pile(month)
    the_channel_was_not_flooded(month)
    await everything_was_delivered(month)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


# ── the month ─────────────────────────────────────────────────────────────────


async def two_swap(month: Month) -> None:
    """Of the first evening's notice one holiday is studied on; the next evening two moderators swap their days."""
    await month.do("운영자", "rotation add", name="기록", per="week")
    await month.study("2/2", lectures=2, question=True)
    await month.all_will()
    await month.at("2/3", "09:00")
    notice = month.latest("2/16 월부터 2/18 수까지 쉬는 날이에요 \\(14일 뒤\\)", "mods")
    assert notice.at.isoformat().startswith("2026-02-02T18:00")
    pressed = await month.press("운영자", notice, "calendar:study:1:20260217")
    assert "2/17 화는 이제 학습일, Day11이에요" in pressed.followups[-1].content

    await month.study("2/3", lectures=1)
    asking = month.announced[date_of("2/4")][MODERATOR]
    panel = await month.opened(asking, "swap")
    partner = next(option for option in options(panel) if "2/5 목 모더레이터" in option["label"])
    await month.actor(asking).select(panel, [partner["value"]])
    month.read()
    other = partner["label"].partition("님")[0]
    request = month.latest(f"{other}님, 2/4 수 모더레이터를 2/5 목 모더레이터와 바꿔 주실 수 있나요")
    assert request.pinged == {other}
    assert month.duties[date_of("2/4")][MODERATOR] == asking
    await month.press(other, request, "rotation:agree")
    month.read()
    assert (month.duties[date_of("2/4")][MODERATOR], month.duties[date_of("2/5")][MODERATOR]) == (other, asking)
    assert month.latest(CHANGED).pinged == {asking, other}
    await month.all_will()


async def one_steps_in(month: Month) -> None:
    """Nothing is presented on the 5th; of three lectures of the 6th one finds another presenter at the last moment."""
    await month.study("2/4", lectures=0)
    assert month.announced[date_of("2/5")].keys() == {MODERATOR, RECORD}
    await month.all_will()
    await month.study("2/5", lectures=3)
    cannot = month.announced[date_of("2/6")]["4강"]
    panel = await month.opened(cannot, "cannot")
    await month.actor(cannot).click(panel, label="가능한 분 모두에게 물어보기")
    month.read()
    request = month.latest("2/6 금 NLP 4강 발표를 이번 한 번 대신해 주실 분 계신가요")
    assert request.pinged == set(NAMES) - set(month.announced[date_of("2/6")].values())
    first, second = sorted(request.pinged)
    before = month.components(request)
    await month.press(first, request, "rotation:agree")
    told = await month.press_too_late(second, request, "rotation:agree", before)
    assert told == f"2/6 금 NLP 4강 발표는 {cannot}님 대신 {first}님이 맡기로 했어요."
    month.read()
    assert month.duties[date_of("2/6")]["4강"] == first
    assert month.latest(CHANGED).pinged == {cannot}
    await month.all_will()
    await month.study("2/6", lectures=1, question=True)
    await month.all_will()


async def nobody_answers(month: Month) -> None:
    """Of the four who are asked on the 9th only the week's record is known; at ten the moderator is told, alone."""
    await month.study("2/9", lectures=2)
    moderator, silent = month.duties[date_of("2/9")][MODERATOR], month.announced[date_of("2/10")]
    until = len(month.said)
    await month.at("2/10", "09:00")
    retrospective, told, nudge = month.said[until:]
    assert {(said.channel, said.pinged) for said in (retrospective, nudge)} == {("study", frozenset())}
    assert (told.channel, f"{told.at:%H:%M}") == (moderator, "22:00")
    assert told.text.startswith("내일(2/10 화, Day7) 당번 가운데 아직 답하지 않은 분이 있어요.")
    assert {name for name in NAMES if f"- {name}님" in told.text} == set(silent.values()) - {silent[RECORD]}


async def one_skips(month: Month) -> None:
    """The moderator of the 11th skips; the bot is started anew before the others answer."""
    await month.study("2/10", lectures=2)
    skipper = month.announced[date_of("2/11")][MODERATOR]
    panel = await month.opened(skipper, "cannot")
    await month.actor(skipper).click(panel, label="순서대로 다른 분께")
    month.read()
    assert month.duties[date_of("2/11")][MODERATOR] != skipper
    await month.team.restart()
    await month.all_will()
    await month.study("2/11", lectures=1)
    await month.all_will()


async def one_skips_and_takes_it_back(month: Month) -> None:
    await month.study("2/12", lectures=2, question=True)
    moderator = month.announced[date_of("2/13")][MODERATOR]
    await month.do(moderator, "rotation skip", reason="병원에 가요")
    month.read()
    other = month.duties[date_of("2/13")][MODERATOR]
    assert other != moderator
    await month.do(moderator, "rotation undo")
    month.read()
    assert month.latest(CHANGED).pinged == {other}
    assert month.duties[date_of("2/13")] == month.announced[date_of("2/13")]
    await month.all_will()


async def they_rest_and_study_in_the_holidays(month: Month) -> None:
    """One of them travels the week after; on the 16th everybody rests, and 삼일절 is told of nevertheless."""
    await month.at("2/13", "09:30")
    answer = await month.do(GONE, "away", **{"from": "2/19", "until": "2/23", "reason": "가족 여행"})
    assert answer.startswith("2/19 목~2/23 월 자리를 비우는 걸로")
    await month.study("2/13", lectures=1)
    await month.all_will()
    await month.study("2/17", lectures=2)
    notice = month.latest("3/2 월 삼일절 대체 휴일은 쉬는 날이에요", "mods")
    assert notice.at.isoformat().startswith("2026-02-16T18:00")
    await month.all_will()


async def one_comes_and_one_leaves(month: Month) -> None:
    """On the 19th somebody joins; on the 23rd somebody leaves after they were announced for the 24th."""
    await month.at("2/19", "09:00")
    newcomer = month.team.guild.add_member(month.team.env.create_user("member8", global_name=NEW))
    month.team.members[NEW] = newcomer
    await month.do("운영자", "roster add", member=newcomer, name=NEW)
    await month.study("2/19", lectures=1)
    await month.all_will()
    await month.study("2/20", lectures=3)
    await month.all_will()
    await month.study("2/23", lectures=2)
    (lecture,) = [duty for duty, name in month.announced[date_of("2/24")].items() if name == GONE]
    answer = await month.do("운영자", "roster remove", member=month.team[GONE])
    month.read()
    other = month.duties[date_of("2/24")][lecture]
    assert other != GONE
    assert f"- 2/24 화 NLP {lecture} 발표자: {other}님이 대신해요" in answer
    await month.all_will()


async def they_study_until_march(month: Month) -> None:
    for day, lectures in {"2/24": 1, "2/25": 2, "2/26": 1, "2/27": 2, "3/3": 0}.items():
        await month.study(day, lectures=lectures)
        await month.all_will()
    await month.at("3/4", "03:00")


def options(panel: simcord.ResponseMessage) -> list[dict[str, str]]:
    """What the lists of an answer offer."""
    lists = [child for row in panel.components for child in row["components"]]
    return [option for each in lists for option in each.get("options", ())]


# ── what holds after it ───────────────────────────────────────────────────────


def each_day_was_announced_once_with_its_number(month: Month) -> None:
    """On the evening of the study day before; that none was announced twice is seen whenever posts are read."""
    said = {date_of(ANNOUNCED.match(each.text)[1]): each.at.date() for each in month.all_of(ANNOUNCED)}
    assert said == dict(zip([*DAYS[1:], date_of("3/4")], DAYS, strict=True))
    assert month.numbers == {day: number for number, day in enumerate([*DAYS, date_of("3/4")], 1)}


def days_off_were_silent(month: Month) -> None:
    assert {said.at.date() for said in month.said if said.channel != "mods"} == set(DAYS)


def nobody_had_two_duties_on_a_day(month: Month) -> None:
    for day, duties in month.duties.items():
        assert len(set(duties.values())) == len(duties), day


def only_those_with_a_duty_were_pinged(month: Month) -> None:
    """Whose duty it is or, in a change, was; before the session its moderator and presenters. The rest pings nobody."""
    for said in month.all_of(ANNOUNCED):
        on_duty = month.announced[date_of(ANNOUNCED.match(said.text)[1])]
        said_yes = month.announced.get(said.at.date(), {}).get(RECORD)  # for the whole week
        assert said.pinged == {name for duty, name in on_duty.items() if duty != RECORD or name != said_yes}, said.text
    for said in month.all_of(REMINDED):
        on_duty = {duty: name for duty, name in _duties_on(month, said).items() if duty != RECORD}
        assert said.pinged == set(on_duty.values()), said.text
    for said in month.all_of(CHANGED):
        assert said.pinged, said.text
        assert all(f"{name}님" in said.text for name in said.pinged), said.text
    requests = [said for said in month.said if "rotation:agree" in str(said.message.components)]
    assert len(requests) == 2
    others = [said for said in month.said if said not in requests and not _tells_of_duties(said)]
    assert [said.text for said in others if said.pinged] == []


def _duties_on(month: Month, said: Said) -> dict[str, str]:
    """The duties of the day on which something was said."""
    return month.duties[said.at.date()]


def _tells_of_duties(said: Said) -> bool:
    return any(begin.match(said.text) for begin in (ANNOUNCED, REMINDED, CHANGED))


def the_minutes_said_what_was_announced(month: Month) -> None:
    minutes = [said.text for said in month.said if said.channel == "thread" and "피어세션 회의록" in said.text]
    said = [shown_duties(text.partition("**다음 학습일")[2]) for text in minutes]
    assert said == list(month.announced.values())


async def the_pages_print_who_did_it(month: Month) -> None:
    """Also of those who have left since, and after what was changed since the minutes; nobody is left unconfirmed."""
    for number, (day, following) in enumerate(zip(DAYS, [*DAYS[1:], date_of("3/4")], strict=True), 1):
        page = await month.page(day)
        assert page.startswith(f"# Day{number}")
        record = {RECORD: month.duties[day][RECORD]}
        assert printed_duties(page) | record == month.duties[day]
        (coming,) = [line for line in page.splitlines() if line.startswith("- **다음 학습일")]
        assert shown_duties(coming.replace(": ", " ")) == month.duties[following]
        assert ("(확인 전)" in coming) == (following == date_of("2/10"))


def nobody_presented_while_somebody_free_had_presented_less(month: Month) -> None:
    """By the rule, of those there all the time; what people did to earlier turns counts for who did it then."""
    for day in DAYS[1:]:
        presented = _presented(month, until=day)
        free = STAYED - set(month.announced[day].values())
        least = min(presented[name] for name in free)
        chosen = [name for duty, name in month.announced[day].items() if duty not in {MODERATOR, RECORD}]
        assert [name for name in chosen if name in STAYED and presented[name] > least] == [], day


def turns_are_even_among_those_who_stayed(month: Month) -> None:
    """Presentations, one of which somebody took over from another, are even again; the moderator's turns nearly."""
    presented = _presented(month, until=date.max)
    moderated = Counter(duties[MODERATOR] for day, duties in month.duties.items())
    assert presented.total() == month.lectures == 29
    assert _apart(presented) <= 1
    assert _apart(moderated) <= 2


def _presented(month: Month, until: date, since: date = date.min) -> Counter[str]:
    days = [duties for day, duties in month.duties.items() if since < day < until]
    return Counter(name for duties in days for duty, name in duties.items() if duty not in {MODERATOR, RECORD})


def _apart(turns: Counter[str]) -> int:
    counts = [turns[name] for name in STAYED]
    return max(counts) - min(counts)


def a_week_of_the_record_was_one_persons(month: Month) -> None:
    holders = [{month.duties[date_of(day)][RECORD] for day in week} for week in WEEKS]
    assert [len(of_week) for of_week in holders] == [1] * 5
    assert len(set.union(*holders)) == 5


def whoever_was_away_was_left_alone(month: Month) -> None:
    assert [day for day in AWAY if GONE in month.duties[day].values()] == []
    first = datetime.combine(AWAY[0], datetime.min.time(), tzinfo=month.said[0].at.tzinfo)
    until = first + timedelta(days=4, hours=17)  # on the 23rd the 24th is announced
    assert [said.text for said in month.said if first <= said.at < until and _reaches(said, GONE)] == []


def _reaches(said: Said, name: str) -> bool:
    return name in said.pinged or said.channel == name


def whoever_left_appears_no_more(month: Month) -> None:
    assert [day for day, duties in month.duties.items() if day > LEFT and GONE in duties.values()] == []
    assert [day for day, duties in month.duties.items() if day < LEFT and GONE in duties.values()] != []
    since = [said for said in month.said if said.at.date() > LEFT]
    assert [said.text for said in since if GONE in said.text or _reaches(said, GONE)] == []


def whoever_came_was_not_met_by_a_pile(month: Month) -> None:
    """They have had their turns, and nobody who was there as long has had fewer by more than one."""
    presented = _presented(month, until=date.max, since=JOINED)
    all_duties = Counter(name for day, duties in month.duties.items() if day > JOINED for name in duties.values())
    assert 1 <= presented[NEW] <= min(presented[name] for name in STAYED) + 1
    assert all_duties[NEW] <= max(all_duties[name] for name in STAYED)


def the_channel_was_not_flooded(month: Month) -> None:
    """A day has its reminder, opening, minutes, announcement, retrospective and nudge; some a board, or changes."""
    posts = Counter(said.at.date() for said in month.said if said.channel == "study")
    eventful = {date_of("2/3"): 2, date_of("2/5"): 2, date_of("2/10"): 1, date_of("2/12"): 2, LEFT: 1}
    asked = {date_of(day) for day in ("2/2", "2/6", "2/12")}
    assert posts == {day: 6 + eventful.get(day, 0) + (day in asked) for day in DAYS}


async def everything_was_delivered(month: Month) -> None:
    async with reading(month.team.env.bot.database) as session:
        deliveries = (await session.scalars(select(DeliveryRow))).all()
    assert {each.state for each in deliveries} <= {"pending", "sent", "skipped", "cancelled"}
    assert [each.kind for each in deliveries if each.state == "pending" and each.due_at < month.team.env.now()] == []
