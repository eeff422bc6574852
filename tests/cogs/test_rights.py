"""Every command for every role: a refusal says what to do next and changes nothing."""

import sqlite3

import pytest
from discord import app_commands

from bot.errors import NotAllowed
from bot.services.help import Now
from bot.services.teams import Standing
from cogs.help import ASKERS, AUTHORS, MANAGERS, OWN, PRESENTERS, Reader

ROLES = ("stranger", "member", "today", "mod", "admin")
"""From least to most: in the server, on the roster, today's moderator, moderator role, Manage Server."""

NEEDS = {
    "ask": ("member", {"question": "왜요?"}),
    "admin audit": ("mod", {}),
    "admin backup": ("mod", {}),
    "admin doctor": ("mod", {}),
    "admin export": ("mod", {}),
    "admin failed": ("mod", {}),
    "admin pause": ("mod", {}),
    "admin resume": ("mod", {}),
    "admin retry": ("mod", {"delivery": "id:1"}),
    "assignment add": ("today", {"title": "과제", "due": "2026-01-30 18:00"}),
    "assignment calendar": ("stranger", {}),
    "assignment edit": ("today", {"assignment": "1", "title": "다른 과제"}),
    "assignment excuse": ("today", {"assignment": "1", "member": "member"}),
    "assignment extend": ("today", {"assignment": "1", "member": "member", "until": "2026-01-30 18:00"}),
    "assignment import": ("mod", {"file": ("assignments.csv", b"title,due\nPaper,2026-01-30 18:00")}),
    "assignment list": ("stranger", {}),
    "assignment remove": ("today", {"assignment": "1"}),
    "assignment show": ("stranger", {"assignment": "1"}),
    "assignment status": ("stranger", {"assignment": "1"}),
    "assignment submit": ("member", {"assignment": "1", "link": "https://example.org"}),
    "assignment withdraw": ("member", {"assignment": "1"}),
    "away": ("member", {"from": "2026-01-08"}),
    "back": ("member", {}),
    "calendar holidays": ("mod", {"country": "KR"}),
    "calendar off": ("mod", {"date": "2026-01-08"}),
    "calendar on": ("mod", {"date": "2026-01-10"}),
    "calendar show": ("stranger", {}),
    "calendar start": ("mod", {"date": "2026-01-02"}),
    "calendar weekdays": ("mod", {"days": "mon-sat"}),
    "help": ("stranger", {}),
    "journal close": ("today", {}),
    "journal export": ("member", {}),
    "journal index": ("stranger", {}),
    "journal publish": ("mod", {}),
    "journal reopen": ("mod", {}),
    "journal show": ("member", {}),
    "lecture add": ("member", {"title": "새 강의", "course": "NLP", "number": "9강"}),
    "lecture edit": ("mod", {"lecture": "id:1", "title": "다른 제목"}),
    "lecture list": ("stranger", {}),
    "lecture material": ("member", {"lecture": "id:1", "url": "https://example.org"}),
    "lecture move": ("mod", {"lecture": "id:1", "present_on": "2026-01-09"}),
    "lecture note": ("member", {"lecture": "id:1"}),
    "lecture remove": ("mod", {"lecture": "id:1"}),
    "mydata erase": ("member", {}),
    "mydata export": ("member", {}),
    "question answer": ("member", {"question": "1", "text": "그래서요."}),
    "question drop": ("today", {"question": "1", "reason": "중복"}),
    "question edit": ("author", {"question": "1", "text": "고친 질문"}),
    "question further": ("today", {"question": "1"}),
    "question list": ("stranger", {}),
    "question mentor": ("today", {"question": "1"}),
    "question next": ("today", {}),
    "question remove": ("mod", {"question": "1", "reason": "광고"}),
    "question reopen": ("today", {"question": "1"}),
    "question withdraw": ("author", {"question": "1"}),
    "retro digest": ("member", {}),
    "retro questions": ("mod", {}),
    "retro show": ("member", {}),
    "retro streak": ("member", {}),
    "retro write": ("member", {}),
    "roster add": ("mod", {"member": "stranger", "name": "손님"}),
    "roster join": ("stranger", {}),
    "roster leave": ("member", {}),
    "roster list": ("stranger", {}),
    "roster remove": ("mod", {"member": "member"}),
    "roster rename": ("mod", {"member": "member", "name": "다른이름"}),
    "rotation add": ("mod", {"name": "정리", "per": "day"}),
    "rotation assign": ("today", {"duty": "moderator", "member": "member", "date": "2026-01-06"}),
    "rotation balance": ("stranger", {}),
    "rotation history": ("stranger", {}),
    "rotation order": ("mod", {"duty": "moderator", "next": "member"}),
    "rotation remove": ("mod", {"duty": "duty:1"}),
    "rotation show": ("stranger", {}),
    "rotation simulate": ("stranger", {}),
    "rotation skip": ("member", {}),
    "rotation substitute": ("member", {}),
    "rotation swap": ("member", {"with": "today"}),
    "rotation undo": ("member", {}),
    "session attendance": ("member", {"state": "present"}),
    "session done": ("member", {"action": "id:1"}),
    "session end": ("today", {}),
    "session note": ("member", {"text": "메모"}),
    "session off": ("today", {"text": "멘토링"}),
    "session roundtable": ("today", {"prompt": "어떻게 지내요?"}),
    "session start": ("today", {}),
    "session undo": ("member", {}),
    "settings set": ("mod", {"key": "retro_time", "value": "22:00"}),
    "settings show": ("stranger", {}),
    "setup": ("admin", {}),
    "team create": ("admin", {"name": "둘째 팀"}),
    "team list": ("admin", {}),
    "team remove": ("admin", {"team": "id:1"}),
    "team rename": ("admin", {"team": "id:1", "name": "다른 팀"}),
    "today": ("stranger", {}),
}
"""Command → the least role that may use it, and options with which it would do something."""

