"""Places on the globe, and how far they are from each other."""

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from typing import Any

import msgspec

KILOMETERS = 6371.0
"""The radius of the earth."""
MILES = 3958.8


class Point(msgspec.Struct, frozen=True):
    """Degrees north and east."""

    latitude: float
    longitude: float

    def distance(self, other: "Point") -> float:
        """The angle between two places, seen from the middle of the earth, in radians."""
        here, there = radians(self.latitude), radians(other.latitude)
        north, east = sin((there - here) / 2), sin(radians(other.longitude - self.longitude) / 2)
        return 2 * asin(min(1.0, sqrt(north * north + cos(here) * cos(there) * east * east)))


def point_of(value: Any) -> Point | None:
    """The place that a `{"__type": "GeoPoint"}` is; None if it is none."""
    if not isinstance(value, Mapping) or value.get("__type") != "GeoPoint":
        return None
    latitude, longitude = _degrees(value.get("latitude"), 90), _degrees(value.get("longitude"), 180)
    return None if latitude is None or longitude is None else Point(latitude, longitude)


def _degrees(value: Any, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        return None
    return float(value)
