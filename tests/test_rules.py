"""Single rules against closed forms, on a stage where everything else stands still."""

from __future__ import annotations

import math

import pytest

from sim.rules import (
    acts,
    air,
    command,
    engagement,
    environment,
    escalation,
    line,
    movement,
    response,
    roe,
    roster,
    sensing,
)
from sim.rules.names import Act, Happening, Kind, Mission, Posture, Principal, Response, Rung
from tests.staging import events_of, first_of, put_out, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6


def test_tension_halves_in_its_half_life() -> None:
    """If this failed, the memory of a clash would last longer or shorter than declared."""
    state, params, _ = stage("escalation.tension_half_life_days=10")
    acts.strain(state, params, acts.US_RUSSIA, 2.0, 0.0)
    assert acts.tension(state, params, acts.US_RUSSIA, 10 * 1440.0) == pytest.approx(1.0, rel=1e-12)
    acts.strain(state, params, acts.US_RUSSIA, 1.0, 10 * 1440.0)
    assert acts.tension(state, params, acts.US_RUSSIA, 20 * 1440.0) == pytest.approx(1.0, rel=1e-12)
    assert state.dyads[acts.US_RUSSIA].peak_tension == 2.0


@pytest.mark.parametrize("step_min", [1, 5, 15])
def test_fear_and_anger_halve_whatever_the_step(step_min: int) -> None:
    """If this failed, a finer step would make people forget faster."""
    state, params, log = stage(f"step_min={step_min}", "theory.fear_half_life_days=2", "theory.anger_half_life_days=7")
    state.principals[Principal.MILITIA].fear = state.principals[Principal.MILITIA].anger = 1.0
    for _ in range(2 * 1440 // step_min):
        environment.environment(state, params, log)
    assert state.principals[Principal.MILITIA].fear == pytest.approx(0.5, rel=1e-9)
    assert state.principals[Principal.MILITIA].anger == pytest.approx(0.5 ** (2 / 7), rel=1e-9)


def test_the_corridor_gains_value_as_isis_and_raqqa_fall() -> None:
    """If this failed, the drive to the border would not follow the war that drives it (model.md 7.1)."""
    state, params, log = stage("environment.isis_days=60", "environment.raqqa_days=60")
    for _ in range(28 * 288):
        environment.environment(state, params, log)
    expected = 0.5 + 0.5 * (1.0 - math.exp(-28 / 60))
    assert state.corridor_value == pytest.approx(expected, rel=1e-9)
    state.border_reached = True
    environment.environment(state, params, log)
    assert state.corridor_value == pytest.approx(0.5 * expected, rel=1e-4)


def test_blood_angers_allies_once_and_in_proportion() -> None:
    """If this failed, one strike would count twice, or an ally's dead would not count (model.md 7.12 check: 0.945)."""
    state, params, _ = stage("scenario=may_june_2017")
    acts.suffer(state, params, Principal.MILITIA, 7, 0)
    assert state.principals[Principal.MILITIA].anger == pytest.approx(1.35)
    assert state.principals[Principal.HEZBOLLAH].anger == pytest.approx(0.945)
    assert state.principals[Principal.REGIME].anger == pytest.approx(0.675)
    assert state.principals[Principal.RUSSIA].anger == pytest.approx(0.27)
    assert [state.principals[p].fear for p in (Principal.MILITIA, Principal.HEZBOLLAH)] == [1.0, 0.0]


def test_acts_close_in_time_and_space_are_one_clash() -> None:
    """If this failed, four bombs on one column would count as four clashes (model.md 9: 6 h and 20 km)."""
    state, params, _ = stage()
    flight, column = first_of(state, Kind.STRIKE_FLIGHT), first_of(state, Kind.REGIME_COLUMN)
    put_out(state, column, -40.0, 10.0)
    clashes = state.outcome.happenings[Happening.COALITION_REGIME]
    counts = []
    for minute, x in ((0.0, -40.0), (300.0, -40.0), (600.0, -45.0), (1200.0, -45.0), (1210.0, -20.0)):
        state.x_km[column] = x
        acts.use_force(state, params, flight, column, minute)
        counts.append(int(clashes.count))
    assert counts == [1, 1, 1, 2, 3]
    assert clashes.first_min == 0.0


def test_an_exchange_needs_fire_both_ways_within_three_days() -> None:
    """If this failed, a strike that was never answered would be reported as a clash of arms."""
    state, params, _ = stage()
    flight, column = first_of(state, Kind.STRIKE_FLIGHT), first_of(state, Kind.HEZBOLLAH_TEAM)
    exchange = state.outcome.happenings[Happening.COALITION_HEZBOLLAH_EXCHANGE]
    acts.use_force(state, params, flight, column, 0.0)
    assert exchange.count == 0
    acts.use_force(state, params, column, flight, 73 * 60.0)
    assert exchange.count == 0
    acts.use_force(state, params, flight, column, 100 * 60.0)
    assert (exchange.count, exchange.first_min) == (1, 6000.0)


def test_three_clashes_with_two_adversaries_and_fire_both_ways_are_a_serious_episode() -> None:
    """If this failed, 6 to 8 June 2017 would not be what the model calls serious (model.md 9)."""
    state, params, _ = stage()
    flight = first_of(state, Kind.STRIKE_FLIGHT)
    militia, team = first_of(state, Kind.MILITIA_CONVOY), first_of(state, Kind.HEZBOLLAH_TEAM)
    serious = state.outcome.happenings[Happening.SERIOUS_EPISODE]
    acts.use_force(state, params, flight, militia, 0.0)
    acts.use_force(state, params, flight, militia, 40 * 60.0)
    assert serious.count == 0
    acts.use_force(state, params, team, flight, 44 * 60.0)
    assert serious.count == 1
    assert not state.outcome.happenings[Happening.GENERAL_ESCALATION].happened  # nobody of theirs died


def sighting_share(x_km: float, minutes: int, overrides: tuple[str, ...] = ()) -> float:
    """Share of 4,000 regime columns standing at a place that the orbit sees within some minutes."""
    seen = 0
    state, params, log = stage("scenario.strike_flights=0", "step_min=5", *overrides)
    column = first_of(state, Kind.REGIME_COLUMN)
    unit = put_out(state, column, x_km, 0.0)
    state.is_day = True
    for k in range(4000):
        unit.tracked, unit.sensed = False, 0.0
        unit.sense_budget = -math.log((k + 0.5) / 4000)  # stratified: no luck in this test
        state.n_events = 0
        for _ in range(minutes // 5):
            sensing.sensing(state, params, log)
            if unit.tracked:
                seen += 1
                break
    return seen / 4000


@pytest.mark.parametrize(("x_km", "minutes"), [(-40.0, 30), (-60.0, 60), (-79.0, 60)])
def test_detection_has_its_closed_form(x_km: float, minutes: int) -> None:
    """If this failed, columns would be found sooner or later than the declared hazard says (model.md 7.4)."""
    hazard = 0.1 * (1.0 - (x_km / 80.0) ** 2) * 0.6  # orbit, standing still, by day
    assert sighting_share(x_km, minutes) == pytest.approx(1.0 - math.exp(-hazard * minutes), abs=1e-3)


def test_nobody_is_seen_beyond_reach() -> None:
    """If this failed, the coalition would act on units it cannot know of."""
    assert sighting_share(-80.5, 600) == 0.0


def test_missions_come_as_often_as_declared() -> None:
    """If this failed, the whole standoff would run faster or slower than the record (model.md 7.2)."""
    quiet = ("theory.beta_fear=0", "theory.beta_anger=0", "command.patron_weight=0", "environment.corridor_floor=1")
    state, params, _ = stage(*quiet)
    for p, per_day in ((Principal.REGIME, 0.27), (Principal.MILITIA, 0.75), (Principal.HEZBOLLAH, 0.09)):
        state.corridor_value = 1.0
        assert 1440 * command.missions_per_min(state, params, p) == pytest.approx(per_day, rel=1e-12)


def test_fear_lowers_and_anger_raises_the_rate_of_missions() -> None:
    """If this failed, the theories would not differ in what they say a strike does."""
    state, params, _ = stage("theory=mixed")
    before = command.missions_per_min(state, params, Principal.MILITIA)
    state.principals[Principal.MILITIA].fear = 1.0
    afraid = command.missions_per_min(state, params, Principal.MILITIA)
    state.principals[Principal.MILITIA].anger = 1.0
    both = command.missions_per_min(state, params, Principal.MILITIA)
    assert afraid == pytest.approx(before * math.exp(-0.7), rel=1e-12)
    assert both == pytest.approx(afraid * 1.2, rel=1e-12)


def test_a_static_platoon_with_heavy_weapons_is_tolerated() -> None:
    """If this failed, the element that stood inside for nineteen days would have been struck (model.md 7.6: 0.68)."""
    state, params, _ = stage("roe=baseline_2017")
    column = first_of(state, Kind.REGIME_COLUMN)
    unit = put_out(state, column, -45.0, 0.0)
    unit.inside, unit.tanks = True, 1
    assert roe.points(state, params, column) == pytest.approx(0.5 + 10 / 55, rel=1e-12)
    unit.posture = int(Posture.DIGGING)
    assert roe.points(state, params, column) == pytest.approx(1.5 + 10 / 55, rel=1e-12)


def test_the_ladder_is_climbed_rung_by_rung_without_haste() -> None:
    """If this failed, a unit would be struck without the warnings that the preset promises."""
    patient = ("roe.impatience=0", "roe.leaflet_skip=0", "roe.skip_for_urgency=false")
    state, params, _ = stage(*patient)
    column = first_of(state, Kind.REGIME_COLUMN)
    unit = put_out(state, column, -45.0, 0.0, Posture.HALTED)
    climbed = []
    for rung in range(4):
        unit.rung = rung
        climbed.append(roe.next_rung(state, params, column))
    assert climbed == [Rung.LINE_CALL, Rung.SHOW_OF_FORCE, Rung.WARNING_SHOTS, Rung.STRIKE]


def test_a_dash_is_met_without_warning_and_says_why() -> None:
    """If this failed, three technicals would reach the inner line while calls were being made (8 June 2017)."""
    state, params, _ = stage("roe.impatience=0")
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
    unit.mission, unit.speed_km_h = int(Mission.DASH), 60.0
    assert roe.next_rung(state, params, column) == Rung.STRIKE
    assert state.outcome.skipped[0] == 3


def test_self_defence_only_never_strikes_intent_and_always_answers_fire() -> None:
    """If this failed, the most restrained rules would be no restraint, or no defence."""
    state, params, _ = stage("roe=self_defence_only")
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -30.0, 0.0, Posture.MOVING)
    unit.rung = int(Rung.WARNING_SHOTS)
    assert roe.next_rung(state, params, column) == Rung.NONE
    unit.hostile = True
    assert roe.next_rung(state, params, column) == Rung.STRIKE


def test_the_share_that_goes_on_falls_with_fear_rung_and_a_held_leash() -> None:
    """If this failed, warnings, mediation or losses would change nothing (model.md 7.7)."""
    state, params, _ = stage()
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
    base = response.going_on(state, params, column, Rung.SHOW_OF_FORCE)
    assert base == pytest.approx(0.2, rel=1e-12)
    assert response.going_on(state, params, column, Rung.WARNING_SHOTS) < base
    unit.mediated = True
    assert response.going_on(state, params, column, Rung.SHOW_OF_FORCE) == pytest.approx(
        1 / (1 + 4 * math.exp(3)), rel=1e-12
    )
    unit.mediated = False
    state.principals[Principal.MILITIA].fear = 1.0
    assert response.going_on(state, params, column, Rung.SHOW_OF_FORCE) == pytest.approx(
        1 / (1 + 4 * math.exp(0.7)), rel=1e-12
    )


def test_the_share_that_goes_on_is_beta_distributed() -> None:
    """If this failed, columns would split evenly or not at all (model.md 2: Beta(mu phi, (1 - mu) phi))."""
    mu, phi, n = 0.4, 2.0, 12
    state, _, _ = stage()
    column = first_of(state, Kind.REGIME_COLUMN)
    counts = [0] * (n + 1)
    runs = 6000
    for k in range(runs):
        state.step = k
        lead = k / runs < mu  # the lead goes on in exactly a share mu of the runs
        urn = (mu * phi + lead, phi + 1.0, 0, lead)
        apart, _, _ = response.leave(state, column, n - 1, urn)
        counts[n - apart if lead else apart] += 1
    for went in (0, 1, 6, n):
        a, b = mu * phi, (1 - mu) * phi
        logp = math.lgamma(n + 1) - math.lgamma(went + 1) - math.lgamma(n - went + 1)
        logp += math.lgamma(went + a) + math.lgamma(n - went + b) - math.lgamma(n + a + b)
        p = math.exp(logp + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))
        assert abs(counts[went] / runs - p) < FALSE_ALARM * math.sqrt(p * (1 - p) / runs)


