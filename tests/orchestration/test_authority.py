"""Who may act: whatever is uncertain is no."""

from bot.domain.errors import Retriable
from bot.orchestration.authority import Authority


class Groups:
    def __init__(self, **members: frozenset[str] | Exception) -> None:
        self.members = members
        self.asked: list[str] = []

    async def group_members(self, group: str) -> frozenset[str]:
        self.asked.append(group)
        found = self.members[group]
        if isinstance(found, Exception):
            raise found
        return found


def authority(groups: Groups, now: list[float]) -> Authority:
    return Authority(("U0CAPTAIN", "S0OPS"), groups, clock=lambda: now[0])


async def test_a_named_operator_needs_no_question_to_slack() -> None:
    groups = Groups()
    assert await authority(groups, [0.0]).may_act("U0CAPTAIN")
    assert groups.asked == []


async def test_a_member_of_a_named_group_may_and_others_may_not() -> None:
    who = authority(Groups(S0OPS=frozenset({"U0MATE"})), [0.0])
    assert await who.may_act("U0MATE")
    assert not await who.may_act("U0STRANGER")
    assert not await who.may_act("S0OPS")


async def test_members_are_remembered_for_half_a_minute_and_no_longer() -> None:
    groups, now = Groups(S0OPS=frozenset({"U0MATE"})), [0.0]
    who = authority(groups, now)
    assert await who.may_act("U0MATE")
    groups.members["S0OPS"] = frozenset()
    now[0] = 29.0
    assert await who.may_act("U0MATE")
    now[0] = 31.0
    assert not await who.may_act("U0MATE")


async def test_a_group_that_cannot_be_asked_has_no_members_and_is_asked_again() -> None:
    groups = Groups(S0OPS=Retriable("Slack cannot be reached."))
    who = authority(groups, [0.0])
    assert not await who.may_act("U0MATE")
    groups.members["S0OPS"] = frozenset({"U0MATE"})
    assert await who.may_act("U0MATE")
