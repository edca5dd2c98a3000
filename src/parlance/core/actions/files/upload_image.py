"""Take in a picture, for what is shown with one."""

from parlance.core.actions.files.upload import Upload, UploadFile
from parlance.core.model.caller import Caller
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.faults import Fault, FaultCode


class UploadImage:
    """Keeps a file if it is a picture. `upload` takes nothing else, and asks no name: phones name pictures anyhow."""

    def __init__(self, upload: UploadFile) -> None:
        self._upload = upload

    async def __call__(self, caller: Caller, upload: Upload) -> StoredFile:
        """Raises WRONG_IMAGE or BODY_TOO_LARGE."""
        try:
            return await self._upload(caller, upload)
        except Fault as fault:
            if fault.code is not FaultCode.WRONG_FILE_FORMAT:
                raise
            raise Fault(FaultCode.WRONG_IMAGE, fault.reason) from None
