#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes a synthetic set of reports to work on: told through the dialogue engine, sealed by the server's code into its
own store, and exported by `resguardo-bot` itself. In OUT, which must not be there, lie afterwards:

  all.bundle       every report
  later.bundle     the same after some reporters took back everything, or one permission
  analyst, passphrase, root.key.pub   what `resguardo-analyst import` asks for

What people say is drawn from --seed; ids, keys and salts are new each time."""
import argparse
import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from measured_site import Site, say  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/release/bin"))
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True)
    site = Site(options.bin)
    try:
        site.start_bot()  # it puts the form where `export` takes it from
        site.bot.stop()
        regret = site.work / "regret"
        told = site.store("report", reports=options.reports, seed=options.seed, regret=regret)
        say(json.dumps(told))
        for name in ("all.bundle", "later.bundle"):
            site.export_bundle(name)
            shutil.move(site.bundle, options.out / name)
            if name == "all.bundle":
                site.store("take-back", regret=regret, purpose="research")
        shutil.copytree(site.work / site.analysts[0], options.out / "analyst")
        for name in ("passphrase", "root.key.pub"):
            shutil.copy(site.work / name, options.out / name)
    finally:
        site.close()
    print(f"resguardo-analyst import {options.out}/all.bundle --vault {options.out}/vault --key {options.out}/analyst "
          f"--root {options.out}/root.key.pub --passphrase-file {options.out}/passphrase")


if __name__ == "__main__":
    main()
