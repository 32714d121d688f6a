// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/file_sink.h"

#include <algorithm>
#include <array>

namespace resguardo::intake {
namespace {

// Programs: nothing that was seen or heard, and a danger to whoever opens it.
constexpr std::array<std::string_view, 14> kPrograms = {
    "application/vnd.android.package-archive",
    "application/x-msdownload",
    "application/x-msdos-program",
    "application/x-dosexec",
    "application/vnd.microsoft.portable-executable",
    "application/x-msi",
    "application/x-ms-shortcut",
    "application/x-executable",
    "application/x-sharedlib",
    "application/x-mach-binary",
    "application/x-apple-diskimage",
    "application/java-archive",
    "application/x-sh",
    "application/x-bat"};

bool is_program(std::string_view mime) {
  const std::string_view type = mime.substr(0, mime.find(';'));
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  };
  return std::ranges::any_of(
      kPrograms, [&](std::string_view one) { return std::ranges::equal(type, one, same); });
}

}  // namespace

dialogue::FileRefusal refusal_of(const gateway::Media& file, std::uint64_t most) {
  if (file.size.value_or(0) > most) return dialogue::FileRefusal::kTooLarge;
  return is_program(file.mime) ? dialogue::FileRefusal::kKind : dialogue::FileRefusal::kNone;
}

}  // namespace resguardo::intake