LOOKED_AT = {"calendar holidays"}
"""Without options anybody may look; with them it is changed."""

FORMER = {"mydata export", "mydata erase"}
"""Also for whoever was on the roster once; of others nothing is stored."""

WAYS_ON = ("/roster", "/setup", "/ask", "모더레이터", "운영자")
"""A refusal names somebody to ask, or a command that helps."""


def dump(path):
    with sqlite3.connect(path) as connection:
        return list(connection.iterdump())


@pytest.fixture
async def cast(team):
    """Somebody for each role, in a team with a lecture, a question (of 가온), an assignment and a duty of its own."""
    role = team.guild.create_role("운영진")
    await team.admin.slash(team.channel, "setup", moderator_role=role)
    mod = team.guild.add_member(team.env.create_user("mod"), roles=[role])
    await team.admin.slash(team.channel, "roster add", member=mod, name="지기")
    await team.admin.slash(team.channel, "rotation assign", duty="moderator", member=team["다솜"], date="2026-01-05")
    await team["가온"].slash(team.channel, "lecture add", title="RNN", course="NLP", number="3강")
    await team["가온"].slash(team.channel, "ask", question="RNN은 왜 순서대로 읽나요?")
    await mod.slash(team.channel, "assignment add", title="과제", due="2026-01-20 18:00")
    await mod.slash(team.channel, "rotation add", name="기록", per="day")
    stranger = team.guild.add_member(team.env.create_user("stranger"))
    return {"stranger": stranger, "member": team["나래"], "today": team["다솜"], "mod": mod, "admin": team.admin}


def may(role, least):
    return ROLES.index(role) >= ROLES.index(least)


async def test_every_command_says_who_may_use_it(env):
    commands = {c.qualified_name for c in env.bot.tree.walk_commands() if not isinstance(c, app_commands.Group)}
    assert commands == set(NEEDS)


