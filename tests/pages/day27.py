"""A whole Day 27 of an invented team, with everything that can stand on a page."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.domain.day_record import (
    Answer,
    Assignment,
    DayRecord,
    Lecture,
    Material,
    Member,
    MinutesEntry,
    NextDay,
    Note,
    OwnDuty,
    Question,
    Reply,
    Retrospective,
    RoundTable,
    Submission,
)
from bot.domain.retro import FREE_FIELD, Reflection

HANEUL, BADA, NARAE, DOYUN, SEOA, JIHO, YEBIN = range(1, 8)

MEMBERS = tuple(
    Member(number, 900_000_000_000_000_000 + number, name)
    for number, name in enumerate(("하늘", "바다", "나래", "도윤", "서아", "지호", "예빈"), start=1)
)

STUDIED = (
    Lecture(15, "NLP", "5강", "Passage Retrieval"),
    Lecture(16, "NLP", "6강", "Subword & BPE"),
)

PRESENTED = (
    Lecture(
        13,
        "NLP",
        "3강",
        "순환 신경망과 언어 모델",
        presenter_ids=(HANEUL,),
        materials=(
            Material("3강 발표 (수정본).pdf", "https://discord.com/channels/11/22/33"),
            Material("", "https://example.com/rnn?part=1"),
        ),
    ),
    Lecture(14, "NLP", "4강", "LSTM & GRU", presenter_ids=(BADA,), materials=(Material("문 그림", None),)),
)

NOTE_WITH_EVERYTHING = """\
# BPE를 손으로
가장 자주 나오는 쌍을 합친다.

```python
pairs = Counter(zip(word, word[1:]))


best = max(pairs, key=pairs.get)  # <best>
```

| 단계 | 합친 쌍 | 사전 |
|:----:|---------|-----:|
| 1    | `l` + `o` | 11 |
| 2    | `lo` + `w` | 12 |

합칠 쌍은 $\\hat{p} = \\arg\\max_{(a,b)} c_{ab}$ 로 고르고, 빈도는

$$
c_{ab} = \\sum_{w \\in V} n_w \\cdot [ab \\subset w]
$$

