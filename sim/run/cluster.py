"""The same chunks of runs on Dask: worker processes of this machine, or of a scheduler that is running somewhere.

Dask promises that every task is done at least once.  A chunk is a pure function of its arguments, so that doing it
twice is only a waste; its result is taken once, in the order asked for, and let go at once, so that no worker keeps
results that would be computed again if it died.  A worker that dies costs the chunk it was at; a chunk that killed two
workers is halved until one run stands alone, and only that is blamed.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import logging
import statistics
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from sim.errors import BadInput, ClusterLost

AHEAD = 3  # chunks that each worker may have waiting, so that none is idle and the driver holds few results
DEATHS = 1  # workers that a chunk may kill and be tried again as it is
ALONE = 2  # times that a run alone may do so before it is blamed
LOOK_S = 5.0  # how often a wait looks round
ANSWER_S = 30.0  # for every worker to say which model it has
START_S, STARTS = 30, 2  # for the worker processes of this machine to be there, and how often that is tried
LOST_S = 60.0  # without any worker for so long, the cluster is lost
LATE_S, LATE_TIMES = 60.0, 20  # a chunk is late after a minute, or 20 times what chunks take
SETTINGS = {
    "distributed.scheduler.allowed-failures": DEATHS,
    "distributed.scheduler.worker-saturation": 1.0,  # one task a worker: nobody is blamed for a neighbour
    "distributed.scheduler.worker-ttl": "20 s",  # a frozen worker is given up
    "distributed.worker.daemon": True,
    "distributed.scheduler.http.routes": [],  # its web server cannot be switched off: it has no pages
    "distributed.worker.http.routes": [],
    "distributed.nanny.http.routes": [],
    "distributed.admin.log-format": "%(message)s",
    "distributed.logging.distributed": "critical",  # it tells of every death; we tell of what matters
}
Task = tuple[int, range]  # a point and some of its replications
Work = Callable[[int, range], tuple[Callable[..., Any], tuple[Any, ...]]]  # the function and its arguments for a task
Join = Callable[[Sequence[Any]], Any]  # results of the pieces of a task, made one


class Cluster:
    """Workers that compute chunks; made by `cluster`."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.took: deque[float] = deque(maxlen=100)

    @property
    def workers(self) -> int:
        """Threads of all workers that are there."""
        return sum(self.client.nthreads().values())

    def everywhere(self, function: Callable[[], Any]) -> dict[str, Any]:
        """What a function says on every worker that answers within half a minute, by address."""
        from dask.distributed import wait

        asked = {
            address: self.client.submit(function, pure=False, workers=[address]) for address in self.client.nthreads()
        }
        with suppress(TimeoutError):  # a frozen one never answers
            wait(list(asked.values()), timeout=ANSWER_S)
        said = {address: future.result() for address, future in asked.items() if future.status == "finished"}
        for future in asked.values():
            future.cancel()
        return said

    def finished(self, tasks: Sequence[Task], work: Work, join: Join, blamed: Callable[[], Any]) -> Generator[Any]:
        """The result of each task in the order given; `blamed()` stands for a run that kills whoever does it.

        Raises `ClusterLost` where no worker is left.
        """
        waiting: deque[tuple[Task, Any]] = deque()
        rest = iter(tasks)
        try:
            while True:
                while len(waiting) < AHEAD * max(1, self.workers) and (task := next(rest, None)):
                    waiting.append((task, self._begun(task, work)))
                if not waiting:
                    return
                task, future = waiting.popleft()
                yield self._result(task, future, work, join, blamed)
        finally:
            for _, future in waiting:
                future.cancel()

    def _begun(self, task: Task, work: Work) -> Any:
        function, arguments = work(*task)
        return self.client.submit(function, *arguments, pure=False)

    def _result(self, task: Task, future: Any, work: Work, join: Join, blamed: Callable[[], Any]) -> Any:
        """The result of a task, in pieces where it kills its workers."""
        point, which = task
        for _ in range(ALONE if len(which) == 1 else 1):
            try:
                return self._waited(future, task, work)
            except Died:
                future = self._begun(task, work) if len(which) == 1 else None
        if len(which) == 1:
            future.cancel()
            return blamed()
        half = len(which) // 2
        pieces = [(point, part) for part in (which[:half], which[half:])]
        begun = [self._begun(piece, work) for piece in pieces]
        return join([self._result(piece, one, work, join, blamed) for piece, one in zip(pieces, begun, strict=True)])

    def _waited(self, future: Any, task: Task, work: Work) -> Any:
        """The result of a future, or of a second one where the first is late; both are let go."""
        from dask.distributed import wait

        begun, racing, seen = time.monotonic(), [future], time.monotonic()
        late_s = max(LATE_S, LATE_TIMES * statistics.median(self.took)) if self.took else None
        try:
            while True:
                try:
                    done = wait(racing, timeout=LOOK_S, return_when="FIRST_COMPLETED").done
                except TimeoutError:
                    seen = self._seen(seen)
                    if late_s and time.monotonic() - begun > late_s and len(racing) == 1:
                        racing.append(self._begun(task, work))
                    continue
                self.took.append(time.monotonic() - begun)
                return _taken(next(iter(done)))
        finally:
            for one in racing:
                one.release()

    def _seen(self, last: float) -> float:
        """When a worker was last seen; raises `ClusterLost` where that is too long ago."""
        now = time.monotonic()
        if self.client.status == "running" and self.client.scheduler_info()["workers"]:
            return now
        if now - last > LOST_S or self.client.status in ("closed", "closing"):
            raise ClusterLost("no worker of the cluster is left")
        return last


