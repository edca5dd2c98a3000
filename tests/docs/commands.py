"""`parlance` for the pages' shells, without the second of reading code that each start takes.

One process has read all of it, and forks for each command; the command in the shell hands over its folder, its words,
its environment and its terminal, and ends as the fork does.
"""

import json
import os
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import FrameType

from parlance.cli.main import Commands, main

_SHIM = """#!{python} -IS
import json, os, signal, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    asked = json.dumps([os.getcwd(), sys.argv, dict(os.environ)]).encode()
    socket.send_fds(line, [len(asked).to_bytes(4, "big")], [0, 1, 2])
    line.sendall(asked)
    child = int.from_bytes(line.recv(4), "big")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: os.kill(child, number))
    said = line.recv(4)
sys.exit(int.from_bytes(said, "big") if said else 1)
"""


def shim(path: Path, address: Path) -> None:
    """Put the command in place; the fork is asked for at `address`."""
    path.write_text(_SHIM.format(python=sys.executable, address=str(address)), encoding="utf-8")
    path.chmod(0o755)


def serve(address: Path) -> None:
    """Read everything, then fork for whoever asks; until SIGTERM."""
    for place in Commands.places.values():
        with suppress(ModuleNotFoundError):
            import_module(place.partition(":")[0])
    signal.signal(signal.SIGTERM, _leave)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen()
        while True:
            line, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _carry_out(line)
            line.close()
            # Those that have ended.
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _carry_out(line: socket.socket) -> None:
    """In a fork: another one does it, this one waits for that and tells its end."""
    length, terminal, _, _ = socket.recv_fds(line, 4, 3)
    asked = b""
    while len(asked) < int.from_bytes(length, "big"):
        asked += line.recv(1 << 20)
    child = os.fork()
    if child == 0:
        line.close()
        folder, words, environment = json.loads(asked)
        _become(folder, words, environment, terminal)
    line.sendall(child.to_bytes(4, "big"))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with suppress(OSError):
        line.sendall((code & 0xFF).to_bytes(4, "big"))
    os._exit(0)


def _become(folder: str, words: list[str], environment: dict[str, str], terminal: list[int]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, handed in enumerate(terminal):
        os.dup2(handed, number)
    sys.argv = words
    code: object = 1
    try:
        main(words[1:])
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


def _leave(_number: int, _frame: FrameType | None) -> None:
    os._exit(0)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
