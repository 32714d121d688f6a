// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <iosfwd>

#include "crypto/base/bytes.h"
#include "program/problem.h"
#include "storage/backup_store.h"

// The slots that a server's backups share (protocol.md §7): one file beside them, which every
// backup replaces, so that what was erased since cannot be opened from the older ones either.
namespace resguardo::backup {

// d_i = derive(d_{i-1}, kSlotsCopy, piece), from 32 zero bytes; pieces are kSlotsPiece bytes.
constexpr std::size_t kSlotsPiece = 512;
class SlotsDigest {
 public:
  void add(ByteView piece);
  const Digest& value() const { return digest_; }

 private:
  Digest digest_{};
};

// "resguardo-slots-" and 16 hexadecimal digits of the SHA-256 of the server's public log key: two
// servers may keep their backups in one folder.
std::string slots_name(ByteView log_public_key);

// A copy that is written beside `file`, read again, and then put in its place; the one that was
// there is overwritten before its blocks go back to the file system. On flash and on file systems
// that copy, that is best effort.
class SlotsReplacement {
 public:
  static program::Outcome<SlotsReplacement> create(const std::filesystem::path& file);
  SlotsReplacement(SlotsReplacement&&) noexcept;
  SlotsReplacement& operator=(SlotsReplacement&&) noexcept;
  ~SlotsReplacement();  // what was not committed goes
  std::ostream& stream();
  // A problem: what lies on the disk is not `expected`; the file that was there stays.
  program::Outcome<Done> commit(const Digest& expected);

 private:
  struct State;
  explicit SlotsReplacement(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace resguardo::backup