def test_a_split_loses_nobody_and_nothing() -> None:
    """If this failed, men and weapons would appear or vanish whenever a column is warned."""
    state, params, log = stage("responses.go_on=0.5")
    column = first_of(state, Kind.REGIME_COLUMN)
    for k in range(200):
        state.step, state.n_awake, state.n_events = k, 0, 0
        for i in range(state.n_units):
            state.units[i].posture = int(Posture.RESTING)
            state.units[i].fighters = state.units[i].vehicles = state.units[i].tanks = state.units[i].artillery = 0
            state.units[i].anti_aircraft = state.units[i].earth_movers = 0
        unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
        unit.vehicles, unit.tanks, unit.artillery, unit.fighters = 9, 2, 1, 50
        response.split(state, params, log, column, 0.5, k % 2 == 0)
        columns = [u for u in state.units[: state.n_units] if u.kind == Kind.REGIME_COLUMN]
        assert sum(roster.elements(u) for u in columns) == 12
        assert sum(u.fighters for u in columns) == 50
        assert all(roster.elements(u) >= 1 for u in columns if u.posture != Posture.RESTING)


def test_bombs_destroy_and_kill_as_declared() -> None:
    """If this failed, every strike would be deadlier or milder than its parameters (binomial, Poisson)."""
    state, params, _ = stage()
    column = first_of(state, Kind.REGIME_COLUMN)
    unit = state.units[column]
    killed = 0
    runs = 4000
    for k in range(runs):
        state.step = k
        unit.fighters, unit.vehicles, unit.tanks, unit.artillery, unit.anti_aircraft = 500, 20, 2, 2, 1
        killed += engagement.bomb(state, params, column)
    lost = state.outcome
    destroyed = lost.artillery_lost + lost.tanks_lost + lost.anti_aircraft_lost + lost.vehicles_lost
    assert abs(destroyed / runs - 4 * 0.7) < FALSE_ALARM * math.sqrt(4 * 0.7 * 0.3 / runs)
    assert abs(killed / runs - 10.0) < FALSE_ALARM * math.sqrt(10.0 / runs)


