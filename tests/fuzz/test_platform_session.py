"""Whatever a client sends, in whatever order: the session does not raise, and says nothing that is not documented."""

import json
from typing import Any, get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from parlance.protocols.platform import frames
from parlance.protocols.platform.commands import DEEPEST, Command, Login, Logout, SendMessage
from parlance.protocols.platform.moves import OVER, State
from parlance.protocols.platform.payloads import Error, ServerFrame
from parlance.protocols.platform.session import Session

IDLE = 400.0
_DECODER: msgspec.json.Decoder[ServerFrame] = msgspec.json.Decoder(ServerFrame)
_INTERNALS = ("msgspec", "Traceback", "parlance", "Struct", "$", "`", "<class", "0x", "python")

TYPES = sorted(str(struct.__struct_config__.tag) for struct in get_args(Command))
FIELDS = sorted(
    {
        field.name
        for struct in get_args(Command)
        for field in msgspec.structs.fields(
            next(outer.type for outer in msgspec.structs.fields(struct) if outer.name == "data")
        )
    }
)

any_text = st.text(st.characters(), max_size=30)
"""Halves of surrogate pairs and NUL included."""
any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | any_text
    | st.sampled_from(["0", "1", "null", "[]", "{}", '["a",1]', "[" * 5_000, "x" * 10_000]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)
plausible = st.sampled_from(["c", "ada", 1, 0, -1, -2, "1", ["ben"], {"a": 1}, None, True])
command_data = st.dictionaries(st.sampled_from([*FIELDS, "unknown"]), plausible | any_json, max_size=8) | any_json
likely_frames = st.sampled_from(
    [
        {"type": "login", "data": {"app_id": "6", "client_id": "ada"}},
        {"type": "msg.send", "data": {"conv_id": "c", "type": -1, "text": "hi", "attr": {"a": [1]}, "ref": "r"}},
        {"type": "ping"},
        {"type": "logout"},
    ]
)
mutants = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES) | any_json}, optional={"data": command_data, "msg": any_json}
)


def written(frame: Any) -> str:
    """As JSON text, with all that Python's writer lets through: NaN, and escaped halves of pairs."""
    return json.dumps(frame)


raw_frames = st.binary(max_size=200) | any_text | (likely_frames | mutants | any_json).map(written)
broken_frames = st.builds(
    lambda text, cut, more: text[:cut] + more + text[cut + 1 :],
    raw_frames.filter(lambda raw: isinstance(raw, str)),
    st.integers(0, 60),
    st.sampled_from(["", "\\", '"', "[", "{", "\\ud800", "\x00", "1e999"]),
)
steps = st.lists(
    st.tuples(st.just("frame"), raw_frames | broken_frames)
    | st.tuples(
        st.sampled_from(["binary", "heard", "wait", "accept", "refuse", "replaced", "banned", "away", "slow", "gone"]),
        st.integers(0, 500),
    ),
    max_size=40,
)


def check(session: Session) -> None:
    """What is true after every step."""
    for payload in session.outgoing():
        frame = _DECODER.decode(payload)
        if isinstance(frame, Error):
            assert not [word for word in _INTERNALS if word in frame.msg], frame.msg
            assert len(frame.msg) < 200
    assert (session.close_code is not None) == (session.state is State.CLOSING) or session.state is State.CLOSED
    assert (session.next_deadline() is None) == (session.state in OVER)


def check_command(command: Command) -> None:
    """What the core may rely on in a command that is acted upon."""
    assert msgspec.json.encode(command)
    if isinstance(command, SendMessage) and command.data.attr is not None:
        again = msgspec.json.decode(command.data.attr)
        assert json.dumps(again).count("[" * (DEEPEST + 1)) == 0
        assert command.data.attr.encode() == msgspec.json.encode(again)


