# SPDX-License-Identifier: AGPL-3.0-or-later
"""The AppArmor profile, read by AppArmor's own parser; no kernel is asked. Argument: the tree.

77: not run, there is no parser."""
import pathlib
import subprocess
import sys
import tempfile

PROFILE = "deploy/apparmor/resguardo-bot"
NEEDED = ["deny capability,", "deny ptrace,", "deny mount,"]


def parsed(profile):
    return subprocess.run(["apparmor_parser", "--skip-kernel-load", "--skip-cache", profile],
                          capture_output=True, text=True, timeout=60, check=False)


def main(tree):
    profile = pathlib.Path(tree) / PROFILE
    try:
        done = parsed(profile)
    except FileNotFoundError:
        print("not run: no apparmor_parser (Debian's package apparmor)")
        return 77
    text = profile.read_text()
    rules = [line.strip() for line in text.splitlines() if not line.strip().startswith("#")]
    wrong = [f"lacks {line}" for line in NEEDED if line not in rules]
    # Programs are started by nobody, and nothing that can be written can be run.
    wrong += [f"lets run: {line}" for line in rules
              if line.endswith(",") and not line.startswith("deny") and "/" in line
              and any(mode in line.split()[-1] for mode in ("x", "wm", "mw"))]
    with tempfile.TemporaryDirectory() as folder:
        broken = pathlib.Path(folder) / "broken"
        broken.write_text(text.replace("deny ptrace,", "deny nonsense"))
        if parsed(broken).returncode == 0:
            wrong.append("the parser takes nonsense")
    print(done.stderr + "\n".join(wrong) or "parsed")
    return 0 if done.returncode == 0 and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
