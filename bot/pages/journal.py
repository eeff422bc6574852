"""The journal of a day as Markdown: the team's page, and each member's own.

Templates can print nothing but `Markdown` and numbers (`only_markdown`): whatever people typed has to go through
`bot.domain.markdown` first, or rendering fails.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bot.domain import markdown
from bot.domain.day_record import (
    Answer,
    DayRecord,
    MinutesKind,
    Question,
    Retrospective,
    SessionFacts,
    Submission,
)
from bot.domain.journal import AssignmentPart, Page, arrange_member_page, arrange_team_page
from bot.domain.journal_session import AskedQuestion, Entry, NextDuties, OnDuty
from bot.domain.markdown import Markdown
from bot.domain.retro import Reflection
from bot.i18n import Language, _
from bot.pages.outline import outline
from bot.pages.wording import Wording, only_markdown

_KINDS: Final[dict[MinutesKind, str]] = {
    "announcement": _("Announcements"),
    "decision": _("Decisions"),
    "action": _("To do"),
    "discussion": _("Discussions"),
    "note": _("Notes"),
    "material": _("Materials"),
}


def render_team_page(record: DayRecord, lang: Language) -> str:
    """The page of the team, what everybody may see: text with `\\n` line ends, one of them at its end."""
    return render_page(arrange_team_page(record), lang)


def render_member_page(record: DayRecord, member_id: int, lang: Language) -> str:
    """The page of one member: the session of all, and of the rest only what is theirs."""
    return render_page(arrange_member_page(record, member_id), lang)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bot", "pages"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # the page is Markdown; only_markdown is what guards it
        finalize=only_markdown,
    )
    return environment.get_template("journal.md.j2")


def render_page(page: Page, lang: Language) -> str:
    """A page that was arranged for its readers."""
    writer = _Writer(page.record, lang)
    headings = outline(page, writer.say)
    text = _template().render(page=page, own=page.owner_id is not None, write=writer, _=writer.say, outline=headings)
    return text.rstrip("\n") + "\n"


# What the templates call


class _Writer(Wording):
    """Turns the values of a page into Markdown, in one language."""

    # The retrospectives

    def looked_back(self, retrospective: Retrospective) -> Markdown:
        """Who wrote, and whether they changed it later."""
        author = retrospective.author_id
        name = self.title(self._lang(_("Anonymous"))) if author is None else self.member(author)
        return self.joined((name, self.say(_("(edited)")) if retrospective.edited else None), " ")

    def asked(self, reflection: Reflection) -> Markdown:
        """The question that an answer stands under."""
        return self.aside(markdown.line(reflection.question))

    # The assignments

    def assignment(self, part: AssignmentPart) -> Markdown:
        """Title, required or not, deadline, link."""
        assignment = part.assignment
        title = markdown.strong(markdown.line(assignment.title) or self.say(_("Assignment")))
        named = self.say(_("{title} (required)") if assignment.required else _("{title} (optional)"), title=title)
        due = self.say(_("due {due:moment}"), due=assignment.due.astimezone(self._record.zone))
        link = self._titled_link(_("what to do"), assignment.link)
        return self.joined((named, due, link), " · ")

    def _titled_link(self, title: str, address: str | None) -> Markdown | None:
        return None if markdown.is_blank(address) else markdown.link(self._lang(title), address)

    def handed_in(self, part: AssignmentPart) -> Markdown:
        """How many have handed in and who, with their links; nothing about those who have not."""
        count, expected = len(part.submissions), part.assignment.expected
        if count == 0:
            return self.say(_("Nobody has handed in yet."))
        names = self.joined((self._submitter(submission) for submission in part.submissions), ", ")
        if count <= expected:
            return self.say(_("{count} of {expected} handed in: {names}"), count=count, expected=expected, names=names)
        return self.say(_("{count} handed in: {names}"), count=count, names=names)

    def _submitter(self, submission: Submission) -> Markdown:
        address = submission.link or (submission.attachment.url if submission.attachment else None)
        return markdown.link(self._called(submission.member_id), address)

    def own_state(self, part: AssignmentPart) -> Markdown:
        """What has become of it, for the member whose page it is."""
        if not part.submissions:
            return self.say(_("You were excused.") if part.excused else _("Not handed in yet."))
        submission = part.submissions[0]
        at = submission.at.astimezone(self._record.zone)
        state = self.say(_("Handed in late ({at:moment})") if submission.late else _("Handed in ({at:moment})"), at=at)
        link = self._titled_link(_("my work"), submission.link)
        attachment = self.material(submission.attachment) if submission.attachment else None
        return self.joined((state, link, attachment), " · ")

    # The session

    def question(self, asked: AskedQuestion) -> Markdown:
        question = asked.question
        asker = self.say(_("Anonymous")) if question.author_id is None else self.person(question.author_id)
        about = markdown.line(asked.about)
        return self._labelled(self.joined((self.say(_("Q. {name}"), name=asker), about), " · "), question.text)

    def crossing(self, question: Question) -> Markdown:
        """The other pages on which the question stands: where it was asked, where it was answered."""
        asked = None
        if question.asked_on is not None:
            asked = self.say(_("Asked on {day}."), day=self._page_of(question.asked_on))
        days = self.joined((self._page_of(number) for number in question.answered_on), ", ")
        answered = self.say(_("Answered on {day}."), day=days) if days else None
        return self.aside(self.joined((asked, answered), " "))

    def _page_of(self, number: int) -> Markdown:
        """A link to the team's page of another day, which lies beside this one."""
        return Markdown(f"[{self.say(_('Day {number}'), number=number)}](day{number}.md)")

    def removed(self, question: Question) -> Markdown:
        """What is left of a question that a moderator removed: its number, and why."""
        text = self.say(_("A moderator removed question #{number}."), number=question.number)
        reason = markdown.line(question.reason)
        why = self.say(_("Why: {reason}"), reason=reason) if reason else None
        return self.aside(self.joined((text, why), " "))

    def answer(self, answer: Answer, question: Question) -> Markdown:
        """An answer; that of whoever presents the question's lecture says so, as it does on the boards."""
        label = self.say(_("A. {name}"), name=self.person(answer.author_id))
        if answer.author_id in self._presenters.get(question.lecture_id, ()):
            label = self.joined((label, self.say(_("presenter"))), " · ")
        return self._labelled(label, answer.text)

    def round_table(self, prompt: str) -> Markdown:
        return self._labelled(self.say(_("Round table")), prompt)

    def reply(self, member_id: int, text: str) -> Markdown:
        return markdown.item(markdown.labelled(Markdown(f"{self.person(member_id)} :"), self.block(text)))

    def _labelled(self, label: Markdown, text: str) -> Markdown:
        return markdown.labelled(markdown.strong(label), self.block(text))

    def duties(self, duties: NextDuties) -> Markdown:
        """Who moderates the next study day, who presents what, and who does the team's own duties."""
        day = markdown.strong(
            self.say(_("Next study day, Day {number} ({date:day})"), number=duties.number, date=duties.date)
        )
        moderators = self._on_duty(duties.moderators)
        moderator = self.say(_("Moderator: {names}"), names=moderators) if moderators else None
        presenters = (
            Markdown(f"{markdown.line(lecture)}: {self._on_duty(people)}") for lecture, people in duties.presenters
        )
        own = (
            Markdown(f"{self.joined((markdown.line(name), markdown.line(lecture)), ' ')}: {self._on_duty(people)}")
            for name, lecture, people in duties.own
        )
        return markdown.item(self.joined((day, self.joined((moderator, *presenters, *own), " · ")), " "))

    def _on_duty(self, people: Iterable[OnDuty]) -> Markdown:
        """Names; behind those of people who have not said that they will do it, that this is so."""
        return self.joined((self._confirmed_or_not(each) for each in people), ", ")

    def _confirmed_or_not(self, on_duty: OnDuty) -> Markdown:
        name = self.person(on_duty.member_id)
        return name if on_duty.confirmed else self.say(_("{person} (unconfirmed)"), person=name)

    def session(self, facts: SessionFacts) -> Markdown:
        """How many came, and how long it took, as planned and in fact."""
        counts = (
            (_("{count} came"), facts.present),
            (_("{count} came late"), facts.late),
            (_("{count} did not come"), facts.absent),
        )
        came = self.joined((self.say(text, count=count) for text, count in counts if count), " · ")
        return Markdown("\n".join(str(markdown.item(line)) for line in (came, self._times(facts)) if line))

    def _times(self, facts: SessionFacts) -> Markdown | None:
        if facts.whole is None or facts.began_at is None:
            return None
        began, whole = facts.began_at.astimezone(self._record.zone), facts.whole
        text = _("From {began:time}, {taken} min ({planned} planned)")
        parts = (
            self.say(
                _("{part} {taken} min ({planned} planned)"),
                part=markdown.line(part.label) or self.say(_("the rest")),
                taken=part.taken,
                planned=part.planned,
            )
            for part in facts.parts
        )
        return self.joined((self.say(text, began=began, taken=whole.taken, planned=whole.planned), *parts), " · ")

    def kind(self, kind: MinutesKind) -> Markdown:
        return markdown.strong(self.say(_KINDS[kind]))

    def entry(self, entry: Entry) -> Markdown:
        """An item of the minutes: whose it is, until when, about which lecture, then the text."""
        owner = None if entry.entry.owner_id is None else self.person(entry.entry.owner_id)
        due = None if entry.entry.due is None else self.say(_("until {due:day}"), due=entry.entry.due)
        label = markdown.strong(self.joined((owner, due, markdown.line(entry.about)), " · "))
        return markdown.item(markdown.labelled(label, self.block(entry.entry.text)))
