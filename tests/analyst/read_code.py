#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prints what the QR code on a page of `resguardo-analyst key paper` holds, as a telephone would read it.

    read_code.py PAGE.html [BLOT]      BLOT: so many modules in the middle are painted over

Draws the page's squares as pixels and gives them to ZBar, which is none of ours."""

import re
import sys

import zbar

PIXELS = 4  # to a module
with open(sys.argv[1], encoding="utf-8") as page:
    html = page.read()
side = int(re.search(r'viewBox="0 0 (\d+) \1"', html)[1])
modules = [[255] * side for _ in range(side)]
for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", html):
    modules[int(y)][int(x)] = 0
blot = int(sys.argv[2]) if len(sys.argv) > 2 else 0
for y in range((side - blot) // 2, (side + blot) // 2):
    for x in range((side - blot) // 2, (side + blot) // 2):
        modules[y][x] = 0
pixels = b"".join(bytes(value for value in row for _ in range(PIXELS)) * PIXELS for row in modules)
image = zbar.Image(side * PIXELS, side * PIXELS, "Y800", pixels)
scanner = zbar.ImageScanner()
scanner.scan(image)
codes = [symbol.data for symbol in image]
if len(codes) != 1:
    sys.exit(f"{len(codes)} codes on the page")
sys.stdout.write(codes[0])
