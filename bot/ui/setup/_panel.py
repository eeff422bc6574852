"""The panel in which a team is set up and looked after, step by step, by the person who opened it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import discord

from bot.errors import InvalidInput, UserError
from bot.i18n import Language, _, language
from bot.services.setup import TeamSetup
from bot.ui.answers import NOBODY, answer_error
from bot.ui.callers import Interaction, caller_of, reader
from bot.ui.permissions import Trial, lacking, trial_message, trial_text, try_channel
from bot.ui.setup._draft import LOG_CHANNEL, Draft
from bot.ui.setup._forms import SettingsForm
from bot.ui.setup._parts import PanelButton, Part, Picked, Pressed, Row, line
from bot.ui.setup._steps import NONE, STEPS, newcomer
from bot.ui.setup._texts import saved_text

PATIENCE: Final = 14 * 60
"""Seconds after which a panel that nobody uses is closed: Discord lets it be edited for fifteen minutes."""

LAST: Final = len(STEPS) - 1


class TeamPanel(discord.ui.LayoutView):
    """One step at a time. `draft` is what was chosen; only *Save* saves it."""

    def __init__(self, service: TeamSetup, draft: Draft, opener: int, lang: Language) -> None:
        super().__init__(timeout=PATIENCE)
        self.draft = draft
        self._service = service
        self._opener = opener
        self._lang = lang
        self._step = 0
        self._trials: Sequence[Trial] = ()
        self.latest: Interaction | None = None
        self.draw()

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        if interaction.user.id == self._opener:
            self.latest = interaction
            return True
        error = UserError(_("Somebody else has opened this. Open your own with /settings show."))
        await answer_error(interaction, error)
        return False

    async def on_error(self, interaction: Interaction, error: Exception, item: discord.ui.Item[Any], /) -> None:  # noqa: ARG002
        await answer_error(interaction, error)

    async def on_timeout(self) -> None:
        """Say that it is closed, rather than let its buttons fail."""
        if self.latest is not None:
            closed = told(
                self._lang(_("This has been closed; nothing of it was saved. Open it again with the command."))
            )
            with suppress(discord.HTTPException):
                await self.latest.edit_original_response(view=closed)

    def draw(self, notices: Sequence[str] = ()) -> None:
        """Put the parts of the present step into the view, under what is to be told."""
        self.clear_items()
        container: discord.ui.Container[Any] = discord.ui.Container(accent_color=discord.Color.blurple())
        for part in self._parts(notices):
            container.add_item(part)
        self.add_item(container)

    def _parts(self, notices: Sequence[str]) -> Iterator[Part]:
        lang = self._lang
        title, step = STEPS[self._step]
        whose = lang(_("New team")) if self.draft.is_new else discord.utils.escape_markdown(self.draft.present.name)
        so_far = _("{team} · {number}/{all} · not saved yet")
        if not self.draft.is_new:
            so_far = _("{team} · {number}/{all} · nothing changes before Save")
        place = lang(so_far, team=whose, number=self._step + 1, all=LAST + 1)
        yield line(f"### {lang(title)}\n-# {place}")
        if notices:
            yield line("\n".join(f"⚠️ {notice}" for notice in notices))
        if self._trials:
            yield discord.ui.Separator()
            yield line(lang(_("Nothing is saved yet. Once that is fixed, try again; what you chose is kept.")))
        else:
            yield from step(self, lang)
        yield discord.ui.Separator()
        yield Row(*self._ways())

    def _ways(self) -> Iterator[PanelButton]:
        """Back, on, and to the end."""
        lang, green, blue = self._lang, discord.ButtonStyle.success, discord.ButtonStyle.primary
        yield PanelButton(lang(_("Back")), "back", self._goes(self._step - 1), disabled=self._step == 0)
        if self._step < LAST:
            yield PanelButton(lang(_("Next")), "next", self._goes(self._step + 1), style=blue)
            if self._step < LAST - 1:
                yield PanelButton(lang(_("To the end")), "end", self._goes(LAST))
        elif self._trials:
            yield PanelButton(lang(_("Try again")), "save", self._save, style=blue)
            yield PanelButton(lang(_("Save anyway")), "anyway", self._save_anyway, style=discord.ButtonStyle.danger)
        else:
            yield PanelButton(lang(_("Save")), "save", self._save, style=green, disabled=self.draft.is_untouched)

    async def redraw(self, interaction: Interaction, notices: Sequence[str] = ()) -> None:
        self.draw(notices)
        await interaction.response.edit_message(view=self)

    def _goes(self, step: int) -> Pressed:
        async def go(interaction: Interaction) -> None:
            self._step, self._trials = step, ()
            await self.redraw(interaction)

        return go

    def opens(self, form: str) -> Pressed:
        """A button that opens a form."""

        async def open_form(interaction: Interaction) -> None:
            await interaction.response.send_modal(SettingsForm(form, self.draft, self._lang, self._typed))

        return open_form

    async def _typed(self, interaction: Interaction, fields: Mapping[str, str]) -> None:
        now = interaction.created_at
        wrong = [error for key, text in fields.items() if (error := self.draft.type(key, text, now))]
        kept = [self._lang(_("What you typed is still in the form."))] if wrong else []
        await self.redraw(interaction, [*(error.text(self._lang) for error in wrong), *kept])

    def puts(self, column: str) -> Picked:
        """A list whose value is kept as it is."""
        return self._putting(lambda values: self.draft.put(column, values[0]))

    def puts_channel(self, column: str) -> Picked:
        return self._putting(lambda values: self.draft.put_channel(column, values[0].id if values else None))

    @property
    def puts_log_channel(self) -> Picked:
        return self._putting(lambda values: self.draft.put(LOG_CHANNEL, values[0].id if values else None))

    @property
    def puts_role(self) -> Picked:
        return self._putting(lambda values: self.draft.put("moderator_role_id", values[0].id if values else None))

    @property
    def puts_weekdays(self) -> Picked:
        return self._putting(lambda values: self.draft.put("weekdays", "".join(sorted(values))))

    @property
    def puts_country(self) -> Picked:
        return self._putting(lambda values: self.draft.put("country", None if values[0] == NONE else values[0]))

    @property
    def puts_streaks(self) -> Picked:
        return self._putting(lambda values: self.draft.put("streaks", values[0] != NONE))

    @property
    def leaves_out(self) -> Picked:
        return self._putting(lambda values: [self.draft.people.pop(int(value), None) for value in values])

    def _putting(self, put: Callable[[Sequence[Any]], object]) -> Picked:
        async def picked(interaction: Interaction, values: Sequence[Any]) -> None:
            put(values)
            await self.redraw(interaction)

        return picked

    async def adds_people(self, interaction: Interaction, people: Sequence[Any]) -> None:
        """Take up those who are picked; who is there already, and bots, are not added."""
        there = {member.user_id for member in self.draft.present.members}
        bots = [person for person in people if person.bot]
        new = [newcomer(person) for person in people if not person.bot and person.id not in there]
        self.draft.people |= {person.user_id: person for person in new}
        await self.redraw(interaction, [self._lang(_("Bots are not added to the roster."))] if bots else [])

    async def _save(self, interaction: Interaction) -> None:
        """Try the channels first; where something is wrong, say it and save nothing."""
        await self._service.check(caller_of(interaction), self.draft.chosen)
        channels = [channel_of(interaction, channel_id) for channel_id in self.draft.channels_to_try()]
        await interaction.response.defer()
        self._trials = [trial for trial in await self._try(interaction, channels) if not trial.is_fine]
        if self._trials:
            self.draw([trial_text(trial, self._lang, interaction.user) for trial in self._trials])
            await interaction.edit_original_response(view=self)
        else:
            await self._keep(interaction)

    async def _save_anyway(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        await self._keep(interaction)

    async def _try(self, interaction: Interaction, channels: Sequence[Any]) -> list[Trial]:
        """Greet each channel once; one that was greeted is only looked at again."""
        me = interaction.guild.me if interaction.guild else None
        text, trials = trial_message(language(self.draft.text("language"))), []
        for channel in channels:
            if channel.id in self.draft.greeted:
                trials.append(Trial(channel, None, None, lacking(channel, me)))
                continue
            trial = await try_channel(channel, me, text)
            trials.append(trial)
            if trial.error is None:
                self.draft.greeted.add(channel.id)
        return trials

    async def _keep(self, interaction: Interaction) -> None:
        saved = await self._service.save(caller_of(interaction), self.draft.present.name, self.draft.chosen)
        self.stop()
        done = told(saved_text(saved, self.draft, self._lang), discord.Color.green())
        await interaction.edit_original_response(view=done)


def told(text: str, color: discord.Color | None = None) -> discord.ui.LayoutView:
    """A panel that has nothing to choose any more."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.Container(line(text), accent_color=color))
    view.stop()
    return view


async def open_panel(interaction: Interaction, service: TeamSetup) -> None:
    """Open the panel for the caller's team, or for a new one. Raises NotAllowed for whoever may not change it."""
    guild = interaction.guild
    present = await service.present(caller_of(interaction), guild.name if guild else "")
    panel = TeamPanel(service, Draft(present), interaction.user.id, reader(interaction))
    panel.latest = interaction
    await interaction.response.send_message(view=panel, ephemeral=True, allowed_mentions=NOBODY)


def channel_of(interaction: Interaction, channel_id: int) -> discord.TextChannel:
    """A channel that was chosen. Raises InvalidInput if it is not there any more."""
    channel = interaction.guild.get_channel(channel_id) if interaction.guild else None
    if not isinstance(channel, discord.TextChannel):
        raise InvalidInput(_("<#{id}> is no text channel, or is gone. Choose another channel."), id=channel_id)
    return channel