class Gateway:
    """The least that a holder of the session does: commands in turn, a login decided before the next."""

    def __init__(self) -> None:
        self.session = Session(30.0, IDLE, 0.0)
        self.now = 0.0
        self.backlog: list[Any] = []

    def step(self, kind: str, argument: Any) -> None:
        """Let one thing happen; what cannot happen in this state does not."""
        session = self.session
        if kind == "frame":
            self.backlog += session.receive(argument, self.now)
        elif kind == "binary":
            self.backlog += session.receive_binary(self.now)
        elif kind == "heard":
            session.heard(self.now)
        elif kind == "wait":
            self.now += argument
            session.on_deadline(self.now)
        elif kind == "away":
            session.going_away(argument)
        elif kind == "slow":
            session.overflowed()
        elif kind == "gone":
            session.peer_gone()
        else:
            self.decide(kind)
        self.work()

    def decide(self, kind: str) -> None:
        """What needs a login to happen to."""
        session = self.session
        if session.state is State.LOGGING_IN and kind in ("accept", "refuse"):
            if kind == "accept":
                assert session.logged_in(1)
            else:
                session.refuse_login(1, "no")
        elif session.state is not State.OPENING and kind in ("replaced", "banned"):
            (session.replaced if kind == "replaced" else session.banned)()

    def work(self) -> None:
        """Take up what is waiting, up to a login."""
        while self.backlog and self.session.state is not State.LOGGING_IN:
            event = self.backlog.pop(0)
            state = self.session.state
            if self.session.take(event):
                check_command(event)
                assert state is State.OPEN or isinstance(event, Login)
                if isinstance(event, Logout):
                    self.session.logged_out()


@settings(max_examples=400)
@given(steps)
def test_no_order_of_things_makes_it_raise(things: list[tuple[str, Any]]) -> None:
    """From both sides at once."""
    gateway = Gateway()
    for kind, argument in things:
        gateway.step(kind, argument)
        check(gateway.session)


@settings(max_examples=600)
@given(raw=raw_frames | broken_frames, state=st.sampled_from(State))
def test_no_frame_makes_it_raise(raw: bytes | str, state: State) -> None:
    """In any state."""
    gateway = Gateway()
    if state in (State.LOGGING_IN, State.OPEN):
        gateway.step("frame", '{"type":"login","data":{"app_id":"6","client_id":"ada"}}')
    if state is State.OPEN:
        gateway.step("accept", 0)
    if state is State.CLOSING:
        gateway.step("away", 1)
    if state is State.CLOSED:
        gateway.step("gone", 1)
    assert gateway.session.state is state
    gateway.session.outgoing()
    gateway.step("frame", raw)
    if state in OVER:
        assert [] == gateway.session.outgoing()
    check(gateway.session)


@settings(max_examples=300)
@given(
    data=st.dictionaries(st.sampled_from(FIELDS), plausible | any_json, max_size=10), wire_type=st.sampled_from(TYPES)
)
def test_every_command_is_taken_or_refused_with_words(data: dict[str, Any], wire_type: str) -> None:
    """One frame, one outcome: a command, or exactly one error with a number and the `ref` if it was a string."""
    gateway = Gateway()
    gateway.step("frame", '{"type":"login","data":{"app_id":"6","client_id":"ada"}}')
    gateway.step("accept", 0)
    gateway.session.outgoing()
    [event] = gateway.session.receive(written({"type": wire_type, "data": data}), 0.0)
    if gateway.session.take(event):
        check_command(event)
        assert [] == gateway.session.outgoing()
    else:
        # A login that cannot be read is refused when it is taken up, anything else when it is read.
        [error] = [_DECODER.decode(payload) for payload in gateway.session.outgoing()]
        assert isinstance(error, Error)
        assert error.data.code in (4001, 4406)
        assert error.data.ref is None or error.data.ref == data.get("ref")


speakable = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(
    who=speakable, conv_id=speakable, words=speakable | st.none(), url=speakable | st.none(), attr=any_json,
    mentions=st.lists(speakable, max_size=3), seq=st.integers(0, 2**53) | st.none(),
)  # fmt: skip
def test_a_message_arrives_as_it_was_sent(
    who: str, conv_id: str, words: str | None, url: str | None, attr: Any, mentions: list[str], seq: int | None
) -> None:
    """Whatever it says: the frame is JSON, and reads back."""
    attr_text = json.dumps(attr).encode("ascii", "strict").decode()
    row = frames.message_row(who, conv_id, "m", 1, -1, words, attr_text, url, seq, False, mentions)
    data = json.loads(frames.msg_new(row))["data"]
    assert (who, conv_id, words, attr_text, seq) == (
        data["from_client"], data["conv_id"], data["text"], data["attr"], data["seq"],
    )  # fmt: skip
    assert (url, mentions or None) == (json.loads(data["url"]), json.loads(data["mention_client_ids"]))
