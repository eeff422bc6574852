"""Links to the pages of other days, where pages stand in folders or in one file."""

from bot.pages.links import with_links, with_targets

PAGE = "*[Day26](day26.md), [Day25](day25.md)* [x](https://e.org/day26.md) [목차](#목차)\n"


def test_a_link_leads_into_the_folder_of_the_other_day_and_one_without_a_page_is_words() -> None:
    shown = with_links(PAGE, "week6/day27", {26: "week5/day26"})
    assert shown == "*[Day26](../../week5/day26/README.md), Day25* [x](https://e.org/day26.md) [목차](#목차)\n"


def test_in_one_file_a_link_leads_to_the_other_day_s_place() -> None:
    assert "[Day25](#day25)" in with_targets(PAGE, {25: "#day25"}.get)
