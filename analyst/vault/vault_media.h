// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "analyst/vault/vault.h"
#include "crypto/format/media_layout.h"
#include "crypto/open/media_reader.h"

namespace resguardo::analyst {

// The files in a vault, sealed as they came, and what the records of addenda say of them. What is
// written goes into the transaction of the Vault::Addition that is open.
class VaultMedia {
 public:
  explicit VaultMedia(Vault& vault) : vault_(vault) {}  // which outlives it

  // What is known of a file; a new one is made. kNotWhole: chunks are welcome.
  Result<FileState> begin(const MediaId& file);
  // In the place of one that was there: what does not open is mended by another copy.
  Status put_chunk(const MediaId& file, std::uint64_t number, ByteView sealed);
  // It may be another file than it was.
  Status changed(const MediaId& file);
  // What the record of this segment says, in one of its streams.
  Status note_record(const Digest& segment, const MediaId& file, StreamId stream,
                     std::uint64_t chunks, bool lost);

  // Whether a segment came whose addendum this file's is, opened or for other readers only.
  Result<bool> is_named(const MediaId& file);
  // How many chunks its record says; nothing: no record of it is open here.
  Result<std::optional<std::uint64_t>> announced(const MediaId& file);
  Result<std::vector<ReportId>> reports_of(const MediaId& file);
  // Files that a record opens and that nobody has looked at since they changed.
  Result<std::vector<MediaId>> unsettled();

  // Opens the file as the record of `segment` says. The sink gets what is authentic and maybe not
  // whole; the digest is that of the ciphertext. kNotFound: there is no such record, or chunks are
  // missing; kMalformed, kUnauthentic: it does not open, and nothing of it is to be believed.
  using Sink = std::function<Status(ByteView plain)>;
  Result<Digest> open(const MediaId& file, const Digest& segment, const Sink& sink);

  // Looks at what came of a file, opens it if it is all, and remembers what that came to.
  Result<FileState> settle(const MediaId& file);
  // SHA-256 of the ciphertext of a file that was whole when it was looked at. kNotFound: of others.
  Result<Digest> ciphertext(const MediaId& file);
  // Nothing of it stays.
  Status forget(const MediaId& file);

 private:
  struct Named {
    Digest segment;
    std::uint64_t chunks = 0;
  };
  struct Came {
    std::uint64_t chunks = 0;
    Digest ciphertext;
  };
  // Chunks in order, at most so many, up to the first gap; how many there were.
  using Visitor = std::function<Status(ByteView sealed)>;
  Result<std::uint64_t> visit(const MediaId& file, std::uint64_t most, const Visitor& visit);
  Result<Came> came(const MediaId& file, std::uint64_t most);
  Result<std::vector<Named>> records_of(const MediaId& file);
  Result<open::MediaFacts> facts_of(const MediaId& file, const Digest& segment);
  Status remember(const MediaId& file, FileState state, const std::optional<Digest>& segment,
                  const Digest& ciphertext);
  Vault& vault_;
};

}  // namespace resguardo::analyst
