#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Measures the built programs and prints the table of what they owe (run.sh builds them first).

The last column is to the ceiling program in the same run, where a row has one: absolute figures
drift with the machine, ratios of one run hold. What nothing measures yet says so."""
import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from measured_site import ROOT, Site, processor_seconds, resident_mb, say  # noqa: E402


class Table:
    """Rows of figure, goal, measured, ratio, and whether the goal is met."""

    def __init__(self):
        self.rows = []

    def add(self, figure, goal, measured, met=None, ratio=""):
        verdict = {True: "met", False: "**not met**", None: ""}[met]
        self.rows.append((figure, goal, measured, verdict, ratio))
        say(" | ".join(self.rows[-1]))

    def not_measured(self, figure, goal, why):
        self.rows.append((figure, goal, f"not measured: {why}", "", ""))

    def show(self):
        model = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text()
                      .splitlines() if line.startswith("model name")), platform.machine())
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} × {model}, {memory:.0f} GiB, "
              f"{platform.freedesktop_os_release()['PRETTY_NAME']}\n")
        print("| figure | goal | measured | | of the ceiling |\n|---|---|---|---|---|")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def load(table, options):
    """Turns after consent beside the ceiling; then whole conversations; then the count."""
    site = Site(options.bin)
    try:
        site.start_bot()
        site.start_ceiling()
        time.sleep(1)  # its receipts are made
        idle = resident_mb(site.bot.process.pid)
        s = options.seconds
        lines = site.turns("begin", f"ceiling:{s / 2}", f"sealed:{s}", f"ceiling:{s / 2}",
                           f"sealed:{s}:0.5", f"ceiling:{s / 2}:0.5", f"whole:{s}:200",
                           people=options.people)
        _, above, sealed, below, half, ceiling_half, whole, ledger = lines
        held = site.check_ledger(ledger)
    finally:
        site.close()
    ceiling = mean(one["turns_per_second"] for one in (above, below))
    ceiling_cpu = mean(one["cpu_us"] for one in (above, below))
    share = sealed["turns_per_second"] / ceiling
    table.add("durable sealed turns/s, closed loop, 64 connections", "≥ 75 % of the ceiling",
              f"{sealed['turns_per_second']:.0f}/s, ceiling {ceiling:.0f}/s", share >= 0.75,
              f"{share:.2f}")
    table.not_measured("the same beside its peers", "≥ 8 × the natural peer, ≥ 2 × the best Node",
                       "the peers are no part of this repository")
    p99 = half["answer_ms"]["p99"]
    table.add("p99 at half of that, open loop", "≤ 15 ms",
              f"{p99:.1f} ms (p50 {half['answer_ms']['p50']:.1f}, p99.9 {half['answer_ms']['p999']:.1f}; "
              f"the prompt's p99 {half['prompt_ms']['p99']:.1f}; ceiling p99 "
              f"{ceiling_half['answer_ms']['p99']:.1f}) at {half['rate']:.0f}/s", p99 <= 15,
              f"{p99 / max(ceiling_half['answer_ms']['p99'], 0.001):.1f}")
    table.add("processor time a turn", "≤ 150 µs",
              f"{sealed['cpu_us']:.0f} µs, ceiling {ceiling_cpu:.0f} µs", sealed["cpu_us"] <= 150,
              f"{sealed['cpu_us'] / ceiling_cpu:.1f}")
    for name, one in (("closed loop", sealed), ("open loop at half", half)):
        wal = one["journal_frames"] + one["report_frames"]
        table.add(f"pages to the WAL a turn, {name}", "≤ 2",
                  f"{wal:.2f}, and {one['database_pages']:.2f} copied into the database; "
                  f"{1 / max(one['syncs'], 1e-9):.1f} turns a sync", wal <= 2)
    table.add("memory, idle", "≤ 48 MB", f"{idle:.1f} MB", idle <= 48)
    table.add("whole conversations, hello to receipt", "none",
              f"{whole['turns_per_second']:.0f} turns/s, {whole['cpu_us']:.0f} µs each (a receipt is "
              f"40 ms of Argon2id), p99 {whole['answer_ms']['p99']:.0f} ms")
    prompts = sum(one["prompts"] for one in lines[:-1])
    missing = sum(one["missing"] for one in lines[:-1])
    table.add("prompts that came were the right ones; acknowledged and never prompted", "all; none",
              f"{prompts} of {prompts}; {missing} (a full outbox drops them, and the next message is "
              "answered with them)", missing == 0)
    say(f"in the store, as acknowledged: {held}")


def memory(table, options):
    awake(table, options)
    asleep(table, options)


def crowd(options, people):
    """MB that so many take who have just agreed, and once they have been quiet for a while."""
    site = Site(options.bin, conversations=3 * people)  # who has two names counts twice
    try:
        site.start_bot()
        time.sleep(4)
        idle = resident_mb(site.bot.process.pid)
        begin = site.turns("begin", people=people)[0]
        time.sleep(130)  # a minute, and the upkeep after it
        return begin["resident_kib"] / 1024 - idle, resident_mb(site.bot.process.pid) - idle
    finally:
        site.close()


def awake(table, options):
    """A third of the people are there to tell what each takes from what a crowd of any size takes: the pages that
    the store keeps in memory, and the conversations that lie open."""
    few, many = options.awake // 3, options.awake
    (_, few_quiet), (spoke, quiet) = crowd(options, few), crowd(options, many)
    each = (quiet - few_quiet) * 2**20 / (many - few)
    fixed = quiet - each * many / 2**20
    table.add("memory, each conversation awake", "≤ 224 bytes",
              f"{each:.0f} bytes between {few} and {many} that were quiet for two minutes, besides {fixed:.1f} MB that "
              f"any crowd takes; {spoke * 2**20 / many:.0f} right after they spoke, all counted", each <= 224)


def asleep(table, options):
    """What a start keeps of a conversation that is on disk only, and of a delivery it remembers.

    A delivery is remembered for nine days, mostly longer than its conversation is open, so the two are told
    apart: by a store of few open conversations and many deliveries, and one of many open conversations. The
    store of few has so many rows that its page cache is full, as theirs is."""
    def rested(conversations, rows):
        site = Site(options.bin)
        try:
            filled = site.store("fill", open=conversations, rows=rows)
            site.start_bot()
            settle(site.bot.process.pid)
            say(f"{filled}: {resident_mb(site.bot.process.pid):.1f} MB")
            return resident_mb(site.bot.process.pid) * 2**20, conversations, filled["deliveries"]
        finally:
            site.close()

    few, told, many = (rested(*one) for one in ((1000, 200_000), (1000, options.rows), (options.open, 0)))
    delivery = (told[0] - few[0]) / (told[2] - few[2])
    conversation = (many[0] - few[0] - delivery * (many[2] - few[2])) / (many[1] - few[1])
    table.add("memory, each conversation asleep", "≤ 64 bytes",
              f"{conversation:.0f} bytes of {many[1]}, its deliveries not counted", conversation <= 64)
    table.add("memory, each delivery that is remembered", "none",
              f"{delivery:.1f} bytes of {told[2]}; the open conversations above have {many[2] / many[1]:.1f} each")


def growth(table, options):
    """What a turn costs beside little and beside much, in turn."""
    sites = []
    filled = []
    try:
        for conversations, rows in ((1000, 10_000), (options.open, options.rows)):
            site = Site(options.bin)
            sites.append(site)
            begun = time.monotonic()
            filled.append(site.store("fill", open=conversations, rows=rows))
            say(f"filled {filled[-1]} in {time.monotonic() - begun:.0f} s")
        starts = []
        for site in sites:
            starts.append((site.start_bot(), processor_seconds(site.bot.process.pid)))
        settled = [settle(site.bot.process.pid) for site in sites]
        wake = [site.turns("begin", wake=1000)[0] for site in sites]
        sealed = [[], []]
        for turn in range(options.pairs):
            for at, site in enumerate(sites):
                lines = site.turns("begin", f"sealed:{options.seconds / 2}", people=1000,
                                   first=10_000 * (turn + 1))
                sealed[at].append(lines[1])
        sites[1].bot.stop()
        export(table, sites[1])
    finally:
        for site in sites:
            site.close()
    much = f"{filled[1]['rows'] / 1e6:.1f}M records and {filled[1]['open_conversations'] // 1000}k conversations"
    for name, small, big in (("a turn", *sealed), ("a turn that wakes somebody", *([w] for w in wake))):
        cost = [mean(one["cpu_us"] for one in side) for side in (small, big)]
        pace = [mean(one["turns_per_second"] for one in side) for side in (small, big)]
        ratio = max(cost[1] / cost[0], pace[0] / pace[1])
        table.add(f"growth: {name} beside {much}, to beside 1k", "≤ 1.5",
                  f"{ratio:.2f} ({cost[0]:.0f} → {cost[1]:.0f} µs, {pace[0]:.0f} → {pace[1]:.0f} turns/s)",
                  ratio <= 1.5)
    table.add(f"start-up with {much}", "≤ 2 s", f"{starts[1][0]:.2f} s, of them {starts[1][1]:.2f} s of processor time (with 1k "
              f"{starts[0][0]:.2f} and {starts[0][1]:.2f} s); upkeep right after takes "
              f"{settled[1] - starts[1][1]:.2f} s more", starts[1][0] <= 2)


def settle(process):
    """Waits until a server that has just begun does nothing any more: its processor seconds."""
    time.sleep(4)  # the first upkeep is three seconds after the start
    used = processor_seconds(process)
    for _ in range(600):
        time.sleep(0.5)
        before, used = used, processor_seconds(process)
        if used - before < 0.02:
            return used
    raise SystemExit("run.py: the server does not come to rest")


def export(table, site):
    bundle = site.work / "bench.bundle"
    begun = time.monotonic()
    child = subprocess.Popen([site.bin / "resguardo-bot", "export", "--config", site.config, "--out",
                              bundle], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.monotonic() - begun
    if status != 0:
        raise SystemExit("run.py: the export failed")
    size = bundle.stat().st_size / 1e6
    processor = used.ru_utime + used.ru_stime
    table.add("export bundle", "≥ 200 MB/s, constant memory",
              f"{size / seconds:.0f} MB/s, {size / processor:.0f} MB a second of processor time "
              f"({size:.0f} MB; opening the store included), at most {used.ru_maxrss / 1024:.0f} MB of memory",
              size / seconds >= 200)


def benches(table, options):
    """What other programs here measure."""
    out = subprocess.run([options.bin / "bundle_bench", "500"], stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    pace = next(int(line.split("and")[1].split()[0]) for line in out.splitlines()
                if line.startswith("import  "))
    table.not_measured("analyst import, reports of 25 records, one core", "≥ 5,000/s",
                       "every import makes the index")
    table.add("the same with a full-text index", "≥ 1,500/s", f"{pace}/s", pace >= 1500)
    out = subprocess.run([options.bin / "search_bench", "20000"], stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    worst = max(float(line.split("worst")[1].split()[0]) for line in out.splitlines() if "worst" in line)
    table.add("search in 100,000 reports", "≤ 50 ms",
              f"{worst:.0f} ms at worst in 20,000 reports (`search_bench 100000` fills for ten minutes)", worst <= 50)
    out = subprocess.run([options.bin / "dialogue_bench", options.bin.parent / "share/forms/border_abuse.txtpb",
                          "--benchmark_min_time=1", "--benchmark_format=json"],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    steps = [one["items_per_second"] for one in json.loads(out)["benchmarks"]]
    table.add("dialogue engine, steps on one core", "≥ 200,000/s",
              f"{steps[0]:,.0f}/s ({steps[1]:,.0f}/s with the state before kept)", steps[0] >= 200_000)
    table.not_measured("media in, 100 MB", "≥ 300 MB/s, ≤ 8 MB",
                       "`python3 -I tests/e2e/media_test.py` prints seconds and memory")
    table.not_measured("clean release build, full tests", "≤ 8 min, ≤ 12 min",
                       "`.ci/run` says how long it took")


def quick(options):
    """That the tools work: every prompt is right, and every acknowledged row in the store."""
    site = Site(options.bin)
    try:
        filled = site.store("fill", open=60, rows=400, conversations=40)
        site.start_bot()
        site.start_ceiling()
        site.turns("begin", people=None, wake=30, conversations=40)
        lines = site.turns("begin", "ceiling:0.3", "ceiling:0.3:0.5", "sealed:0.5", "sealed:0.5:0.5",
                           "closing:2", "whole:1:5", people=40, conversations=40, connections=8)
        ledger = lines[-1]
        if any(one["missing"] or one["refused"] for one in lines[:-1]):
            raise SystemExit(f"run.py: somebody was not answered: {lines}")
        site.bot.stop()
        held = site.store("count")
    finally:
        site.close()
    grown = held["open_rows"] + held["closed_rows"] - ledger["open_rows"] - ledger["closed_rows"]
    if grown != filled["rows"] + 30 or ledger["unsure"]:
        raise SystemExit(f"run.py: {held} after {filled} and {ledger}")
    say("the tools work")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--quick", action="store_true", help="only whether the tools work")
    parser.add_argument("--only", choices=["load", "memory", "growth", "benches"], help="that part of the table")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--awake", type=int, default=100_000, help="people whose memory is measured")
    parser.add_argument("--seconds", type=float, default=10, help="of a stage")
    parser.add_argument("--open", type=int, default=100_000, help="open conversations of the large store")
    parser.add_argument("--rows", type=int, default=1_000_000, help="its sealed rows in all")
    parser.add_argument("--pairs", type=int, default=3, help="how often small and large take turns")
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    if options.quick:
        return quick(options)
    table = Table()
    for part in (load, memory, growth, benches):
        if options.only in (None, part.__name__):
            part(table, options)
    table.show()
    return 0


if __name__ == "__main__":
    sys.exit(main())