![합치는 순서](https://example.com/bpe.png "그림 1")
더 읽을 것은 [원 논문][1]에 있다.

[1]: https://example.com/papers/bpe.pdf
"""

NOTES = (
    Note(15, NARAE, "- TF-IDF는 단어가 겹쳐야 찾는다.\n- Dense는 뜻으로 찾는다.\n    - 대신 학습이 필요하다."),
    Note(15, HANEUL, "역색인을 그려 보니 *한눈에* 보였다."),
    Note(16, HANEUL, NOTE_WITH_EVERYTHING),
)

ASSIGNMENTS = (
    Assignment(
        3,
        "글자 단위 언어 모델 만들기",
        required=True,
        due=datetime(2026, 11, 24, 14, 59, tzinfo=UTC),
        link="https://example.com/assignments/3",
        description="노트북의 빈 칸 네 곳을 채워 주세요.",
        submissions=(
            Submission(
                BADA,
                datetime(2026, 11, 24, 11, 2, tzinfo=UTC),
                link="https://example.com/bada/lm",
                note="은닉 크기를 두 배로 늘리니 perplexity가 $92$에서 $71$로 내려갔다.",
            ),
            Submission(HANEUL, datetime(2026, 11, 24, 9, 30, tzinfo=UTC), note="2번 빈 칸에서 오래 헤맸다."),
        ),
        expected=7,
    ),
    Assignment(4, "논문 한 편 고르기", required=False, due=datetime(2026, 11, 27, 9, 0, tzinfo=UTC), expected=7),
)

QUESTIONS = (
    Question(
        31,
        "$W_{hy}$ 는 시간마다 다른가요?",
        NARAE,
        "answered",
        lecture_id=13,
        answers=(
            Answer(HANEUL, "아니요, 모든 시간에서 같은 걸 써요."),
            Answer(DOYUN, "그래서 길이가 달라도\n같은 모델을 쓸 수 있어요."),
        ),
    ),
    Question(32, "초기 은닉 상태는 왜 0으로 두나요?", None, "open", lecture_id=13),
    Question(
        33,
        "게이트 값을 직접 찍어 보려면 어떻게 하나요?",
        SEOA,
        "answered",
        lecture_id=14,
        answers=(Answer(BADA, "```python\nout, (h, c) = lstm(x)\nprint(torch.sigmoid(gates))\n```"),),
        attachment=Material("gates.png", "https://discord.com/channels/11/22/44"),
    ),
    Question(
        34,
        "게이트를 더 줄여도 기울기가 살아남을까요?",
        JIHO,
        "answered",
        further=True,
        lecture_id=14,
        answers=(Answer(YEBIN, "망각 게이트만 남긴 변형이 있더라고요.\n\n- 학습이 빠르고\n- 성능도 비슷했어요."),),
    ),
    Question(35, "한국어는 어떤 단위로 자르는 게 좋을까요?", None, "mentor", further=True),
    Question(36, "실습 서버는 언제까지 열려 있나요?", DOYUN, "open"),
    Question(37, "이 질문은 거두었어요", DOYUN, "withdrawn", lecture_id=13),
    Question(38, "아무도 안 궁금한 질문", SEOA, "dropped", lecture_id=13),
)

MINUTES = (
    MinutesEntry("discussion", "**기울기 소실**: 곱이 길어질수록 작아진다는 걸 숫자로 따라가 봤다.", lecture_id=13),
    MinutesEntry("material", "[RNN 그림 모음](https://example.com/rnn-figures)", lecture_id=13),
    MinutesEntry("announcement", "수요일은 멘토링이 있어 30분 일찍 시작해요."),
    MinutesEntry("decision", "발표는 한 사람당 20분을 넘기지 않는다."),
    MinutesEntry("action", "BPE 코드 저장소에 올리기", lecture_id=16, owner_id=NARAE, due=date(2026, 11, 26)),
    MinutesEntry("action", "회의실 예약", owner_id=JIHO),
    MinutesEntry("note", "마이크 소리가 작다는 말이 있었다.\n다음에는 시작 전에 확인하기."),
)

ROUND_TABLES = (
    RoundTable(
        "요즘 정리는 어떻게 하세요?",
        (
            Reply(YEBIN, "강의를 한 번 다 듣고 나서 빈 종이에 써 봐요."),
            Reply(JIHO, "저는 코드부터요.\n글은 나중에 붙여요."),
            Reply(SEOA, "<@900000000000000002>님이 알려 준 방법으로 바꿨어요 <:blobhappy:123456789012345678>"),
        ),
    ),
)


def freely(text: str) -> tuple[Reflection, ...]:
    """A retrospective written into the one free field."""
    return (Reflection(FREE_FIELD, text),)


RETROSPECTIVES = (
    Retrospective("anonymous", freely("오늘은 발표를 거의 못 알아들었다. 내일 다시 들어야지."), key="f3"),
    Retrospective(
        "team",
        (
            Reflection("잘한 점", "발표 준비가 길었지만 **질문이 많아** 즐거웠다."),
            Reflection("아쉬운 점 *하나*", "코드가 길었다.\n다음에는\n\n- 함수 하나만\n- 천천히"),
            Reflection("배운 점", " "),
        ),
        author_id=HANEUL,
        edited=True,
    ),
    Retrospective("anonymous", (Reflection("아쉬운 점 *하나*", "다들 열심히 해서 조금 부담스럽다."),), key="0b"),
    Retrospective("private", (Reflection("잘한 점", "팀에는 말 못 할 고민이 생겼다."),), author_id=NARAE),
    Retrospective("team", freely("### 오늘의 한 줄\n게이트는 문이다."), author_id=BADA),
)

DAY27 = DayRecord(
    number=27,
    date=date(2026, 11, 24),
    zone=ZoneInfo("Asia/Seoul"),
    members=MEMBERS,
    lectures_studied=STUDIED,
    lectures_presented=PRESENTED,
    moderator_ids=(DOYUN,),
    notes=NOTES,
    assignments=ASSIGNMENTS,
    questions=QUESTIONS,
    minutes=MINUTES,
    round_tables=ROUND_TABLES,
    next_day=NextDay(
        28,
        date(2026, 11, 25),
        moderator_ids=(SEOA,),
        lectures=(
            Lecture(15, "NLP", "5강", "Passage Retrieval", presenter_ids=(NARAE,)),
            Lecture(
                16, "NLP", "6강", "Subword & BPE", presenter_ids=(DOYUN, YEBIN), unconfirmed_ids=frozenset({YEBIN})
            ),
        ),
        own=(OwnDuty("기록", (JIHO,), frozenset({JIHO})), OwnDuty("질문 정리", (HANEUL,), lecture_id=15)),
    ),
    retrospectives=RETROSPECTIVES,
)
