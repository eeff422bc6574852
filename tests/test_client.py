"""What the bot learns when it connects."""

from sqlalchemy import event

from bot.services.housekeeping import Housekeeping


async def test_a_server_that_took_the_bot_back_while_it_was_down_is_known_after_the_restart(team):
    housekeeping = Housekeeping(team.env.bot.database)
    await housekeeping.guild_seen(team.guild.id, present=False, now=team.env.now())
    await team.restart()
    await told_of_its_servers(team.env)
    assert await housekeeping.guilds() == {team.guild.id}


async def test_a_server_that_is_known_is_not_written_again_whenever_the_bot_connects(team):
    await team.restart()
    committed = []
    event.listen(team.env.bot.database.writer.sync_engine, "commit", committed.append)
    await told_of_its_servers(team.env)
    assert committed == []


async def told_of_its_servers(env):
    """The simulation restarts the bot in servers that it knows; Discord tells of each anew."""
    for guild in env.bot.guilds:
        await env.bot.on_guild_available(guild)
