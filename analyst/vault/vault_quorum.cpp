// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_quorum.h"

#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {
namespace {

Result<SecretBytes> secret_column(const sqlcipher::Rows& rows, int column) {
  Bytes copy = to_bytes(rows.bytes(column));
  return SecretBytes::take(copy);
}

}  // namespace

Status VaultQuorum::keep_share(const Digest& segment, StreamId stream, const MemberId& member,
                               const open::QuorumShare& share) {
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare(
                              "INSERT INTO quorum_shares (segment, stream, member, place, share,"
                              " commitments) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"));
  return share.value.read([&](ByteView value) {
    return put.run(segment, static_cast<int>(stream), member, share.place, value,
                   share.commitments);
  });
}

Result<std::optional<open::QuorumShare>> VaultQuorum::share(const Digest& segment, StreamId stream,
                                                            const MemberId& member) {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT place, share, commitments FROM quorum_shares"
                               " WHERE segment = ? AND stream = ? AND member = ?"));
  RESGUARDO_TRY(auto rows, find.query(segment, static_cast<int>(stream), member));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return std::optional<open::QuorumShare>();
  RESGUARDO_TRY(auto value, secret_column(rows, 1));
  return std::optional(open::QuorumShare{static_cast<std::uint32_t>(rows.integer(0)),
                                         std::move(value), to_bytes(rows.bytes(2))});
}

Status VaultQuorum::keep_key(const Digest& segment, StreamId stream, const SecretBytes& key) {
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare(
                              "INSERT INTO quorum_keys (segment, stream, key) VALUES (?, ?, ?)"
                              " ON CONFLICT DO NOTHING"));
  return key.read(
      [&](ByteView bytes) { return put.run(segment, static_cast<int>(stream), bytes); });
}

Result<std::optional<SecretBytes>> VaultQuorum::key(const Digest& segment, StreamId stream) {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT key FROM quorum_keys WHERE segment = ? AND stream = ?"));
  RESGUARDO_TRY(auto rows, find.query(segment, static_cast<int>(stream)));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return std::optional<SecretBytes>();
  RESGUARDO_TRY(auto key, secret_column(rows, 0));
  return std::optional(std::move(key));
}

Status VaultQuorum::note_opened(const Digest& segment, StreamId stream, const MemberId& member,
                                std::uint64_t rows, bool final) {
  RESGUARDO_TRY(auto segments,
                vault_.state_->database.prepare("UPDATE segments SET opened = min(opened, ?2),"
                                                " final = max(final, ?3) WHERE digest = ?1"));
  RESGUARDO_CHECK(segments.run(segment, rows, final));
  RESGUARDO_TRY(auto openings,
                vault_.state_->database.prepare(
                    "UPDATE openings SET shares = shares & ~?3,"
                    " streams = CASE WHEN rows <= ?4 THEN streams | ?3 ELSE streams & ~?3 END"
                    " WHERE segment = ?1 AND member = ?2"));
  return openings.run(segment, member, stream_bit(stream), rows);
}

Status VaultQuorum::keep_request(const Digest& digest, std::string_view file) {
  RESGUARDO_TRY(auto put,
                vault_.state_->database.prepare("INSERT INTO quorum_requests (digest, request)"
                                                " VALUES (?, ?) ON CONFLICT DO NOTHING"));
  return put.run(digest, file);
}

Result<std::optional<std::string>> VaultQuorum::request(const Digest& digest) {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT request FROM quorum_requests WHERE digest = ?"));
  RESGUARDO_TRY(auto rows, find.query(digest));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return std::optional<std::string>();
  return std::optional(std::string(rows.text(0)));
}

}  // namespace resguardo::analyst
