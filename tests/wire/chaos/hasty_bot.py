"""`python -m tests.wire.chaos.hasty_bot run`: a bot that marks a message sent before it sends it."""

from typing import Any

from bot.cli import main
from bot.services.deliveries import Deliveries

begin = Deliveries.begin


async def begin_and_mark(deliveries: Deliveries, delivery_id: int, *args: Any, **named: Any) -> bool:
    began = await begin(deliveries, delivery_id, *args, **named)
    if began:
        await deliveries.sent(delivery_id, None)
    return began


if __name__ == "__main__":
    Deliveries.begin = begin_and_mark
    main()
