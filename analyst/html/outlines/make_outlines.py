# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes outlines.txt, the lines of the map in a report, from Natural Earth (public domain).

    apt-get download r-cran-rnaturalearthdata && dpkg-deb -x r-cran-rnaturalearthdata_*.deb here
    python3 make_outlines.py here/usr/lib/R/site-library/rnaturalearthdata/data/Rdata > outlines.txt

Version 0.1.0 of that package, from Debian 12: 1:50 million, countries and states. One ring a line:
"land", "country" or "state", its code, then longitude,latitude in hundredths of a degree. `land` is
every country of the box; `country` and `state` are the lines drawn over it. Needs Python alone."""
import sys

from r_data import lazy_load

BOX = (-119.5, 0.0, -71.0, 35.5)  # west, south, east, north
TOLERANCE = 0.02  # degrees that a line may be moved
SMALLEST = 0.004  # square degrees of an island that is left out
COUNTRIES = {"US", "MX", "GT", "BZ", "SV", "HN", "NI", "CR", "PA", "CO", "VE", "EC", "PE", "BR", "CU",
             "JM", "HT", "DO", "BS"}
STATES = {"US-CA", "US-AZ", "US-NM", "US-TX"}


def clipped(ring, box):
    """The part of a ring within the box (Sutherland and Hodgman)."""
    west, south, east, north = box
    edges = [(0, west, 1), (1, south, 1), (0, east, -1), (1, north, -1)]
    for axis, limit, sign in edges:
        result = []
        for index, point in enumerate(ring):
            before = ring[index - 1]
            inside, was = sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
            if inside != was:
                part = (limit - before[axis]) / (point[axis] - before[axis])
                other = before[1 - axis] + part * (point[1 - axis] - before[1 - axis])
                result.append((limit, other) if axis == 0 else (other, limit))
            if inside:
                result.append(point)
        ring = result
        if not ring:
            break
    return ring


def simpler(line, tolerance):
    """Without the points that are nearly on the line of their neighbours (Douglas and Peucker)."""
    keep, work = {0, len(line) - 1}, [(0, len(line) - 1)]
    while work:
        first, last = work.pop()
        (ax, ay), (bx, by) = line[first], line[last]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        far, where = 0.0, None
        for i in range(first + 1, last):
            x, y = line[i]
            off = (abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length
                   else ((x - ax) ** 2 + (y - ay) ** 2) ** 0.5)
            if off > far:
                far, where = off, i
        if far > tolerance:
            keep.add(where)
            work += [(first, where), (where, last)]
    return [line[i] for i in sorted(keep)]


def area(ring):
    return abs(sum(ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1]
                   for i in range(len(ring)))) / 2


def rings_of(polygons):
    """The rings of one row of the table, holes too: they are lakes, and neighbours' land."""
    for polygon in polygons[1]["Polygons"][0]:
        flat = polygon[1]["coords"][0]
        half = len(flat) // 2
        yield list(zip(flat[:half], flat[half:]))[:-1]


def table(read, name, column, wanted):
    _, attributes = read(name)
    data, about = attributes["data"]
    content, levels = data[about["names"][0].index(column)]
    codes = [levels["levels"][0][i - 1] if "levels" in levels else i for i in content]
    for code, polygons in sorted(zip(codes, attributes["polygons"][0]), key=lambda row: str(row[0])):
        if code in wanted:
            yield code, polygons


def lines(kind, rows):
    for code, polygons in rows:
        for ring in rings_of(polygons):
            ring = clipped(ring, BOX)
            if len(ring) < 3 or area(ring) < SMALLEST:
                continue
            points = simpler(ring + ring[:1], TOLERANCE)[:-1]
            if len(points) >= 3:
                yield f"{kind} {code} " + " ".join(
                    f"{round(100 * x)},{round(100 * y)}" for x, y in points)


def main():
    read = lazy_load(sys.argv[1])
    print("# Natural Earth 1:50m, public domain; made by make_outlines.py, which says how.")
    for line in lines("country", table(read, "countries50", "iso_a2", COUNTRIES)):
        print(line)
    for line in lines("state", table(read, "states50", "iso_3166_2", STATES)):
        print(line)


if __name__ == "__main__":
    main()
