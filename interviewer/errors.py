"""Every error the product raises on purpose; this module knows nothing of HTTP.

    InterviewerError
    ├── ConfigurationError          the operator can mend it; the process does not start
    │   ├── SettingError            a setting is unknown, malformed or unsafe
    │   ├── BankError               a bank file is broken (carries every problem found)
    │   ├── PromptError             a prompt file is missing or does not fit its code
    │   └── DatabaseUnusable        the database cannot be opened, written or migrated
    ├── InputError                  what was sent cannot be used; nothing was changed
    │   ├── UnknownChoice           no such level, topic, mode or number of questions
    │   ├── NoQuestions             the choice is valid but leaves nothing to ask
    │   ├── EmptyAnswer             there are no words in it
    │   ├── AnswerTooLong           more characters than the setting allows
    │   ├── UnusableText            an advert or a CV without words, too long, or in a file that cannot be read
    │   ├── UnusableComment         an objection or a reason without words, or too long
    │   ├── UnusableName            a name that cannot be shown, or is too long
    │   ├── UnusablePassword        too short, too long, or the name
    │   ├── WrongPassword           no account with this name and password
    │   ├── NotConfirmed            deleting everything without the words that confirm it
    │   ├── QuoteNotFound           a person's credit without words that stand in the answer
    │   ├── UnusableExport          an export is not whole or not ours, or the database is not empty
    │   └── RowsError               a file of answers cannot be used (carries every problem found)
    ├── NotLoggedIn                 only people with an account may do that, and the session is over
    ├── NotFound                    no such interview, or it is somebody else's
    ├── ConflictError               the interview has moved on; look again
    │   ├── OutOfTurn               that turn does not take this move now
    │   ├── NoHintLeft              every hint of the turn has been shown
    │   ├── AlreadySettled          a person has decided that dispute
    │   ├── NameTaken               somebody has an account with that name
    │   ├── SettledByPerson         a person has decided a mark of that turn; no grader marks it again
    │   └── StaleInterview          somebody else saved first
    ├── LimitReached                too often, or too much at once (carries how long to wait)
    │   └── TooBusy                 nobody's fault: others have all the places
    └── ModelError                  the model gave nothing usable (carries an UngradedReason)

A message says what happened and what to do next. It never holds a key or the candidate's text.
"""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.domain import UngradedReason


class InterviewerError(Exception):
    """Base of all errors of this package."""


class ConfigurationError(InterviewerError):
    """The operator can mend it; the process must not start like this."""


class SettingError(ConfigurationError):
    """A setting is unknown, malformed or unsafe."""


@dataclass(frozen=True, slots=True)
class BankProblem:
    """One thing that is wrong in a bank file; `line` counts from 1."""

    file: str
    line: int
    question: str | None
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.question}: {self.message}" if self.question else f"{where}: {self.message}"


class BankError(ConfigurationError):
    """A bank cannot be used; `problems` lists everything that was found."""

    def __init__(self, problems: tuple[BankProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class PromptError(ConfigurationError):
    """A prompt file is missing, or its variables are not those its code gives."""


class DatabaseUnusable(ConfigurationError):
    """The database cannot be opened, written or migrated."""


class InputError(InterviewerError):
    """What was sent cannot be used; nothing was changed."""


class UnknownChoice(InputError):
    """No such level, topic, mode or number of questions."""


class NoQuestions(InputError):
    """The choice is valid but leaves no question to ask."""


class EmptyAnswer(InputError):
    """The answer has no words."""


class AnswerTooLong(InputError):
    """The answer has more characters than the setting allows."""


class UnusableText(InputError):
    """An advert or a CV has no words, too many characters, or stands in a file that cannot be read."""


class UnusableComment(InputError):
    """An objection, or the reason of a decision, has no words or too many characters."""


class UnusableName(InputError):
    """A name is empty, too long, or has characters that cannot be seen."""


class UnusablePassword(InputError):
    """A password is too short, too long, the name itself, or cannot be kept."""


class WrongPassword(InputError):
    """There is no account with this name and password; which of the two is wrong is not told."""


class NotConfirmed(InputError):
    """Everything is to be deleted, and the words that confirm it were not typed."""


class QuoteNotFound(InputError):
    """A person credits a point without words that our code finds in the answer."""


class UnusableExport(InputError):
    """An export of a database is not whole, or of another version, or there is something in the database already."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is wrong in a file of answers; `line` counts from 1, and is 0 for the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class RowsError(InputError):
    """A file of answers cannot be used; `problems` lists everything that was found, the message the first of them."""

    SHOWN = 10

    def __init__(self, problems: tuple[RowProblem, ...]) -> None:
        self.problems = problems
        lines = [str(problem) for problem in problems[: self.SHOWN]]
        if len(problems) > self.SHOWN:
            lines.append(f"and {len(problems) - self.SHOWN} more lines that do not fit")
        super().__init__("\n".join(lines))


class NotLoggedIn(InterviewerError):
    """Only people with an account may do that, and the request's session is over, or there never was one."""


class NotFound(InterviewerError):
    """No such interview, or it belongs to somebody else: the two look alike on purpose."""


class ConflictError(InterviewerError):
    """The interview has moved on since it was last looked at."""


class OutOfTurn(ConflictError):
    """That turn does not take this move now."""


class NoHintLeft(ConflictError):
    """Every hint of the turn has been shown."""


class AlreadySettled(ConflictError):
    """A person has decided that dispute."""


class NameTaken(ConflictError):
    """Somebody has an account with that name, or one that is written alike."""


class SettledByPerson(ConflictError):
    """A person has decided a mark of that turn, so no grader marks it again."""


class StaleInterview(ConflictError):
    """Somebody else saved this interview first."""


class LimitReached(InterviewerError):
    """Somebody does something too often, or too much at once; in `retry_after_s` seconds there is room again."""

    def __init__(self, message: str, *, retry_after_s: int = 1) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class TooBusy(LimitReached):
    """All places for something costly are taken, and none became free in time."""


class ModelError(InterviewerError):
    """The model gave nothing usable; `retry_after_s` is how long its server asks to be left alone, when it does."""

    def __init__(
        self, reason: UngradedReason, message: str, *, permanent: bool = False, retry_after_s: float | None = None
    ) -> None:
        self.reason = reason
        self.permanent = permanent
        self.retry_after_s = retry_after_s
        super().__init__(message)
