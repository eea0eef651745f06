"""A small sweep with the stand-in for the engine: 40 replications at three radii, in parts of 7."""

from __future__ import annotations

import fake_engine
import pytest

from sim.study import runs, sweep

ASKED = ["roe.zone_radius_km=0,20,80", "seed=7", "figures=false"]
VOLATILE = "run_info.json"  # time and host


def ask(path, *more, replications=40):
    """Give the command of a sweep."""
    return sweep.run([*ASKED, f"replications={replications}", f"out={path}", *more])


def content(path):
    """Every file of a folder with its bytes, but for the one that tells when and where."""
    files = (file for file in path.rglob("*") if file.is_file() and file.name != VOLATILE)
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


def times(path):
    """When each part was written."""
    return {file.name: file.stat().st_mtime_ns for file in (path / "runs").iterdir()}


def counted(engine):
    """The runs that are computed from now on."""
    done = []

    def counting(*given, **settings):
        done.extend([settings["first"] + k for k in range(settings["replications"])])
        return fake_engine.replicate(*given, **settings)

    engine.setattr(runs.batch, "replicate", counting)
    return done


def uninterrupted(path):
    """The folder at `path`, made without a break."""
    with pytest.MonkeyPatch.context() as patch:
        fake_engine.install(patch)
        assert ask(path) == 0
    return path
