"""Runs on worker processes: the same bytes, whoever dies, freezes or is not let in."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import psutil
import pytest

from experiments.__main__ import main
from sim.errors import BadInput, ClusterLost
from sim.rules.compiling import INTERPRETED
from sim.run import cluster as clusters
from sim.run.cluster import cluster, refuse_unsafe
from sim.study import runs

pytestmark = [
    pytest.mark.skipif(INTERPRETED, reason="worker processes want compiled rules"),
    pytest.mark.xdist_group("cluster"),
]

ASKED = ["roe.zone_radius_km=20,55", "scenario.horizon_days=1", "seed=4", "figures=false", "threads=2"]
VOLATILE = "run_info.json"


def sha256(folder):
    """One hash of every file of a results folder, but for the one that tells when and where."""
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file() and file.name != VOLATILE):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def sweep(folder, *more):
    """Run a sweep; returns the exit code."""
    return main(["sweep", *ASKED, f"out={folder}", *more])


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A folder computed on threads: 300 runs at each of two points."""
    folder = tmp_path_factory.mktemp("local") / "sweep"
    assert sweep(folder, "replications=300") == 0
    return folder


@pytest.fixture(scope="module")
def two():
    """Two workers of this machine, for as long as the tests of this file last; frozen ones are given up sooner."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(clusters.SETTINGS, "distributed.scheduler.worker-ttl", "6 s")
        with cluster(None, 2) as found:
            yield found


def processes():
    """The worker processes below this one, nannies left out."""
    return [child for child in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(child.cmdline())]


# ---------------------------------------------------------------- the same bytes
def test_a_sweep_is_the_same_to_the_byte_wherever_it_is_computed(local, tmp_path, capsys):
    """If this failed, a number in a paper would hang on who lent the computer.

    Whole on worker processes; and half there, the rest on threads.
    """
    assert sweep(tmp_path / "dask", "replications=300", "executor=dask") == 0
    assert sha256(tmp_path / "dask") == sha256(local)
    assert sweep(tmp_path / "half", "replications=100", "executor=dask") == 0
    assert sweep(tmp_path / "half", "replications=300") == 0
    assert main(["check", str(tmp_path / "half")]) == 0
    rows = [sorted(p.name for p in (folder / "runs").iterdir()) for folder in (tmp_path / "half", tmp_path / "half")]
    assert rows[0] == rows[1]
    capsys.readouterr()


# ---------------------------------------------------------------- who dies, who freezes
def slow(number, seconds):
    """A task that takes a while."""
    time.sleep(seconds)
    return np.full(1, number)


def deadly(which):
    """A task in which run 13 kills whoever does it."""
    if 13 in which:
        os._exit(9)
    return np.array(list(which))


def joined(pieces):
    """Pieces of a chunk, put together."""
    return np.concatenate(pieces)


def test_only_the_run_that_kills_its_workers_is_blamed(two):
    """If this failed, one bad run would cost its neighbours, or stop a sweep of a million."""
    tasks = [(0, range(k, k + 4)) for k in range(0, 24, 4)]
    found = two.finished(tasks, lambda _, which: (deadly, (which,)), joined, lambda: np.array([-1]))
    got = np.concatenate(list(found))
    assert got.tolist() == [*range(13), -1, *range(14, 24)]


def test_a_killed_worker_costs_only_time(two):
    """If this failed, a node that goes down would take finished work with it, or be counted twice."""
    _disturbed(two, signal.SIGKILL)


def test_a_frozen_worker_does_not_freeze_the_sweep(two):
    """If this failed, one hung machine would hold up a thousand; it is given up after 20 s, 6 here."""
    _disturbed(two, signal.SIGSTOP)


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGKILL])
def test_a_worker_that_stops_as_it_starts_is_begun_again(how, monkeypatch):
    """If this failed, a sweep begun on a machine that is short of memory would wait for ever and say nothing."""
    monkeypatch.setattr(clusters, "START_S", 6)
    stopped = []
    timer = threading.Thread(target=_stop_the_first_new_one, args=(set(processes()), how, stopped))
    timer.start()
    with cluster(None, 2) as found:
        timer.join()
        assert len(stopped) == 1
        assert found.workers == 2
        assert found.client.submit(sum, [1, 2]).result(timeout=30) == 3
    assert not stopped[0].is_running()


def _stop_the_first_new_one(known, how, stopped):
    """Send a signal to the first worker process that comes, before it can say that it is there."""
    until = time.monotonic() + 30
    while not stopped and time.monotonic() < until:
        for new in set(processes()) - known:
            new.send_signal(how)
            stopped.append(new)
            break


def _disturbed(two, how):
    tasks = [(0, range(k, k + 1)) for k in range(16)]
    workers = two.client.run(os.getpid)
    timer = threading.Timer(0.6, os.kill, (next(iter(workers.values())), how))
    timer.start()
    found = two.finished(tasks, lambda _, which: (slow, (which.start, 0.2)), joined, lambda: np.array([-1]))
    assert [int(one[0]) for one in found] == list(range(16))
    timer.join()


def test_results_are_let_go_as_they_come(two):
    """If this failed, a driver of ten million runs would hold them all, and dead workers' results be made again."""
    tasks = [(0, range(k, k + 1)) for k in range(60)]
    found = two.finished(tasks, lambda _, which: (slow, (which.start, 0.0)), joined, lambda: np.array([-1]))
    most = 0
    for _ in found:
        most = max(most, len(two.client.futures))
    assert most <= clusters.AHEAD * 2 + 3  # one being taken, and one or two that are being forgotten
    assert len(two.client.futures) == 0


