"""Errors that a user can do something about: one sentence each, and an exit code."""

from __future__ import annotations


class TanfError(Exception):
    """Something the user can mend; the message is one clear sentence."""

    exit_code = 1


class BadInput(TanfError):
    """A setting, file or argument that cannot be used; nothing was done."""

    exit_code = 2


class FailedRuns(TanfError):
    """The work is finished, but some runs failed."""

    exit_code = 3


class StorageError(TanfError):
    """The results could not be written."""

    exit_code = 4


class DamagedResults(TanfError):
    """The results folder is incomplete or does not verify."""

    exit_code = 5


class ClusterLost(TanfError):
    """The machines that were computing are gone; what is finished stays."""

    exit_code = 7


class Locked(TanfError):
    """Another process is writing to the results folder."""

    exit_code = 6
