#!/bin/bash
#PBS -N tanf
#PBS -J 1-8
#PBS -l select=1:ncpus=16:mem=8gb
#PBS -l walltime=02:00:00
# One share of a sweep a job; then, once: tanf merge results/whole results/share-*
set -euo pipefail
cd "${PBS_O_WORKDIR:-.}"
SHARES=${SHARES:-8}
tanf sweep ${TANF_QUESTION:-experiment=zone_radius replications=100000} figures=false threads=null \
    shard="${PBS_ARRAY_INDEX}/${SHARES}" out="results/share-${PBS_ARRAY_INDEX}"