def test_the_most_dangerous_weapon_is_hit_first() -> None:
    """If this failed, trucks would burn while anti-aircraft guns went on firing (model.md P10)."""
    state, _, _ = stage()
    unit = state.units[first_of(state, Kind.REGIME_COLUMN)]
    unit.vehicles, unit.tanks, unit.artillery, unit.anti_aircraft, unit.earth_movers = 1, 1, 1, 1, 1
    lost = []
    for _ in range(5):
        before = [unit.anti_aircraft, unit.artillery, unit.tanks, unit.earth_movers, unit.vehicles]
        engagement.lose_best(state, unit.id, True)
        after = [unit.anti_aircraft, unit.artillery, unit.tanks, unit.earth_movers, unit.vehicles]
        lost.append([b - a for b, a in zip(before, after, strict=True)].index(1))
    assert lost == [0, 1, 2, 3, 4]


def test_a_call_gets_through_after_its_latency_and_not_before() -> None:
    """If this failed, the line would work faster than people can answer a telephone."""
    state, params, log = stage("line.misplaced=0", "line.dissuasion=1", "leash.russia_militia=1")
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
    unit.tracked = True
    roe.call(state, params, log, column, 0.0)
    due = unit.call_due_min
    state.now_min = due - 0.01
    line.line(state, params, log)
    assert unit.signal == 0
    state.now_min = due + 4.0
    line.line(state, params, log)
    told = events_of(state, log)
    assert (unit.signal, unit.mediated, told[-1].act, told[-1].minute) == (Rung.LINE_CALL, True, Act.DISSUASION, due)
    assert told[-1].cause == 0


