# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page's script decides, by node where it is installed; html:browser runs it in a page."""
import shutil
import subprocess
import sys

CASES = """
const assert = require("assert");
const page = require(require("path").resolve(process.argv[1]));
const dims = { category: [["Kidnapping"], ["Murder"]], actor: [["CBP", 1], ["US authority", -1], ["OC", -1]],
  place: [["Juarez"], ["Reynosa"]], month: [["2025-01"], ["2025-02"], ["2025-03"]], nationality: [["Haiti"]],
  us_link: [["Returned"]], victims: [["2 to 5"]], level: [["Received"]] };
const words = { unknown: "?", dropped: "-" };
const row = ["a-1", "2025-01", 0, 0, 1, [0, 1], [0], 0, [0], 0, 0, 0];
const wide = ["b-1", "2025", 0, 2, -1, [], [2], -1, [], -1, 0, 0];
const fits = (choice, of = row) => page.fits(of, choice, dims);
assert(fits({}));
assert(fits({ category: 1 }) && !fits({ category: 1 }, wide));
assert(fits({ place: 1 }) && !fits({ place: 0 }));
assert(fits({ actor: 1 }), "who stands below is among them");
assert(fits({ actor: 0 }) && !fits({ actor: 2 }));
assert(fits({ from: 0 }) && !fits({ from: 1 }) && fits({ from: 1 }, wide), "may have been then");
assert(fits({ until: 0 }) && fits({ from: 2, until: 2 }, wide));
assert(!fits({ from: 0 }, ["c", "", -1, -1, 0, [], [], 0, [], 0, 0, 0]), "nobody knows when");
assert(!fits({ category: 0, place: 0 }), "all that is chosen must hold");
assert.deepStrictEqual(page.counts([row, row, wide], 5), [[0, 2], [1, 2]]);
assert.deepStrictEqual(page.counts([row, wide], 2), [[0, 1]], "a month only where it is one");
assert.deepStrictEqual(page.cells(row, dims, words),
  ["a-1", "2025-01", "Reynosa", "Kidnapping; Murder", "CBP", "Returned", "Haiti", "2 to 5", "Received"]);
const coarse = [...wide.slice(0, 11), 5];
assert.deepStrictEqual(page.cells(coarse, dims, words), ["b-1", "-", "?", "?", "-", "-", "-", "?", "Received"]);
assert.strictEqual(page.filled("{1} of {2}", 3, 4), "3 of 4");
const circle = [["x", 1], ["y", 0], ["z", -1]];
assert(!page.isUnder(circle, 0, 2), "a circle of actors ends");
"""


def main():
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        print("script_test: node is not here: not run")
        sys.exit(77)
    done = subprocess.run([node, "-e", CASES, sys.argv[1]], timeout=60, check=False)
    sys.exit(1 if done.returncode else 0)


if __name__ == "__main__":
    main()
