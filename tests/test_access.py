"""Who may do what: every role, every action, and the schools that are one's own, others', or all together."""

from __future__ import annotations

import pytest

from pd_core.access import (
    ACTIONS,
    DISTRICT,
    EVERYTHING,
    EVERYWHERE,
    GIVEN_ROLES,
    ROLES,
    Action,
    Actor,
    Role,
    Scope,
    can,
    can_somewhere,
    can_undo,
    scope_of,
)

# For each role and action: with a school of one's own, with another, with the district as a whole.
YES, NO = (True, True, True), (False, False, False)
OWN_AND_DISTRICT, OWN = (True, False, True), (True, False, False)
RIGHTS: dict[Role, dict[Action, tuple[bool, bool, bool]]] = {
    "administrator": dict.fromkeys(ACTIONS, YES),
    "facilitator": {**dict.fromkeys(ACTIONS, YES), "administer": NO},
    "mie": {
        **dict.fromkeys(ACTIONS, NO),
        "view": OWN_AND_DISTRICT,
        "export": OWN_AND_DISTRICT,
        "upload": OWN,
        "undo": OWN,
        "decide": OWN,
    },
    "principal": {
        **dict.fromkeys(ACTIONS, NO),
        "view": OWN_AND_DISTRICT,
        "export": OWN_AND_DISTRICT,
        "decide": OWN,
        "share": OWN,
    },
    "guest": {**dict.fromkeys(ACTIONS, NO), "view": OWN_AND_DISTRICT, "export": OWN_AND_DISTRICT},
}
CASES = [(role, action, *RIGHTS[role][action]) for role in ROLES for action in ACTIONS]


def actor(role: Role, *school_ids: str, name: str = "mia@example.org") -> Actor:
    return Actor(name, role, frozenset(school_ids))


def test_the_table_of_rights_knows_every_role_and_every_action():
    assert set(RIGHTS) == set(ROLES)
    assert all(set(actions) == set(ACTIONS) for actions in RIGHTS.values())
    assert set(GIVEN_ROLES) == set(ROLES) - {"guest"}, "nobody is given the role of a link"


@pytest.mark.parametrize(("role", "action", "own", "other", "district"), CASES)
def test_a_role_may_do_this_and_no_more(role: Role, action: Action, own: bool, other: bool, district: bool):
    who = actor(role, "lincoln", "ruby")
    assert can(who, action, "lincoln") is can(who, action, "ruby") is own
    assert can(who, action, "madrona") is other
    assert can(who, action) is can(who, action, DISTRICT) is district
    assert can_somewhere(who, action) is (own or other or district)


def test_outcomes_are_for_those_who_have_the_whole_district():
    assert [role for role in ROLES if can_somewhere(actor(role, "lincoln"), "outcomes")] == list(EVERYWHERE)


def test_waves_are_set_for_the_whole_district_by_those_who_have_it():
    assert [role for role in ROLES if can_somewhere(actor(role, "lincoln"), "waves")] == list(EVERYWHERE)


@pytest.mark.parametrize("role", ["mie", "principal", "guest"])
@pytest.mark.parametrize("action", ACTIONS)
def test_who_has_no_school_has_the_districts_figures_at_most(role: Role, action: Action):
    assert can(actor(role), action) is can_somewhere(actor(role), action) is (action in ("view", "export"))
    assert not can(actor(role), action, "lincoln")


@pytest.mark.parametrize("action", ["upload", "undo"])
def test_a_school_list_that_names_the_district_gives_no_right_over_it(action: Action):
    assert not can(actor("mie", "lincoln", DISTRICT), action)


@pytest.mark.parametrize("school_id", ["", "Lincoln", "lincoln ", "lincoln;ruby", "*", "%"])
def test_a_school_is_its_exact_id(school_id: str):
    assert not can(actor("mie", "lincoln", "ruby"), "view", school_id)


@pytest.mark.parametrize(
    ("role", "uploaded_by", "school_ids", "expected"),
    [
        ("administrator", "ben@example.org", ["madrona"], True),
        ("facilitator", "ben@example.org", ["madrona"], True),
        ("mie", "mia@example.org", ["lincoln"], True),
        ("mie", "mia@example.org", ["lincoln", "ruby"], True),
        ("mie", "mia@example.org", ["lincoln", "madrona"], False),
        ("mie", "ben@example.org", ["lincoln"], False),
        ("mie", "mia@example.org", [], True),
        ("principal", "mia@example.org", ["lincoln"], False),
        ("principal", "mia@example.org", [], False),
        ("guest", "mia@example.org", [], False),
    ],
)
def test_an_upload_is_taken_out_by_who_made_it_for_their_own_buildings(
    role: Role, uploaded_by: str, school_ids: list[str], expected: bool
):
    assert can_undo(actor(role, "lincoln", "ruby"), uploaded_by, school_ids) is expected


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_scope_has_just_the_schools_that_can_be_asked_for(role: Role, action: Action):
    who = actor(role, "lincoln", "ruby")
    scope = scope_of(who, action, "named")
    for school_id in ("lincoln", "ruby", "madrona"):
        assert scope.sees(school_id) is can(who, action, school_id)
    assert (scope == EVERYTHING) is (role in EVERYWHERE and can(who, action))


@pytest.mark.parametrize("others", ["hidden", "unnamed", "named"])
def test_the_district_decides_how_the_other_schools_are_seen_but_never_for_a_link(others):
    assert scope_of(actor("mie", "lincoln"), others=others) == Scope(frozenset({"lincoln"}), others)
    assert scope_of(actor("principal", "lincoln"), others=others) == Scope(frozenset({"lincoln"}), others)
    assert scope_of(actor("guest", "lincoln"), others=others) == Scope(frozenset({"lincoln"}), "hidden")
    assert scope_of(actor("facilitator"), others=others) == EVERYTHING


@pytest.mark.parametrize(
    ("scope", "school_id", "sees"),
    [
        (EVERYTHING, "madrona", True),
        (EVERYTHING, DISTRICT, True),
        (Scope(frozenset({"lincoln"})), "lincoln", True),
        (Scope(frozenset({"lincoln"})), DISTRICT, True),
        (Scope(frozenset({"lincoln"})), "madrona", False),
        (Scope(frozenset({"lincoln"}), "unnamed"), "madrona", False),
        (Scope(frozenset({"lincoln"}), "named"), "madrona", False),
        (Scope(frozenset()), "lincoln", False),
        (Scope(frozenset()), DISTRICT, True),
    ],
)
def test_a_school_that_only_stands_in_a_comparison_is_not_seen(scope: Scope, school_id: str, sees: bool):
    assert scope.sees(school_id) is sees
