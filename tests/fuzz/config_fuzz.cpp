// SPDX-License-Identifier: AGPL-3.0-or-later
// An operator's resguardo.toml, whatever was typed into it: a configuration, or what is wrong with
// it and how to mend that.
#include <filesystem>
#include <fstream>

#include "bot/config/config.h"
#include "tests/fuzz/require.h"
#include "tests/support/temporary_directory.h"

using namespace resguardo;
using fuzzing::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const testing_support::TemporaryDirectory directory;
  const auto file = directory.path() / "resguardo.toml";
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  std::vector<config::ConfigProblem> problems;
  const auto config = config::read_config(file, problems);
  require(config.has_value() == problems.empty());
  for (const auto& problem : problems)
    require(!problem.where.empty() && !problem.what.empty() && !problem.mend.empty());
  if (!config) return 0;
  require(config->store.directory.is_absolute() && config->form.path.is_absolute());
  require(config->server.threads >= 1 && config->limits.conversations >= 1);
  return 0;
}