@pytest.mark.parametrize("kind", [Kind.REGIME_COLUMN, Kind.MILITIA_CONVOY, Kind.HEZBOLLAH_TEAM])
def test_a_withdrawing_unit_goes_home_and_rests(kind: Kind) -> None:
    """If this failed, units that turned back would stay in the desert for ever."""
    state, params, log = stage("scenario=quiet")
    i = first_of(state, kind)
    unit = state.units[i]
    unit.mission, unit.speed_km_h = int(Mission.PUSH), 30.0
    command.start(state, params, i)
    for _ in range(100):
        state.step += 1
        state.now_min = 5.0 * state.step
        movement.movement(state, params, log)
    assert unit.posture != Posture.RESTING
    roster.turn_back(state, params, i, state.now_min)
    for _ in range(150):
        state.step += 1
        state.now_min = 5.0 * state.step
        movement.movement(state, params, log)
    assert unit.posture == Posture.RESTING
    assert (state.x_km[i], state.y_km[i]) == pytest.approx((unit.base_x_km, unit.base_y_km))


def test_an_entry_is_dated_when_the_ring_is_crossed() -> None:
    """If this failed, hours from entry to strike would be off by up to a step."""
    state, params, log = stage("scenario=quiet", "roe.zone_radius_km=50")
    i = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, i, -60.0, 0.0, Posture.MOVING)
    unit.mission, unit.route, unit.waypoint = int(Mission.DASH), 0, 2
    roster.set_leg(state, i, -20.0, 0.0, 0.0, 40.0)  # one kilometre a minute
    state.now_min = 12.0
    movement.movement(state, params, log)
    entry = events_of(state, log)[0]
    assert (entry.act, entry.minute, unit.entered_min) == (Act.ENTRY, pytest.approx(10.0), pytest.approx(10.0))
    assert state.outcome.closest_km == pytest.approx(48.0)


