// SPDX-License-Identifier: AGPL-3.0-or-later
// change_keys DIR PASSPHRASE extend WEEK WEEKS | retire WEEK: for tests that let it die on the way.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "crypto/base/initialise.h"
#include "crypto/open/key_directory.h"

int main(int argc, char** argv) {
  using namespace resguardo;
  if (argc < 5 || !initialise_crypto().ok()) return 2;
  std::string words = argv[2];
  const auto passphrase =
      SecretBytes::take({reinterpret_cast<std::uint8_t*>(words.data()), words.size()});
  const Week week = *parse_week(argv[4]);
  SystemRandom ids;
  const auto status = [&]() -> Status {
    if (std::string(argv[3]) == "retire") return open::retire_week(argv[1], *passphrase, week, ids);
    const auto half = open::extend_key_directory(argv[1], *passphrase, week,
                                                 static_cast<std::uint32_t>(std::atoi(argv[5])));
    if (!half.ok()) return half.error();
    return success();
  };
  const auto done = status();
  if (!done.ok()) std::fprintf(stderr, "%s\n", done.error().why.c_str());
  return done.ok() ? 0 : 1;
}
