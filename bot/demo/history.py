"""The days before Day 27: the team sets the bot up in mid-course, and takes its turns."""

from datetime import date
from typing import Final

from bot.demo import day27_talk as talk
from bot.demo.cast import MEMBERS, OPERATOR
from bot.demo.steps import Chapter, Step, agree, types

DEEP_LEARNING: Final = "DL Basic"
LANGUAGE: Final = "NLP"

ASSIGNMENT: Final = "LSTM으로 영화 리뷰 분류하기"
ASSIGNMENT_LINK: Final = "https://study.example/nlp/assignments/2"
ASSIGNMENT_DESCRIPTION: Final = "노트북의 빈칸 다섯 곳을 채우고 검증 정확도 80%를 넘기면 통과예요."


def _lectures(course: str, *titles: tuple[str, str]) -> tuple[Step, ...]:
    return tuple(
        types("09:30", OPERATOR, "lecture add", course=course, number=number, title=title) for number, title in titles
    )


SETUP: Final = Chapter(
    date(2026, 2, 2),
    "Day21",
    (
        types("09:00", OPERATOR, "setup", start="2026-01-05", session_time="16:00", retro_time="21:00"),
        *(types("09:10", OPERATOR, "roster add", member=name, name=name) for name in MEMBERS),
        *_lectures(DEEP_LEARNING, ("3강", "최적화: 모멘텀에서 Adam까지"), ("4강", "합성곱 신경망 첫걸음")),
        *agree("18:10", "Day22", "하린", "민재", "서진"),
    ),
)

EARLIER: Final = (
    Chapter(
        date(2026, 2, 3),
        "Day22",
        (
            *_lectures(DEEP_LEARNING, ("5강", "VGG와 ResNet"), ("6강", "객체 탐지")),
            *agree("18:20", "Day23", "서진", "은우", "민재"),
        ),
        brief=True,
    ),
    Chapter(
        date(2026, 2, 4),
        "Day23",
        (
            *_lectures(DEEP_LEARNING, ("7강", "RNN 맛보기"), ("8강", "Transformer 미리 보기")),
            *agree("18:20", "Day24", "지안", "유나", "은우"),
        ),
        brief=True,
    ),
    Chapter(
        date(2026, 2, 5),
        "Day24",
        (
            *_lectures(DEEP_LEARNING, ("9강", "자기회귀 생성 모델"), ("10강", "VAE와 GAN")),
            *agree("18:20", "Day25", "태오", "하린", "지안"),
        ),
        brief=True,
    ),
    Chapter(
        date(2026, 2, 6),
        "Day25",
        (
            *_lectures(LANGUAGE, ("1강", "단어 벡터와 유사도"), ("2강", "전처리와 토큰화")),
            *agree("18:20", "Day26", "민재", "서진", "유나"),
        ),
        brief=True,
    ),
    Chapter(
        date(2026, 2, 9),
        "Day26",
        (
            *_lectures(LANGUAGE, ("3강", "순환 신경망과 언어 모델"), ("4강", "LSTM과 GRU")),
            types(
                "10:00",
                OPERATOR,
                "assignment add",
                title=ASSIGNMENT,
                due="내일 23:59",
                link=ASSIGNMENT_LINK,
                description=ASSIGNMENT_DESCRIPTION,
            ),
            types("16:40", "서진", "ask", question=talk.RARE_WORDS, lecture="2강"),
            types("16:45", "서진", "question further", question="임베딩이"),
            *agree("18:20", "Day27", "은우", "지안", "태오"),
        ),
        brief=True,
    ),
)
