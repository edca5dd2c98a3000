"""Answers about coming and going."""

from collections.abc import Iterable

from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.generated import messages_pb2 as pb


def opened(st: str, st_ttl: int, server_ts: int) -> pb.GenericCommand:
    """The client is in; `st_ttl` is in seconds (wire: leancloud#session-open)."""
    body = pb.SessionCommand(st=st, stTtl=st_ttl)
    return pb.GenericCommand(cmd=pb.session, op=pb.opened, serverTs=server_ts, sessionMessage=body)


def refreshed(st: str, st_ttl: int) -> pb.GenericCommand:
    """Another token (wire: leancloud#session-refresh)."""
    return pb.GenericCommand(cmd=pb.session, op=pb.refreshed, sessionMessage=pb.SessionCommand(st=st, stTtl=st_ttl))


def closed() -> pb.GenericCommand:
    """The client is out, as it wished: without a `code` (wire: leancloud#session-close)."""
    return pb.GenericCommand(cmd=pb.session, op=pb.closed, sessionMessage=pb.SessionCommand())


def conflicting() -> pb.GenericCommand:
    """A device that came back by itself finds another in its place (wire: leancloud#tags)."""
    code = ErrorCode.SESSION_CONFLICT
    body = pb.SessionCommand(code=code, reason=code.name)
    return pb.GenericCommand(cmd=pb.session, op=pb.closed, sessionMessage=body)


def online(peer_ids: Iterable[str]) -> pb.GenericCommand:
    """Who of those asked about is online (wire: leancloud#session-query)."""
    body = pb.SessionCommand(onlineSessionPeerIds=peer_ids)
    return pb.GenericCommand(cmd=pb.session, op=pb.query_result, sessionMessage=body)


def uploaded() -> pb.GenericCommand:
    """The report was taken (wire: leancloud#report)."""
    return pb.GenericCommand(cmd=pb.report, op=pb.uploaded, reportMessage=pb.ReportCommand())


def logged_in(installation_id: str | None, service: int | None) -> pb.GenericCommand:
    """An installation is in, for the service that it named (wire: leancloud#login)."""
    return pb.GenericCommand(
        cmd=pb.loggedin, installationId=installation_id, service=service or 0, loggedinMessage=pb.LoggedinCommand()
    )


def logged_out(installation_id: str | None, service: int | None) -> pb.GenericCommand:
    """An installation is out."""
    return pb.GenericCommand(cmd=pb.loggedout, installationId=installation_id, service=service or 0)


def echo() -> pb.GenericCommand:
    """We are here as well (wire: leancloud#echo)."""
    return pb.GenericCommand(cmd=pb.echo)
