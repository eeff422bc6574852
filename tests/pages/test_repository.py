"""Pages in real Git repositories: bare in a folder, over http (git's own backend), and over an ssh that is a script."""

import base64
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import pytest

from bot.pages.repository import PagesRepository, Remote, RemoteRefused, RemoteUnreachable

AT = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
DAY, OTHER = "week6/day27/README.md", "week6/day28/README.md"
TOKEN = "ghp_secret"


def git(*arguments: str, at: Path) -> str:
    """What `git` itself says; it knows nothing of whoever runs the tests."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=하늘", "-c", "user.email=sky@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *arguments], cwd=at, env=env, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    git("init", "--bare", "-q", "team.git", at=tmp_path)
    return tmp_path / "team.git"


@pytest.fixture
def repository(bare: Path, tmp_path: Path) -> PagesRepository:
    return PagesRepository(Remote(str(bare)), tmp_path / "copy.git")


def by_hand(bare: Path, path: str, text: str | None) -> None:
    """Somebody edits a page, or deletes it, and pushes."""
    work = bare.parent / "work"
    if not work.exists():
        git("clone", "-q", str(bare), "work", at=bare.parent)
    git("pull", "-q", "origin", "main", at=work)
    if text is None:
        (work / path).unlink()
    else:
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)
    git("add", "-A", at=work)
    git("commit", "-qm", "by hand", at=work)
    git("push", "-q", "origin", "main", at=work)


def shown(bare: Path, path: str) -> str:
    return git("show", f"main:{path}", at=bare)


def test_pages_are_committed_once_and_only_those_that_changed(repository: PagesRepository, bare: Path) -> None:
    first = repository.publish({DAY: "하나\n", OTHER: "둘\n"}, {}, "Day27\n", AT)
    assert first.written == (DAY, OTHER)
    assert shown(bare, DAY) == "하나\n"
    again = repository.publish({DAY: "하나\n", OTHER: "둘\n"}, first.blobs, "Day27\n", AT)
    assert (again.written, again.unchanged, again.commit) == ((), (DAY, OTHER), None)
    changed = repository.publish({DAY: "하나 더\n", OTHER: "둘\n"}, again.blobs, "다시\n", AT)
    assert changed.written == (DAY,)
    assert git("log", "--format=%an %s %aI", "main", at=bare).splitlines() == [
        "study-bot 다시 2026-11-24T19:00:00+00:00",
        "study-bot Day27 2026-11-24T19:00:00+00:00",
    ]
    assert git("show", "--format=", "--name-only", "main", at=bare).split() == [DAY]
    git("fsck", "--strict", at=bare)


def test_what_somebody_changed_by_hand_is_kept_and_told(repository: PagesRepository, bare: Path) -> None:
    ours = repository.publish({DAY: "하나\n", OTHER: "둘\n"}, {}, "Day27\n", AT).blobs
    by_hand(bare, DAY, "손으로 고친 하나\n")
    by_hand(bare, "README.md", "모두의 첫 장\n")
    kept = repository.publish({DAY: "새 하나\n", OTHER: "새 둘\n"}, ours, "밤\n", AT)
    assert (kept.written, kept.by_hand) == ((OTHER,), (DAY,))
    assert (shown(bare, DAY), shown(bare, OTHER), shown(bare, "README.md")) == (
        "손으로 고친 하나\n", "새 둘\n", "모두의 첫 장\n",
    )  # fmt: skip
    ours = {**ours, **kept.blobs}
    by_hand(bare, OTHER, None)
    assert repository.publish({OTHER: "더 새 둘\n"}, ours, "밤\n", AT).by_hand == (OTHER,)
    by_hand(bare, DAY, "하나\n")
    assert repository.publish({DAY: "새 하나\n"}, ours, "밤\n", AT).written == (DAY,)


def test_a_page_that_was_there_before_us_is_taken_for_somebody_elses(repository: PagesRepository, bare: Path) -> None:
    repository.publish({"x": "x"}, {}, "x", AT)
    by_hand(bare, DAY, "먼저 있던 일지\n")
    by_hand(bare, OTHER, "같은 글\n")
    found = repository.publish({DAY: "우리 일지\n", OTHER: "같은 글\n"}, {}, "밤\n", AT)
    assert (found.by_hand, found.unchanged, found.written) == ((DAY,), (OTHER,), ())
    assert set(found.blobs) == {OTHER}


def test_whoever_pushes_at_the_same_moment_loses_nothing(bare: Path, tmp_path: Path) -> None:
    numbers = count(1)

    class Overtaken(PagesRepository):
        times = 1

        def _pushed(self, *arguments):
            if self.times:
                self.times -= 1
                by_hand(bare, "notes.md", f"그 사이의 글 {next(numbers)}\n")
            return super()._pushed(*arguments)

    repository = Overtaken(Remote(str(bare)), tmp_path / "copy.git")
    Overtaken.times = 0
    ours = repository.publish({DAY: "하나\n"}, {}, "Day27\n", AT).blobs
    repository.times = 1
    ours = repository.publish({DAY: "둘\n"}, ours, "Day27\n", AT).blobs
    assert (shown(bare, DAY), shown(bare, "notes.md")) == ("둘\n", "그 사이의 글 1\n")
    repository.times = 3
    with pytest.raises(RemoteUnreachable):
        repository.publish({DAY: "셋\n"}, ours, "Day27\n", AT)
    assert shown(bare, DAY) == "둘\n"


def test_where_nobody_answers_it_can_be_tried_again(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}/team.git", f"ssh://git@127.0.0.1:{port}/team.git"):
        with pytest.raises(RemoteUnreachable):
            PagesRepository(Remote(address), tmp_path / "copy.git").publish({DAY: "x"}, {}, "x", AT)


def test_a_repository_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RemoteRefused):
        PagesRepository(Remote(str(tmp_path / "none.git")), tmp_path / "copy.git").publish({DAY: "x"}, {}, "x", AT)


# http, with a token


class GitOverHttp(BaseHTTPRequestHandler):
    """git's own http backend behind a token."""

    root: Path

    def log_message(self, *_arguments: object) -> None:
        """Quietly."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        expected = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {expected}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        env = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_USER": "bot",
        }
        done = subprocess.run(["git", "http-backend"], input=self._body(), env=env, capture_output=True, check=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)


@pytest.fixture
def http_address(bare: Path) -> Iterator[str]:
    git("config", "http.receivepack", "true", at=bare)
    handler = type("Handler", (GitOverHttp,), {"root": bare.parent})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{bare.name}"
        server.shutdown()
        thread.join()


def test_over_http_a_token_opens_it_and_a_wrong_one_does_not(http_address: str, bare: Path, tmp_path: Path) -> None:
    ours = PagesRepository(Remote(http_address, token=TOKEN), tmp_path / "copy.git")
    blobs = ours.publish({DAY: "하나\n"}, {}, "Day27\n", AT).blobs
    by_hand(bare, "notes.md", "손으로\n")
    assert ours.publish({DAY: "둘\n"}, blobs, "Day27\n", AT).written == (DAY,)
    assert (shown(bare, DAY), shown(bare, "notes.md")) == ("둘\n", "손으로\n")
    for token in ("wrong-token", None):
        remote = Remote(http_address, token=token)
        with pytest.raises(RemoteRefused) as refused:
            PagesRepository(remote, tmp_path / "other.git").publish({DAY: "셋\n"}, {}, "x", AT)
        assert "wrong-token" not in f"{refused.value}{remote!r}"
        assert http_address not in f"{refused.value}{remote!r}"
    assert shown(bare, DAY) == "둘\n"


# ssh, with a key

SSH = """#!/bin/sh
case "$*" in
  *BatchMode=yes*"-i $GOOD_KEY"*) ;;
  *) echo "git@127.0.0.1: Permission denied (publickey)." >&2; exit 255 ;;
esac
for last; do :; done
exec sh -c "$last"
"""


def test_over_ssh_a_key_opens_it_and_a_wrong_one_does_not(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ssh").write_text(SSH)
    (tmp_path / "bin" / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("GOOD_KEY", str(tmp_path / "good"))
    address = f"ssh://git@127.0.0.1{bare}"
    good = PagesRepository(Remote(address, ssh_key=tmp_path / "good"), tmp_path / "copy.git")
    assert good.publish({DAY: "하나\n"}, {}, "Day27\n", AT).written == (DAY,)
    assert shown(bare, DAY) == "하나\n"
    with pytest.raises(RemoteRefused):
        PagesRepository(Remote(address, ssh_key=tmp_path / "bad"), tmp_path / "other.git").publish({}, {}, "x", AT)
