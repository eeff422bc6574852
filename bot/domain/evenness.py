"""Who of those with equally few presentations presents, so that the moderator's turns stay even as well.

Presenters are chosen first, and the moderator is one of the rest. Where a day has many lectures, the wait alone can let
the same people present on every other day, and then the others moderate ever more often. So whoever has presented more
than somebody else should not have moderated two turns more as well. Where presenters chosen by the rule of
`bot.domain.choice` would end a day otherwise, that day's are chosen anew: of those with *equally few* presentations
first whoever moderated least, but last of all the one who is next to moderate. Fairness in presenting is never touched.

Why that is enough, with nobody away: let `m` be the fewest turns of moderating. Whoever presented least is free to
moderate unless all of them present, and then the moderator is one of those who presented more, the least of whom stays
free. As long as somebody who presented least has `m`, nobody who presented more has over `m + 1`, so the moderator has
`m + 2` afterwards at most. With the least moderated presenting first, those who presented more have over `m + 1` only
once all with `m` are among them. Hence nobody is ever more than two turns ahead.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.choice import Candidate, Choice, Chooser, Reason, ReasonKind, choose, least_busy

FURTHEST_APART: Final = 2
"""Turns of moderating between any two of a team that has been there together all along."""

EVEN: Final = (0, 0)


def unevenness(presented: Mapping[int, int], moderated: Mapping[int, int]) -> tuple[int, int]:
    """How far apart the moderator's turns are beyond what is promised, and how many pairs are ahead in both duties.

    Counted turns after a day, by member. (0, 0) is even, and the smaller the better.
    """
    apart = max(moderated.values(), default=0) - min(moderated.values(), default=0)
    if apart < FURTHEST_APART:
        return EVEN
    ahead = sum(
        presented[member] > presented[other] and moderated[member] >= moderated[other] + FURTHEST_APART
        for member in presented
        for other in presented
    )
    return apart - FURTHEST_APART, ahead


def evenly(moderating: Sequence[Candidate]) -> Chooser:
    """Chooses presenters with an eye to how everybody stands as moderator that day."""
    turns = {candidate.member_id: candidate.turns for candidate in moderating}
    to_moderate = [candidate.member_id for candidate in sorted(moderating, key=_moderates_before)]

    def choose_evenly(candidates: Sequence[Candidate]) -> Choice | None:
        by_rule = choose(candidates)
        able = least_busy(candidates)
        fewest = min((candidate.turns for candidate in able), default=0)
        tied = [candidate for candidate in able if candidate.turns == fewest]
        free = {candidate.member_id for candidate in able}
        kept_free = next((member_id for member_id in to_moderate if member_id in free), None)
        chosen = min(
            tied,
            key=lambda each: (not each.owes, each.member_id == kept_free, turns[each.member_id], -each.waited_days),
            default=None,
        )
        if chosen is None or by_rule is None or chosen.member_id == by_rule.member_id:
            return by_rule
        kind = ReasonKind.DOUBLE if chosen.duties_today else ReasonKind.EVEN_MODERATORS
        return Choice(chosen.member_id, Reason(kind, chosen.turns, chosen.waited_days))

    return choose_evenly


def _moderates_before(candidate: Candidate) -> tuple[bool, int, bool, int]:
    return candidate.skipped, candidate.turns, not candidate.owes, -candidate.waited_days
