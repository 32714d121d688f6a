// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/cli.h"
#include "program/start.h"

int main(int argc, char** argv) {
  return resguardo::program::run_program(
      "resguardo-form", [&] { return resguardo::form::run_command_line(argc, argv); });
}
