"""Hostile text in every field: nobody is pinged, nothing breaks, and what is exported is safe to open."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath

import pytest

from tests.cogs.attack import Attack, every_form
from tests.cogs.test_rights import cast
from tests.domain.reading import READER, headings
from tests.pages.test_html import RUNS, Reader

__all__ = ["cast"]

DAY = "2026-01-05"


@pytest.fixture
def attack(team, cast, caplog):
    bystander = team.guild.add_member(team.env.create_user("bystander"))
    role = team.guild.create_role("아무나", mentionable=True)
    return Attack(team, cast | {"author": team["가온"]}, bystander, role, caplog)


async def exported(team, form):
    result = await team["가온"].slash(team.channel, "journal export", day=DAY, format=form)
    (file,) = result.response.attachments
    return await file.read()


def sections(page):
    return [heading for heading in headings(READER.parse(page.decode())) if heading[0] in {"h1", "h2"}]


async def further(team):
    """A question that was kept for later, on which moderators are to decide on the next day."""
    asked = await team["가온"].slash(team.channel, "ask", question="나중에 볼 질문")
    number = re.search(r"#(\d+)", asked.response.content)[1]
    for name, options in {"question further": {"question": number}, "settings set": CARRY}.items():
        await team.admin.slash(team.channel, name, **options)


async def nobody_presents(team, attack):
    """No lecture is studied today, and of one that is presented today nobody is there to do so."""
    for member in (*team.members.values(), *attack.cast.values()):
        await member.slash(team.channel, "away", until="내일")
    yesterday = {"date": "2026-01-05", "present_on": "오늘"}
    added = await team.admin.slash(team.channel, "lecture add", title="아무도 없는 강의", number="99강", **yesterday)
    assert "99강" in added.response.content


CARRY = {"key": "carry_days", "value": "1일"}
FORMULAS = ('=HYPERLINK("http://evil.example","눌러요")', "+1+1", "-1+1", "@SUM(A1:A9)", "\t=1+1", "\r=1+1")


async def test_hostile_text_in_every_field(team, attack):
    """One simulated Discord for all of it: founding a team anew for each text would take minutes."""
    before = sections(await exported(team, "md"))
    await attack.openings()
    await attack.buttons()
    for text in FORMULAS:
        await team["나래"].slash(team.channel, "ask", question=text)
    await further(team)
    await team.until(team.env.now().replace(hour=13, minute=30))
    await team.admin.slash(team.channel, "session end")
    for group, name in (("journal", "close"), ("team", "remove")):  # removing asks for the name of the team
        await attack.opening(team.env.bot.tree.get_command(group).get_command(name))
    await team.until(team.env.now().replace(hour=9, minute=1) + timedelta(days=1))
    await attack.buttons()
    await nobody_presents(team, attack)
    await attack.answered(partial(team.admin.slash, team.channel, "journal close"), "journal close", "admin")
    assert every_form() == attack.forms
    await attack.commands()
    attack.look_for_pings("afterwards")
    assert not attack.problems, "\n\n".join(attack.problems)

    page = await exported(team, "md")
    assert [tag for tag, _ in sections(page)] == [tag for tag, _ in before]
    assert sections(page)[1:] == before[1:]
    assert_safe(page.decode(), *[await exported(team, form) for form in ("csv", "html", "json", "zip")])


def assert_safe(page, table, document, facts, folder):
    """Files that may be opened with a double click."""
    cells = [cell for row in csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")) for cell in row]
    assert all(any(text.strip() in cell for cell in cells) for text in FORMULAS)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    reader = Reader(document.decode())
    assert not (RUNS - {"style", "meta"}).intersection(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on") or name in {"src", "srcdoc"}]
    assert not [link for link in reader.of("href") if link.startswith(("javascript:", "data:"))]
    assert json.loads(facts)
    with zipfile.ZipFile(io.BytesIO(folder)) as archive:
        for name in map(PurePosixPath, archive.namelist()):
            assert not name.is_absolute()
            assert ".." not in name.parts
            assert not set(str(name)) & set('\\:*?"<>|\0')
