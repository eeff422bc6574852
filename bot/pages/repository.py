"""Pages in a Git repository: fetch, write what has changed, push. What people changed there by hand is theirs.

The repository may be a folder, or be reached over https or ssh. A bare copy is kept beside the database, so that little
has to be fetched. No `git` is needed here; for ssh, its client is.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3
from dulwich.client import (
    GitClient,
    HttpGitClient,
    HTTPProxyUnauthorized,
    HTTPUnauthorized,
    SSHGitClient,
    get_transport_and_path,
)
from dulwich.errors import GitProtocolError, HangupException, NotGitRepository, NotTreeError
from dulwich.object_store import commit_tree_changes, tree_lookup_path
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

log = logging.getLogger(__name__)

AUTHOR: Final = b"study-bot <study-bot@localhost>"
TIMEOUT: Final = 30.0
ATTEMPTS: Final = 3
"""How often the pages are put on top of what others have pushed meanwhile."""

_SSH: Final = "ssh -o BatchMode=yes -o ConnectTimeout=20"
_OVERTAKEN: Final = ("non-fast-forward", "fetch first", "unable to set", "failed to update")
_FORBIDDEN: Final = ("401", "403", "permission denied", "unauthorized", "could not read from remote", "access denied")


class RemoteError(Exception):
    """The repository did not take the pages. The text names no address, token or key."""


class RemoteUnreachable(RemoteError):
    """Nobody answered, or not to the end: it may be there later."""


class RemoteRefused(RemoteError):
    """It will not take them: no such repository, a wrong key or token, a protected branch."""


@dataclass(frozen=True)
class Remote:
    """Where the repository is, and with what it is opened. The token and the key are never shown."""

    address: str
    branch: str = "main"
    token: str | None = None
    ssh_key: Path | None = None

    def __repr__(self) -> str:
        return f"Remote(branch={self.branch!r})"


@dataclass(frozen=True)
class Published:
    """What became of the pages, by path: written anew, as they were, or left as somebody changed them by hand."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    by_hand: tuple[str, ...]
    blobs: Mapping[str, str]
    """The content that is now there and is ours: path → id of the blob."""
    commit: str | None


class PagesRepository:
    """One team's repository. Its methods block; call them in a thread."""

    def __init__(self, remote: Remote, copy: Path) -> None:
        self._remote = remote
        self._copy = copy
        self._ref = Ref(b"refs/heads/" + remote.branch.encode())

    def publish(self, pages: Mapping[str, str], ours: Mapping[str, str], message: str, at: datetime) -> Published:
        """Commit the pages (path → text) that have changed, and push. `ours`: path → blob that we wrote last.

        Raises RemoteUnreachable or RemoteRefused; then nothing has changed there.
        """
        with self._opened() as repo:
            for _attempt in range(ATTEMPTS):
                client, path = self._client()
                with _told_as_ours(), _closed_afterwards(client):
                    head = self._fetched(client, path, repo)
                    result, commit = _committed(repo, head, pages, ours, message, at)
                    if commit is None or self._pushed(client, path, repo, head, commit):
                        return result
        raise RemoteUnreachable("others keep pushing at the same time")

    def _opened(self) -> Repo:
        if self._copy.exists():
            return Repo(str(self._copy))
        self._copy.mkdir(parents=True)
        return Repo.init_bare(str(self._copy))

    def _client(self) -> tuple[GitClient, str]:
        remote = self._remote
        http = urlsplit(remote.address).scheme in {"http", "https"}
        pool = _Pool() if http else None
        return get_transport_and_path(
            remote.address,
            quiet=True,
            username="x-access-token" if http and remote.token else None,
            password=remote.token if http else None,
            key_filename=None if http or remote.ssh_key is None else str(remote.ssh_key),
            ssh_command=None if http else _SSH,
            pool_manager=pool,
        )

    def _fetched(self, client: GitClient, path: str, repo: Repo) -> ObjectID | None:
        """The tip of the branch, with all it needs; None where there is no such branch yet."""
        refs = client.fetch(path, repo, determine_wants=self._wanted(repo)).refs
        return refs.get(self._ref)

    def _wanted(self, repo: Repo) -> Callable[..., list[ObjectID]]:
        def wanted(refs: Mapping[Ref, ObjectID], depth: int | None = None) -> list[ObjectID]:  # noqa: ARG001
            tip = refs.get(self._ref)
            return [] if tip is None or tip in repo.object_store else [tip]

        return wanted

    def _pushed(self, client: GitClient, path: str, repo: Repo, head: ObjectID | None, commit: ObjectID) -> bool:
        """False if somebody pushed since it was fetched."""
        moved = False

        def update(refs: Mapping[Ref, ObjectID]) -> dict[Ref, ObjectID]:
            nonlocal moved
            moved = refs.get(self._ref) != head
            return {} if moved else {self._ref: commit}

        result = client.send_pack(path.encode(), update, repo.generate_pack_data)  # type: ignore[arg-type]
        status = (result.ref_status or {}).get(self._ref)
        if status is None:
            return not moved
        if any(word in str(status) for word in _OVERTAKEN):
            return False
        raise RemoteRefused("the branch does not take pushes")


