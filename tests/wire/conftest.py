"""What the processes of these tests start from."""

import pytest

from tests.wire import process


@pytest.fixture(scope="session", autouse=True)
def _ready(migrated_file):
    """A database that is up to date, copied for each process that has none: bringing one up takes a second."""
    process.READY = migrated_file
    yield
    process.READY = None
