#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks a file against RFC 7946, section by section, and prints how many points it has.

    check_geojson.py FILE"""

import json
import sys

GEOMETRY = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
RESERVED = {"coordinates", "geometries", "geometry", "features", "properties"}


def fail(section, text):
    sys.exit(f"RFC 7946 {section}: {text}")


def no_twice(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        fail("1.3", f"a key twice: {keys}")
    return dict(pairs)


def check_point(geometry):
    if geometry.get("type") not in GEOMETRY:
        fail("3.1", f"no geometry of the standard: {geometry.get('type')}")
    if geometry["type"] != "Point":
        fail("3.1.2", "a place is a point here")
    position = geometry.get("coordinates")
    if not isinstance(position, list) or not 2 <= len(position) <= 3:
        fail("3.1.1", f"no position: {position}")
    if any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in position):
        fail("3.1.1", f"not numbers: {position}")
    longitude, latitude = position[:2]
    if not -180 <= longitude <= 180 or not -90 <= latitude <= 90:
        fail("4", f"longitude, then latitude, of WGS 84: {position}")
    if RESERVED - {"coordinates"} & set(geometry):
        fail("7.1", "a geometry with members of another type")


def check_feature(feature, ids):
    if feature.get("type") != "Feature":
        fail("3.2", f"no Feature: {feature.get('type')}")
    if "geometry" not in feature or "properties" not in feature:
        fail("3.2", "a Feature has geometry and properties, null or not")
    if feature["geometry"] is not None:
        check_point(feature["geometry"])
    if feature["properties"] is not None and not isinstance(feature["properties"], dict):
        fail("3.2", "properties are an object or null")
    if "id" in feature:
        if isinstance(feature["id"], bool) or not isinstance(feature["id"], (str, int, float)):
            fail("3.2", "an id is a string or a number")
        if feature["id"] in ids:
            fail("3.2", f"an id twice: {feature['id']}")
        ids.add(feature["id"])
    if {"coordinates", "geometries", "features"} & set(feature):
        fail("7.1", "a Feature with members of another type")


def main(path):
    with open(path, "rb") as file:
        content = file.read()
    if content.startswith(b"\xef\xbb\xbf"):
        fail("1 (RFC 8259 8.1)", "a byte order mark")
    top = json.loads(content.decode("utf-8"), object_pairs_hook=no_twice, parse_constant=lambda c: fail("1", c))
    if top.get("type") != "FeatureCollection" or not isinstance(top.get("features"), list):
        fail("3.3", "no FeatureCollection with features")
    if "crs" in top:
        fail("4", "a coordinate reference system of its own")
    if {"coordinates", "geometries", "geometry", "properties"} & set(top):
        fail("7.1", "a FeatureCollection with members of another type")
    ids = set()
    for feature in top["features"]:
        check_feature(feature, ids)
    print(sum(feature["geometry"] is not None for feature in top["features"]), len(top["features"]))


if __name__ == "__main__":
    main(sys.argv[1])