class _Pool(urllib3.PoolManager):
    """Connections that end in time, with the answers that dulwich does not read to the end."""

    def __init__(self) -> None:
        super().__init__(timeout=TIMEOUT, retries=False)
        self._answers: list[Any] = []

    def request(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().request(*args, **kwargs)
        self._answers.append(answer)
        return answer

    def close(self) -> None:
        for answer in self._answers:
            answer.close()
        self.clear()


@contextmanager
def _closed_afterwards(client: GitClient) -> Iterator[None]:
    """Close what dulwich leaves open: connections over http, and over ssh, when one fails, a process."""
    if isinstance(client, HttpGitClient):
        try:
            yield
        finally:
            if isinstance(client.pool_manager, _Pool):
                client.pool_manager.close()
        return
    if not isinstance(client, SSHGitClient):
        yield
        return
    connect, opened = client._connect, []  # noqa: SLF001  # nothing public tells of it

    def connecting(*args: Any, **kwargs: Any) -> Any:
        connection = connect(*args, **kwargs)
        opened.append(connection[0])
        return connection

    client._connect = connecting  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield
    finally:
        for protocol in opened:
            with suppress(OSError):
                protocol.close()


# What went wrong


@contextmanager
def _told_as_ours() -> Iterator[None]:
    """The errors of three transports in two words."""
    try:
        yield
    except (HTTPUnauthorized, HTTPProxyUnauthorized) as error:
        raise RemoteRefused("the token is not accepted") from error
    except NotGitRepository as error:
        raise RemoteRefused("there is no such repository, or the token or key does not open it") from error
    except (HangupException, GitProtocolError) as error:
        told = f"{error} {getattr(error, 'stderr_lines', '')}".casefold()
        if any(word in told for word in _FORBIDDEN):
            raise RemoteRefused("the token or key is not accepted") from error
        raise RemoteUnreachable(type(error).__name__) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise RemoteUnreachable(type(error).__name__) from error


# What is committed


def _committed(
    repo: Repo, head: ObjectID | None, pages: Mapping[str, str], ours: Mapping[str, str], message: str, at: datetime
) -> tuple[Published, ObjectID | None]:
    tree = None if head is None else repo[head].tree  # type: ignore[attr-defined]
    blobs = {path: Blob.from_string(text.encode()) for path, text in pages.items()}
    there = {path: _blob_at(repo, tree, path) for path in pages}
    unchanged = [path for path, blob in blobs.items() if there[path] == blob.id.decode()]
    by_hand = [path for path in pages if path not in unchanged and there[path] != ours.get(path)]
    written = [path for path in pages if path not in unchanged and path not in by_hand]
    known = {path: blobs[path].id.decode() for path in (*written, *unchanged)}
    commit = _commit(repo, head, tree, {path: blobs[path] for path in written}, message, at) if written else None
    name = None if commit is None else commit.decode()
    return Published(tuple(written), tuple(unchanged), tuple(by_hand), known, name), commit


def _blob_at(repo: Repo, tree: ObjectID | None, path: str) -> str | None:
    if tree is None:
        return None
    try:
        _mode, sha = tree_lookup_path(repo.object_store.__getitem__, tree, path.encode())
    except (KeyError, NotTreeError):
        return None
    return sha.decode()


def _commit(
    repo: Repo, head: ObjectID | None, tree: ObjectID | None, blobs: Mapping[str, Blob], message: str, at: datetime
) -> ObjectID:
    store = repo.object_store
    for blob in blobs.values():
        store.add_object(blob)
    empty = Tree()
    store.add_object(empty)
    commit = Commit()
    changes = [(path.encode(), 0o100644, blob.id) for path, blob in blobs.items()]
    commit.tree = commit_tree_changes(store, tree or empty.id, changes)
    commit.parents = [] if head is None else [head]
    commit.author = commit.committer = AUTHOR
    commit.author_time = commit.commit_time = int(at.timestamp())
    commit.author_timezone = commit.commit_timezone = 0
    commit.encoding = b"UTF-8"
    commit.message = message.encode()
    store.add_object(commit)
    return commit.id
