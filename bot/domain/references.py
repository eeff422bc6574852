"""What an autocompleted option offers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """Something to pick: its id, and a label of number and title (`NLP 5강 · Attention`, `#12 …`, `A7 …`)."""

    id: int
    label: str
