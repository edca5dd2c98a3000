"""A class of an organisation."""

import msgspec

from parlance.core.model.organisation import judge_number, judge_words
from parlance.kernel.ids import AppId


class SchoolClass(msgspec.Struct, frozen=True):
    """`class_id` is the app's own number for it, whatever the organisation."""

    app_id: AppId
    class_id: int
    organization_id: int
    name: str = ""


def judge_class(school_class: SchoolClass) -> None:
    """Refuse what cannot be kept: BAD_FORMAT, naming the field."""
    judge_number(school_class.organization_id, "organization_id")
    judge_number(school_class.class_id, "class_id")
    judge_words(name=school_class.name)
