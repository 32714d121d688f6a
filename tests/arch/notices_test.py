#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a reporter wrote cannot be logged: programs that try are not compiled.

    notices_test.py CXX SOURCE_DIR

Each line is a way to put text of a run into the server's log or into an error. The compiler must
refuse it, and take the same program without it."""
import subprocess
import sys

PROGRAM = """
#include <string>
#include <string_view>
#include "bot/notices/notice.h"
#include "crypto/base/secret_text.h"
using namespace resguardo;
void try_it(notices::Log& log, const std::string& said, std::string_view view, const char* pointer,
            const SecretText& secret, ByteView bytes) {
  const char local[] = "local";
  static const std::string kept = "kept";
  (void)said, (void)view, (void)pointer, (void)secret, (void)bytes, (void)local, (void)kept;
  %s
}
"""
ALLOWED = ['log.write(notices::info("serving").with(notices::Kind::kPort, 8080));',
           'log.write(notices::error("x").because("y").see("z").listener("public"));',
           'const Error error{Fault::kRefused, "static"}; log.write(notices::error(error.why));']
REFUSED = ["log.write(notices::info(said));", "log.write(notices::info(said.c_str()));",
           "log.write(notices::info(view.data()));", "log.write(notices::info(pointer));",
           "log.write(notices::info(local));", "log.write(notices::info(kept.c_str()));",
           'log.write(notices::info("x").because(said.c_str()));',
           'log.write(notices::info("x").see(pointer));',
           'log.write(notices::info("x").listener(said));',
           'log.write(notices::info("x").with(notices::Kind::kPort, said));',
           'log.write(notices::info("x").with(said, 1));', "log.write(said);", 'log.write("x");',
           "log.write(notices::info(secret));", "log.write(notices::info(bytes));",
           "const StaticText text(pointer);", "const StaticText text = said.c_str();",
           "const Error error{Fault::kRefused, said.c_str()};",
           "const Error error{Fault::kRefused, pointer};"]


def compiles(compiler, tree, statement):
    done = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", f"-I{tree}", "-x", "c++", "-"],
                          input=PROGRAM % statement, capture_output=True, text=True, timeout=120,
                          check=False)
    return done.returncode == 0, done.stderr


def main(compiler, tree):
    wrong = []
    for statement in ALLOWED:
        taken, said = compiles(compiler, tree, statement)
        if not taken:
            wrong.append(f"is not compiled: {statement}\n{said}")
    wrong += [f"is compiled: {statement}" for statement in REFUSED
              if compiles(compiler, tree, statement)[0]]
    print("\n".join(wrong) or f"{len(ALLOWED)} compiled, {len(REFUSED)} refused")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
