"""Killing the bot, losing its answers, taking Discord away, and counting at the server what people would see.

`rounds` says what is done to it, `lives` does it, `plan` makes what is due, `tally` counts, and
`python -m tests.wire.chaos` (`make chaos`) plays the long rounds and prints a table.
"""
