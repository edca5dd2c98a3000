"""The Python that reads frames is the one that `messages.proto` makes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "src" / "parlance" / "protocols" / "leancloud"


@pytest.mark.needs("python-grpc-tools-protoc")
def test_generated_code_is_what_its_source_makes(tmp_path: Path) -> None:
    """If not: make protobuf."""
    subprocess.run(
        [
            sys.executable, "-m", "grpc_tools.protoc", f"--proto_path={SOURCE}",
            f"--python_out={tmp_path}", f"--pyi_out={tmp_path}", "messages.proto",
        ],
        check=True, timeout=300, capture_output=True,
    )  # fmt: skip
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    kept = {path.name: path.read_text(encoding="utf-8") for path in (SOURCE / "generated").glob("*_pb2.py*")}
    assert made == kept
