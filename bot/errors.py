"""The exceptions of the project.

    StudyBotError
    ├── UserError            shown to the person alone, in their language, saying what to do next
    │   ├── NotAllowed       the person lacks the right
    │   ├── NotFound         what was named does not exist in this team
    │   └── InvalidInput     what was typed cannot be used
    └── OperatorError        shown to whoever runs the process, one line and an exit code
        ├── SettingsError    a setting is missing or wrong (2)
        ├── DemoMissing      the simulated Discord is not installed (2)
        ├── AlreadyRunning   another process holds the database (3)
        ├── SchemaTooNew     the database belongs to a newer program (4)
        ├── LoginFailed      Discord refused the token (5)
        ├── BackupUnusable   a backup cannot be taken or put back (6)
        ├── TransferRefused  an export or import cannot be made (6)
        └── Unready          `doctor` found what keeps the bot from running (7)

Anything else is a defect: it is logged with a reference, and the person sees the reference.
"""

from bot.i18n import Language, Message


class StudyBotError(Exception):
    """Every exception of ours."""


class UserError(StudyBotError):
    """Something the person can mend. `message` is an English message id, rendered with `values` for its reader."""

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message)
        self.message = Message(message, values)

    def text(self, language: Language) -> str:
        return language.render(self.message)


class NotAllowed(UserError):
    """The person lacks the right for it."""


class NotFound(UserError):
    """What was named does not exist in this team."""


class InvalidInput(UserError):
    """What was typed cannot be used."""


class OperatorError(StudyBotError):
    """The process cannot go on; one readable line for whoever runs it."""

    exit_code = 1


class SettingsError(OperatorError):
    exit_code = 2


class DemoMissing(OperatorError):
    exit_code = 2


class AlreadyRunning(OperatorError):
    exit_code = 3


class SchemaTooNew(OperatorError):
    exit_code = 4


class LoginFailed(OperatorError):
    exit_code = 5


class BackupUnusable(OperatorError):
    exit_code = 6


class TransferRefused(OperatorError):
    exit_code = 6


class Unready(OperatorError):
    exit_code = 7
