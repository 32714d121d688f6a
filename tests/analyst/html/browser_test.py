# SPDX-License-Identifier: AGPL-3.0-or-later
"""A report's page in headless Chromium: nothing is asked for, nothing is said in the console, filters
work, nothing needs sideways scrolling, print and no script. Leaves pictures to look at.

    browser_test.py SAMPLES PICTURES        only with RESGUARDO_WITH_DESKTOP, else exit 77

Where RESGUARDO_AXE names the file axe.min.js of npm's axe-core, its rules of accessibility are asked
too; Debian has no such package, so otherwise that is "not run"."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

INCIDENTS = 27_000
SECONDS = 10  # until a page of that many is there, and until it is filtered; usually one

CHOOSE = """
const select = document.querySelector(`select[name=${arguments[0]}]`);
select.value = arguments[1];
select.dispatchEvent(new Event("change", { bubbles: true }));
return document.getElementById("status").textContent;"""


class Checks:
    def __init__(self):
        self.wrong, self.done = [], 0

    def that(self, good, what):
        self.done += 1
        if not good:
            self.wrong.append(what)
            print(f"WRONG: {what}")


def quiet(checks, browser, page, what):
    asked = [address for address in browser.asked_for() if address != page.resolve().as_uri()]
    checks.that(not asked, f"{what}: asked for {asked[:3]}")
    said = browser.said()
    checks.that(not said, f"{what}: the console says {said[:3]}")
    checks.that(browser.run("return document.title") != "ACTED", f"{what}: hostile text acted")


def check_filters(checks, browser):
    """What the list shows after a choice is what the data says."""
    expected = """
      const data = JSON.parse(document.getElementById("data").textContent);
      return [data.rows.length, data.rows.filter((row) => row[5].includes(0)).length,
        data.rows.filter((row) => row[5].includes(0) && row[4] === 1).length];"""
    everything, kind, both = browser.run(expected)
    checks.that(0 < both < kind < everything, "the sample has nothing to filter")
    start = time.monotonic()
    said = browser.run(CHOOSE, "category", "0")
    checks.that(time.monotonic() - start < SECONDS, "a filter takes too long")
    checks.that(said == f"{kind} of {everything} incidents", f"kind: {said}")
    said = browser.run(CHOOSE, "place", "1")
    checks.that(said == f"{both} of {everything} incidents", f"kind and place: {said}")
    rows = "return document.querySelectorAll('#rows tr').length"
    checks.that(browser.run(rows) == min(50, both), "the rows are not those that were chosen")
    counted = browser.run("return document.querySelector('#counts-category td.n').textContent")
    checks.that(counted == str(both), f"the counts do not follow: {counted}")
    live = browser.run("const s = document.getElementById('status');"
                       "return [s.getAttribute('role'), s.getAttribute('aria-live')]")
    checks.that(live == ["status", "polite"], "a change is not announced")


def check_keys(checks, browser):
    """Without a mouse: every control is reached by Tab, and by keys it is used."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    browser.run("document.getElementById('reset').click(); document.querySelector("
                "'select[name=category]').focus()")
    before = browser.run("return document.getElementById('status').textContent")
    browser.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    after = browser.run("return document.getElementById('status').textContent")
    checks.that(after != before, f"keys choose nothing: {after}")
    reached = set()
    for _ in range(12):
        reached.add(browser.run("return document.activeElement.id || document.activeElement.name"))
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    checks.that({"place", "actor", "level", "reset"} <= reached, f"Tab reaches {reached}")
    further = browser.driver.find_element(By.ID, "next")
    first = "return document.querySelector('#rows tr').textContent"
    browser.run("document.getElementById('reset').click()")
    row = browser.run(first)
    further.send_keys(Keys.ENTER)
    checks.that(browser.run(first) != row, "further rows do not come by Enter")


