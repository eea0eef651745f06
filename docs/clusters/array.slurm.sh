#!/bin/bash
#SBATCH --job-name=tanf
#SBATCH --array=1-8
#SBATCH --cpus-per-task=16
#SBATCH --mem=8G
#SBATCH --time=02:00:00
# One share of a sweep a job; then, once: tanf merge results/whole results/share-*
set -euo pipefail
SHARES=${SLURM_ARRAY_TASK_MAX:-8}
tanf sweep ${TANF_QUESTION:-experiment=zone_radius replications=100000} figures=false threads=null \
    shard="${SLURM_ARRAY_TASK_ID}/${SHARES}" out="results/share-${SLURM_ARRAY_TASK_ID}"
