"""The checklist of docs/leancloud.md, walked from its first command to its last while people talk on both sides."""

import asyncio
import re
import shlex
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import aiohttp
import pytest

import databases
from gateway.leancloud.clients import BINARY, Client, Frame, Line
from importing.commands import run
from importing.exporting import parlance, rows_about
from importing.leancloud import APP_ID, MASTER_KEY, LeanCloud, conversation, message
from importing.verified import ADDRESS, AT, PNG, TALK, a_small_app
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from ports import free_port

DOCS = Path(__file__).parents[2] / "docs"
STARTS_WITHIN = 60.0
NEW = conversation(7)["objectId"]


def checklist(document: str, begins: str, ends: str) -> list[list[str]]:
    """The commands of each block."""
    text = (DOCS / document).read_text(encoding="utf-8").partition(f"\n## {begins}\n")[2].partition(f"\n## {ends}\n")[0]
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [[line.strip() for line in block.splitlines() if line.strip()] for block in blocks]


class Operator:
    """Types commands of the checklist, with the names of this installation in the places of the document's."""

    def __init__(self, cloud: LeanCloud, folder: Path) -> None:
        self._folder = folder
        self._cloud = cloud
        self.ports = {"8000": str(free_port()), "8001": str(free_port())}
        self._servers: list[Process] = []
        (folder / "parlance.toml").write_text(
            f'data_dir = "{folder}/data"\npublic_url = "https://im.example.com"\nallow_key = ["{APP_ID}"]\n'
            f"port = {self.ports['8000']}\n"
        )

    @property
    def base(self) -> str:
        """Where the server listens that people are moved to."""
        return f"http://127.0.0.1:{self.ports['8000']}"

    async def types(self, commands: list[str]) -> str:
        """One after the other, each with success; what the last one says."""
        said = ""
        for command in commands:
            said = await self._type(command)
        return said

    async def _type(self, command: str) -> str:
        names = {
            "YOUR_APP_ID": APP_ID,
            "YOUR_APP_KEY": "the-app-key",
            "YOUR_MASTER_KEY": MASTER_KEY,
            "DATA": str(self._folder / "data"),
            "/etc/parlance.toml": str(self._folder / "parlance.toml"),
        }
        names |= self.ports
        command = re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], command)
        if command.startswith("curl "):
            return await self._curl(command)
        words = shlex.split(command)
        variables = dict(word.split("=", 1) for word in words[: words.index("parlance")])
        words = words[words.index("parlance") + 1 :]
        if words[0] == "serve":
            return await self._serve(words, variables)
        source = {"LEANCLOUD_SERVER": self._cloud.url, "LEANCLOUD_APP_ID": APP_ID, "LEANCLOUD_MASTER_KEY": MASTER_KEY}
        done = await run(*words, **source, **variables)
        assert 0 == done.code, f"{command}: {done.code}\n{done.out}\n{done.err}"
        return done.out

    async def _serve(self, words: list[str], variables: dict[str, str]) -> str:
        rehearsed = "--data" in words
        where = Path(words[words.index("--data") + 1]) if rehearsed else self._folder / "data"
        server = await parlance(*words, **variables, **databases.variables(where))
        self._servers.append(server)
        assert server.stderr is not None
        port = self.ports["8001" if rehearsed else "8000"]
        async with asyncio.timeout(STARTS_WITHIN):
            while server.returncode is None:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", int(port))
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    return ""
        raise AssertionError((await server.stderr.read()).decode())

    async def _curl(self, command: str) -> str:
        shell = await asyncio.create_subprocess_shell(command.replace("curl ", "curl -sS --fail "), stdout=PIPE)
        async with asyncio.timeout(STARTS_WITHIN):
            said, _ = await shell.communicate()
        assert 0 == shell.returncode, command
        return said.decode()

    async def goes_home(self) -> None:
        """Stop every server."""
        for server in self._servers:
            if server.returncode is None:
                server.terminate()
            await server.communicate()


async def comes(session: aiohttp.ClientSession, base: str, name: str, ua: str = "js/4.3.1") -> Client:
    """An old client, which asks where the socket is and logs in."""
    async with session.get(f"{base}/v1/route", params={"appId": APP_ID}) as answer:
        assert 60 == (await answer.json())["ttl"]
    line = Line(await session.ws_connect(base, protocols=(BINARY,)))
    body = pb.SessionCommand(ua=ua, configBitmap=1)
    opened = await line.ask(Frame(cmd=pb.session, op=pb.open, appId=APP_ID, peerId=name, sessionMessage=body))
    assert (pb.session, pb.opened) == (opened.cmd, opened.op), opened
    return Client(line, name, opened)


