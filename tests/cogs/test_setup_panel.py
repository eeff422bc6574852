"""The panel of `/setup` and `/settings show`, as those who press its buttons see it."""

import discord
import pytest

from bot.db.tables import AuditRow, MemberRow, TeamRow
from bot.domain.settings import READERS
from bot.ui.setup._forms import FORMS
from tests.database import reading
from tests.services.people import dump
from tests.study_team import gather, shown, walk

LIMIT = 40
"""Components that Discord takes in one message."""


class Panel:
    """A panel as the person sees it who opened it."""

    def __init__(self, actor, opened):
        self.actor = actor
        self.message = opened.response

    @property
    def parts(self):
        parts = list(walk(self.message.message.components))
        sections = [part for part in parts if isinstance(part, discord.SectionComponent)]
        return [*parts, *(section.accessory for section in sections)]

    @property
    def text(self):
        return shown(self.message.message)

    def part(self, name):
        return next(part for part in self.parts if getattr(part, "custom_id", "") == f"setup:{name}")

    def chosen(self, name):
        """What a list shows as chosen."""
        part = self.part(name)
        options = [option.label for option in getattr(part, "options", ()) if option.default]
        return options or [value.id for value in part.default_values]

    async def press(self, name):
        assert not self.part(name).disabled
        result = await self.actor.click(self.message, custom_id=f"setup:{name}")
        assert len(self.parts) <= LIMIT
        assert len(self.text) < 4000
        return result

    async def pick(self, name, *values):
        return await self.actor.select(self.message, values, custom_id=f"setup:{name}")

    async def form(self, name):
        """Open a form: what stands in its fields, by label, and the form itself."""
        form = await self.press(f"form:{name}")
        return {field["label"]: field["component"]["value"] for field in form.modal["components"]}, form

    async def type(self, name, **texts):
        """Fill in fields of a form, by the beginning of their labels."""
        _present, form = await self.form(name)
        fields = {field["component"]["custom_id"]: field for field in form.modal["components"]}
        values = {
            custom_id: next(
                (text for label, text in texts.items() if field["label"].startswith(label)), field["component"]["value"]
            )
            for custom_id, field in fields.items()
        }
        return await self.actor.submit_modal(form, values)


async def panel_of(actor, channel, command="setup"):
    return Panel(actor, await actor.slash(channel, command))


@pytest.fixture
async def newcomers(env):
    """A server whose people have no team yet."""
    people = await gather(env)
    await env.settle()  # the bot has taken in that it is in the server
    return people


async def rows(env, table):
    async with reading(env.bot.database) as session:
        return (await session.execute(table.__table__.select())).all()


def deny(env, channel, target_id, *names, allow=()):
    from simcord.backend.models.channel import Overwrite
    from simcord.enums import OverwriteType

    denied = discord.Permissions(**dict.fromkeys(names, True)).value
    allowed = discord.Permissions(**dict.fromkeys(allow, True)).value
    env.backend.set_overwrite(channel.id, Overwrite(target_id, OverwriteType.MEMBER, allow=allowed, deny=denied))


