# Everything a newcomer needs: `make sweep` and `make test`.
# Needs python3 >= 3.11 with venv and pip, nothing else.

PYTHON   ?= python3
JOBS     ?= 2
EXAMPLES ?= 2000
SEED     ?= 0
BIN      := .venv/bin
TOLD     := strike_ground|attack_on_coalition|coalition_(militia|regime|hezbollah)_exchange|strike_on_partner|serious_episode|us_russia_air
PAGES    := tests/browser tests/test_view_live_server.py
COMPILE  := $(BIN)/python -c 'import sim; s = sim.load("scenario.horizon_days=1"); sim.replicate(s, replications=2); sim.EscalationModel(s).step()'
PIP      := $(BIN)/python -m pip --quiet --disable-pip-version-check install -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help sweep verify convergence rare posterior after_8_june newcomer redline odd test lint types imports compile tests interpreted boundscheck invariants mutants reliability results wheel browser browser-test fast bench reference site baseline coverage format clean
.DELETE_ON_ERROR:

help:  ## list the targets
	@grep -hE '^[a-z0-9_-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9_-]+):.*## */\1\t/' | expand -t 14

# ---------------------------------------------------------------- setting up
# A stamp says which files an environment was made from, so that a second `make` installs nothing.
.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.made pyproject.toml constraints.txt
	@echo "installing into .venv (about a minute, once)"
	@$(PIP) -e .
	@touch $@

.venv/.installed-dev: .venv/.made pyproject.toml constraints.txt
	@echo "installing into .venv, with the tools for development (about a minute, once)"
	@$(PIP) -e '.[dev]'
	@touch .venv/.installed $@

.venv/.installed-browser: .venv/.installed-dev
	@echo "installing a browser for the tests of the pages (about a minute, once)"
	@$(PIP) -e '.[dev,view,browser]'
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		$(BIN)/playwright install --with-deps chromium
	@TANF_BROWSER=1 $(BIN)/python -m pytest -q --no-header tests/browser/test_opening.py  # it starts, and opens a page
	@touch $@

# ---------------------------------------------------------------- the main job
sweep: .venv/.installed  ## set up, then sweep the zone's radius: table, figures, map of one run
	$(BIN)/tanf sweep experiment=zone_radius

verify: .venv/.installed  ## set up, then hold the model and wrong models against the record; rewrites docs/verify
	rm -rf build/verify
	$(BIN)/tanf verify replications=10000 threads=null out=build/verify
	mkdir -p docs/verify
	cp build/verify/verify.md build/verify/verify.png build/verify/coverage.md docs/verify/

rare: .venv/.installed  ## set up, then measure what `tanf rare` gains over plain runs; rewrites docs/rare.md
	$(BIN)/python -m sim.study.rare_measured out=docs

redline: .venv/.installed  ## set up, then measure how soon a red-line map is right (eight minutes); rewrites docs/discovery
	$(BIN)/python -m sim.study.redline_measured out=docs/discovery
	$(BIN)/python -m sim.view.redline_measured out=docs/discovery

convergence: .venv/.installed  ## set up, then halve the step of the clock again and again; rewrites docs/convergence
	mkdir -p build docs/convergence
	$(BIN)/python -m sim.study.convergence out=build/convergence
	$(BIN)/python -m sim.view.convergence out=build/convergence
	cp build/convergence/convergence.md build/convergence/convergence.csv build/convergence/convergence.png docs/convergence/

# ---------------------------------------------------------------- everything CI runs
test: lint types imports compile tests interpreted boundscheck wheel browser  ## set up, then run everything CI runs

# One after the other and cheapest first, also under `make -j`: the tests use all cores themselves.
.NOTPARALLEL:

lint: .venv/.installed-dev  ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed-dev  ## static types
	$(BIN)/mypy

imports: .venv/.installed-dev  ## the import contract
	$(BIN)/lint-imports

compile: .venv/.installed  ## compile the rule book once, before workers would do it twice
	$(COMPILE)

tests: compile .venv/.installed-dev  ## all tests, rules compiled
	$(BIN)/python -m pytest -n $(JOBS)

interpreted: .venv/.installed-dev  ## a selection with the rules as plain Python
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -m interpreted -n $(JOBS)

boundscheck: .venv/.installed-dev  ## a selection with every array index checked
	NUMBA_BOUNDSCHECK=1 $(COMPILE)
	NUMBA_BOUNDSCHECK=1 $(BIN)/python -m pytest -m boundscheck -n $(JOBS)

wheel: .venv/.installed-dev  ## the built wheel in a fresh environment, from another folder
	PYTHON=$(PYTHON) bash .ci/wheel

browser-test: compile .venv/.installed-browser  ## the pages in a headless Chromium, which it installs; skips nothing
	@export TANF_BROWSER=1; $(BIN)/python -m pytest $(PAGES) || \
	{ echo "a busy machine may be slow to draw: what failed is tried once more"; \
	$(BIN)/python -m pytest $(PAGES) --last-failed --last-failed-no-failures none; }

