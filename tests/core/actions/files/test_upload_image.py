from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conformance.blobs import samples
from core.actions.files.filing import ADA, CLOCK, Filing, Sent, filing
from parlance.blobs.inspection import ByteInspector
from parlance.core.actions.files.upload import UploadFile
from parlance.core.actions.files.upload_image import UploadImage
from parlance.core.model.file_types import Family, FileTypes
from parlance.core.model.limits import Limits
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import SystemIds


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Filing]:
    """A server's files, with the usual limits."""
    async with filing(tmp_path) as opened:
        yield opened


def uploading(files: Filing, limits: Limits) -> UploadImage:
    """The action over these files."""
    images = FileTypes().only(Family.IMAGE)
    inspector = ByteInspector(limits.image_pixels)
    return UploadImage(
        UploadFile(files.store, files.blobs, inspector, CLOCK, SystemIds(CLOCK), limits, images, names=False)
    )


@pytest.mark.parametrize("name", ["cover.jpg", "cover.png", "cover", "", "封面.tmp"])
async def test_a_picture_is_kept_whatever_it_is_called(files: Filing, name: str) -> None:
    """It is kept as what it is."""
    photo = samples.picture("JPEG")
    stored = await uploading(files, Limits())(ADA, Sent(name, photo))
    assert ("image/jpeg", ".jpg") == (stored.content_type, stored.key[-4:])
    assert photo == await files.bytes_of(stored.key)


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.4\n%%EOF\n", b"\x89PNG\r\n\x1a\n"])
async def test_what_is_no_picture(files: Filing, content: bytes) -> None:
    """WRONG_IMAGE, even for what would be taken as a file of another kind; nothing is kept."""
    with pytest.raises(Fault) as fault:
        await uploading(files, Limits())(ADA, Sent("cover.png", content))
    assert FaultCode.WRONG_IMAGE is fault.value.code
    assert [] == files.kept()


async def test_a_picture_that_is_too_large(files: Filing) -> None:
    """That is another refusal: it is a picture."""
    with pytest.raises(Fault) as fault:
        await uploading(files, Limits(upload=10))(ADA, Sent("cover.png", samples.picture("PNG")))
    assert FaultCode.BODY_TOO_LARGE is fault.value.code
