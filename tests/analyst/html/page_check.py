# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a report's page with nothing of ours and says what is wrong with it.

    page_check.py PAGE… [--stats STATS.json]

--stats: what `stats --json` says of the same incidents; the page must be an exact one."""
import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr", "base", "source", "embed"}
# What can fetch, send or act.
ELEMENTS = {"img", "iframe", "object", "embed", "link", "base", "form", "audio", "video", "source",
            "track", "input", "image", "use", "a:href", "foreignobject", "animate", "set"}
ATTRIBUTES = {"src", "srcset", "action", "formaction", "data", "poster", "xlink:href", "style", "ping",
              "background", "manifest", "cite", "autofocus", "http-equiv"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.ids, self.open, self.texts = [], set(), [], {}
        self.headings, self.styles, self.scripts, self.tables = [], [], [], []
        self.elements, self.policy, self.section = {}, None, None
        self.cell = self.caption = None
        self.feed(text)
        self.close()

    def fault(self, what):
        self.faults.append(what)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.elements[tag] = self.elements.get(tag, 0) + 1
        if tag in ELEMENTS:
            self.fault(f"<{tag}> can fetch or send")
        for name in given:
            if name.startswith("on") or name in ATTRIBUTES and (tag, name) != ("meta", "http-equiv"):
                self.fault(f"<{tag} {name}> can act")
        if "href" in given and not re.fullmatch("#[a-z_-]+", given["href"]):
            self.fault("a link that leaves the page")
        if "id" in given:
            if given["id"] in self.ids:
                self.fault(f"two elements are called {given['id']}")
            self.ids.add(given["id"])
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            if self.styles or self.scripts:
                self.fault("the policy comes after what it is about")
            self.policy = given["content"]
        if tag == "section" and given.get("id", "").startswith("t-"):
            self.section = given["id"][2:]
        if tag == "th" and "scope" not in given:
            self.fault("a <th> without scope")
        if tag == "svg" and given.get("aria-hidden") != "true":
            if given.get("role") != "img" or not all(
                    name for name in given.get("aria-labelledby", "").split()):
                self.fault("an <svg> that is neither named nor decoration")
        if re.fullmatch("h[1-6]", tag):
            level = int(tag[1])
            if level > (self.headings[-1] if self.headings else 0) + 1:
                self.fault(f"<{tag}> after a heading of level {self.headings[-1:]}")
            self.headings.append(level)
        if tag == "table":
            self.tables.append({"section": self.section, "class": given.get("class", ""), "rows": []})
        if tag == "tr" and self.tables:
            self.tables[-1]["rows"].append([])
        if tag in ("td", "th") and self.tables:
            self.cell = []
        if tag not in VOID:
            self.open.append((tag, given))

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.fault(f"</{tag}> closes {self.open[-1:]}")
            return
        self.open.pop()
        if tag in ("td", "th") and self.cell is not None:
            self.tables[-1]["rows"][-1].append("".join(self.cell).strip())
            if tag == "th" and not self.tables[-1]["rows"][-1][-1]:
                self.fault("a <th> without a word")
            self.cell = None

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "style":
            self.styles.append(data)
        elif self.open and self.open[-1][0] == "script":
            self.scripts.append((self.open[-1][1], data))
        elif self.cell is not None:
            self.cell.append(data)

    def handle_comment(self, data):
        self.fault("a comment")


def source(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def check_policy(page):
    code = [text for given, text in page.scripts if given.get("type") != "application/json"]
    if len(page.styles) != 1 or len(code) != 1 or len(page.scripts) != 2:
        page.fault("not one style, one script and one piece of data")
        return
    wanted = (f"default-src 'none'; style-src {source(page.styles[0])}; script-src {source(code[0])}; "
              "base-uri 'none'; form-action 'none'")
    if page.policy != wanted:
        page.fault(f"the policy is {page.policy}")
    for text in (page.styles[0], code[0]):
        found = re.search(r"url\(|@import|https?:(?!//www\.w3\.org/2000/svg)|fetch|XMLHttp|WebSocket|"
                          r"innerHTML|eval\(|insertAdjacent|document\.write|localStorage", text)
        if found:
            page.fault(f"style or script says {found[0]}")


def check_text(page, text):
    for character in set(text):
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and character != "\n":
            page.fault(f"a character that acts: U+{ord(character):04X}")


def check_structure(page):
    for tag in ("main", "nav", "header", "footer", "h1", "title"):
        if page.elements.get(tag) != 1 and not (tag == "title" and page.elements.get(tag, 0) > 1):
            page.fault(f"{page.elements.get(tag, 0)} times <{tag}>")
    if page.open:
        page.fault(f"left open: {page.open}")


def check_rows(page):
    """The rows for the script are the rows of the table for who has none."""
    data = json.loads(next(text for given, text in page.scripts if given.get("id") == "data"))
    tables = [table for table in page.tables if "rows" in table["class"].split()
              and "paged" not in table["class"].split()]
    shown = tables[0]["rows"][1:]
    if len(shown) != len(data["rows"]):
        page.fault(f"{len(shown)} rows and {len(data['rows'])} in the data")
    for row, listed in zip(data["rows"], shown):
        named = [data["dims"]["category"][index][0] for index in row[5]]
        if named and "; ".join(named) not in listed:
            page.fault(f"a row has {listed}, the data {named}")
    return data


def check_numbers(page, statistics):
    """The bars and the tables hold what the program says on its own, in its order."""
    for table in statistics["tables"]:
        bars = [row for found in page.tables
                if found["section"] == table["id"] and found["class"] == "bars"
                for row in found["rows"][1:]]
        shown = [int(row[2]) for row in bars]
        if shown != [row["incidents"] for row in table["rows"]]:
            page.fault(f"{table['id']}: {shown} is not what the statistics say")
        cells = sorted(count for row in table["rows"] for count in row["counts"].values())
        crossed = [found["rows"] for found in page.tables if found["section"] == table["id"]
                   and found["class"] == "counts"]
        if not table["rows"] or len(table["rows"][0]["counts"]) == 1:
            continue
        turned = len(table["rows"][0]["counts"]) > 12
        listed = sorted(int(cell) for row in crossed[0][1:] for cell in row[1 if turned else 2:])
        if listed != cells:
            page.fault(f"{table['id']}: its cells are not those of the statistics")
    totals = [row for found in page.tables if found["class"] == "totals" for row in found["rows"]]
    wanted = [statistics["totals"][name]
              for name in ("reports", "incidents", "acts", "victimsAtLeast", "headline")]
    if [int(row[1]) for row in totals[:5]] != wanted:
        page.fault("the totals are not those of the statistics")


def check_strictly(page, text):
    try:
        import html5lib
    except ImportError:
        print("page_check: python3-html5lib is not here: strict parse not run")
        return
    try:
        html5lib.HTMLParser(strict=True).parse(text)
    except html5lib.html5parser.ParseError as error:
        page.fault(f"not HTML: {error}")


def check(path, statistics):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    page = Page(text)
    check_policy(page)
    check_text(page, text)
    check_structure(page)
    check_rows(page)
    check_strictly(page, text)
    if statistics:
        check_numbers(page, statistics)
    return page.faults


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("pages", nargs="+")
    arguments.add_argument("--stats")
    given = arguments.parse_args()
    statistics = None
    if given.stats:
        with open(given.stats, encoding="utf-8") as file:
            statistics = json.load(file)
    wrong = [f"{path}: {fault}" for path in given.pages for fault in check(path, statistics)]
    print("\n".join(wrong[:40]) or f"{len(given.pages)} pages are as they should be")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
