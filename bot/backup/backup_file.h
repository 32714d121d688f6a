// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "crypto/base/clock.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/format/checked_frames.h"
#include "proto/backup.pb.h"
#include "storage/backup_store.h"

// A backup: checked frames (crypto/format/checked_frames.h), each a pb::BackupFrame, after the
// magic line "resguardo backup 1\n": the header, then files, each followed by its bytes, then the
// end with totals and a seal. Everything in it is ciphertext or public: databases under keys that
// are themselves wrapped by the master key, which is not in it. The checks find damage without any
// key; the seal, under a key derived from the master key, tells who wrote it.
namespace resguardo::backup {

// The seal is derive(key, kBackupSeal, the check of the last frame before the end). One thread; the
// stream and the key outlive it.
class BackupWriter final : public storage::BackupSink {
 public:
  // `key` of the backup: derive_from_master(master, MasterUse::kBackup, 0).
  BackupWriter(std::ostream& out, const SecretBytes& key);
  Status header(Day day, std::string_view log_origin);
  Status begin(std::string_view name) override;
  Status write(ByteView bytes) override;
  Status finish();

 private:
  Status put(const pb::BackupFrame& frame);
  FrameWriter frames_;
  const SecretBytes& key_;
  std::uint64_t files_ = 0;
  std::uint64_t bytes_ = 0;
};

struct BackupContents {
  Day day;
  std::string log_origin;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// Reads a whole backup and gives its files to `sink`. kMalformed: damaged, cut short, something
// after the end. With a key also kUnauthentic: nobody who has this master key wrote it; known only
// at the end, so that what the sink has may not be used before this returned.
Result<BackupContents> read_backup(std::istream& in, const SecretBytes* key,
                                   storage::BackupSink& sink);

}  // namespace resguardo::backup