async def test_a_team_is_set_up_with_clicks_only(env, newcomers, database_file):
    team, admin, before = newcomers, newcomers.admin, await dump(database_file)
    retro, staff = team.guild.create_text_channel("회고"), team.guild.create_text_channel("운영")
    deny(env, staff, env.bot.user.id, "send_messages", "create_public_threads")
    panel = await panel_of(admin, team.channel)
    assert panel.message.ephemeral
    assert "언어와 시간대\n-# 스터디" not in panel.text
    assert "새 팀 · 1/6 · 아직 저장 전이에요" in panel.text
    assert (panel.chosen("language"), panel.chosen("timezone")) == (["한국어"], ["Asia/Seoul"])

    await panel.press("next")
    for name in ("study", "reminder", "retro", "mod"):
        assert panel.chosen(f"{name}_channel_id") == [team.channel.id]
    assert panel.chosen("journal_channel_id") == []
    await panel.pick("journal_channel_id", team.channel)
    assert panel.chosen("journal_channel_id") == [team.channel.id]
    await panel.pick("retro_channel_id", retro)
    await panel.pick("mod_channel_id", staff)
    assert (panel.chosen("retro_channel_id"), panel.chosen("mod_channel_id")) == ([retro.id], [staff.id])

    await panel.press("next")
    assert (panel.chosen("weekdays"), panel.chosen("country")) == (list("월화수목금"), ["대한민국"])
    assert "**Day1** · 1/5 월" in panel.text
    await panel.pick("weekdays", "0", "2", "4")
    await panel.pick("country", "off")
    await panel.type("start", Day1="2026-01-07")
    assert "**Day1** · 1/7 수" in panel.text

    await panel.press("next")
    assert "**피어세션** · 16:00부터 60분" in panel.text
    await panel.type("times", **{"피어세션 시작": "오후 2시", "다음": "점심쯤", "회고": "밤 9시 반"})
    assert "**피어세션** · 14:00부터 60분" in panel.text
    assert "⚠️ ‘점심쯤’에서 시각을 읽지 못했어요. 21:00처럼 적어 주세요." in panel.text
    typed, _form = await panel.form("times")
    assert (typed["다음 당번 알림"], typed["회고 알림"]) == ("점심쯤", "21:30")
    await panel.type("times", 다음="17:30")
    assert "**당번 알림** · 17:30, 답은 22:00까지" in panel.text
    assert "⚠️" not in panel.text

    await panel.press("next")
    await panel.pick("people", *team.members.values())
    await panel.pick("leave_out", str(team["새벽"].id))
    assert "**더할 사람** (6명)\n가온, 나래, 다솜, 라온, 마루, 바다" in panel.text
    await panel.press("next")
    assert (await dump(database_file), retro.history()) == (before, [])

    await panel.press("save")
    assert f"⚠️ {staff.mention} 채널에 글을 쓸 수 없어요." in panel.text
    assert (
        f"‘메시지 보내기, 공개 스레드 만들기’ 권한을 켤 수 있는 분: {team.guild.owner.mention}(서버 소유자)"
        in panel.text
    )
    assert (await dump(database_file), staff.history(), len(retro.history())) == (before, [], 1)
    deny(env, staff, env.bot.user.id, allow=("send_messages", "create_public_threads"))
    await panel.press("save")
    assert panel.text.splitlines() == [
        "### 스터디 팀이 준비됐어요",
        "명단에 올렸어요: 가온, 나래, 다솜, 라온, 마루, 바다. 이름은 /roster rename 으로 바꿀 수 있어요.",
        "1. /lecture add 로 공부할 강의를 올려 주세요. 발표자는 순서대로 정해 드려요.",
        f"2. 1/7 수 21:30에 {retro.mention} 채널에서 첫 회고를 물어볼게요.",
        f"3. 바꾸고 싶을 때는 {team.channel.mention} 채널에서 /settings show 를 써 주세요.",
    ]
    assert [len(team.posts(channel)) for channel in (team.channel, retro, staff)] == [1, 1, 1]

    (row,) = await rows(env, TeamRow)
    assert (row.name, row.weekdays, row.country, str(row.start_date)) == ("스터디", "024", None, "2026-01-07")
    assert (row.reminder_channel_id, row.retro_channel_id, row.mod_channel_id) == (None, retro.id, staff.id)
    assert row.journal_channel_id == team.channel.id  # not chosen it would be nowhere
    assert (f"{row.session_time:%H:%M}", f"{row.announce_time:%H:%M}") == ("14:00", "17:30")
    assert [member.name for member in await rows(env, MemberRow)] == ["가온", "나래", "다솜", "라온", "마루", "바다"]
    actions = [change.action for change in await rows(env, AuditRow)]
    assert (actions[0], set(actions[1:])) == ("team.create", {"roster.add"})


async def test_every_setting_has_its_place_in_the_panel(env, newcomers):
    panel = await panel_of(newcomers.admin, newcomers.channel)
    places = {key for _title, keys in FORMS.values() for key in keys}
    for _step in range(5):
        names = [getattr(part, "custom_id", None) or "" for part in panel.parts]
        places |= {name.removeprefix("setup:").removesuffix("_id") for name in names}
        await panel.press("next")
    assert {*READERS, "study_channel", "start", "weekdays", "country", "people"} - places == set()


async def test_a_log_channel_is_tried_and_kept(env, team):
    log = team.guild.create_text_channel("기록")
    panel = await panel_of(team.admin, team.channel, "settings show")
    await panel.press("next")
    assert panel.chosen("log_channel_id") == []
    await panel.pick("log_channel_id", log)
    await panel.press("end")
    assert f"**기록 채널** · {log.mention}" in panel.text
    await panel.press("save")
    (row,) = await rows(env, TeamRow)
    assert row.log_channel_id == log.id
    assert log.history()[-1].content.startswith("이 채널에 글을 올릴 수 있어요.")


async def test_whoever_wants_to_saves_all_the_same(env, newcomers):
    team = newcomers
    deny(env, team.channel, env.bot.user.id, "attach_files")
    panel = await panel_of(team.admin, team.channel)
    await panel.press("end")
    await panel.press("save")
    assert "아직 없는 권한: 파일 첨부." in panel.text
    assert await rows(env, TeamRow) == []
    await panel.press("save")
    assert len(team.posts()) == 1  # greeted once, and looked at again
    await panel.press("anyway")
    assert "1. /roster add 로 팀원을 명단에 올려 주세요." in panel.text
    assert len(await rows(env, TeamRow)) == 1


