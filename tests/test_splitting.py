"""Adaptive multilevel splitting on chains whose probabilities are known in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from sim.errors import BadInput
from sim.study.splitting import LINEAGES, Plan, repeated, split, student

# Fixed seeds.  A t statistic of 100 repetitions beyond 5.3 has a chance of 7e-7 if the estimate is unbiased.
REPETITIONS, FAR = 100, 5.3


@dataclass
class Steps:
    """A path of a chain on the integers: how far it came, and the score that each first visit gave."""

    score: float
    marks: list[tuple[float, int]]  # (score, state) each time the score rose


class Walk:
    """From 1: a step up with chance p, down with q, else killed; over at 0 or at `top`.

    `score(state)` may be anything; what is asked for is the score of `top`.
    """

    def __init__(self, p, q, top, score=float):
        self.p, self.q, self.top = p, q, top
        self.score = np.array([score(state) for state in range(top + 1)])

    def begun(self, lineages):
        return self._run([1] * len(lineages), lineages)

    def branched(self, parents, above, lineages):
        return self._run([self.first(parent, above) for parent in parents], lineages)

    @staticmethod
    def first(parent, above):
        return next(state for score, state in parent.marks if score > above)

    def _run(self, starts, lineages):
        """All paths at once; the luck of this call is that of its first lineage."""
        dice, state = np.random.default_rng((17, lineages.start)), np.array(starts)
        best = self.score[state]
        paths = [Steps(float(one), [(float(one), int(k))]) for one, k in zip(best, starts, strict=True)]
        alive = np.flatnonzero((state > 0) & (state < self.top))
        while len(alive):
            u = dice.random(len(alive))
            state[alive] += np.where(u < self.p, 1, np.where(u < self.p + self.q, -1, -state[alive]))
            for k in alive[self.score[state[alive]] > best[alive]]:
                paths[k].score = best[k] = self.score[state[k]]
                paths[k].marks.append((paths[k].score, int(state[k])))
            alive = alive[(state[alive] > 0) & (state[alive] < self.top)]
        return paths


class Naive(Walk):
    """The mistake: a path that is continued is taken at the level, not above it."""

    @staticmethod
    def first(parent, above):
        return next(state for score, state in parent.marks if score >= above)


def naive_split(process, goal, plan, number):
    """The mistake: exactly k are given up whatever the ties, and the weight is as if all others were above."""
    dice = np.random.default_rng((plan.seed, number))
    paths, begun, weight = process.begun(range(number * LINEAGES, number * LINEAGES + plan.paths)), plan.paths, 1.0
    k = max(1, int(plan.share * plan.paths))
    for _ in range(2000):
        scores = np.array([path.score for path in paths])
        order = np.argsort(scores, kind="stable")
        level = scores[order[k - 1]]
        if level >= goal:
            break
        weight *= 1 - k / plan.paths
        parents = [paths[i] for i in dice.choice(order[k:], k)]
        first = number * LINEAGES + begun
        for i, child in zip(order[:k], process.branched(parents, level, range(first, first + k)), strict=True):
            paths[i] = child
        begun += k
    return weight * float((np.array([path.score for path in paths]) >= goal).mean())


def ruin(p, top):
    """Chance to reach `top` before 0 from 1: (r - 1) / (r^top - 1), r = q / p (Feller 1968, XIV.2)."""
    r = (1 - p) / p
    return (r - 1) / (r**top - 1)


def birth_death(p, q, top):
    """The same where a step may kill: p u(i+1) - u(i) + q u(i-1) = 0, u(0) = 0, u(top) = 1."""
    root = np.sqrt(1 - 4 * p * q)
    high, low = (1 + root) / (2 * p), (1 - root) / (2 * p)
    return (high - low) / (high**top - low**top)


def t_of(values, exact):
    """How many standard errors the mean lies from the truth."""
    return (values.mean() - exact) / (values.std(ddof=1) / np.sqrt(len(values)))


def chances(process, levels, plan):
    """The estimates of all repetitions, shape (repetitions, levels)."""
    return np.array([one.chances for one in repeated(process, levels, plan)])


@pytest.mark.parametrize(("top", "exact"), [(12, 3.884e-3), (20, 1.504e-4), (30, 2.608e-6)])
def test_gamblers_ruin(top, exact):
    """If this failed, a chance of one in a hundred thousand would be wrong, and nobody could see it."""
    assert ruin(0.4, top) == pytest.approx(exact, rel=1e-3)
    found = chances(Walk(0.4, 0.6, top), [top], Plan(100, REPETITIONS))[:, 0]
    assert abs(t_of(found, ruin(0.4, top))) < FAR
    assert found.std(ddof=1) / found.mean() < 1.0, "or the interval would hold anything"


def test_birth_and_death_with_killing():
    """If this failed, chains that may break off at any step, as ours do, would be misjudged."""
    found = chances(Walk(0.45, 0.35, 12), [3, 6, 12], Plan(100, REPETITIONS))
    for k, top in enumerate((3, 6, 12)):
        assert abs(t_of(found[:, k], birth_death(0.45, 0.35, top))) < FAR


@pytest.mark.parametrize("plan", [Plan(5, 400, 0.01), Plan(5, 400, 0.6), Plan(20, 200, 0.05), Plan(20, 200, 0.9)])
def test_few_paths_are_unbiased_and_extinction_counts(plan):
    """If this failed, the estimate would depend on how much was computed, for what died out would be missing."""
    found = chances(Walk(0.4, 0.6, 8), [8], plan)[:, 0]
    if plan.paths == 5:
        assert (found == 0).any(), "or extinction was not tried"
    assert abs(t_of(found, ruin(0.4, 8))) < FAR


def test_a_bad_score_costs_precision_not_truth():
    """If this failed, a badly chosen measure of escalation would give a wrong chance."""
    misleading = {0: -1.0, 1: 0.0, 2: 3.0, 3: 1.0, 4: 2.0, 5: 2.0, 6: 6.0, 7: 4.0, 8: 9.0}
    found = chances(Walk(0.4, 0.6, 8, misleading.get), [9.0], Plan(50, 200))[:, 0]
    assert abs(t_of(found, ruin(0.4, 8))) < FAR


def test_the_naive_tie_rule_is_wrong():
    """If this failed, the tests above could not tell the right rule from the one that is wrong by a factor of 25."""
    for top, at_most in ((12, 0.5), (20, 0.3), (30, 0.15)):
        process = Naive(0.4, 0.6, top)
        found = np.array([naive_split(process, top, Plan(100, 20), number) for number in range(20)])
        assert found.mean() < at_most * ruin(0.4, top)
        assert t_of(found, ruin(0.4, top)) < -FAR


def test_levels_on_the_way_are_those_of_shorter_questions():
    """If this failed, the table of chances by level would tell another story than each level asked for alone."""
    found = chances(Walk(0.4, 0.6, 20), [2, 5, 10, 20], Plan(100, REPETITIONS))
    for k, top in enumerate((2, 5, 10, 20)):
        assert abs(t_of(found[:, k], ruin(0.4, top))) < FAR


def test_lineages_are_never_used_twice():
    """If this failed, paths that pass for independent would share their luck."""
    used = []

    class Noted(Walk):
        def _run(self, starts, lineages):
            used.extend(lineages)
            return super()._run(starts, lineages)

    done = repeated(Noted(0.4, 0.6, 8), [8], Plan(20, 20))
    assert len(used) == len(set(used)) == sum(one.begun for one in done)
    assert max(used) < 20 * LINEAGES <= 2**31


def test_repetitions_repeat():
    """If this failed, a published estimate could not be made again."""
    one, other = (split(Walk(0.4, 0.6, 12), [12], Plan(50), 3) for _ in range(2))
    assert one.chances == other.chances
    assert one.chances != split(Walk(0.4, 0.6, 12), [12], Plan(50), 4).chances


def test_students_interval_holds_the_truth():
    """If this failed, "95 %" would be a false promise just where nothing else can be had."""
    made = chances(Walk(0.4, 0.6, 16), [16], Plan(40, 200))[:, 0]
    dice, studies = np.random.default_rng(3), 4000
    told = [student(dice.choice(made, 20)) for _ in range(studies)]
    held = sum(one.low <= made.mean() <= one.high for one in told)
    assert held >= stats.binom.ppf(1e-6, studies, 0.94), "false alarm 1e-6 where 94 of 100 intervals hold"


def test_student_by_hand():
    """If this failed, the interval would not be Student's."""
    values = np.array([1.00, 1.01, 0.99, 1.005]) * 1e-6
    told, plain = student(values), stats.t.interval(0.95, 3, loc=values.mean(), scale=stats.sem(values))
    assert np.log([told.low, told.high]) == pytest.approx(np.array(plain) / values.mean() - 1 + np.log(values.mean()))
    none = student(np.zeros(20))
    assert (none.events, none.estimate, none.low, none.high) == (0, 0.0, 0.0, 1.0)
    spread = student(np.array([0.0, 0.0, 0.0, 4e-6]))
    assert 0.0 < spread.low < 1e-6 < spread.high <= 1.0


@pytest.mark.parametrize("plan", [Plan(100, 19), Plan(1, 20), Plan(100, 2**31)])
def test_plans_without_an_interval_are_refused(plan):
    """If this failed, an estimate would be printed with an interval made of next to nothing."""
    with pytest.raises(BadInput):
        repeated(Walk(0.4, 0.6, 8), [8], plan)
