#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases for expression_test.cpp, judged by another evaluator than ours: the reference walker that
came with the questionnaire's design.  make_expression_cases.py path/to/simulate.py > cases/expressions.txt"""
import importlib.util
import random
import sys

spec = importlib.util.spec_from_file_location("simulate", sys.argv[1])
simulate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(simulate)

ONE = {
    "role": ["self", "family", "witness"],
    "age_check": ["adult", "minor"],
    "still_risk": ["yes", "no", "unknown"],
}
MANY = {
    "event_harm": ["kidnapping", "robbery", "sexual", "none"],
    "perp_kind": ["us_authority", "smuggler", "unknown"],
}
rng = random.Random(40)


def term(depth):
    kind = rng.randrange(9 if depth > 0 else 6)
    one, many = rng.choice(list(ONE)), rng.choice(list(MANY))
    code = rng.choice(ONE[one])
    if kind == 0:
        return f"{one} == '{code}'"
    if kind == 1:
        return f"{one} != '{code}'"
    if kind == 2:
        codes = rng.sample(ONE[one], rng.randint(1, 2))
        return f"{one} in [" + ",".join(f"'{c}'" for c in codes) + "]"
    if kind == 3:
        return f"selected({many},'{rng.choice(MANY[many])}')"
    if kind == 4:
        return f"answered({rng.choice([one, many])})"
    if kind == 5:
        total = f"count({many})" + rng.choice(["", f" + count({rng.choice(list(MANY))})", " + 1"])
        return f"{total} {rng.choice(['>', '>=', '<', '<=', '=='])} {rng.randint(0, 3)}"
    if kind == 6:
        return f"not {term(depth - 1)}"
    if kind == 7:
        return f"({term(depth - 1)})"
    return f"({term(depth - 1)} {rng.choice(['and', 'or'])} {term(depth - 1)} {rng.choice(['and', 'or'])} {term(depth - 1)})"


def facts():
    known = {k: rng.choice(v) for k, v in ONE.items() if rng.random() < 0.6}
    for k, v in MANY.items():
        if rng.random() < 0.7:
            known[k] = rng.sample(v, rng.randint(1, 2))
    return known


print("# SPDX-License-Identifier: AGPL-3.0-or-later")
print("# Made by make_expression_cases.py: expression | facts | truth")
for _ in range(400):
    expression, known = term(3), facts()
    shown = " ".join(f"{k}={'+'.join(v) if isinstance(v, list) else v}" for k, v in sorted(known.items()))
    print(f"{expression} | {shown} | {int(simulate.ev(expression, known))}")
