"""`demo --once`: Day 27 from the set-up of the team to the page, printed as it happens."""

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.demo.day27 import DATE, DAY27, EXPORT, NEXT_MORNING, NUMBER
from bot.demo.history import EARLIER, SETUP
from bot.demo.simulation import simulated
from bot.demo.stage import Stage, found_server, moment_of
from bot.demo.steps import Chapter
from bot.demo.transcript import Transcript

FILE_NAME: Final = f"day{NUMBER}.md"

HEAD: Final = (
    "모의 디스코드 안에서 한 팀이 봇을 들이고 Day27을 보내는 모습이에요. 사람들은 모두 지어낸 인물이에요.",
    "시각은 팀의 시간대(Asia/Seoul)이고, ↳ 는 명령을 쓴 사람에게만 보이는 답이에요.",
)


async def run_once(folder: Path, write: Callable[[str], None]) -> Path:
    """Let the day happen, a line at a time to `write`, and leave its page in the folder. Returns the page's file."""
    with TemporaryDirectory(prefix="study-bot-demo-") as place:
        async with simulated(Path(place) / "demo.sqlite3", moment_of(SETUP.date, "08:55")) as env:
            stage = found_server(env)
            transcript = Transcript(write, stage.names())
            stage.listener = transcript
            page = await _whole_day(stage, transcript, write)
    file = folder / FILE_NAME
    file.write_text(page, encoding="utf-8", newline="\n")
    write("")
    write(f"{FILE_NAME} 파일에 Day27 일지를 썼어요.")
    return file


async def _whole_day(stage: Stage, transcript: Transcript, write: Callable[[str], None]) -> str:
    """Returns the page as it was exported on the morning after."""
    for line in HEAD:
        write(line)
    await _play(stage, (SETUP, *EARLIER, DAY27))
    day_ends = moment_of(DATE, "28:00")
    await stage.until(day_ends)
    write("")
    write("하루가 끝났을 때의 현황판")
    transcript.boards(day_ends)
    await stage.play(NEXT_MORNING)
    await stage.until(moment_of(NEXT_MORNING.date, EXPORT.at))
    return await stage.read(await stage.perform(EXPORT))


async def _play(stage: Stage, chapters: Iterable[Chapter]) -> None:
    for chapter in chapters:
        await stage.play(chapter)
