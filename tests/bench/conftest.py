"""Figures of a run, told once more at its end where one finds them."""

from collections.abc import Callable

import pytest

Tell = Callable[[str], None]
FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Keeps a line for the end of the run."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("Figures of this machine, at this moment: compare them with each other only")
        for line in lines:
            terminalreporter.line(line)
