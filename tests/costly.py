"""Properties whose examples cost much have fewer of them than others, in `make test` and in `make soak` alike."""

from typing import Any

from hypothesis import settings


def costly(share: int, **more: Any) -> settings:
    """So many of each hundred examples that other properties have."""
    return settings(max_examples=max(1, settings.default.max_examples * share // 100), **more)
