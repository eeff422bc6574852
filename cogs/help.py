"""`/help`: what you can do here, told by the command tree itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from discord import app_commands
from discord.ext import commands
from discord.utils import escape_markdown

from bot.errors import NotFound
from bot.i18n import Language, _
from bot.services.help import Help, Hint, Now, Occasion
from bot.services.rotation.swaps import HeldTurn, words_of
from bot.services.teams import Standing
from bot.ui.answers import MESSAGE_LIMIT, answer
from bot.ui.callers import Interaction, caller_of, reader

if TYPE_CHECKING:
    from bot.client import StudyBot

Command = app_commands.Command[Any, ..., Any]
Root = Command | app_commands.Group

MANAGERS: Final = frozenset({"setup", "team create", "team list", "team rename", "team remove"})
"""Needs Manage Server."""

MODERATORS: Final = frozenset(
    {
        *("settings set", "roster add", "roster remove", "roster rename"),
        *("calendar off", "calendar on", "calendar start", "calendar weekdays"),
        *("rotation add", "rotation remove", "rotation order"),
        *("assignment import", "retro questions"),
        *("admin doctor", "admin audit", "admin backup", "admin export"),
        *("admin failed", "admin retry", "admin pause", "admin resume"),
        "question remove",
        *("journal reopen", "journal publish"),
    }
)
TODAYS_MODERATOR: Final = frozenset(
    {
        *("rotation assign", "question next"),
        *("assignment add", "assignment edit", "assignment remove", "assignment extend", "assignment excuse"),
        *("session start", "session roundtable", "session off", "session end"),
        "journal close",
    }
)
"""For moderators and for whoever moderates that day."""

ASKERS: Final = frozenset({"question further", "question mentor", "question drop", "question reopen"})
"""For those, and for whoever asked the question."""

PRESENTERS: Final = frozenset({"lecture edit", "lecture move", "lecture remove"})
"""For whoever presents the lecture, and for moderators."""

AUTHORS: Final = frozenset({"question edit", "question withdraw"})
"""For whoever asked the question only."""

OWN: Final = frozenset(
    {
        *("ask", "question answer", "session note", "lecture note", "lecture material"),
        *("assignment submit", "assignment withdraw", "retro write", "retro streak", "rotation swap", "roster leave"),
    }
)
"""What one does as somebody on the roster, and no moderator for somebody else."""

GUESTS: Final = frozenset(
    {
        *("help", "mydata export", "mydata erase"),
        *("today", "roster join", "roster list", "settings show", "calendar show", "lecture list"),
        *("rotation show", "rotation history", "rotation balance", "rotation simulate", "question list"),
        *("calendar holidays", "journal index"),
        *("assignment list", "assignment show", "assignment status", "assignment calendar"),
    }
)
"""What somebody who is not on the roster can do."""

GREETINGS: Final = {
    Standing.NO_TEAM: _("There is no team here yet. A server admin can make one with /setup."),
    Standing.GUEST: _("You are not on the roster yet. Join with /roster join; until then you can look around:"),
    Standing.MEMBER: _("This is what you can do:"),
    Standing.TODAYS_MODERATOR: _("You moderate today. This is what you can do:"),
    Standing.MODERATOR: _("You are a moderator. This is what you can do:"),
}

HINTS: Final[Mapping[Occasion, str]] = {
    Occasion.START: _("Today's peer session is yours to lead → `/session start`"),
    Occasion.END: _("You are leading the peer session; when it is over → `/session end`"),
    Occasion.SESSION: _("The peer session is on: questions → `/ask`, minutes → `/session note`"),
    Occasion.ATTENDANCE: _("You have not said yet that you are there → `/session attendance`"),
    Occasion.SWAP: _("{name} wants to swap with you: {turn} → [answer here]({url})"),
    Occasion.SUBSTITUTE: _("{name} asks you to step in: {turn} → [answer here]({url})"),
    Occasion.TROUBLE: _("Messages that could not be sent as planned: {count} → `/admin failed`"),
    Occasion.HAND_IN: _("A{number} {title} is due {due:moment} ({stamp}), not handed in yet → `/assignment submit`"),
    Occasion.RETROSPECTIVE: _("You have not written today's retrospective yet → `/retro write`"),
    Occasion.TURN: _("Your turn: {turn}. If you cannot → `/rotation swap` or `/rotation skip`"),
    Occasion.JOURNAL: _("The journal of Day {number} ({day:day}) is done → `/journal show day:{number}`"),
}


class HelpCog(commands.Cog):
    def __init__(self, bot: "StudyBot", service: Help) -> None:
        self._bot = bot
        self._help = service

    @app_commands.command(name="help", description=_("What you can do here"))
    @app_commands.describe(topic=_("A command to hear more about"))
    async def show(self, interaction: Interaction, topic: str | None = None) -> None:
        caller, lang = caller_of(interaction), reader(interaction)
        now = await self._help.now(caller)
        shown, roots = Reader(now, manages=caller.manage_guild), self._roots()
        if topic is None:
            await answer(interaction, "\n".join([*hint_lines(now.hints, lang), overview(roots, shown, lang)]))
        else:
            await answer(interaction, details(_root_named(roots, topic), shown, lang))

    @show.autocomplete("topic")
    async def _topics(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        lang = reader(interaction)
        named = [root for root in self._roots() if typed.strip("/ ").casefold() in root.name]
        return [
            app_commands.Choice(name=f"/{root.name} · {lang(root.description)}"[:100], value=root.name)
            for root in named[:25]
        ]

    def _roots(self) -> Sequence[Root]:
        """Commands and groups of the tree, in the order in which the cogs were loaded."""
        commands_and_groups = self._bot.tree.get_commands()
        return [root for root in commands_and_groups if isinstance(root, app_commands.Command | app_commands.Group)]


class Reader:
    """Whom the help is for."""

    def __init__(self, now: Now, *, manages: bool) -> None:
        self.standing = now.standing
        self._on_roster = now.on_roster
        self._manages = manages

    def may_use(self, name: str) -> bool:
        """Whether a command is worth showing; the services decide."""
        if name in MANAGERS:
            return self._manages
        if self.standing is Standing.NO_TEAM:
            return name == "help"
        if self.standing is Standing.GUEST:
            return name in GUESTS
        if self.standing is Standing.MEMBER and name in TODAYS_MODERATOR:
            return False
        if name in OWN and not self._on_roster:
            return False
        return self.standing is Standing.MODERATOR or name not in MODERATORS


def _root_named(roots: Sequence[Root], topic: str) -> Root:
    name = topic.strip().removeprefix("/").split(" ")[0].casefold()
    found = next((root for root in roots if root.name == name), None)
    if found is None:
        raise NotFound(_("There is no command {text}. /help without a topic shows all of them."), text=topic)
    return found


def hint_lines(hints: Sequence[Hint], lang: Language) -> Iterator[str]:
    """What makes sense now, a line for each, before everything else."""
    if hints:
        yield lang(_("**Just now**"))
        yield from (f"- {_hint(hint, lang)}" for hint in hints)
        yield ""


def _hint(hint: Hint, lang: Language) -> str:
    values = {key: _safe(value) for key, value in hint.values.items()}
    if hint.occasion is not Occasion.HAND_IN:
        return lang(HINTS[hint.occasion], **values)
    line = lang(HINTS[hint.occasion], stamp=f"<t:{int(values['due'].timestamp())}:R>", **values)
    return line + (lang(_(" and {more} more"), **values) if values["more"] else "")


def _safe(value: Any) -> Any:
    """What people typed, so that it shows as it is."""
    if isinstance(value, HeldTurn):
        return words_of(value, escape_markdown)
    return escape_markdown(value) if isinstance(value, str) else value


def overview(roots: Sequence[Root], shown: Reader, lang: Language) -> str:
    """A line for each command or group, with the names of what is in it."""
    lines = [lang(GREETINGS[shown.standing]), ""]
    for root in roots:
        usable = [command for command in _commands_of(root) if shown.may_use(command.qualified_name)]
        if usable:
            names = "" if usable[0] is root else " (" + ", ".join(command.name for command in usable) + ")"
            lines.append(f"`/{root.name}` {lang(root.description)}{names}")
    if shown.standing is not Standing.NO_TEAM:
        lines += ["", lang(_("More about one of them: /help with its name as the topic."))]
    return "\n".join(lines)


def details(root: Root, shown: Reader, lang: Language) -> str:
    """Every command of a group and who may use it, with its options where a message has room for them.

    Discord tells the options anyway while one types, and a file is bad to read on a phone.
    """
    whole = _details(root, shown, lang, options=True)
    return whole if len(whole) <= MESSAGE_LIMIT else _details(root, shown, lang, options=False)


def _details(root: Root, shown: Reader, lang: Language, *, options: bool) -> str:
    lines = [f"**/{root.name}** {lang(root.description)}"]
    for command in _commands_of(root):
        who = _who(command.qualified_name, lang)
        usage = " ".join([f"/{command.qualified_name}", *_options(command)])
        about = "" if command is root else f" {lang(command.description)}"
        lines.append(f"- `{usage}`{about}{who}")
        if options:
            lines += [f"  - `{option.display_name}` {lang(str(option.description))}" for option in command.parameters]
    if not any(shown.may_use(command.qualified_name) for command in _commands_of(root)):
        lines += ["", lang(_("You cannot use this yet. /help shows what you can do."))]
    return "\n".join(lines)


def _commands_of(root: Root) -> Iterator[Command]:
    """By name, so that one finds them: they are registered in the order of what the cogs inherit."""
    if isinstance(root, app_commands.Command):
        yield root
    else:
        within = [item for item in root.walk_commands() if isinstance(item, app_commands.Command)]
        yield from sorted(within, key=lambda command: command.qualified_name)


def _options(command: Command) -> Iterator[str]:
    """`<needed>` and `[optional]`."""
    for option in command.parameters:
        yield f"<{option.display_name}>" if option.required else f"[{option.display_name}]"


def _who(name: str, lang: Language) -> str:
    groups = (
        (MANAGERS, _("server admins")),
        (MODERATORS, _("moderators")),
        (TODAYS_MODERATOR, _("moderators, also of the day")),
        (ASKERS, _("whoever asked, and moderators")),
        (PRESENTERS, _("whoever presents it, and moderators")),
        (AUTHORS, _("whoever asked")),
    )
    return next((" · " + lang(who) for names, who in groups if name in names), "")


async def setup(bot: "StudyBot") -> None:
    await bot.add_cog(HelpCog(bot, bot.services.help))
