"""What docs/clusters.md promises of Slurm, PBS and certificates, as far as it can be seen without a queue."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import dask
import pytest

from experiments.__main__ import main
from sim.rules.compiling import INTERPRETED

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "clusters"
QUESTION = "roe.zone_radius_km=20,55 scenario.horizon_days=1 replications=90 seed=6"
VOLATILE = "run_info.json"

SCRIPT = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
made = importlib.import_module(sys.argv[2])
print(made.SETTINGS["protocol"], made.SETTINGS["security"], sep="\\n")
listens = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
shared = {"protocol": "tcp://", "security": None, "shared_temp_directory": sys.argv[3]}
with made.cluster(**shared, scheduler_options=listens) as workers:
    print(workers.job_script())
"""  # in a process of its own: dask-jobqueue takes Ctrl-C for itself

pytestmark = pytest.mark.skipif(INTERPRETED, reason="shares and workers want compiled rules")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("slurm", ["#SBATCH -p normal", "#SBATCH --cpus-per-task=16", "#SBATCH -t 02:00:00"]),
        ("pbs", ["#PBS -q workq", "#PBS -l select=1:ncpus=16:mem=32gb", "#PBS -l walltime=02:00:00"]),
    ],
)
def test_job_scripts_ask_the_queue_for_what_the_page_says(name, wanted, tmp_path):
    """If this failed, a researcher's first job would be refused by the queue, or start workers of another environment.

    Certificates are left out: they need a package that is not always there.
    """
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(PAGES), name, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout
    protocol, security, script = said.split("\n", 2)
    assert (protocol, security) == ("tls://", "True")
    for line in [*wanted, "source .venv/bin/activate", "--nworkers 16", "--nthreads 1"]:
        assert line in script, script


@pytest.mark.parametrize(
    ("script", "variable"), [("array.slurm.sh", "SLURM_ARRAY_TASK_ID"), ("array.pbs.sh", "PBS_ARRAY_INDEX")]
)
def test_an_array_of_shares_merges_into_the_whole(script, variable, tmp_path):
    """If this failed, shares from a queue would not be the sweep: runs missing, double, or other bytes."""
    tools = tmp_path / "bin"
    tools.mkdir()
    tanf = tools / "tanf"
    tanf.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m experiments "$@"\n')
    tanf.chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    for share in (1, 2, 3):
        world = os.environ | {variable: str(share), "TANF_QUESTION": QUESTION, "PATH": path, "PYTHONPATH": str(ROOT)}
        world |= {"SLURM_ARRAY_TASK_MAX": "3", "SHARES": "3"}
        subprocess.run(["bash", str(PAGES / script)], cwd=tmp_path, env=world, check=True, capture_output=True)
    shares = [str(folder) for folder in sorted((tmp_path / "results").glob("share-*"))]
    assert len(shares) == 3
    assert main(["merge", str(tmp_path / "merged"), *shares]) == 0
    assert main(["sweep", *QUESTION.split(), "figures=false", f"out={tmp_path / 'whole'}"]) == 0
    assert runs_of(tmp_path / "merged") == runs_of(tmp_path / "whole")


def runs_of(folder):
    """The hash of every file with runs, and of what follows from them."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != VOLATILE]
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if "figures" not in file.parts
    }


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make certificates with")
def test_a_scheduler_with_certificates_is_used_and_one_without_is_not_trusted(tmp_path, capsys):
    """If this failed, the page's way past one machine would not work, or would work without certificates too."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    script = (
        "import sys, dask\n"
        "from dask.distributed import LocalCluster, Security\n"
        "if __name__ == '__main__':\n"
        "    key, cert = sys.argv[1:]\n"
        "    names = {f'tls_{who}_{what}': (key if what == 'key' else cert)\n"
        "             for who in ('scheduler', 'worker', 'client') for what in ('key', 'cert')}\n"
        "    safe = Security(tls_ca_file=cert, require_encryption=True, **names)\n"
        "    made = LocalCluster(n_workers=1, threads_per_worker=1, host='127.0.0.1', protocol='tls://',\n"
        "                        security=safe, scheduler_kwargs={'dashboard_address': '127.0.0.1:0'})\n"
        "    print(made.scheduler_address, flush=True)\n"
        "    sys.stdin.read()\n"
        "    made.close()\n"
    )
    file = tmp_path / "served.py"
    file.write_text(script)
    world = os.environ | {"PYTHONPATH": str(ROOT)}
    serving = subprocess.Popen(
        [sys.executable, str(file), str(key), str(cert)], env=world, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        address = serving.stdout.readline().strip()
        assert address.startswith("tls://")
        asked = ["sweep", *QUESTION.split(), "figures=false", "executor=dask", f"dask.address={address}"]
        assert main([*asked, f"out={tmp_path / 'no'}"]) == 2
        assert "no scheduler answers there" in capsys.readouterr().err
        tls = {"ca-file": str(cert), "client.cert": str(cert), "client.key": str(key)}
        with dask.config.set({f"distributed.comm.tls.{name}": file for name, file in tls.items()}):
            assert main([*asked, f"out={tmp_path / 'yes'}"]) == 0
        assert main(["sweep", *QUESTION.split(), "figures=false", f"out={tmp_path / 'here'}"]) == 0
        assert runs_of(tmp_path / "yes") == runs_of(tmp_path / "here")
    finally:
        serving.communicate(timeout=30)
