"""Brings a bare machine with python3 to where `make demo` and `make test` can run. Standard library only.

Steps run in parallel where they can; each remembers a hash of its inputs and is skipped while they stay the same.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_VENV = ROOT / ".venv-node"
MODULES = ROOT / "node_modules"
BUILT = ROOT / "static" / "dist"
PYTHON = VENV / "bin" / "python"
LOG = ROOT / "var" / "bootstrap.log"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20

RUNTIME_PACKAGES = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-dejavu-core",
    "nmap",
)
TEST_PACKAGES = ("chromium", "poppler-utils", "qpdf", "libatomic1", "snmp")
#: Brings a service that starts by itself: not for the machine somebody works at.
CI_PACKAGES = ("snmpd",)
_printing = threading.Lock()


class SetUpError(Exception):
    """The set-up cannot go on; the message says what to do."""


def say(line: str) -> None:
    """Print one line, whichever thread it comes from."""
    with _printing:
        print(line, flush=True)


def certificate_settings() -> dict[str, str]:
    """Trust what the machine trusts (a plant's own authority, say): uv and Node bring lists of their own."""
    if not CERTIFICATES.is_file():
        return {}
    env = {"UV_SYSTEM_CERTS": "true", "NODE_EXTRA_CA_CERTS": str(CERTIFICATES)}
    return {name: value for name, value in env.items() if name not in os.environ}


def run(command: list[str], *, env: Mapping[str, str] | None = None) -> None:
    """Run a command quietly; its output goes to the log, and to the error when it fails."""
    shown = " ".join(command)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **certificate_settings(), **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    text = done.stdout.decode(errors="replace")
    with _printing, LOG.open("a") as log:
        log.write(f"$ {shown}\n{text}\n")
    if done.returncode:
        tail = "\n".join(text.splitlines()[-25:])
        raise SetUpError(f"This command failed ({done.returncode}):\n  {shown}\n{tail}")


def fingerprint(files: Iterable[Path], *words: str) -> str:
    """Return a hash of the files' names and contents, and of the words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


class Stamp:
    """Remembers, next to what a step made, the hash of what it was made from."""

    def __init__(self, path: Path, value: str) -> None:
        self._path, self._value = path, value

    def is_current(self) -> bool:
        """Whether the step has run with these inputs."""
        return self._path.is_file() and self._path.read_text() == self._value

    def set(self) -> None:
        """Remember that it has."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(self._value)


def step(title: str, stamp: Stamp | None, work: Callable[[], str | None]) -> None:
    """Do the work unless its stamp is current, and say how long it took."""
    if stamp is not None and stamp.is_current():
        say(f"  = {title}: up to date")
        return
    start = time.monotonic()
    note = work()
    if stamp is not None:
        stamp.set()
    say(f"  + {title}: {note or 'done'} ({time.monotonic() - start:.1f} s)")


# --- System packages ---------------------------------------------------------------------------


def missing_packages(wanted: Iterable[str]) -> list[str]:
    """Return the Debian packages of these that are not installed; none where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return []
    return [name for name in wanted if not is_installed(name)]


def is_installed(package: str) -> bool:
    """Whether dpkg has the package."""
    query = ["dpkg-query", "-W", "-f", "${Status}", package]
    answer = subprocess.run(query, capture_output=True, check=False)
    return answer.stdout.endswith(b" installed")


def root_prefix() -> list[str] | None:
    """Return what makes a command run as root without asking: nothing, sudo, or None when there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        silent = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if silent.returncode == 0:
            return ["sudo", "-n"]
    return None


def install_packages(packages: list[str], *, lost_without: str) -> str:
    """Install with apt where that is possible, else print the command; never fails the set-up."""
    apt = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    by_hand = f"sudo apt-get update && sudo {' '.join(apt)}"
    prefix = root_prefix() if shutil.which("apt-get") else None
    if prefix is None:
        say(
            f"  ! Not installed: {', '.join(packages)}. {lost_without} To install them:\n      {by_hand}"
        )
        return "left to you"
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    try:
        run([*prefix, *quiet, "apt-get", "update", "-q"])
        run([*prefix, *quiet, *apt, "-q"])
    except SetUpError as error:
        say(f"  ! {error}\n    {lost_without} By hand:\n      {by_hand}")
        return "failed, going on without"
    return "installed"


def system_packages(*, for_tests: bool) -> None:
    """Install what WeasyPrint, scans and browser tests need from the distribution."""
    wanted = RUNTIME_PACKAGES + (TEST_PACKAGES if for_tests else ())
    if for_tests and "CI" in os.environ:
        wanted += CI_PACKAGES
    missing = missing_packages(wanted)
    if not missing:
        say("  = system packages: present")
        return
    lost = "The site runs without them; PDF, scans or browser tests will say what they miss."
    step("system packages", None, lambda: install_packages(missing, lost_without=lost))


# --- Python ------------------------------------------------------------------------------------


def virtual_environment() -> None:
    """Create .venv with the python3 that runs this, when there is none that works."""
    if venv_works():
        say("  = virtual environment: present")
        return
    step("virtual environment", None, create_venv)


def venv_works() -> bool:
    """Whether .venv has a Python that is new enough, has pip, and knows itself to be here."""
    if not PYTHON.exists():
        return False
    question = "import sys, pip; print(*sys.version_info[:2], sys.prefix)"
    answer = subprocess.run([str(PYTHON), "-c", question], capture_output=True, check=False)
    if answer.returncode:
        return False
    major, minor, prefix = answer.stdout.decode().strip().split(" ", 2)
    return (int(major), int(minor)) >= OLDEST_PYTHON and Path(prefix) == VENV


def has_ensurepip() -> bool:
    """Whether this Python can make an environment by itself."""
    question = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(question, capture_output=True, check=False).returncode == 0


def create_venv() -> None:
    """Create .venv; Debian keeps ensurepip in a package of its own."""
    if not has_ensurepip():
        version = ".".join(map(str, sys.version_info[:2]))
        install_packages([f"python{version}-venv"], lost_without="Nothing works without it.")
        if not has_ensurepip():
            raise SetUpError("Python cannot create a virtual environment, see above.")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def python_packages(*, for_tests: bool) -> None:
    """Install uv with pip, then everything else with uv; every file is checked against its hash."""
    uv_lock = ROOT / "requirements" / "bootstrap.lock"
    step("uv", Stamp(VENV / ".stamp-uv", fingerprint([uv_lock])), lambda: pip_install(uv_lock))
    uv_ready.set()
    base, dev = (ROOT / "requirements" / f"{name}.lock" for name in ("base", "dev"))
    dev_stamp = Stamp(VENV / ".stamp-dev", fingerprint([dev]))
    base_stamp = Stamp(VENV / ".stamp-base", fingerprint([base]))
    if for_tests:
        step("Python packages, with tools", dev_stamp, lambda: uv_install(dev, VENV))
    elif dev_stamp.is_current():
        say("  = Python packages: up to date")
    else:
        step("Python packages", base_stamp, lambda: uv_install(base, VENV))


def pip_install(lock: Path) -> None:
    """Install a lock file with the environment's own pip."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "--require-hashes", "-r", str(lock)])


def uv_install(lock: Path, environment: Path) -> None:
    """Install a lock file with uv."""
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--require-hashes"]
    run(
        [*uv, "--python", str(environment / "bin" / "python"), "-r", str(lock)],
        env=index_settings(),
    )


def index_settings() -> dict[str, str]:
    """Let uv use the package index pip is set up with (a company's mirror, say): uv does not read pip's files."""
    env = {"UV_LINK_MODE": "copy", "UV_NO_PROGRESS": "1"}
    if "UV_DEFAULT_INDEX" in os.environ or "UV_INDEX_URL" in os.environ:
        return env
    question = [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"]
    answer = subprocess.run(question, capture_output=True, check=False)
    address = os.environ.get("PIP_INDEX_URL") or answer.stdout.decode().strip()
    return env | ({"UV_DEFAULT_INDEX": address} if address else {})


# --- Front end ---------------------------------------------------------------------------------

uv_ready = threading.Event()


def front_end() -> None:
    """Install the npm packages and build static/dist."""
    path = node_path()
    env = {"PATH": path}
    node = subprocess.run(["node", "--version"], env=env, capture_output=True, check=True)
    packages = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
    modules = Stamp(MODULES / ".stamp", fingerprint(packages, node.stdout.decode()))
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    step("npm packages", modules, lambda: run(npm, env={"PATH": path}))
    sources = [file for file in (ROOT / "frontend").rglob("*") if file.is_file()]
    build = ROOT / "scripts" / "build_frontend.mjs"
    built = Stamp(ROOT / "static" / ".dist-stamp", fingerprint([*packages, *sources, build]))
    if not BUILT.is_dir():
        (ROOT / "static" / ".dist-stamp").unlink(missing_ok=True)
    step("front end", built, lambda: run(["node", str(build)], env={"PATH": path}))


def node_path() -> str:
    """Return a PATH with a Node that is new enough: the machine's, else one from a Python package."""
    path = os.environ.get("PATH", os.defpath)
    if node_is_new_enough() and shutil.which("npm"):
        return path
    lock = ROOT / "requirements" / "node.lock"
    wait_for(uv_ready, "uv")
    step("Node.js", Stamp(NODE_VENV / ".stamp", fingerprint([lock])), lambda: install_node(lock))
    return f"{NODE_VENV / 'bin'}{os.pathsep}{path}"


def node_is_new_enough() -> bool:
    """Whether the PATH has a Node this front end can be built with."""
    if shutil.which("node") is None:
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, check=False)
    major = answer.stdout.decode().strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def install_node(lock: Path) -> None:
    """Put Node into an environment of its own: it is large, and only the build needs it."""
    run(
        [
            str(VENV / "bin" / "uv"),
            "venv",
            "--quiet",
            "--clear",
            "--python",
            str(PYTHON),
            str(NODE_VENV),
        ]
    )
    uv_install(lock, NODE_VENV)


def wait_for(event: threading.Event, what: str) -> None:
    """Wait for another thread, but not for ever when it failed."""
    while not event.wait(0.1):
        if failed.is_set():
            raise SetUpError(f"{what} could not be installed, see above.")


failed = threading.Event()

# --- All together ------------------------------------------------------------------------------


def python_side(*, for_tests: bool) -> None:
    """Environment and packages, one after the other."""
    virtual_environment()
    python_packages(for_tests=for_tests)


def guarded(work: Callable[[], None]) -> None:
    """Run one branch; tell the others when it fails."""
    try:
        work()
    except BaseException:
        failed.set()
        raise


def set_up(*, for_tests: bool) -> None:
    """Run the branches; apt before the rest only when even the environment needs it."""
    branches: list[Callable[[], None]] = [
        lambda: python_side(for_tests=for_tests),
        front_end,
        lambda: system_packages(for_tests=for_tests),
    ]
    if not has_ensurepip() and not venv_works():
        virtual_environment()
    with ThreadPoolExecutor(len(branches)) as pool:
        futures: list[Future[None]] = [pool.submit(guarded, branch) for branch in branches]
    errors = [error for future in futures if (error := future.exception())]
    for error in errors:
        if not isinstance(error, SetUpError):
            raise error
    if errors:
        raise SetUpError("\n".join(dict.fromkeys(str(error) for error in errors)))


def main() -> int:
    """Set up for the demo, or with --test for tests and checks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true", help="also what tests and checks need")
    options = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        print(
            f"Raceway needs Python {'.'.join(map(str, OLDEST_PYTHON))} or newer.", file=sys.stderr
        )
        return 1
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("")
    start = time.monotonic()
    print(f"Setting up {'tests and tools' if options.test else 'Raceway'} ...", flush=True)
    try:
        set_up(for_tests=options.test)
    except SetUpError as error:
        print(f"\nSet-up stopped. {error}\nThe whole log: {LOG.relative_to(ROOT)}", file=sys.stderr)
        return 1
    print(f"Set up in {time.monotonic() - start:.1f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
