"""A standalone Spark on loopback: ``python tests/spark/cluster.py COMMAND...``.

Starts a master and two worker processes by the launcher classes of the pip package, runs the
command with ``AZDS_SPARK_MASTER`` set, and stops all of it, however the command ends.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

__all__ = ["cluster"]

_SECONDS = 180
"""For each process to start."""
_MOST_SECONDS = 1800
_CLASS = "org.apache.spark.deploy"
_MEMORY = "1g"


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[tuple[str, list[int]]]:
    """A master with workers of one core each: its address, and the workers' process ids."""
    with ExitStack() as running:
        master = _started(running, folder, "master", ["master.Master", "--port", "0"])
        address = _told(master, r"Starting Spark master at (spark://\S+)")
        ids = []
        for number in range(workers):
            name = f"worker-{number}"
            options = ["worker.Worker", "--cores", "1", "--memory", _MEMORY, "--port", "0"]
            options += ["--work-dir", str(folder / name), address]
            worker = _started(running, folder, name, options)
            _told(worker, r"Successfully registered with master")
            ids.append(int(worker.with_suffix(".pid").read_text()))
        yield address, ids


def _started(running: ExitStack, folder: Path, name: str, words: Sequence[str]) -> Path:
    """Start one of Spark's processes, to be stopped at the end; its log."""
    import pyspark

    home = Path(pyspark.__file__).parent
    log = folder / f"{name}.log"
    command = [str(home / "bin" / "spark-class"), f"{_CLASS}.{words[0]}"]
    command += ["--host", "127.0.0.1", "--webui-port", "0", *words[1:]]
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "SPARK_DAEMON_MEMORY": "256m",
    }
    out = running.enter_context(log.open("wb"))
    process = subprocess.Popen(  # noqa: S603 - Spark's own launcher
        command, stdout=out, stderr=out, env=environment, start_new_session=True
    )
    running.callback(_stop, process)
    log.with_suffix(".pid").write_text(str(process.pid))
    return log


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started: its executors, and their Python."""
    for sent in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sent)
            process.wait(10)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            break
    process.wait()


def _told(log: Path, pattern: str) -> str:
    """What a log says, once it does."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found[found.re.groups]
        time.sleep(0.2)
    sys.exit(f"spark did not start in {_SECONDS} s:\n{log.read_text(errors='replace')[-2000:]}")


def main() -> int:
    """Run a command with a cluster, for as long as `_MOST_SECONDS`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that all ends
    with (
        tempfile.TemporaryDirectory(prefix="azds-spark-") as name,
        cluster(Path(name)) as (address, workers),
    ):
        environment = os.environ | {
            "AZDS_SPARK_MASTER": address,
            "AZDS_SPARK_WORKERS": " ".join(map(str, workers)),
        }
        done = subprocess.run(sys.argv[1:], env=environment, check=False, timeout=_MOST_SECONDS)  # noqa: S603 - given
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