def test_a_lost_cluster_is_told_in_a_sentence_and_what_is_finished_stays(local, tmp_path, capsys, monkeypatch):
    """If this failed, a sweep would wait for ever for machines that are gone, or lose what they had computed."""

    def lost(*_):
        raise ClusterLost("no worker of the cluster is left")

    kept = clusters.Cluster._result
    counted = []

    def dies_later(self, *given):
        counted.append(1)
        return lost() if len(counted) > 4 else kept(self, *given)

    monkeypatch.setattr(clusters.Cluster, "_result", dies_later)
    monkeypatch.setattr(runs, "MOST_SENT", 30)
    monkeypatch.setattr("sim.results.manifest.RUNS_PER_PART", 60)
    assert sweep(tmp_path / "cut", "replications=300", "executor=dask") == ClusterLost.exit_code
    said = capsys.readouterr().err
    assert "no worker of the cluster is left" in said
    assert "tanf resume" in said
    monkeypatch.undo()


# ---------------------------------------------------------------- who is let in
@pytest.mark.parametrize(
    "address",
    [
        "tcp://0.0.0.0:8786",
        "tcp://10.0.0.5:8786",
        "tcp://example.org:8786",
        "8786",
        "http://127.0.0.1:8786",
        "tls://host",
    ],
)
def test_an_address_that_others_could_use_is_refused(address, tmp_path, capsys):
    """If this failed, anybody who reaches the scheduler could run code on the researcher's machine."""
    assert sweep(tmp_path / "a", "executor=dask", f"dask.address={address}") == BadInput.exit_code
    said = capsys.readouterr().err
    assert "dask.address" in said
    assert "Traceback" not in said
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("address", ["tls://cluster.example.org:8786", "tcp://127.0.0.1:8786", "tcp://localhost:8786"])
def test_an_address_with_certificates_or_of_this_machine_is_taken(address):
    """If this failed, no cluster could be used at all."""
    assert refuse_unsafe(address) == address


def test_nobody_there_is_told(tmp_path, capsys):
    """If this failed, a sweep would hang on an address at which nobody listens."""
    assert sweep(tmp_path / "a", "executor=dask", "dask.address=tcp://127.0.0.1:1") == BadInput.exit_code
    assert "no scheduler answers there" in capsys.readouterr().err


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path, capsys, monkeypatch):
    """If this failed, a newcomer would meet an ImportError."""
    real = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name, *more: None if name == "distributed" else real(name, *more)
    )
    assert sweep(tmp_path / "a", "executor=dask") == BadInput.exit_code
    assert "tanf-escalation[cluster]" in capsys.readouterr().err


def _answer(port, page):
    """The status with which the scheduler answers a browser."""
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=2).status
    except urllib.error.HTTPError as error:
        return error.code


def test_workers_listen_to_this_machine_only_and_nothing_is_left_behind(two, tmp_path):
    """If this failed, a laptop in a café would offer its processor to the room, or keep processes for ever."""
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    ends = [end.laddr for one in family for end in one.net_connections() if end.status == psutil.CONN_LISTEN]
    assert {end.ip for end in ends} == {"127.0.0.1"}
    port = two.client.scheduler_info()["services"]["dashboard"]
    assert [_answer(port, page) for page in ("/status", "/json/identity.json", "/")] == [404] * 3
    command = [sys.executable, "-m", "experiments", "sweep", *ASKED, "replications=200000", "executor=dask"]
    running = subprocess.Popen(
        [*command, f"out={tmp_path / 'b'}"], cwd=Path(__file__).parents[1], stderr=subprocess.DEVNULL
    )
    below: list[psutil.Process] = []
    until = time.monotonic() + 120
    while len(below) < 3 and time.monotonic() < until:  # two workers, and who keeps count of their resources
        time.sleep(0.2)
        below = psutil.Process(running.pid).children(recursive=True)
    time.sleep(3)
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 128 + signal.SIGINT
    assert below
    assert psutil.wait_procs(below, timeout=10)[1] == []
