"""The dashboard shows figures that there are, and commands are counted by what became of them."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics, Outcome
from bot.services.tally import Tally

DASHBOARD = json.loads((Path(__file__).parents[1] / "docs" / "grafana.json").read_text("utf-8"))
EXPRESSIONS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


async def samples(metrics: Metrics) -> dict[str, set[str]]:
    """Name of each sample → its labels."""
    text = (await metrics.exposition()).decode()
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.fixture
def metrics(env):
    return Metrics(Tally(env.bot.database))


async def test_the_dashboard_asks_for_figures_and_labels_that_there_are(team, metrics):
    metrics.commanded("today", Outcome.DONE, 0.1)
    await team["나래"].slash(team.channel, "ask", question="왜요?")
    there = await samples(metrics)
    for expression in EXPRESSIONS:
        names = re.findall(r"study_bot_\w+", expression)
        assert names, expression
        assert set(names) <= set(there), expression
        by = {label.strip() for labels in re.findall(r"by \(([^)]*)\)", expression) for label in labels.split(",")}
        matched = set(re.findall(r"(\w+)=~?\"", expression))
        assert by | matched <= there[names[0]], expression


async def test_every_figure_is_on_the_dashboard(metrics):
    asked = " ".join(EXPRESSIONS)
    families = text_string_to_metric_families((await metrics.exposition()).decode())
    figures = [family.name for family in families if not family.name.endswith("_created")]
    assert [name for name in figures if name not in asked] == []


async def test_commands_are_counted_by_what_became_of_them(team, monkeypatch):
    counted = []
    team.env.bot.commanded = lambda command, outcome, seconds: counted.append((command, outcome, seconds >= 0))
    await team["나래"].slash(team.channel, "today")
    await team["나래"].slash(team.channel, "settings set", key="retro_time", value="22:00")
    assert counted == [("today", Outcome.DONE, True), ("settings set", Outcome.REFUSED, True)]


def test_panels_have_own_ids_and_do_not_overlap():
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
