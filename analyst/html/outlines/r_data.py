# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the data of an R package (R's lazy-load database of serialised objects, XDR, version 2 and 3)
without R. Only what a table of polygons is made of; anything else stops it."""
import lzma
import struct
import zlib


class Reader:
    """One serialised object. A value is (content, attributes); a pairlist is a list of pairs."""

    def __init__(self, data):
        self.data, self.at, self.seen = data, 0, []

    def number(self):
        self.at += 4
        return struct.unpack_from(">i", self.data, self.at - 4)[0]

    def take(self, size):
        self.at += size
        return self.data[self.at - size:self.at]

    def object(self):
        if self.take(2) != b"X\n":
            raise ValueError("not serialised by R in XDR")
        version = self.number()
        self.number(), self.number()
        if version == 3:
            self.take(self.number())  # the encoding's name
        return self.item()

    def vector(self, kind):
        count = self.number()
        if kind in (10, 13):
            return list(struct.unpack(f">{count}i", self.take(4 * count)))
        if kind == 14:
            return list(struct.unpack(f">{count}d", self.take(8 * count)))
        if kind in (16, 19, 20):
            return [self.item() for _ in range(count)]
        raise ValueError(f"an object of R's type {kind}")

    def item(self):
        flags = self.number()
        kind, has_attributes, has_tag = flags & 255, flags & 0x200, flags & 0x400
        if kind in (254, 253, 242, 241, 251, 252, 250):  # NULL and other constants
            return None
        if kind == 255:
            return self.seen[(flags >> 8 or self.number()) - 1]
        if kind == 1:  # a symbol
            self.seen.append(self.item())
            return self.seen[-1]
        if kind == 9:
            size = self.number()
            return None if size < 0 else self.take(size).decode("utf-8", "replace")
        if kind == 2:  # a pairlist
            if has_attributes:
                self.item()
            pair = (self.item() if has_tag else None, self.item())
            return [pair] + (self.item() or [])
        content = None if kind == 25 else self.vector(kind)
        return content, dict(self.item() or []) if has_attributes else {}


def lazy_load(base):
    """The objects of BASE.rdx and BASE.rdb: a function that reads one by its name."""
    with open(base + ".rdx", "rb") as file:
        content, attributes = Reader(zlib.decompress(file.read(), 31)).object()
    fields = dict(zip(attributes["names"][0], content))
    variables, about = fields["variables"]
    places = {name: value[0] for name, value in zip(about["names"][0], variables)}
    with open(base + ".rdb", "rb") as file:
        database = file.read()

    def read(name):
        start, length = places[name]
        size, packed = struct.unpack_from(">I", database, start)[0], database[start + 4:start + length]
        if packed[:1] == b"Z":
            filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
            plain = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(packed[1:])
        else:
            plain = zlib.decompress(packed)
        if len(plain) != size:
            raise ValueError(f"{name} is not whole")
        return Reader(plain).object()

    return read
