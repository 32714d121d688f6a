// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/cli.h"
#include "program/start.h"
#include "storage/sqlcipher/wiping.h"

int main(int argc, char** argv) {
  const auto wiping =
      resguardo::sqlcipher::install_library_wiping(resguardo::sqlcipher::SqliteMemory::kLocked);
  return resguardo::program::run_program("resguardo-analyst", [&] {
    if (!wiping.ok()) return resguardo::program::ExitCode::kFailed;
    return resguardo::analyst::run_command_line(argc, argv);
  });
}