def test_restraint_breaks_at_the_red_line() -> None:
    """If this failed, retaliation would come without cause or never (model.md 7.12)."""
    state, params, _ = stage("theory.beta_fear=0")
    for anger, per_day in ((0.95, 0.013), (1.24, 0.030), (2.03, 0.25)):
        state.principals[Principal.HEZBOLLAH].anger = anger
        assert 1440 * escalation.retaliations_per_min(state, params) == pytest.approx(per_day, rel=0.05)
    state.principals[Principal.HEZBOLLAH].threat_until_min = 1e9
    assert 1440 * escalation.retaliations_per_min(state, params) == pytest.approx(1.5 * 0.2478, rel=0.01)


def test_a_threat_comes_only_above_half_the_red_line() -> None:
    """If this failed, threats would be noise and not a sign of anger."""
    state, params, log = stage()
    mood = state.principals[Principal.HEZBOLLAH]
    mood.threat_budget = 1e-9
    mood.anger = 1.19
    escalation.escalation(state, params, log)
    assert state.n_events == 0
    mood.anger = 1.21
    escalation.escalation(state, params, log)
    assert events_of(state, log)[0].act == Act.THREAT


def test_meetings_in_the_air_add_their_exact_hazard() -> None:
    """If this failed, the rarest outcome, too rare to be seen, would be estimated wrongly (model.md 7.10)."""
    state, params, log = stage("scenario.strike_flights=1", "air.intercept=0.8", "air.unsafe=0.1", "air.weapons=0.001")
    ours, theirs = first_of(state, Kind.STRIKE_FLIGHT), first_of(state, Kind.RUSSIAN_FLIGHT)
    put_out(state, theirs, -30.0, 0.0, Posture.ON_STATION)
    air.meet(state, params, log, theirs)
    assert state.outcome.us_russia_air_hazard == pytest.approx(0.8 * 0.1 * 0.001, rel=1e-12)
    air.meet(state, params, log, theirs)  # the same pair meets once a sortie
    assert state.outcome.us_russia_air_hazard == pytest.approx(0.8 * 0.1 * 0.001, rel=1e-12)
    assert state.units[theirs].met == 1 << ours


def test_jets_that_pass_within_a_step_meet() -> None:
    """If this failed, flights at 67 km a step would jump over one another."""
    state, params, log = stage("air.encounter_km=5", "scenario.strike_flights=1")
    theirs = first_of(state, Kind.RUSSIAN_FLIGHT)
    unit = put_out(state, theirs, -33.0, 2.0, Posture.MOVING)
    roster.set_leg(state, theirs, 33.0, 2.0, 0.0, 5.0)
    state.now_min = 5.0
    state.x_km[theirs], state.y_km[theirs] = 33.0, 2.0
    air.meet(state, params, log, theirs)
    assert unit.met > 0


def test_answers_are_numbered_as_the_outcome_names_them() -> None:
    """If this failed, withdrawals would be published as halts."""
    assert [answer.name for answer in Response] == ["WITHDRAW", "HALT", "GO_ON", "FIRE"]
    state, params, log = stage()
    column = first_of(state, Kind.MILITIA_CONVOY)
    put_out(state, column, -45.0, 0.0, Posture.MOVING)
    response.follow(state, params, log, column, Response.GO_ON, Rung.WARNING_SHOTS)
    index = (Rung.WARNING_SHOTS - 1) * len(Response) + Response.GO_ON
    assert [k for k in range(16) if state.outcome.answers[k]] == [index]
