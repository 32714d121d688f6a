// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::storage {

// The server's own keys: 32 random bytes each, wrapped by the master key
// (crypto_kdf, context "wrapkeys"; XChaCha20-Poly1305, the file's name authenticated), in small
// files of their own under DIR/keys, outside every backup. Destroying a key overwrites its file in
// place, syncs and unlinks; on flash that is best effort.
//
// Thread-safe.
class KeyRing {
 public:
  // Makes DIR/keys (0700) with a new store key. kConflict: it exists.
  static Status create(const std::filesystem::path& directory, const SecretBytes& master);
  // The same with the store key of a backup: the bytes of its keys/store.key. kUnauthentic: the
  // master key does not fit.
  static Status restore(const std::filesystem::path& directory, const SecretBytes& master,
                        ByteView store_key_file);
  // kUnauthentic: the master key does not fit.
  static Result<std::unique_ptr<KeyRing>> open(const std::filesystem::path& directory,
                                               const SecretBytes& master);
  virtual ~KeyRing() = default;

  virtual Result<SecretBytes> store_key() = 0;
  // Another key takes its place, and its file is overwritten and gone (docs/adr/136). An error: the
  // old one stays. kUnsure: nobody knows which of the two a power cut would leave; the ring keeps
  // the old one. Only for who holds the store's lock.
  enum class Replaced : std::uint8_t { kSure, kUnsure };
  virtual Result<Replaced> replace_store_key(const SecretBytes& key) = 0;
  // Ends a replacement that was cut short, one way or the other, and reads the key anew. The same.
  virtual Status settle_store_key() = 0;
  // The key of that day's journal; made when first asked for.
  virtual Result<SecretBytes> journal_key(Day day) = 0;
  // The key that tags and state of that day are under; made when first asked for with `make`.
  // kNotFound: destroyed, or never made.
  virtual Result<SecretBytes> day_key(Day day, bool make) = 0;
  virtual std::vector<Day> live_days() = 0;  // newest first
  // The keys of days before `day` are destroyed: nobody can test numbers against them any more.
  virtual Status destroy_days_before(Day day) = 0;
  virtual Status destroy_journal_key(Day day) = 0;
  virtual Result<std::vector<Day>> journal_days() = 0;  // that have a journal key
  // The key that phones which were linked on that day are found and wrapped under (docs/adr/162);
  // made and destroyed as day keys are.
  virtual Result<SecretBytes> link_key(Day day, bool make) = 0;
  virtual std::vector<Day> link_days() = 0;  // newest first
  virtual Status destroy_links_before(Day day) = 0;
  // WhatsApp's repeats outlive a day key: dedupe tags have a key of their own.
  virtual Result<SecretBytes> dedupe_key() = 0;
};

}  // namespace resguardo::storage
