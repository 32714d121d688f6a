// SPDX-License-Identifier: AGPL-3.0-or-later
#include <iostream>

#include "bot/cli.h"
#include "program/start.h"
#include "storage/sqlcipher/wiping.h"

int main(int argc, char** argv) {
  // Before anything that might make OpenSSL or SQLite allocate.
  if (!resguardo::sqlcipher::install_library_wiping().ok()) {
    std::cerr << "resguardo-bot: freed memory of the libraries would not be wiped\n";
    return 1;
  }
  return resguardo::program::run_program("resguardo-bot",
                                         [&] { return resguardo::run_bot(argc, argv); });
}
