"""Luck is told from what is not known of the parameters, and both from the choice of theory."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, binom

from sim.config import posterior
from sim.config.compose import compose, compose_points
from sim.config.settings import declared, value_of
from sim.config.uncertain import drawn, uncertain, with_draw
from sim.errors import BadInput
from sim.results.fingerprint import fingerprint
from sim.study.calibrate import record_hash
from sim.study.designs import grid
from sim.study.parameter_uncertainty import spread
from sim.study.sweep import run

FALSE_ALARM = 1e-6
ONE_THEORY = np.zeros(200, int)


def test_variance_of_a_beta_mixture_is_found() -> None:
    """If this failed, luck would be counted as ignorance, or ignorance as luck."""
    truth = beta(3, 7)
    found = []
    for k in range(200):
        rng = np.random.default_rng([1, k])
        chances = truth.rvs(200, random_state=rng)
        found.append(spread(rng.random((200, 10)) < chances[:, None], ONE_THEORY))
    variances = np.array([one.sd for one in found]) ** 2
    error = variances.std() / len(found) ** 0.5
    assert abs(variances.mean() - truth.var()) < 5 * error
    ends = np.mean([(one.lowest, one.highest) for one in found], axis=0)
    assert abs(ends - truth.ppf([0.025, 0.975])).max() < 0.02


def test_shared_luck_is_no_ignorance() -> None:
    """If this failed, draws that all share the same luck would seem to know the chance better or worse than they do."""
    rng = np.random.default_rng(2)
    found, inside, studies = [], 0, 300
    for _ in range(studies):
        luck = rng.random((1, 12))
        one = spread(np.repeat(luck < 0.3, 200, axis=0), ONE_THEORY)
        found.append(one.sd)
        inside += one.low <= 0.3 <= one.high
    assert max(found) < 1e-6
    assert inside >= binom.ppf(FALSE_ALARM, studies, 0.9)  # t intervals of 12 yes-or-no are a little short


def test_band_over_draws_holds_a_new_draw() -> None:
    """If this failed, a stated central 95 % of the chance would hold the chance of another draw less often."""
    rng = np.random.default_rng(3)
    inside, studies = 0, 500
    for _ in range(studies):
        chances = rng.beta(2, 5, 201)
        one = spread(rng.random((200, 20)) < chances[:200, None], ONE_THEORY)
        inside += one.lowest <= chances[200] <= one.highest
    low, high = binom.ppf([FALSE_ALARM, 1 - FALSE_ALARM], studies, 0.95)
    assert low <= inside <= high


def test_theory_takes_its_share() -> None:
    """If this failed, what hangs on the choice of theory would be sold as what hangs on its parameters."""
    rng = np.random.default_rng(4)
    theories = np.repeat([0, 1], 200)
    apart = spread(rng.random((400, 40)) < np.where(theories, 0.7, 0.3)[:, None], theories)
    assert apart.of_theory > 0.98
    alike = spread(rng.random((400, 40)) < rng.beta(3, 3, 400)[:, None], theories)
    assert alike.of_theory < 0.05


def test_prior_is_centred_on_what_is_declared() -> None:
    """If this failed, the prior would lean, leave the declared range, or move what is known."""
    for key in uncertain():
        entry = declared()[key]
        assert drawn(entry, entry.default, 0.0) == pytest.approx(entry.default)
        low, high = drawn(entry, entry.default, -8.0), drawn(entry, entry.default, 8.0)
        assert entry.low <= low <= entry.default <= high <= entry.high
    assert drawn(declared()["theory.tremble"], 0.0, 3.0) == 0.0
    assert not {"scenario.strike_flights", "roe.zone_radius_km", "step_min", "seed"} & set(uncertain())


def test_a_draw_leaves_what_was_given() -> None:
    """If this failed, a lever that somebody set would be moved by the posterior behind their back."""
    given = compose("draw=3", "line.dissuasion=0.11", "roe=restrictive")
    plain = compose("roe=restrictive")
    assert given.line.dissuasion == 0.11
    assert given.command.push_share != plain.command.push_share
    offset = posterior.draws()[3].offsets["roe.call_window_min"]
    entry = declared()["roe.call_window_min"]
    assert given.roe.call_window_min == pytest.approx(drawn(entry, plain.roe.call_window_min, offset))


def test_points_at_draws_are_what_composing_each_gives() -> None:
    """If this failed, a point of a sweep would be another model than `tanf run` with the same words."""
    words = [["roe=restrictive", "draw=0"], ["roe=restrictive", "draw=5"], ["theory=spiral", "draw=1"]]
    for point, config in zip(words, compose_points(["line.consent=0.3"], words), strict=True):
        alone = compose("line.consent=0.3", *point)
        assert all(value_of(config, key) == value_of(alone, key) for key in declared())


def test_a_given_theory_takes_its_own_draws() -> None:
    """If this failed, theory=spiral over the posterior would run other theories, or draws that fit another."""
    own = posterior.draws("spiral")
    assert own
    config = compose("theory=spiral", "draw=0")
    assert config.theory.name == "spiral"
    plain = compose("theory=spiral")
    expected = with_draw(plain, own[0].offsets)
    assert config.restraint == expected.restraint
    assert {compose(f"draw={k}").theory.name for k in range(60)} >= {"spiral", "mixed", "deterrence"}


def test_every_point_gets_the_same_draws() -> None:
    """If this failed, policies would be compared under different assumptions."""
    design = grid(["roe=baseline_2017,restrictive", "parameters=posterior", "posterior_draws=20", "replications=4"])
    assert design.axes == ["roe", "draw"]
    assert [point.labels["draw"] for point in design.points] == [*range(20), *range(20)]
    assert design.points[7].config.air == design.points[27].config.air


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["parameters=posterior", "replications=2"], "replications=2 is too few"),
        (["parameters=posterior", "draw=1,2"], "leave one of them out"),
        (["draw=499", "theory=spiral"], "the posterior has"),
        (["parameters=prior"], "one of declared, posterior"),
    ],
)
def test_bad_requests_are_refused(words: list[str], told: str, tmp_path: Path) -> None:
    """If this failed, a question that has no answer would get one, or a traceback."""
    with pytest.raises(BadInput, match=told):
        run([*words, f"out={tmp_path / 'x'}", "figures=false"])
    assert not (tmp_path / "x").exists()


def test_another_model_has_no_posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this failed, the posterior of an old version would be used for a model that it does not fit."""
    monkeypatch.setattr(posterior, "about", lambda: {"fingerprint": "0" * 64})
    with pytest.raises(BadInput, match="another version of the model; `make posterior`"):
        grid(["parameters=posterior"])


def test_shipped_posterior_is_of_this_model_and_record() -> None:
    """If this failed, the posterior in the package would be stale or damaged: `make posterior` makes it again."""
    about = posterior.about()
    shipped = (posterior.FOLDER / "posterior.parquet").read_bytes()
    assert about["sha256"] == hashlib.sha256(shipped).hexdigest()
    assert about["fingerprint"] == fingerprint()
    assert about["record"] == record_hash()
    assert len(posterior.draws()) == about["draws"] >= 500
    assert set(about["moved"]) <= set(uncertain())
