"""Day 27 of the demo: what people wrote about the lectures they studied."""

from typing import Final

ATTENTION_BY_TAEO: Final = r"""
**핵심 한 줄**: 문장 전체를 마지막 은닉 상태 하나에 눌러 담지 말고, 디코더가 매 시점 필요한 곳을 다시 보게 하자.

- 인코더: 입력을 읽으며 은닉 상태 $h_1, \dots, h_n$ 을 만든다.
- 디코더: 인코더의 마지막 상태에서 출발해 한 단어씩 내놓는다.
- 병목: 문장이 길어질수록 고정 길이 벡터 하나로는 앞부분이 흐려진다.

어텐션은 세 단계로 계산한다.

1. 점수 $e_{t,i} = s_t^\top W_a h_i$
2. 가중치 $\alpha_{t,i} = \mathrm{softmax}_i(e_{t,i})$
3. 문맥 벡터는 가중 평균이다.

$$
c_t = \sum_{i=1}^{n} \alpha_{t,i} h_i
$$

| 점수 함수 | 식 | 메모 |
|---|---|---|
| dot | $s^\top h$ | 가장 싸다. 두 차원이 같아야 한다 |
| general | $s^\top W h$ | 차원이 달라도 된다 |
| concat | $v^\top \tanh(W[s; h])$ | 작은 신경망을 하나 더 두는 셈 |
""".strip()

ATTENTION_BY_YUNA: Final = r"""
어텐션을 쓰면 왜 먼 단어까지 잘 배울까? 그림으로 그려 보고 나서야 이해했다.

- 디코더의 오차가 $\alpha_{t,i}$ 를 타고 **멀리 있는 $h_i$ 로 바로** 흘러간다. 지름길이 하나 생긴 것이다.
- `어제 도서관에서 책을 빌렸다` 를 옮길 때 *borrowed* 자리에서는 `빌렸다` 쪽 가중치가 가장 컸다.
- Teacher forcing: 학습할 때는 정답 단어를 다음 입력으로 넣는다. 추론할 때와 조건이 달라진다는 점은 조심!
""".strip()

BEAM_SEARCH_BY_JIAN: Final = r'''
**빔 서치**

탐욕적 디코딩은 한 번 잘못 고르면 돌아올 수 없다. 빔 서치는 누적 로그 확률이 큰 후보 $k$ 개를 끝까지 들고 간다.

$$
\mathrm{score}(y_{1:t}) = \sum_{i=1}^{t} \log P(y_i \mid y_{<i}, x)
$$

```python
def step(beams, k):
    """후보마다 다음 단어를 붙이고, 점수가 높은 k개만 남긴다."""
    grown = []
    for score, words in beams:
        for word, log_p in next_words(words):
            grown.append((score + log_p, [*words, word]))
    return sorted(grown, reverse=True)[:k]
```

- 긴 문장은 로그 확률을 더 많이 더하니 불리하다. 그래서 길이로 나눠 준다.
- $k$ 를 키운다고 늘 좋아지지는 않는다. 실습에서는 $k = 5$ 부터 차이가 거의 없었다.
'''.strip()

BLEU_BY_HARIN: Final = r"""
**BLEU를 손으로 계산해 봤다**

- 정답: `나는 오늘 밥을 맛있게 먹었다`
- 예측: `나는 밥을 맛있게 먹었다`

| n-gram | 맞은 수 | 전체 | 정밀도 |
|:------:|--------:|-----:|-------:|
| 1 | 4 | 4 | 1.00 |
| 2 | 2 | 3 | 0.67 |
| 3 | 1 | 2 | 0.50 |

정밀도만 보면 짧게 말할수록 유리하다. 그래서 예측이 정답보다 짧으면 벌점이 붙는다: $e^{1 - 5/4} \approx 0.78$
""".strip()
