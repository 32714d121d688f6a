// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/report/form_texts.h"
#include "analyst/report/stored_report.h"
#include "analyst/vault/log_verdict.h"
#include "crypto/open/locked_key.h"
#include "crypto/seal/public_key.h"

namespace resguardo::analyst {

// Where opened reports rest on an analyst's machine: DIR/vault.key (a random key, locked by the
// analyst's passphrase) and DIR/vault.db (SQLCipher under that key; it locks and wipes its memory).
//
// Promises: nothing in the clear on disk; a report appears whole or not at all; what was imported
// is never changed, only added to.
// WARNING: exactly as safe as its passphrase and its machine.
//
// Not thread-safe. One program at a time writes.
class Vault {
 public:
  // Makes it. kConflict: `dir` exists and is not empty.
  static Result<Vault> create(const std::filesystem::path& dir, const PublicKey<RootRole>& root,
                              const SecretBytes& passphrase, const open::LockCost& cost);
  // kNotFound: no vault there; kUnauthentic: wrong passphrase.
  static Result<Vault> open(const std::filesystem::path& dir, const SecretBytes& passphrase);
  static bool exists(const std::filesystem::path& dir);

  Vault(Vault&&) noexcept;
  Vault& operator=(Vault&&) noexcept;
  ~Vault();

  // Who this vault believes; remembered from its making.
  const PublicKey<RootRole>& root() const;

  struct KnownRoster {
    std::uint64_t number = 0;
    Digest digest;
    Bytes file;
  };
  Result<std::vector<KnownRoster>> rosters();
  Status add_roster(const KnownRoster& roster);

  Status add_form(const Digest& digest, ByteView form);
  Result<FormShelf> forms();  // those that can be read

  // What is known of one part of a bundle.
  enum class PartState : std::uint8_t { kBegun = 0, kWhole = 1, kSalvaged = 2 };
  struct Part {
    std::uint32_t number = 0;  // from 0
    PartState state = PartState::kBegun;
    bool last = false;  // its end says that no part follows
  };
  // kWhole stays so, whatever comes later.
  Status note_part(ByteView bundle, const Part& part, Day made, std::string_view origin);
  Result<std::vector<Part>> parts(ByteView bundle);  // in order of their numbers

  Status set_verdict(const ReportId& report, const LogFinding& finding);

  // Reports in order of their ids, each with its records. Stops at the visitor's first failure.
  using Visitor = std::function<Status(const StoredReport&)>;
  Status visit(const Visitor& visitor);
  Result<std::vector<ReportId>> ids();
  Result<StoredReport> report(const ReportId& id);  // kNotFound
  Result<std::vector<StoredSegment>> segments(const ReportId& id);

  // Segments that `member` opened to their end, of one server's bundles, ascending by name. An
  // addendum whose record is open only if its file is lost, or here and opens.
  struct Opened {
    Digest segment;
    Digest chain;
    std::uint8_t streams = 0;  // 1 testimony, 2 identity
  };
  Result<std::vector<Opened>> opened(const MemberId& member, std::string_view origin);
  // Segments that are here and not among those.
  struct NotOpened {
    ReportId report;
    std::uint32_t index = 0;
    std::uint64_t rows = 0;     // that came
    std::uint64_t opened = 0;   // by anybody
    bool without_file = false;  // `member` opened it, and not its file
  };
  Result<std::vector<NotOpened>> not_opened(const MemberId& member);
  // Whose bundles hold something that `member` opened.
  Result<std::vector<std::string>> origins(const MemberId& member);
  // Entries of one log in order, from the first to the first gap.
  using EntryVisitor = std::function<Status(ByteView entry)>;
  Status visit_log(std::string_view origin, const EntryVisitor& visitor);
  // All segments of a report that came, also those that are sealed for other readers only, in order
  // of their index, with what came of their files: what check_log() compares with the log.
  Result<std::vector<SealedPart>> sealed_parts(const ReportId& id);
  // A segment that `member`'s keys do not open: it is sealed for other readers or, if it names the
  // member, to a key that was not there.
  Status note_foreign(const StoredSegment& segment, const MemberId& member, bool named);
  Result<bool> has_foreign();  // any, of any report
  // A segment's header and rows as they were sealed; rows by sequence.
  struct SealedSegment {
    Bytes header;
    std::vector<Bytes> rows;
  };
  Result<SealedSegment> sealed(const Digest& segment);

  // Reports being added, and whatever else is written meanwhile: nothing of it stays unless
  // commit() returns.
  class Addition;
  Result<Addition> begin();

 private:
  friend class VaultLog;          // vault_log.h
  friend class VaultMedia;        // vault_media.h
  friend class VaultPairs;        // vault_pairs.h
  friend class VaultWithdrawals;  // vault_withdrawals.h
  friend class VaultQuorum;       // vault_quorum.h
  friend class VaultJournal;      // vault_journal.h
  friend class VaultCustody;      // vault_custody.h
  friend class VaultDecisions;    // vault_decisions.h
  friend class VaultFixity;       // vault_fixity.h
  friend class VaultReleases;     // vault_releases.h
  friend class VaultSearch;       // vault_search.h
  friend class VaultSets;         // vault_sets.h
  friend class VaultWork;         // vault_work.h
  struct State;
  explicit Vault(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What became of a segment that was added.
enum class SegmentFate : std::uint8_t { kNew, kExtended, kKnown };

// Whose keys opened a segment, of which server's bundle, and which streams.
struct Opening {
  MemberId member;
  std::string origin;
  std::uint8_t streams = 0;  // 1 testimony, 2 identity; those that only a quorum opens, too
  std::uint8_t shares = 0;   // of these: not open, but the member's share fits
};

class Vault::Addition {
 public:
  // True: the vault did not have it.
  Result<bool> begin_report(const ReportId& id, Day day);
  // How many rows of the segment `who` opened before, if they were all that came then.
  Result<std::optional<std::uint64_t>> opened_before(const Digest& segment, const Opening& who);
  // A record of `segment`; one that is there already stays as it is.
  Status add_record(const Digest& segment, std::uint64_t sequence, StreamId stream,
                    ByteView content);
  // A row as it was sealed, for `prove`.
  Status add_row(const Digest& segment, std::uint64_t sequence, ByteView row);
  // After these two, where no end_segment() follows: what they added is read from then on.
  Status end_rows();
  // Before its records. Until it ends, questions about the vault may not know of it.
  Status begin_segment(const StoredSegment& segment, ByteView header);
  // After them, with what turned out. A better reading replaces a worse one; that `who` opened it
  // is kept if everything that came opened.
  Result<SegmentFate> end_segment(const StoredSegment& segment, const Opening& who);
  Status commit();

  Addition(Addition&&) noexcept;
  Addition& operator=(Addition&&) = delete;
  ~Addition();

 private:
  friend class Vault;
  struct State;
  explicit Addition(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace resguardo::analyst
