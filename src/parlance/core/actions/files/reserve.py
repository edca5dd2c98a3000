"""Uploads in two steps: a client is told where a file will lie, and sends its bytes there afterwards.

Nothing is kept in between: the place is signed, and good for an hour.
"""

import hmac
from typing import Any

import jwt
import msgspec

from parlance.core.actions.files.upload import Upload, UploadFile
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.file_names import clean_name, extension_of
from parlance.core.model.file_types import FileTypes, file_key, is_file_key
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.clock import HOUR, SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import Ids

LIFETIME = HOUR
_ALGORITHM = "HS256"
_SIGNATURE_ONLY = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}


class ReservedPlace(msgspec.Struct, frozen=True):
    """Where a file will lie, and what lets its bytes be put there."""

    key: str
    name: str
    token: str


class ReserveFile:
    """Says where a file of this name will lie, if files named so are taken."""

    def __init__(self, clock: Clock, ids: Ids, types: FileTypes) -> None:
        self._clock = clock
        self._ids = ids
        self._types = types

    def __call__(self, caller: Caller, name: str) -> ReservedPlace:
        """Raises WRONG_FILE_FORMAT."""
        clean = clean_name(name)
        extension = extension_of(clean)
        if self._types.named(extension) is None:
            raise Fault(FaultCode.WRONG_FILE_FORMAT, f"files named .{extension} are not accepted", field="name")
        key = file_key(self._ids.random_hex(), extension)
        app = caller.app
        claims = {"app": app.app_id, "key": key, "name": clean, "exp": (self._clock.now() + LIFETIME) // SECOND}
        return ReservedPlace(key, clean, jwt.encode(claims, _secret(app), algorithm=_ALGORITHM))


class UploadReserved:
    """Takes in the bytes for a place that was reserved: once, and as any other upload is judged."""

    def __init__(self, directory: AppDirectory, upload_file: UploadFile, clock: Clock) -> None:
        self._directory = directory
        self._upload = upload_file
        self._clock = clock

    async def place(self, token: str) -> tuple[Caller, ReservedPlace]:
        """What a token lets be done, and for which app. Raises BAD_CREDENTIAL."""
        claimed = _claims(token, None)
        app = await self._directory.find(str(claimed.get("app")))
        if app is None:
            raise Fault(FaultCode.BAD_CREDENTIAL)
        claims = _claims(token, app)
        key, name, expires = claims.get("key"), claims.get("name"), claims.get("exp")
        if not isinstance(key, str) or not is_file_key(key) or not isinstance(name, str):
            raise Fault(FaultCode.BAD_CREDENTIAL)
        if not isinstance(expires, int) or expires * SECOND <= self._clock.now():
            raise Fault(FaultCode.BAD_CREDENTIAL, "the place is no longer reserved")
        return Caller(app, keyed=False), ReservedPlace(key, name, token)

    async def __call__(self, caller: Caller, place: ReservedPlace, upload: Upload) -> StoredFile:
        """Raises what an upload raises, and BAD_CREDENTIAL if there is something already."""
        return await self._upload(caller, upload, place.key)


def _secret(app: App) -> str:
    # Not the secret itself: a token for a client must not do for a place, nor the other way round.
    return hmac.new(app.token_secret.encode(), b"upload", "sha256").hexdigest()


def _claims(token: str, app: App | None) -> dict[str, Any]:
    """What a token claims; without an `app` nothing is verified yet."""
    try:
        if app is None:
            return jwt.decode(token, options={"verify_signature": False})
        return jwt.decode(token, _secret(app), algorithms=[_ALGORITHM], options=_SIGNATURE_ONLY)  # type: ignore[arg-type]
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise Fault(FaultCode.BAD_CREDENTIAL) from None