async def test_people_of_one_name_are_told_apart_and_bots_stay_out(env, team):
    guild = team.guild
    twin = guild.add_member(env.create_user("twin", global_name="가온"))
    other = guild.add_member(env.create_user("twin2", global_name="하늘"))
    third = guild.add_member(env.create_user("하늘", global_name="하늘"))
    robot = guild.add_member(env.create_user("robot", bot=True))
    panel = await panel_of(team.admin, team.channel)
    for _step in range(4):
        await panel.press("next")
    assert "**지금 명단** (7명)" in panel.text
    await panel.pick("people", twin, other, third, robot, team["나래"])
    assert "봇은 명단에 올리지 않아요." in panel.text
    assert "**더할 사람** (3명)" in panel.text
    await panel.press("next")
    await panel.press("save")
    assert [member.name for member in await rows(env, MemberRow)][7:] == ["twin", "하늘", "하늘2"]


async def test_moderators_change_what_is_there_and_members_look(env, team, database_file):
    role = team.guild.create_role("운영진")
    await team.admin.slash(team.channel, "setup", moderator_role=role)
    mod = team.guild.add_member(env.create_user("mod"), roles=[role])
    looked = await team["가온"].slash(team.channel, "settings show")
    assert "`retro_time` **21:00**" in looked.response.content
    assert looked.response.components == []

    before, greeted = await dump(database_file), len(team.posts())
    panel = await panel_of(mod, team.channel, "settings show")
    await panel.press("end")
    assert panel.part("save").disabled
    await panel.press("back")
    await panel.press("back")
    await panel.type("reminders", 조용한="자정쯤부터")
    assert "‘자정쯤부터’" in panel.text
    await panel.type("reminders", 조용한="23:00-08:00", 주간="off")
    await panel.pick("streaks", "off")
    await panel.pick("moderator_per", "week")
    await panel.press("back")
    await panel.press("back")
    assert panel.part("study_channel_id").disabled
    assert panel.chosen("moderator_role") == [role.id]
    await panel.press("end")
    assert await dump(database_file) == before
    await panel.press("save")
    assert panel.text == "### 저장했어요\n지금부터 이대로 할게요. 예정된 알림도 함께 바뀌어요."
    (row,) = await rows(env, TeamRow)
    assert (row.quiet_hours, row.digest_time, row.streaks, row.moderator_per) == ("23:00-08:00", None, False, "week")
    changed = (await rows(env, AuditRow))[-1]
    assert (changed.action, changed.actor_id, len(team.posts())) == ("team.setup", mod.id, greeted)


async def test_what_may_not_be_saved_is_said_and_the_panel_stays(env, newcomers):
    team = newcomers
    first, second = [await panel_of(team.admin, team.channel) for _each in range(2)]
    await first.press("next")
    await first.pick("moderator_role", team.guild.default_role)
    await first.press("end")
    refused = await first.press("save")
    assert refused.response.content.startswith("@everyone 역할을 고르면")
    await second.press("end")
    await second.press("save")
    for _step in range(4):
        await first.press("back")
    await first.pick("moderator_role")
    await first.press("end")
    refused = await first.press("save")
    assert refused.response.content.startswith("그사이 다른 분이 여기에 팀을 만들었어요.")
    assert len(await rows(env, TeamRow)) == 1


async def test_only_whoever_opened_it_may_press(env, newcomers):
    team = newcomers
    panel = await panel_of(team.admin, team.channel)
    stored = env.backend.get_message(team.channel.id, panel.message.id)
    stored.flags &= ~64  # Discord shows it to nobody else; should it all the same, this is what happens
    pressed = await team["가온"].click(panel.message, custom_id="setup:next")
    assert pressed.response.content.startswith("다른 분이 연 창이에요.")
    assert "1/6" in panel.text


async def test_a_panel_that_nobody_uses_is_closed(env, newcomers):
    panel = await panel_of(newcomers.admin, newcomers.channel)
    await panel.press("next")
    await env.advance_time(15 * 60)
    assert panel.text == "오래 쓰지 않아 창을 닫았어요. 저장한 것은 없으니 명령어로 다시 열어 주세요."


async def test_another_zone_and_country_can_be_typed(newcomers):
    panel = await panel_of(newcomers.admin, newcomers.channel)
    await panel.type("zone", 시간대="europe/rome")
    assert panel.chosen("timezone") == ["Europe/Rome"]
    await panel.press("next")
    await panel.press("next")
    await panel.type("country", 나라="fi")
    assert panel.chosen("country") == ["핀란드"]
    await panel.type("country", 나라="나라")
    assert "⚠️ ‘나라’의 공휴일은 몰라요." in panel.text
