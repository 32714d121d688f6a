# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of made-up incidents, hostile ones too, read by page_check.py; and that it finds what it looks
for, by a page that is wrong in one respect after the other."""
import pathlib
import subprocess
import sys
import tempfile

from page_check import check

FAULTS = {
    "a script of somebody else": ("<body>", "<body><script>alert(1)</script>"),
    "an attribute that acts": ("<h1>", '<h1 onclick="x()">'),
    "something to fetch": ("<h1>", '<h1><img src="x.png">'),
    "another policy": ("default-src 'none'", "default-src *"),
    "a link that leaves": ('href="#main"', 'href="//other"'),
    "a character that acts": ("<h1>", "<h1>\u202e"),
    "a heading left out": ("<h2>", "<h4>"),
    "a cell that heads nothing": ('<th scope="col"', "<th"),
    "an id twice": ('id="about"', 'id="main"'),
    "markup that is not closed": ("</h1>", ""),
    "a row left out": ('"rows":[\n', '"rows":[\n["x","",-1,-1,-1,[],[],-1,[],-1,-1,0],\n'),
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        subprocess.run([sys.argv[1], folder, "400"], check=True, timeout=120)
        pages = sorted(here.glob("*.html"))
        wrong = [f"{page.name}: {fault}" for page in pages for fault in check(page, None)]
        if "ACTED" not in (here / "hostile.html").read_text(encoding="utf-8"):
            wrong.append("the hostile page has nothing hostile in it")
        good = (here / "protected.html").read_text(encoding="utf-8")
        for name, (before, after) in FAULTS.items():
            if before not in good:
                wrong.append(f"{name}: there is no {before}")
            (here / "bad.html").write_text(good.replace(before, after, 1), encoding="utf-8")
            if not check(here / "bad.html", None):
                wrong.append(f"{name} was not seen")
    print("\n".join(wrong[:40]) or f"{len(pages)} pages, {len(FAULTS)} faults seen")
    sys.exit(1 if wrong or len(pages) != 6 else 0)


if __name__ == "__main__":
    main()
