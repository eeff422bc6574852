import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.web_addresses import has_credentials, is_web_address


@pytest.mark.parametrize(
    "text",
    ["https://github.com/team/repo", "http://school.example/a?b=c#d", "https://한글.example/", "HTTPS://X.example"],
)
def test_what_leads_to_the_web_may_be_kept(text: str) -> None:
    assert is_web_address(text)
    assert not has_credentials(text)


@pytest.mark.parametrize(
    "text",
    [
        *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.example", "../../etc/passwd"),
        *("//a.example", "https:a.example", "https://", "https://[::1", "https://a.example/> @everyone"),
        *("https://a.example/\nx", "https://a.example/\x00", "https://a.example/\u202e", "https://a.example/\ud800"),
    ],
)
def test_what_does_not_or_would_break_out_of_its_link_may_not(text: str) -> None:
    assert not is_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("https://name:secret@a.example/x", "https://ghp_token@github.com/x", "https://@a.example"),
        *("https://discord.com@a.example", "https://a.example\\@discord.com/", "https://discord.com%2F@a.example"),
    ],
)
def test_a_name_or_password_before_the_host_is_seen(text: str) -> None:
    assert is_web_address(text)
    assert has_credentials(text)


@pytest.mark.parametrize(
    "text", ["https://medium.example/@writer", "https://a.example/?to=b@c.example", "https://a.example#@"]
)
def test_an_at_sign_elsewhere_is_none(text: str) -> None:
    assert not has_credentials(text)


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    if is_web_address(f"https://{text}"):
        has_credentials(f"https://{text}")
