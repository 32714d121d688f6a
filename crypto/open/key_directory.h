// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "crypto/base/random.h"
#include "crypto/open/analyst_keys.h"
#include "crypto/open/key_files.h"  // write_key_file, for keys that stand alone
#include "crypto/open/locked_key.h"
#include "crypto/open/member_public.h"

namespace resguardo::open {

// One analyst's keys on disk:
//   DIR/identity.key         signs; by passphrase
//   DIR/wrapping.key         locks the epoch keys; by passphrase
//   DIR/epochs/2026-W47.key  opens one week; under wrapping.key
//   DIR/reserve.key          opens what is sealed after the list ran out; under wrapping.key
//   DIR/epoch-list.signed    the public keys of the weeks, signed
//   DIR/public.txt           for whoever makes the roster
//   DIR/lists/public-1.txt   what public.txt was before it was extended
// While it is changed there is DIR/next.partial or DIR/next: see key_change.h. Directories 0700,
// files 0600. Errors name the file inside DIR and the mend; the caller adds DIR. WARNING: a copy of
// the directory and its passphrase open a year. Never back it up: the other members are the backup.
struct NewKeyDirectory {
  std::string label;  // printable, shown in rosters; is_plain_name
  Week first_week;
  std::uint32_t weeks = 53;
  LockCost cost;
};

// Makes it whole or not at all, synced to disk. kConflict: `dir` exists and is not empty.
Result<MemberPublic> create_key_directory(const std::filesystem::path& dir,
                                          const NewKeyDirectory& wanted,
                                          const SecretBytes& passphrase, RandomSource& ids);

// Unlocks everything that is there: weeks whose file is gone are retired. Two runs of Argon2id.
// kUnauthentic: wrong passphrase or a changed file; kNotFound: not a key directory; kUnavailable:
// not enough memory, or the disk.
Result<AnalystKeys> unlock_key_directory(const std::filesystem::path& dir,
                                         const SecretBytes& passphrase);

// Keys for the weeks from `current` on that the list lacks, `weeks` in all (53: a year ahead), and
// a list with the next number that names the one before; weeks that are over leave the list, their
// keys stay. Whole or not at all, also when the machine fails. kConflict: it reaches that far.
Result<MemberPublic> extend_key_directory(const std::filesystem::path& dir,
                                          const SecretBytes& passphrase, Week current,
                                          std::uint32_t weeks = 53);

// Destroys the key of one week: a fresh wrapping key locks all that remain, the old one and the
// week's file are overwritten and unlinked. Cut short anywhere, all keys but this one live; once it
// returned, this one is gone. kNotFound: no key of that week.
// WARNING: what was sealed to the week opens nowhere but with the other members. Whether it may be
// done is for the caller to find out (analyst/commands/retire.h).
Status retire_week(const std::filesystem::path& dir, const SecretBytes& passphrase, Week week,
                   RandomSource& ids);

// No passphrase needed.
Result<MemberPublic> read_public(const std::filesystem::path& dir);

}  // namespace resguardo::open
