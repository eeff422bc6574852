"""Day 27 of the demo, from morning to the morning after: who does what, when."""

from datetime import date
from typing import Final

from bot.demo import day27_evening as evening
from bot.demo import day27_notes as notes
from bot.demo import day27_talk as talk
from bot.demo.steps import Chapter, Step, agree, presses, types

DATE: Final = date(2026, 2, 10)
NUMBER: Final = 27

ASK_ANONYMOUSLY: Final = "익명으로 질문"
ANSWER: Final = "답하기"
VOTE: Final = "공감하기"
REPLY: Final = "답하기"
HAND_IN: Final = "제출하기"
WRITE: Final = "회고 쓰기"
HERE: Final = "왔어요"
LATE: Final = "늦어요"
NEXT: Final = "다음"
CLOSE: Final = "마감하고 보기"
AGENDA: Final = "**출석"
"""What only the agenda holds."""

MORNING: Final = (
    types("08:50", "하린", "today"),
    types("09:05", "태오", "lecture add", number="5강", title="Seq2Seq와 어텐션"),
    types("09:06", "태오", "lecture add", number="6강", title="빔 서치와 BLEU"),
    types("09:10", "유나", "rotation show", count=2),
    types(
        "10:30", "은우", "lecture material", lecture="3강", title="3강 발표 자료", url="https://study.example/slides/rnn"
    ),
    types("11:20", "태오", "lecture note", notes.ATTENTION_BY_TAEO, lecture="5강"),
    types(
        "11:45", "지안", "lecture material", lecture="4강", title="4강 발표 자료", url="https://study.example/slides/lstm"
    ),
    types(
        "11:46", "지안", "lecture material", lecture="4강", title="게이트 그림을 그린 노트북",
        url="https://git.example/jian/lstm-gates",
    ),
    types("11:50", "유나", "lecture note", notes.ATTENTION_BY_YUNA, lecture="5강"),
)  # fmt: skip

AFTERNOON: Final = (
    types(
        "12:40", "은우", "assignment submit", assignment="LSTM", link=evening.WORK["은우"][0],
        note=evening.WORK["은우"][1],
    ),
    types("13:10", "서진", "ask", question=talk.SHARED_WEIGHTS, lecture="3강"),
    presses("13:25", "민재", ASK_ANONYMOUSLY, talk.TRUNCATED, on="NLP 3강"),
    types("13:40", "유나", "ask", question=talk.CELL_STATE, lecture="4강"),
    types("14:05", "민재", "ask", question=talk.FORGET_BIAS, lecture="4강"),
    presses("14:06", "민재", VOTE, on="NLP 4강"),
    types(
        "14:35", "지안", "lecture note", lecture="6강", file=("beam-search.md", notes.BEAM_SEARCH_BY_JIAN.encode())
    ),
    types("15:10", "하린", "lecture note", notes.BLEU_BY_HARIN, lecture="6강"),
    types(
        "15:30", "지안", "assignment submit", assignment="LSTM", link=evening.WORK["지안"][0],
        note=evening.WORK["지안"][1],
    ),
)  # fmt: skip

PRESENTATIONS: Final = (
    types("16:00", "태오", "session start"),
    *(presses("16:01", name, HERE, on=AGENDA) for name in ("하린", "서진", "은우", "지안", "유나", "태오")),
    presses("16:02", "민재", LATE, talk.LATE_BECAUSE, on=AGENDA),
    presses("16:03", "태오", NEXT, on=AGENDA),
    presses("16:18", "태오", NEXT, on=AGENDA),
    presses("16:20", "은우", ANSWER, talk.SHARED_WEIGHTS_ANSWER, on="나눠 쓰면"),
    types("16:22", "하린", "question answer", question="나눠 쓰면", text=talk.SHARED_WEIGHTS_SECOND_ANSWER),
    types("16:24", "은우", "question answer", talk.TRUNCATED_ANSWER, question="끊는다는"),
    types("16:27", "서진", "session note", kind="discussion", lecture="3강", text=talk.LANGUAGE_MODEL_DISCUSSION),
    presses("16:28", "태오", NEXT, on=AGENDA),
    presses("16:43", "태오", NEXT, on=AGENDA),
    types("16:45", "지안", "question answer", question="셀 상태와", text=talk.CELL_STATE_ANSWER),
    types("16:48", "지안", "question answer", question="편향을", text=talk.FORGET_BIAS_ANSWER),
    types("16:52", "유나", "session note", kind="discussion", lecture="4강", text=talk.GATE_DISCUSSION),
)