async def reads(client: Client, cid: str) -> list[str]:
    """The ids of what it finds in a conversation, the oldest first."""
    answer = await client.ask(pb.logs, None, logsMessage=pb.LogsCommand(cid=cid, l=100))
    return [item.msgId for item in answer.logsMessage.logs]


@pytest.mark.needs("curl", "sh")
async def test_the_checklist_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rehearsed, moved, and the last ones fetched: nobody misses a word, and what was said here keeps its place."""
    monkeypatch.chdir(tmp_path)
    blocks = iter(checklist("leancloud.md", "The move", "Signatures"))
    async with a_small_app().serving() as cloud, aiohttp.ClientSession() as session:
        cloud.files["cat.png"] = PNG
        cloud.classes["_File"] = [{"objectId": f"{1:024x}", "name": "cat.png", "url": f"{cloud.url}{ADDRESS}"}]
        operator = Operator(cloud, tmp_path)
        try:
            # Rehearse.
            await operator.types(next(blocks))
            assert "Safe to switch" in await operator.types(next(blocks))
            assert '"server":"ws://127.0.0.1' in await operator.types(next(blocks))
            # The day before; meanwhile people talk there, edit, come and go.
            made = (
                "app",
                "create",
                "--id",
                APP_ID,
                "--policy",
                "key",
                "--key",
                MASTER_KEY,
                "--data",
                str(tmp_path / "data"),
            )
            assert 0 == (await run(*made)).code
            cloud.messages[TALK].append(message(TALK, 30, AT + 30_000))
            assert "Safe to switch" in await operator.types(next(blocks))
            await operator.types(next(blocks))
            await operator.types(next(blocks))
            # The hour.
            cloud.messages[TALK][29]["data"] = '{"_lctype":-1,"_lctext":"edited"}'
            cloud.messages[TALK].append(message(TALK, 31, AT + 31_000))
            cloud.classes["_Conversation"][1]["m"] = ["client-0", "client-3"]
            cloud.classes["_Conversation"].append(conversation(7, m=["client-0", "client-2"]))
            cloud.messages[NEW] = [message(NEW, 1, AT + 32_000)]
            assert "Safe to switch" in await operator.types(next(blocks))
            assert "Safe to switch" in await operator.types(next(blocks))
            assert '"ttl":60' in await operator.types(next(blocks))
            # The first ones have come; one who has stayed behind goes on talking there.
            tom = await comes(session, operator.base, "client-0")
            assert [row["msg-id"] for row in cloud.messages[TALK]] == await reads(tom, TALK)
            here = (await tom.say(TALK)).uid
            cloud.messages[TALK].append(message(TALK, 33, AT + 33_000))
            seen = await operator.types(next(blocks))
            assert 'parlance_leancloud_sessions_total{sdk="js/4.3.1"} 1.0' in seen
            # The hours after.
            assert "Safe to switch" in await operator.types(next(blocks))
            assert [here, message(TALK, 33, 0)["msg-id"]] == (await reads(tom, TALK))[-2:]
            await operator.types(next(blocks))
            await tom.line.ws.close()
            # What was said here leaves as it came, and is the same elsewhere.
            await operator.types(next(blocks))
            assert here in [row["msg-id"] for row in rows_about(tmp_path / "back", "messages", TALK)]
            assert "Safe to switch" in await moved_on(tmp_path)
        finally:
            await operator.goes_home()
    assert [] == list(blocks)


async def moved_on(folder: Path) -> str:
    """What was exported from here, brought into an app elsewhere, and compared."""
    there = ("--id", APP_ID, "--data", str(folder / "elsewhere"))
    assert 0 == (await run("app", "create", *there)).code
    brought = await run("import", "leancloud", "back", *there)
    assert 0 == brought.code, brought.err
    return (await run("import", "verify", "leancloud", "back", *there)).out


def test_both_languages_have_the_same_commands() -> None:
    """In the same order."""
    assert checklist("leancloud.md", "The move", "Signatures") == checklist("leancloud.zh-CN.md", "切换", "签名")
