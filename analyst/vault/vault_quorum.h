// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "analyst/vault/vault.h"
#include "crypto/open/quorum_share.h"

namespace resguardo::analyst {

// A stream as the vault's numbers name it: 1 testimony, 2 identity.
constexpr std::uint8_t stream_bit(StreamId stream) {
  return stream == StreamId::kTestimony ? 1 : 2;
}

// What a vault holds of streams that only a quorum opens. What is written goes into the transaction
// of the Vault::Addition that is open.
class VaultQuorum {
 public:
  explicit VaultQuorum(Vault& vault) : vault_(vault) {}  // which outlives it

  // A share that fits, of a segment that has begun; one that is there stays.
  Status keep_share(const Digest& segment, StreamId stream, const MemberId& member,
                    const open::QuorumShare& share);
  Result<std::optional<open::QuorumShare>> share(const Digest& segment, StreamId stream,
                                                 const MemberId& member);

  // The key of a stream that was opened together.
  Status keep_key(const Digest& segment, StreamId stream, const SecretBytes& key);
  Result<std::optional<SecretBytes>> key(const Digest& segment, StreamId stream);
  // `rows` of the stream opened after that. All: the member vouches for it as for any other.
  Status note_opened(const Digest& segment, StreamId stream, const MemberId& member,
                     std::uint64_t rows, bool final);

  Status keep_request(const Digest& digest, std::string_view file);
  Result<std::optional<std::string>> request(const Digest& digest);

 private:
  Vault& vault_;
};

}  // namespace resguardo::analyst
