"""The demo in a real browser: a command, a button and a form, and time that runs by itself."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
"""Milliseconds: how long a slow machine may take."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    found = shutil.which("chromium")
    if found is None and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER is set, but there is no chromium")
    if found is None:
        pytest.skip("no chromium here: apt-get install chromium fonts-noto-cjk")
    return found


class Demo:
    """The process of the demo; `places` holds its temporary files."""

    def __init__(self, places: Path) -> None:
        self.places = places
        command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--speed", "300"]
        environment = {**os.environ, "TMPDIR": str(places)}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment)
        self.url = self._read_url()

    def _read_url(self) -> str:
        for line in self._process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+/#\S+", line):
                return found[0]
        raise AssertionError(f"the demo ended with {self._process.wait()} before it gave an address")

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(with_signal)
        self._process.communicate(timeout=30)
        return self._process.returncode


@pytest.fixture
def demo(tmp_path):
    demo = Demo(tmp_path)
    yield demo
    demo.stop()


@pytest.fixture
def page(chromium, demo):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.goto(demo.url)
        yield page
        browser.close()


def run_command(page: Page, name: str) -> None:
    """Type it, choose it from the list, and send it."""
    composer = page.locator("#channel-composer-input")
    composer.press_sequentially(f"/{name}")
    expect(page.get_by_role("option", name=f"/{name}")).to_be_visible()
    composer.press("Enter")
    expect(page.get_by_role("button", name=f"Command /{name}")).to_be_visible()
    page.keyboard.press("Enter")


def test_people_use_the_bot_in_the_browser_while_time_runs(page, demo):
    expect.set_options(timeout=PATIENCE)

    expect(page.get_by_role("button", name="질문하기").first).to_be_visible()  # the page is drawn
    run_command(page, "today")
    expect(page.get_by_text("오늘 일지에 아직 없는 것").last).to_be_visible()

    page.get_by_role("button", name="질문하기").first.click()
    page.get_by_role("dialog").get_by_role("textbox").fill("임베딩 차원은 어떻게 정하나요?")
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_text("임베딩 차원은 어떻게 정하나요?").first).to_be_visible()

    expect(page.get_by_text("내일(2/11 수, Day28) 모더레이터는 하린님").last).to_be_visible()

    assert demo.stop() == 0
    assert list(demo.places.iterdir()) == []


def test_ctrl_c_ends_the_demo_and_leaves_nothing(tmp_path):
    demo = Demo(tmp_path)
    assert demo.stop(signal.SIGINT) == 0
    assert list(tmp_path.iterdir()) == []
