// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/storage/chain_builder.h"

#include "crypto/base/hash.h"

namespace resguardo::storage {

Status ChainBuilder::begin(const std::optional<StoredCheckpoint>& last) {
  appended.clear();
  state_ = last ? last->tree : Bytes();
  return success();
}

Status ChainBuilder::append(ByteView entry) {
  appended.push_back(to_string(entry));
  state_ = to_bytes(sha256({ByteView(state_), entry}).view());
  return success();
}

Result<LogBuilder::Built> ChainBuilder::finish() {
  if (fails_at_end) return *fails_at_end;
  return Built{state_, to_hex(state_)};
}

std::string chain_note(std::span<const std::string> entries) {
  ChainBuilder chain;
  if (!chain.begin(std::nullopt).ok()) return "";
  for (const std::string& entry : entries)
    if (!chain.append(as_bytes(entry)).ok()) return "";
  return chain.finish().value().note;
}

std::vector<std::string> logged_entries(Store& store) {
  std::vector<std::string> entries;
  const auto last = store.last_checkpoint();
  if (!last.ok() || !last.value()) return entries;
  const Status read = store.logged(0, last.value()->size, [&](std::uint64_t, ByteView entry) {
    entries.push_back(to_string(entry));
    return success();
  });
  return read.ok() ? entries : std::vector<std::string>{"unreadable"};
}

}  // namespace resguardo::storage