def check_screens(checks, folder, pictures, browser_of):
    for name, width in (("exact", 360), ("exact", 1280), ("protected", 360), ("protected", 1280)):
        page = folder / f"{name}.html"
        with browser_of(width, 900) as browser:
            start = time.monotonic()
            browser.open(page)
            took = time.monotonic() - start
            print(f"{name} of {INCIDENTS} at {width}: {took:.1f} s, {page.stat().st_size >> 10} KiB")
            checks.that(took < SECONDS, f"{name} takes {took:.1f} s to be there")
            wide = browser.run("return document.documentElement.scrollWidth - innerWidth")
            checks.that(wide <= 0, f"{name} at {width} is {wide} pixels too wide")
            if width == 1280:
                check_filters(checks, browser)
                check_keys(checks, browser)
            quiet(checks, browser, page, f"{name} at {width}")
            browser.screenshot(pictures / f"{name}-{width}.png")
            if width == 1280:
                for paper, size in (("a4", (8.27, 11.69)), ("letter", (8.5, 11))):
                    browser.pdf(pictures / f"{name}-{paper}.pdf", *size)


def check_others(checks, folder, pictures, browser_of):
    for name in ("hostile", "hostile_protected", "spanish", "empty"):
        with browser_of(1280, 900) as browser:
            browser.open(folder / f"{name}.html")
            quiet(checks, browser, folder / f"{name}.html", name)
            wide = browser.run("return document.documentElement.scrollWidth - innerWidth")
            checks.that(wide <= 0, f"{name} is {wide} pixels too wide")
            browser.screenshot(pictures / f"{name}.png")
    with browser_of(1280, 900, dark=True) as browser:
        browser.open(folder / "spanish.html")
        paper = browser.run("return getComputedStyle(document.body).backgroundColor")
        checks.that(paper == "rgb(21, 23, 26)", f"dark is {paper}")
        browser.screenshot(pictures / "dark.png")
    with browser_of(1280, 900, script=False) as browser:
        browser.open(folder / "spanish.html")
        browser.screenshot(pictures / "noscript.png")
        # A debugger's own script still runs where the page's may not.
        shown = browser.run("return [document.querySelectorAll('noscript tr').length,"
                            "getComputedStyle(document.getElementById('list')).display]")
        checks.that(shown[0] > 1 and shown[1] == "none", f"without scripts: {shown}")


AXE = """
const done = arguments[arguments.length - 1];
for (const details of document.querySelectorAll("details")) details.open = true;
axe.run(document, { resultTypes: ["violations"] })
  .then((found) => done(found.violations.map((one) => one.id + ": " + one.nodes[0].html)));"""


def check_access(checks, folder, browser_of):
    axe = os.environ.get("RESGUARDO_AXE")
    if not axe:
        print("browser_test: RESGUARDO_AXE is not set: accessibility by axe-core not run")
        return
    for name, width, dark in (("spanish", 1280, False), ("hostile", 360, False),
                              ("spanish", 360, True), ("empty", 1280, False)):
        with browser_of(width, 900, dark=dark) as browser:
            browser.open(folder / f"{name}.html")
            browser.run(pathlib.Path(axe).read_text(encoding="utf-8") + ";window.axe = axe;")
            found = browser.driver.execute_async_script(AXE)
            checks.that(not found, f"axe-core of {name} at {width}: {found}")


def main():
    if not os.environ.get("RESGUARDO_WITH_DESKTOP"):
        print("browser_test: not run (tests/run.sh --with-desktop)")
        sys.exit(77)
    from browser import Browser
    pictures = pathlib.Path(sys.argv[2])
    pictures.mkdir(parents=True, exist_ok=True)
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.argv[1], name, str(INCIDENTS)], check=True, timeout=120)
        check_screens(checks, folder, pictures, Browser)
        check_others(checks, folder, pictures, Browser)
        check_access(checks, folder, Browser)
    print(f"{checks.done} checks, {len(checks.wrong)} wrong; pictures in {pictures}")
    sys.exit(1 if checks.wrong else 0)


if __name__ == "__main__":
    main()
