"""The permission table, walked whole: every verb, every role, on one's own and on another's."""

import pytest

from hadir.actions.registry import COMMANDS
from hadir.domain.people import PERMISSIONS, SEES, SIGHT, Role, Scope, Sight, Subject, audience_of, may, within
from hadir.domain.values import Actor

MINE = Subject(owners=frozenset({"me"}), agencies=frozenset({"bpbd"}), area="a1")
OTHERS = Subject(owners=frozenset({"them"}), agencies=frozenset({"dlh"}), area="a2")


def actor(role: Role) -> Actor:
    return Actor(id="me", role=role, agency="bpbd", areas=("a1",))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", sorted(PERMISSIONS))
def test_the_table_is_what_is_allowed_and_nothing_else(verb: str, role: Role) -> None:
    scope = PERMISSIONS[verb].get(role)
    assert (may(verb, actor(role), MINE) is None) == (scope is not None)
    assert (may(verb, actor(role), OTHERS) is None) == (scope is Scope.CITY)


@pytest.mark.parametrize("role", list(Role))
def test_an_unknown_verb_is_refused_to_everyone(role: Role) -> None:
    assert may("report.rewrite", actor(role), MINE) is not None


def test_every_command_has_a_line_in_the_table() -> None:
    assert {use.verb for use in COMMANDS.values()} <= set(PERMISSIONS)


def test_the_auditor_and_the_administrator_change_nothing_in_the_city() -> None:
    for verb, roles in PERMISSIONS.items():
        if not verb.endswith(".read") and verb not in {"people.manage", "people.reach"}:
            assert Role.AUDITOR not in roles and Role.ADMIN not in roles, verb


def test_who_works_in_the_field_verifies_nothing() -> None:
    assert Role.OFFICER not in PERMISSIONS["task.verify"]


def test_scopes_reach_only_what_they_name() -> None:
    nobody = Actor(id="x", role=Role.DESK)
    assert not within(Scope.AGENCY, nobody, MINE)
    assert not within(Scope.AREA, nobody, MINE)
    assert not within(Scope.OWN, nobody, Subject())
    assert within(Scope.CITY, nobody, Subject())


@pytest.mark.parametrize(
    ("role", "agency", "audience"),
    [
        (Role.OPERATOR, None, "city"),
        (Role.LEADER, None, "city"),
        (Role.AUDITOR, None, "city"),
        (Role.DESK, "bpbd", "agency:bpbd"),
        (Role.DESK, None, "public"),
        (Role.OFFICER, "bpbd", "person:me"),
        (Role.CITIZEN, None, "public"),
        (Role.ADMIN, None, "public"),
        (Role.PARTNER, "pln", "public"),
    ],
)
def test_each_viewer_has_one_audience(role: Role, agency: str | None, audience: str) -> None:
    assert audience_of(Actor(id="me", role=role, agency=agency)) == audience


def test_the_public_sees_no_report_no_task_no_order_no_unit() -> None:
    assert set(SEES[Sight.PUBLIC]) == {"incidents", "areas"}
    assert not {"title", "officers", "tasks"} & SEES[Sight.PUBLIC]["incidents"]
    assert "declared_by" not in SEES[Sight.PUBLIC]["areas"]


def test_sight_is_given_by_name_only() -> None:
    assert set(SIGHT) == {
        Role.OPERATOR,
        Role.LEADER,
        Role.AUDITOR,
        Role.DESK,
        Role.AGENCY_HEAD,
        Role.OFFICER,
    }
