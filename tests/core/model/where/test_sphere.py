"""Places on the globe."""

from math import isclose, pi
from typing import Any

import pytest

from core.model.where.asking import found
from parlance.core.model.where.sphere import Point, point_of


def _at(latitude: float, longitude: float) -> dict[str, Any]:
    return {"__type": "GeoPoint", "latitude": latitude, "longitude": longitude}


BEIJING, SHANGHAI, NOWHERE = {"at": _at(39.9, 116.4)}, {"at": _at(31.2, 121.5)}, {"at": "Berlin"}


def test_distances_are_angles() -> None:
    """A quarter of the way round is half of pi, over the poles as well."""
    assert isclose(pi / 2, Point(0, 0).distance(Point(0, 90)))
    assert isclose(pi / 2, Point(0, 10).distance(Point(90, 0)))
    assert isclose(pi, Point(0, 0).distance(Point(0, 180)))
    assert 0 == Point(12, 34).distance(Point(12, 34))


@pytest.mark.parametrize(
    ("most", "near_enough"),
    [
        ({"$maxDistanceInKilometers": 1100}, 1),
        ({"$maxDistanceInMiles": 670}, 1),
        ({"$maxDistanceInRadians": 0.17}, 1),
        ({"$maxDistanceInKilometers": 1000}, 0),
        ({"$maxDistanceInMiles": 600}, 0),
        ({"$maxDistance": 0.15}, 0),
    ],
)
def test_what_is_near_is_found(most: dict[str, float], near_enough: int) -> None:
    """Shanghai is 1067 km from Beijing, in whatever measure; what has no place is nowhere near."""
    rows = found({"at": {"$nearSphere": BEIJING["at"], **most}}, BEIJING, SHANGHAI, NOWHERE, {})
    assert [BEIJING, SHANGHAI][: 1 + near_enough] == rows


def test_how_near_is_said_from_both_sides() -> None:
    """A least distance leaves out what is nearer; without any distance all places are near enough."""
    rows = (BEIJING, SHANGHAI, NOWHERE)
    assert [SHANGHAI] == found({"at": {"$nearSphere": BEIJING["at"], "$minDistanceInKilometers": 10}}, *rows)
    assert [BEIJING, SHANGHAI] == found({"at": {"$nearSphere": _at(-39.9, -63.6)}}, *rows)


@pytest.mark.parametrize("value", [_at(91, 0), _at(0, 181), _at(True, 0), {"__type": "GeoPoint"}, {}, None, "x"])
def test_what_is_no_place(value: Any) -> None:
    """Only a GeoPoint within the globe is a place."""
    assert point_of(value) is None
