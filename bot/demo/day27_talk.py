"""Day 27 of the demo: questions, answers, and what was said in the session."""

from typing import Final

SHARED_WEIGHTS: Final = "$W_{hh}$ 를 모든 시점이 나눠 쓰면 첫 단어와 마지막 단어를 똑같이 다루게 되는 것 아닌가요?"
SHARED_WEIGHTS_ANSWER: Final = (
    "가중치는 같지만 함께 들어가는 $h_{t-1}$ 이 매번 달라요. 같은 규칙을 서로 다른 기억에 적용한다고 생각하면 편해요.\n"
    "덕분에 길이가 다른 문장도 모델 하나로 읽을 수 있고요."
)
SHARED_WEIGHTS_SECOND_ANSWER: Final = "CNN이 필터 하나를 이미지 전체에 쓰는 것과 같은 이유라고 이해했어요."

TRUNCATED: Final = "BPTT를 중간에 끊는다는 말이 잘 이해가 안 돼요. 순전파도 같이 끊기나요?"
TRUNCATED_ANSWER: Final = """
순전파의 은닉 상태는 그대로 이어 주고, 역전파만 최근 $k$ 시점까지 해요.

```python
h = h.detach()  # 값은 넘기고, 기울기는 여기서 끊는다
```

그래서 아주 먼 과거는 값으로는 남아 있어도 거기까지 배우지는 못해요.
""".strip()

CELL_STATE: Final = "LSTM은 셀 상태와 은닉 상태를 왜 따로 두나요? 하나로는 부족한가요?"
CELL_STATE_ANSWER: Final = (
    "$c_t$ 는 더하기로 이어지는 **고속도로**이고, $h_t$ 는 그중 지금 보여 줄 것만 게이트로 거른 값이에요. "
    "GRU는 실제로 둘을 하나로 합쳤는데, 데이터가 작을 때는 성능도 비슷해요."
)

FORGET_BIAS: Final = "forget gate의 편향을 1로 두고 시작한다는 글을 봤어요. 왜 하필 1인가요?"
FORGET_BIAS_ANSWER: Final = (
    "처음에는 문을 열어 두려는 거예요. $\\sigma(0) = 0.5$ 라서 편향이 0이면 열 시점 뒤에 기억이 "
    "$0.5^{10} \\approx 0.001$ 만 남아요. 편향이 1이면 한 시점에 0.73씩 남으니 배우기 시작할 여유가 생겨요."
)

RARE_WORDS: Final = "거의 나오지 않는 단어는 임베딩이 제대로 배워지지 않을 텐데, 실제로는 어떻게 하나요?"

WITHOUT_RNN: Final = "어텐션으로 먼 곳을 바로 볼 수 있다면, 인코더가 꼭 RNN이어야 할까요?"
WITHOUT_RNN_ANSWER: Final = (
    "순서를 알려 주는 장치만 따로 있으면 RNN을 빼도 될 것 같아요. 7강 Transformer에서 같이 확인해 봐요."
)
WITHOUT_RNN_SECOND_ANSWER: Final = (
    "대신 모든 쌍을 봐야 해서 길이 $n$ 에 $O(n^2)$ 이 들어요. 긴 문서를 어떻게 하는지는 저도 궁금해요."
)

VANISHED: Final = "기울기가 터지면 클리핑으로 자르는데, 사라질 때는 왜 반대로 키워서 풀지 않나요?"
VANISHED_ANSWER: Final = (
    "작아진 기울기에는 방향 정보도 거의 안 남아서, 키우면 잡음까지 같이 커져요. "
    "그래서 값을 손보는 대신 길을 새로 내는 쪽으로 갔다고 봐요: 게이트, 잔차 연결, 어텐션."
)

PERPLEXITY: Final = "두 언어 모델의 perplexity가 같으면 번역 품질도 같다고 봐도 될까요?"

LATE_BECAUSE: Final = "치과에 들렀다 갈게요."
"""Nobody else sees it."""

LANGUAGE_MODEL_DISCUSSION: Final = (
    "**글자 단위와 단어 단위**: 글자 단위는 사전이 작은 대신 기억해야 할 거리가 길어진다. "
    "발표에서 본 문장은 7시점이던 것이 31시점으로 늘었다."
)
GATE_DISCUSSION: Final = (
    "**게이트를 직접 찍어 본 이야기**: 마침표를 지날 때 forget gate가 눈에 띄게 닫혔다. "
    "모델이 문장의 끝을 스스로 찾은 셈이라 다들 신기해했다."
)

ANNOUNCEMENT: Final = "목요일 14:00에 멘토링이 있어요. 여쭤볼 것은 수요일까지 질문판에 올려 주세요."
DECISION: Final = "발표는 강의마다 15분, 질문은 발표가 끝난 뒤 모아서 받는다."
LINKS_ACTION: Final = "Further Question에서 나온 참고 자료 모아서 올리기"
HEATMAP_ACTION: Final = "어텐션 히트맵 그리는 코드 정리해서 공유하기"
MICROPHONE_NOTE: Final = "마이크가 자꾸 끊겼다.\n내일부터는 시작 5분 전에 들어와서 소리를 확인하기로 했다."

ROUND_TABLE: Final = "최근에 가장 '아하!' 했던 순간은 언제였나요?"
REPLIES: Final = {
    "하린": "셀 상태가 곱하기가 아니라 더하기로 이어진다는 걸 보고, 기울기가 왜 살아남는지 한 번에 이해됐어요.",
    "민재": "토크나이저를 직접 만들어 보니 띄어쓰기가 얼마나 고마운지 알게 됐어요.",
    "서진": "코드에서 본 `detach()` 한 줄이 바로 그 truncated BPTT였다는 것!",
    "은우": "BLEU가 생각보다 단순해서 놀랐고, 그래서 숫자만 믿으면 안 되겠다고 느꼈어요.",
    "지안": "빔 서치를 손으로 세 단계 그려 보니 왜 길이로 나누는지 알겠더라고요.",
    "유나": "어텐션 가중치를 표로 만들어 색칠했더니 번역이 눈에 보였어요.",
    "태오": "질문을 미리 올려 두니까 세션이 훨씬 편해졌어요.\n앞으로도 이렇게 하면 좋겠어요.",
}
"""Whose reply → the reply, in the order in which they come."""
