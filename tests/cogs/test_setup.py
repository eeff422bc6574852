async def test_a_question_is_asked_in_a_team_just_set_up(team):
    result = await team["가온"].slash(team.channel, "ask", question="RNN은 왜 tanh를 쓰나요?")
    assert "#1" in result.response.content