class Died(Exception):
    """The workers that did a task have died."""


def _taken(future: Any) -> Any:
    """The result of a future that is done; raises `Died`, `ClusterLost` or what the task raised."""
    from dask.distributed import CancelledError, KilledWorker

    try:
        return future.result(timeout=LOST_S)
    except KilledWorker as death:
        raise Died from death
    except (CancelledError, OSError) as loss:
        raise ClusterLost("the scheduler of the cluster is gone") from loss


@contextmanager
def cluster(address: str | None, workers: int) -> Iterator[Cluster]:
    """Workers for as long as the context lasts: of the scheduler at `address`, else so many processes here.

    Those of this machine listen on its loopback only and show no dashboard.  Raises `BadInput` where nobody answers,
    `ClusterLost` where worker processes of this machine do not start.
    """
    import dask
    from dask.distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set(SETTINGS):
        if address is not None:
            with _connected(Client, address) as client:
                yield Cluster(client)
            return
        local = _started(workers)
        client = Client(local)
        try:
            yield Cluster(client)
        finally:
            _end_frozen([nanny.pid for nanny in local.workers.values()])
            with suppress(TimeoutError):  # whatever is left of them ends with this process
                client.close(timeout=2)
                local.close(timeout=5)


def _started(workers: int) -> Any:
    """A cluster of so many worker processes of this machine; one that froze or died as it started is begun again."""
    import psutil  # comes with Dask
    from dask.distributed import LocalCluster

    for _ in range(STARTS):
        ours = set(psutil.Process().children())
        try:
            return LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                memory_limit=0,
                silence_logs=logging.CRITICAL,
                death_timeout=f"{START_S} s",
            )
        except Exception:  # of a dozen kinds, by what a worker was at when it stopped
            _end_frozen([process.pid for process in set(psutil.Process().children()) - ours])
    raise ClusterLost(
        f"worker processes here did not start in {START_S} s, {STARTS} times over; executor=threads needs none"
    )


def _end_frozen(processes: Sequence[int | None]) -> None:
    """End worker processes that are halted: they cannot hear that they are to end, and would be waited for."""
    import psutil

    for number in filter(None, processes):
        with suppress(psutil.Error):
            process = psutil.Process(number)
            if process.status() == psutil.STATUS_STOPPED:
                process.kill()


def refuse_no_dask(address: str | None) -> None:
    """Raise `BadInput` where Dask is not installed or an address cannot be used."""
    if importlib.util.find_spec("distributed") is None:
        raise BadInput(
            "executor=dask needs the extra `cluster`: pip install 'tanf-escalation[cluster]'; executor=threads does not"
        )
    if address is not None:
        refuse_unsafe(address)


def refuse_unsafe(address: str) -> str:
    """The address; raises `BadInput` for one that others could listen to: only tls:// leaves the machine."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("tls", "tcp") or not parts.hostname or not port:
        raise BadInput(f"dask.address={address[:80]} is no address of a scheduler; give one such as tls://HOST:8786")
    if parts.scheme == "tcp" and not _is_loopback(parts.hostname):
        raise BadInput(
            f"dask.address={address[:80]}: whoever reaches a scheduler without TLS can run code on it and on us; start "
            "it with certificates and give tls://HOST:PORT (docs/clusters.md), or use a scheduler on 127.0.0.1"
        )
    return address


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _connected(client_class: Any, address: str) -> Iterator[Any]:
    from dask.distributed import Security

    try:
        security = Security(require_encryption=True) if address.startswith("tls:") else None
        client = client_class(address, security=security, timeout="5 s")
    except Exception as refused:  # a dozen kinds, by what is wrong with address or certificates
        first = f"{type(refused).__name__}: {refused}".splitlines()[0][:200]
        raise BadInput(
            f"dask.address={address}: no scheduler answers there ({first}); start it first, and name its certificates "
            "in Dask's configuration (docs/clusters.md)"
        ) from refused
    try:
        yield client
    finally:
        client.close(timeout=2)
