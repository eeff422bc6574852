"""Makes the pictures of the README from the demo: `python -m tests.demo.pictures`.

Needs Debian's chromium and fonts-noto-cjk and, for the formulas of the page, `latex2mathml` and `mdit-py-plugins`.
"""

import asyncio
import shutil
from pathlib import Path

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from playwright.sync_api import Browser, Page, sync_playwright

from bot.demo.cast import OPERATOR
from bot.demo.day27 import DATE
from bot.demo.live import played_until, preview_of
from bot.demo.stage import moment_of
from tests.demo.test_browser import FLAGS

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PAGE = Path(__file__).parent / "golden" / "day27.md"

MARGIN = 8
BOARD_WIDTH = 690
"""Of the picture of the boards, in pixels of the page."""

STYLE = """
body { margin: 0; background: #eaeef2; font: 15px/1.6 "Noto Sans CJK KR", "Noto Sans", sans-serif; color: #1f2328 }
main { display: flex; gap: 24px; padding: 24px; align-items: flex-start }
article { flex: 1; min-width: 0; height: 1120px; overflow: hidden; background: #fff; border: 1px solid #d1d9e0;
  border-radius: 10px; padding: 28px 36px; box-sizing: border-box; position: relative }
article::after { content: ""; position: absolute; inset: auto 0 0 0; height: 90px;
  background: linear-gradient(#fff0, #fff) }
h1, h2 { border-bottom: 1px solid #d1d9e0; padding-bottom: .25em; line-height: 1.3 }
h1 { font-size: 1.9em; margin: 0 0 .5em } h2 { font-size: 1.45em } h3 { font-size: 1.2em }
article > h2:first-child { margin-top: 0 }
a { color: #0969da; text-decoration: none }
code { background: #818b981f; border-radius: 6px; padding: .15em .4em; font: 88% "Noto Sans Mono CJK KR", monospace }
pre { background: #f6f8fa; border-radius: 6px; padding: 14px; overflow: auto }
pre code { background: none; padding: 0 }
table { border-collapse: collapse } th, td { border: 1px solid #d1d9e0; padding: 5px 12px }
math[display=block] { margin: 1em 0; font-size: 1.25em }
@media (max-width: 700px) { main { display: block; padding: 8px } article { padding: 16px; margin-bottom: 8px } }
"""


def main() -> None:
    """Draw both pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        draw_page(browser)
        browser.close()
    asyncio.run(draw_board())


def draw_page(browser: Browser) -> None:
    """The beginning of the page of Day 27, and its session beside it."""
    page = browser.new_page(viewport={"width": 1400, "height": 1168}, device_scale_factor=1.25)
    page.set_content(page_html(PAGE.read_text(encoding="utf-8")))
    page.screenshot(path=PICTURES / "page.png")
    page.close()


def page_html(text: str) -> str:
    """Markdown as HTML in the style of GitHub: two sheets, the second from the session on."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(
        dollarmath_plugin, renderer=lambda formula, options: convert(
            formula, display="block" if options["display_mode"] else "inline"
        )
    )  # fmt: skip
    first, mark, second = text.partition("## 3. ")
    sheets = "".join(f"<article>{reader.render(part)}</article>" for part in (first, mark + second))
    return f'<!doctype html><html lang="ko"><meta charset="utf-8"><style>{STYLE}</style><main>{sheets}</main></html>'


async def draw_board() -> None:
    """Two boards of questions at the end of the session, as somebody sees them who did nothing."""
    async with played_until(moment_of(DATE, "17:09")) as stage, preview_of(stage) as preview:
        await preview.show(stage.latest())
        await asyncio.to_thread(shoot_board, preview.url)


def shoot_board(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1320, "height": 1500}, device_scale_factor=1.5)
        page.goto(url)
        shoot(page)
        browser.close()


def shoot(page: Page) -> None:
    """The channel from the first board on, without what the simulation puts around it."""
    page.get_by_role("button", name="질문하기").first.wait_for()
    page.get_by_role("combobox").first.select_option(label=OPERATOR)
    page.wait_for_timeout(2000)
    first = page.get_by_role("article").filter(has_text="질문 · NLP 3강").first
    first.evaluate("article => article.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(500)
    boards = [page.get_by_role("article").filter(has_text=f"질문 · NLP {number}").first for number in ("3강", "4강")]
    top, bottom = boards[0].bounding_box(), boards[1].bounding_box()
    assert top is not None
    assert bottom is not None
    height = bottom["y"] + bottom["height"] - top["y"] + 2 * MARGIN
    clip = {"x": top["x"], "y": top["y"] - MARGIN, "width": BOARD_WIDTH, "height": height}
    page.screenshot(path=PICTURES / "board.png", clip=clip)


if __name__ == "__main__":
    main()