browser: compile .venv/.installed-dev  # the same, unless a browser cannot be installed here
	@if $(MAKE) --no-print-directory .venv/.installed-browser; then $(MAKE) --no-print-directory browser-test; \
	else echo "no browser could be installed: the tests of the pages were NOT run"; fi

# ---------------------------------------------------------------- while working
fast: .venv/.installed-dev  ## unit tests with the rules as plain Python, under half a minute
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -m "interpreted and not slow" --ignore=tests/oracles -n $(JOBS) --no-header -q

format: .venv/.installed-dev  ## put imports and layout in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

invariants: .venv/.installed-dev  ## invariants in EXAMPLES generated worlds (2000), others with each SEED (0)
	TANF_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest tests/test_invariants.py -k generated --hypothesis-seed=$(SEED)

bench: .venv/.installed-dev  ## speed: steps, threads, workers, C, other frameworks, memory; rewrites docs/performance (a quarter of an hour, alone)
	$(PIP) --no-deps --target build/agentpy agentpy==0.1.5 networkx joblib dill  # apart: it brings a package named tests
	PYTHONPATH=tests:build/agentpy $(BIN)/python -m benchmarks docs/performance.json

odd: .venv/.installed  ## rewrite the tables of docs/odd.md and docs/trace.md from the code
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m sim.study.odd

reference: .venv/.installed  ## rewrite docs/reference from the code
	$(BIN)/python -m experiments.reference

site: .venv/.installed-dev  ## the documents as a site in build/site
	$(BIN)/sphinx-build -W --keep-going -q -b html docs build/site

posterior: .venv/.installed  ## set up, then calibrate to the record; rewrites sim/data/posterior and docs/calibration (a quarter of an hour)
	rm -rf build/posterior
	$(BIN)/tanf calibrate draws=100000 threads=null out=build/posterior
	mkdir -p sim/data/posterior docs/calibration
	cp build/posterior/posterior.json build/posterior/posterior.parquet sim/data/posterior/
	cp build/posterior/calibrate.md build/posterior/calibrate.png build/posterior/*.csv docs/calibration/

after_8_june: .venv/.installed  ## ask once more what was asked on the evening of 8 June 2017 (the answer in docs is frozen: build/ gets this one)
	mkdir -p build/after_8_june
	$(BIN)/python -m sim.study.after_8_june out=build/after_8_june
	$(BIN)/python -m sim.view.after_8_june out=build/after_8_june

newcomer: .venv/.installed-dev  ## clone, install, run, sweep, report, replay, timed; rewrites docs/newcomer.md (four minutes)
	$(BIN)/python tests/newcomer.py

baseline: .venv/.installed-dev  ## rewrite the committed baseline; say [results] in the changelog
	$(BIN)/python -m tests.update_baseline

mutants: .venv/.installed-dev  ## break the rules on purpose and see which test notices; rewrites docs/mutants.md (half an hour)
	$(BIN)/python -m tests.mutate

results: .venv/.installed  ## set up, then answer the shipped experiments; rewrites figures and numbers of docs/results.md (fifteen minutes)
	mkdir -p docs/results
	for name in zone_radius line warnings policies_under_uncertainty baseline; do \
		$(BIN)/tanf sweep experiment=$$name out=results/$$name || exit $$?; done
	for name in zone_radius line warnings; do cp results/$$name/figures/probability.png docs/results/$$name.png; done
	cp results/line/figures/heat.png docs/results/line_heat.png
	mkdir -p docs/gallery
	for name in incidence distributions run_map run_timeline; do cp results/zone_radius/figures/$$name.png docs/gallery/; done
	cp results/zone_radius/figures/probability.png docs/images/zone_radius.png
	$(BIN)/tanf histories results/baseline 0 runs=1000
	for name in occupancy pathways fans density; do cp results/baseline/figures/$$name-0.png docs/gallery/$$name.png; done
	for name in baseline zone_radius line warnings; do \
		grep -E '^point|,($(TOLD)),[0-9]' results/$$name/summary.csv > docs/results/$$name.csv; done
	$(BIN)/tanf compare a.roe=baseline_2017 b.roe=ignore_drones outcome=serious_episode replications=2000 out=results/drones
	$(BIN)/tanf sensitivity experiment=levers outcome=serious_episode out=results/levers
	$(BIN)/tanf rare outcome=strike_ground count=19 out=results/nineteen
	$(BIN)/tanf attribute outcome=attack_on_coalition out=results/attack
	cp results/attack/figures/attribute-attack_on_coalition*.png results/attack/figures/*.csv docs/results/
	for file in drones/figures/differences levers/figures/sobol-serious_episode nineteen/figures/rare-strike_ground_count-19; do \
		cp results/$$file.csv results/$$file.png docs/results/; done

reliability: compile .venv/.installed-dev  ## kill, damage and race sweeps, hundreds of times; rewrites docs/reliability.md (an hour and a half)
	$(BIN)/python -m tests.reliability

coverage: .venv/.installed-dev  ## lines reached by the interpreted tests
	NUMBA_DISABLE_JIT=1 $(BIN)/coverage run -m pytest -m interpreted -q
	$(BIN)/coverage report

clean:  ## remove what was made, results apart
	rm -rf .venv build dist .benchmarks .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
