"""What `parlance dev` prints once it listens: where to look, and commands that work as they stand."""

import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from parlance.app.operations import TRIAL_APP, TRIAL_KEY

LISTENER = "Jerry"
DEFAULT_PORT = 8000


def program() -> str:
    """How to call `parlance` from where we are."""
    beside = Path(sys.executable).parent / "parlance"
    if not beside.exists():
        return "parlance"
    try:
        return str(beside.relative_to(Path.cwd()))
    except ValueError:
        return str(beside)


def listen_command(port: int) -> str:
    """Logs in on the socket and shows what arrives."""
    where = "" if port == DEFAULT_PORT else f" --url http://127.0.0.1:{port}"
    return f"{program()} listen --client {LISTENER}{where}"


def talk_commands(port: int) -> list[str]:
    """Two users, a conversation, a message: for any shell, with nothing but curl."""
    return [
        f"im() {{ curl -s -H app-id:{TRIAL_APP} -H content-type:application/json \\",
        f'         "http://127.0.0.1:{port}/im/$1" -d "$2"; echo; }}',
        """im users '{"unique_id":"Tom"}'""",
        f"""im users '{{"unique_id":"{LISTENER}"}}'""",
        "conv=$(im conversations \\",
        f"""    '{{"client_id":"Tom","to_client_ids":["{LISTENER}"],"conv_type":1}}' \\""",
        "    | grep -oE '[0-9a-f]{32}')",
        "im conversations/$conv/message \\",
        f"""    '{{"from_client":"Tom","type":-1,"text":"Hello, {LISTENER}!"}}'""",
    ]


def show(console: Console, port: int, data_dir: Path, console_key: str = "") -> None:
    """Print all of it. `console_key`: of a link that opens the console once."""
    base = f"http://127.0.0.1:{port}"
    lines = [
        Text(),
        Text.assemble(("Parlance", "bold"), " listens on ", (base, "bold cyan"), (" · Ctrl-C stops it", "dim")),
        Text(
            f"app {TRIAL_APP} · server key {TRIAL_KEY} · open to everybody on this machine · data in {data_dir}", "dim"
        ),
        Text(),
        Text.assemble("Demo, in a browser: ", (base, "bold cyan"), " · two people chat, and the page shows how"),
        *_step(f"1  In a second terminal, be {LISTENER} and wait:", [listen_command(port)]),
        *_step("2  In a third, let Tom say hello:", talk_commands(port)),
        Text(),
        *_console(base, data_dir, console_key),
        Text.assemble("API pages ", (f"{base}/docs", "cyan"), "   metrics ", (f"{base}/metrics", "cyan")),
        Text(),
    ]
    for line in lines:
        # Never wrapped: what is copied must still be a command.
        console.print(line, soft_wrap=True)
    # Into a pipe as well, and now: somebody waits for it.
    console.file.flush()


def _console(base: str, data_dir: Path, key: str) -> list[Text]:
    if not key:
        return []
    link = Text.assemble("Console, opens once: ", (console_link(base, key), "bold cyan"))
    return [link, Text(f"another link: {program()} console link --data {data_dir} --url {base}", "dim"), Text()]


def console_link(base: str, key: str) -> str:
    """Opens the console: the key stands where no server and no log sees it."""
    return f"{base}/console#login={key}"


def _step(title: str, commands: list[str]) -> list[Text]:
    return [Text(), Text(title, "bold"), *(Text(f"   {command}", "green") for command in commands)]