@pytest.mark.parametrize("role", ["stranger", "member", "today", "mod"])
async def test_a_refusal_helps_and_changes_nothing(team, cast, database_file, role):
    refused = {name: options for name, (least, options) in NEEDS.items() if least == "author" or not may(role, least)}
    before = dump(database_file)
    for name, options in refused.items():
        if name not in cast[role].available_commands(team.channel) and name.split()[0] in {"setup", "team"}:
            continue
        chosen = {key: cast.get(value, value) for key, value in options.items()}
        result = await cast[role].slash(team.channel, name, **chosen)
        assert result.response is not None, f"/{name} was not refused to a {role}: {result}"
        text = result.response.content
        assert any(way in text for way in WAYS_ON), f"/{name} for a {role}: {text}"
        assert result.response.ephemeral
        assert dump(database_file) == before, f"/{name} for a {role} changed something: {text}"


LAST = ("journal close", "rotation skip", "rotation substitute", "roster add", "roster remove", "roster leave")
"""Commands after which somebody is not what they were: once everybody has tried everything else."""

OWNERS = ASKERS | AUTHORS | PRESENTERS
"""Shown to every member, since each may be the one who asked, or who presents."""

STANDINGS = {
    "stranger": Standing.GUEST,
    "member": Standing.MEMBER,
    "today": Standing.TODAYS_MODERATOR,
    "mod": Standing.MODERATOR,
    "admin": Standing.MODERATOR,
}


def shown_to(role):
    """What `/help` shows somebody; the owner of a question and of a lecture is 가온, who is tried separately."""
    reader = Reader(Now(STANDINGS[role], on_roster=role in {"member", "today", "mod"}), manages=role == "admin")
    return {name for name in NEEDS if reader.may_use(name)}


@pytest.mark.parametrize("role", ROLES)
def test_help_shows_what_one_may_use(role):
    may_use = {name for name, (least, _options) in NEEDS.items() if least != "author" and may(role, least)}
    may_use -= OWN if role == "admin" else set()
    assert (shown_to(role) ^ may_use) - OWNERS - LOOKED_AT - FORMER == set()


@pytest.fixture
def refusals(env):
    """The errors with which commands ended, from now on."""
    errors, told = [], env.bot.tree.on_error

    async def listen(interaction, error):
        errors.append(getattr(error, "original", error))
        await told(interaction, error)

    env.bot.tree.error(listen)
    return errors


async def test_nobody_is_refused_what_help_shows_them(team, cast, refusals):
    """Each command by each role; a moderator is tried with all, so that of Manage Server only its own are left."""
    tried = [(role, name) for role in ROLES[:-1] for name in shown_to(role)] + [("admin", name) for name in MANAGERS]
    owners = {("owner", name) for name in ASKERS | AUTHORS} | {("mod", name) for name in ASKERS | PRESENTERS}
    cast["owner"] = team["가온"]
    tried = sorted({each for each in tried if each[1] not in OWNERS} | owners, key=last_of_all)
    for role, name in tried:
        least, options = NEEDS[name]
        if name in LOOKED_AT and not may(role, least):
            options = {}
        await cast[role].slash(team.channel, name, **{key: cast.get(value, value) for key, value in options.items()})
        assert not refusals or not isinstance(refusals[-1], NotAllowed), f"/{name} for {role}: {refusals[-1]}"


def last_of_all(tried):
    role, name = tried
    return (LAST.index(name) if name in LAST else -1, name, role)


async def test_a_moderator_who_is_not_on_the_roster_is_refused_what_is_members_own(team, cast, refusals):
    for name in sorted(OWN):
        options = {key: cast.get(value, value) for key, value in NEEDS[name][1].items()}
        await cast["admin"].slash(team.channel, name, **options)
    assert [type(error) for error in refusals] == [NotAllowed] * len(OWN)


async def test_whoever_presents_may_change_the_lecture(team, cast, refusals):
    await team.admin.slash(team.channel, "rotation assign", duty="presenter", member=cast["member"], lecture="id:1")
    for name in sorted(PRESENTERS):
        await cast["member"].slash(team.channel, name, **NEEDS[name][1])
    assert not [error for error in refusals if isinstance(error, NotAllowed)]


async def test_setting_up_is_not_even_offered_without_manage_server(team, cast):
    assert "setup" not in cast["mod"].available_commands(team.channel)
    assert "setup" in cast["admin"].available_commands(team.channel)
