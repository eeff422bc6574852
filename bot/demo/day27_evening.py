"""Day 27 of the demo: what people hand in, and how they look back on the day."""

from typing import Final

WORK: Final = {
    "은우": (
        "https://git.example/eunwoo/lstm-reviews",
        "문장 길이를 200으로 자르니 학습이 두 배 빨라졌고 정확도는 그대로였다.",
    ),
    "지안": ("https://git.example/jian/nlp-a2", "forget gate 편향을 1로 바꿔서 수렴이 빨라지는지 비교했다."),
    "유나": ("https://git.example/yuna/movie-lstm", "드롭아웃을 임베딩 뒤로 옮겨서 79%에서 83%로 올렸다."),
    "하린": ("https://git.example/harin/a2-lstm", "양방향으로 바꿔 봤다. 1%p 올랐지만 학습 시간이 두 배가 됐다."),
    "서진": ("https://git.example/seojin/sentiment", "padding을 빼고 마지막 상태를 고르는 데서 오래 걸렸다."),
    "민재": ("https://git.example/minjae/lstm2", "정확도 81%. 은닉 크기는 128이면 충분했다."),
    "태오": ("https://git.example/taeo/reviews", "아슬아슬하게 마감 전에 끝냈다. 다음에는 오전에 시작하기."),
}
"""Who hands in → their link, and what they write about it for themselves."""

OPTIONAL_ASSIGNMENT: Final = "어텐션 히트맵 그리기"

SHARED: Final = {
    "은우": (
        "수식보다 그림을 먼저 보여 준 것. 첫 NLP 발표였는데 고개를 끄덕이는 분들이 보여서 힘이 났다.",
        "코드가 길어서 뒤쪽은 급하게 넘어갔다.",
        (
            "다 안다고 생각했는데 '가중치를 나눠 쓰면 똑같이 다루는 것 아니냐'는 질문에 한참 멈췄다.\n"
            "**설명할 수 있어야 아는 것**이라는 말을 실감했다."
        ),
        "- 질문에 그림으로 다시 답해 보기\n- 5강 코드 따라 치기",
    ),
    "유나": (
        "",
        "정확도가 79%에 계속 멈춰 있어서 오후를 다 썼다.",
        "드롭아웃 자리를 옮기고서야 넘었다. 오늘의 교훈: 막히면 중간값부터 찍어 보기 🙂",
        "",
    ),
    "하린": (
        "질문을 하나 던졌을 뿐인데 이야기가 클리핑에서 잔차 연결까지 이어졌다. 혼자였다면 그냥 넘어갔을 것 같다.",
        "",
        "",
        "내일은 내가 모더레이터니까 진행 순서를 미리 적어 두자.",
    ),
    "지안": (
        "게이트 값을 색으로 그려 간 게 통했다!",
        "",
        "자료를 만들면서 내가 제일 많이 배웠다.",
        "푹 자고 빔 서치를 다시 짜 보기.",
    ),
    "태오": (
        "질문이 미리 올라와 있어서 순서를 정하기 쉬웠다. 마지막에 돌아가며 한마디씩 한 시간이 제일 좋았다.",
        "모더레이터는 처음이라 시간 재느라 바빴다.",
        "",
        "과제는 오전에 시작하기.",
    ),
}
"""Whose retrospective → what the team may read with their name: what went well, what did not, what they learned, what
comes tomorrow."""

ANONYMOUS: Final = (
    "",
    "다들 질문을 잘해서 나만 뒤처지는 것 같았다.",
    "내가 궁금하던 게 그대로 나와서 마음이 놓였다. 모르는 건 나만이 아니었다.",
    "먼저 물어보기.",
)
PRIVATE: Final = (
    "",
    "진도를 따라가기가 조금 벅차다.",
    "",
    "주말에 3강부터 다시 듣고, 목요일 멘토링 때 공부 방법을 여쭤보자.",
)
