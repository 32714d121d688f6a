// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/call.h"

#include "program/output_file.h"

namespace resguardo::analyst {

using program::Outcome;

Outcome<open::LockCost> cost_of(const CostOptions& options, program::Console& console) {
  const open::LockCost usual;
  if (options.memory < open::LockCost::kMinMemory || options.memory > open::LockCost::kMaxMemory)
    return program::usage_problem("--memory", "must lie between 64MiB and 2GiB");
  if (options.passes < open::LockCost::kMinOps || options.passes > open::LockCost::kMaxOps)
    return program::usage_problem("--passes", "must lie between 1 and 10");
  if (options.memory < usual.memory || options.passes < usual.ops)
    console.warn("a passphrase is easier to guess with less than --memory 256MiB --passes 3");
  return open::LockCost{options.passes, options.memory};
}

Outcome<Bytes> read_key_text(const std::string& text_or_file, const std::string& option) {
  constexpr std::size_t kDigits = 64;
  constexpr std::size_t kMost = 200;
  std::string text = text_or_file;
  if (text.size() != kDigits || !parse_hex(text).ok()) {
    RESGUARDO_TRY(const Bytes file, program::read_file(text_or_file, kMost));
    text = to_string(file);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  }
  auto bytes = parse_hex(text);
  if (!bytes.ok() || bytes->size() * 2 != kDigits)
    return program::usage_problem(option, "is neither 64 hex digits nor a file that holds them",
                                  "give the public key that `root create` printed");
  return std::move(bytes).value();
}

Outcome<Bytes> read_text_file(const std::filesystem::path& path) {
  constexpr std::size_t kMost = 16UL * 1024 * 1024;
  return program::read_file(path, kMost);
}

}  // namespace resguardo::analyst