FURTHER_QUESTIONS: Final = (
    types("16:55", "태오", "ask", question=talk.WITHOUT_RNN, lecture="4강"),
    types("16:55", "태오", "question further", question="꼭 RNN"),
    types("16:57", "하린", "question answer", question="꼭 RNN", text=talk.WITHOUT_RNN_ANSWER),
    types("16:58", "민재", "question answer", question="꼭 RNN", text=talk.WITHOUT_RNN_SECOND_ANSWER),
    types("17:00", "하린", "ask", question=talk.VANISHED, lecture="3강"),
    types("17:00", "하린", "question further", question="터지면"),
    types("17:03", "은우", "question answer", question="터지면", text=talk.VANISHED_ANSWER),
    presses("17:04", "태오", NEXT, on=AGENDA),
    types("17:05", "태오", "question mentor", question="임베딩이"),
    types("17:06", "민재", "ask", question=talk.PERPLEXITY, lecture="3강"),
    types("17:06", "민재", "question further", question="perplexity"),
    types("17:08", "태오", "question mentor", question="perplexity"),
)

CLOSING: Final = (
    types("17:10", "태오", "session note", kind="announcement", text=talk.ANNOUNCEMENT),
    types("17:11", "태오", "session note", kind="decision", text=talk.DECISION),
    types("17:12", "태오", "session note", kind="action", text=talk.LINKS_ACTION, owner="서진", due="내일"),
    types(
        "17:13", "태오", "session note", kind="action", text=talk.HEATMAP_ACTION, owner="유나", due="2/13",
        lecture="5강",
    ),
    types("17:14", "지안", "session note", talk.MICROPHONE_NOTE),
    types("17:15", "태오", "session roundtable", prompt=talk.ROUND_TABLE),
    *(
        presses(f"17:{16 + number}", name, REPLY, reply, on="아하")
        for number, (name, reply) in enumerate(talk.REPLIES.items())
    ),
    presses("17:24", "태오", CLOSE, on="아하"),
    types("17:25", "태오", "session end"),
    *agree("17:26", "Day28", "하린", "유나"),
    types(
        "17:30", "태오", "assignment add", title=evening.OPTIONAL_ASSIGNMENT, due="금요일 18:00", required=False,
        lecture="5강", remind="1d, 3h",
    ),
    *agree("17:32", "Day28", "태오"),
)  # fmt: skip


def _hands_in(at: str, who: str) -> Step:
    """By the button under the latest reminder."""
    return presses(at, who, HAND_IN, *evening.WORK[who], on="LSTM")


def _looks_back(at: str, who: str) -> Step:
    return presses(at, who, WRITE, *evening.SHARED[who], ["team"], on="Day27")


NIGHT: Final = (
    types(
        "18:40", "유나", "assignment submit", assignment="LSTM", link=evening.WORK["유나"][0],
        note=evening.WORK["유나"][1],
    ),
    types(
        "19:15", "하린", "assignment submit", assignment="LSTM", link=evening.WORK["하린"][0],
        note=evening.WORK["하린"][1],
    ),
    types("19:20", "태오", "assignment status", assignment="LSTM"),
    _looks_back("21:05", "은우"),
    _hands_in("21:20", "서진"),
    _looks_back("21:30", "유나"),
    presses("21:40", "서진", WRITE, *evening.ANONYMOUS, ["anonymous"], on="Day27"),
    _looks_back("22:10", "하린"),
    _hands_in("22:40", "민재"),
    presses("22:50", "민재", WRITE, *evening.PRIVATE, ["private"], on="Day27"),
    _looks_back("23:10", "지안"),
    _hands_in("23:48", "태오"),
    _looks_back("24:20", "태오"),
)  # fmt: skip

SESSION: Final = (*PRESENTATIONS, *FURTHER_QUESTIONS, *CLOSING)

DAY27: Final = Chapter(DATE, f"Day{NUMBER}", (*MORNING, *AFTERNOON, *SESSION, *NIGHT))

NEXT_MORNING: Final = Chapter(
    date(2026, 2, 11),
    f"Day{NUMBER + 1}",
    (types("09:00", "민재", "journal export", day=f"Day{NUMBER}", mine=True),),
)

EXPORT: Final = types("09:05", "하린", "journal export", day=f"Day{NUMBER}")
"""The page of the team: what the demo leaves behind."""
