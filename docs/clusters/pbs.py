"""A study on PBS: `python docs/clusters/pbs.py sweep experiment=zone_radius replications=100000`.

Run it where jobs may be submitted, inside tmux or the like: it waits for the workers and writes the results folder.
Stopped, the same command goes on.
"""

import sys

import dask
from dask_jobqueue import PBSCluster

from experiments.__main__ import main as tanf

SETTINGS = {
    "queue": "workq",  # of your site, as are the next four
    "cores": 16,
    "memory": "32GB",
    "walltime": "02:00:00",
    "resource_spec": "select=1:ncpus=16:mem=32gb",
    "processes": 16,  # one worker a core, so that a run that dies takes no neighbour with it
    "protocol": "tls://",  # whoever reaches a scheduler without TLS can run code on it
    "security": True,  # certificates for this cluster only; needs the package `cryptography`
    "shared_temp_directory": ".",  # where workers find them: a folder that every node sees
    "job_script_prologue": ["source .venv/bin/activate", "export TANF_CACHE=$PWD/.tanf-cache"],
}
JOBS = 4


def cluster(**more):
    """The cluster with these settings, and any others."""
    return PBSCluster(**(SETTINGS | more))


def study(words):
    """Give a command of tanf to the workers; returns its exit code."""
    with cluster() as workers:
        workers.scale(jobs=JOBS)
        tls = workers.security.get_tls_config_for_role("client")
        named = {
            "distributed.comm.tls.ca-file": tls["ca_file"],
            "distributed.comm.tls.client.cert": tls["cert"],
            "distributed.comm.tls.client.key": tls["key"],
        }
        with dask.config.set(named):
            return tanf([*words, "executor=dask", f"dask.address={workers.scheduler_address}"])


if __name__ == "__main__":
    sys.exit(study(sys.argv[1:]))
