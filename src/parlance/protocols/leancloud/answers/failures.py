"""Refusals (wire: leancloud#errors)."""

from collections.abc import Iterable

from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.generated import messages_pb2 as pb


def error(
    code: ErrorCode, detail: str | None = None, *, app_code: int | None = None, app_msg: str | None = None
) -> pb.GenericCommand:
    """A request came to nothing; `app_code` and `app_msg` are what the app's own hook said."""
    return pb.GenericCommand(cmd=pb.error, errorMessage=failure(code, detail, app_code=app_code, app_msg=app_msg))


def failure(
    code: ErrorCode,
    detail: str | None = None,
    *,
    app_code: int | None = None,
    app_msg: str | None = None,
    pids: Iterable[str] = (),
) -> pb.ErrorCommand:
    """Why it came to nothing, for some (`pids`) or for all."""
    return pb.ErrorCommand(
        code=code, reason=code.name, detail=detail or None, appCode=app_code, appMsg=app_msg, pids=pids
    )
