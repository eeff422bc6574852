"""One class per feature, one transaction per public method. Frozen values go in and out, never rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from bot.db.engine import Database
from bot.services.absences import Absences
from bot.services.admin import Admin
from bot.services.admin.checkup import Checkup
from bot.services.admin.trail import Trail
from bot.services.assignments import Assignments
from bot.services.assignments.changes import AssignmentChanges
from bot.services.assignments.imports import AssignmentImport
from bot.services.assignments.notices import AssignmentNotices
from bot.services.calendar import Calendar
from bot.services.departures import Departures
from bot.services.guild_teams import GuildTeams
from bot.services.help import Help
from bot.services.holidays import Holidays
from bot.services.journal import Journal
from bot.services.journal.closing import JournalClosing
from bot.services.journal.exporting import JournalExport
from bot.services.journal.index import JournalIndex
from bot.services.journal.publishing import Publishing, Repositories
from bot.services.lectures import Lectures
from bot.services.mydata import MyData
from bot.services.questions import Questions
from bot.services.retro import Retro, RetroExperiments, RetroNudges, RetroQuestions, RetroReading, RetroWeeks
from bot.services.roster import Roster
from bot.services.rotation import Rotation
from bot.services.rotation.balance import Balance
from bot.services.rotation.duties import Duties
from bot.services.rotation.handover import Handover
from bot.services.rotation.simulation import Simulation
from bot.services.rotation.swaps import Swaps
from bot.services.session import Session
from bot.services.session.attendance import Attendances
from bot.services.session.minutes import MinutesBook
from bot.services.session.roundtable import RoundTables
from bot.services.session.steps import SessionSteps
from bot.services.setup import TeamSetup
from bot.services.teams import Teams
from bot.services.today import Today
from bot.services.undo import Undo


@dataclass(frozen=True)
class Services:
    """Every feature's service, built once."""

    teams: Teams
    team_setup: TeamSetup
    guild_teams: GuildTeams
    roster: Roster
    departures: Departures
    absences: Absences
    calendar: Calendar
    holidays: Holidays
    lectures: Lectures
    rotation: Rotation
    duties: Duties
    balance: Balance
    simulation: Simulation
    handover: Handover
    swaps: Swaps
    questions: Questions
    session: Session
    session_steps: SessionSteps
    attendances: Attendances
    minutes: MinutesBook
    round_tables: RoundTables
    assignments: Assignments
    assignment_changes: AssignmentChanges
    assignment_import: AssignmentImport
    assignment_notices: AssignmentNotices
    retro: Retro
    retro_experiments: RetroExperiments
    retro_nudges: RetroNudges
    retro_questions: RetroQuestions
    retro_reading: RetroReading
    retro_weeks: RetroWeeks
    journal: Journal
    journal_closing: JournalClosing
    journal_index: JournalIndex
    journal_export: JournalExport
    publishing: Publishing
    today: Today
    help: Help
    mydata: MyData
    admin: Admin
    checkup: Checkup
    trail: Trail
    undo: Undo

    @classmethod
    def over(cls, database: Database, wake: Callable[[], None], repositories: Repositories | None = None) -> Self:
        """All services over one database. `wake` asks the heartbeat to look at once."""
        questions = Questions(database, wake)
        return cls(
            teams=Teams(database, wake),
            team_setup=TeamSetup(database, wake),
            guild_teams=GuildTeams(database, wake),
            roster=Roster(database, wake),
            departures=Departures(database, wake),
            absences=Absences(database, wake),
            calendar=Calendar(database, wake),
            holidays=Holidays(database, wake),
            lectures=Lectures(database, wake),
            rotation=Rotation(database, wake),
            duties=Duties(database, wake),
            balance=Balance(database, wake),
            simulation=Simulation(database, wake),
            handover=Handover(database, wake),
            swaps=Swaps(database, wake),
            questions=questions,
            session=Session(database, wake),
            session_steps=SessionSteps(database, wake, questions),
            attendances=Attendances(database, wake),
            minutes=MinutesBook(database, wake, questions),
            round_tables=RoundTables(database, wake),
            assignments=Assignments(database, wake),
            assignment_changes=AssignmentChanges(database, wake),
            assignment_import=AssignmentImport(database, wake),
            assignment_notices=AssignmentNotices(database, wake),
            retro=Retro(database, wake),
            retro_experiments=RetroExperiments(database, wake),
            retro_nudges=RetroNudges(database, wake),
            retro_questions=RetroQuestions(database, wake),
            retro_reading=RetroReading(database, wake),
            retro_weeks=RetroWeeks(database, wake),
            journal=Journal(database, wake),
            journal_closing=JournalClosing(database, wake),
            journal_index=JournalIndex(database, wake),
            journal_export=JournalExport(database, wake),
            publishing=Publishing(database, wake, repositories),
            today=Today(database, wake),
            help=Help(database, wake),
            mydata=MyData(database, wake),
            admin=Admin(database, wake),
            checkup=Checkup(database, wake),
            trail=Trail(database, wake),
            undo=Undo(database, wake, questions),
        )
