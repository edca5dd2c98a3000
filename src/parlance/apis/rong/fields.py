"""Reading fields as Django REST framework's serializers do, with its words for what is wrong.

A text may come as a number and a number as a text: forms know nothing else.
"""

import re
from collections.abc import Mapping
from typing import Any

from parlance.apis.rong.ids import LARGEST
from parlance.kernel.faults import bad_format, missing
from parlance.web.bodies import judge_text

Sent = Mapping[str, Any]
"""What came in a body or a query string, by field."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,1000}", re.ASCII)
_TRUE = frozenset({"1", "true", "t", "yes", "y", "on"})
_FALSE = frozenset({"0", "false", "f", "no", "n", "off", ""})

NOT_A_FILE = "提交的数据不是一个文件。请检查表单的编码类型。"


def text(sent: Sent, name: str, most: int) -> str:
    """A text that has to be there, without the spaces around it."""
    found = optional_text(sent, name, most)
    if name not in sent or sent[name] is None:
        raise missing(name)
    if not found:
        raise bad_format(name, "该字段不能为空。")
    return found


def optional_text(sent: Sent, name: str, most: int) -> str:
    """A text, without the spaces around it; "" if there is none."""
    raw = sent.get(name)
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise bad_format(name, "不是有效的字符串。")
    found = str(raw).strip()
    judge_text(found, name)
    if len(found) > most:
        raise bad_format(name, f"请确保这个字段不能超过 {most} 个字符。")
    return found


def number(sent: Sent, name: str) -> int:
    """A whole number that has to be there, and is one that something may have."""
    raw = sent.get(name)
    if raw is None:
        raise missing(name)
    found = _whole(raw, name)
    if abs(found) > LARGEST:
        raise bad_format(name, f"请确保该值小于或者等于 {LARGEST}。")
    return found


def optional_number(sent: Sent, name: str, least: int | None = None) -> int | None:
    """A whole number, of at least `least` if that is given; None if there is none."""
    raw = sent.get(name)
    if raw in (None, ""):
        return None
    found = _whole(raw, name)
    if least is not None and found < least:
        raise bad_format(name, f"请确保该值大于或者等于 {least}。")
    return found


def flag(sent: Sent, name: str) -> bool:
    """Yes or no; no if nothing is said."""
    raw = sent.get(name)
    said = "" if raw is None else str(raw).lower()
    if said not in _TRUE | _FALSE:
        raise bad_format(name, "必须是有效的布尔值。")
    return said in _TRUE


def no_file(sent: Sent, name: str) -> None:
    """Refuse what stands where a file should and is none; nothing at all is no fault."""
    if sent.get(name) not in (None, ""):
        raise bad_format(name, NOT_A_FILE)


def _whole(raw: Any, name: str) -> int:
    found = raw if isinstance(raw, int) and not isinstance(raw, bool) else _read(raw)
    if found is None:
        raise bad_format(name, "请填写合法的整数值。")
    return found


def _read(raw: Any) -> int | None:
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if not isinstance(raw, str) or not _WHOLE.fullmatch(raw.strip()):
        return None
    return int(raw)
