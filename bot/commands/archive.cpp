// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/archive.h"

#include <string>

#include "crypto/base/hash.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::commands {
namespace {

std::string name_of(Kept kind) {
  return kind == Kept::kRoster ? "roster" : "questionnaire";
}
std::string index_name(Kept kind) {
  return name_of(kind) + "s";
}
std::string content_name(Kept kind, const Digest& digest) {
  return name_of(kind) + "/" + to_hex(digest.view());
}

// The digests of what is kept, one after another.
Result<Bytes> index_of(storage::Store& store, Kept kind) {
  RESGUARDO_TRY(auto fact, store.fact(index_name(kind)));
  if (!fact) return Bytes();
  if (fact->size() % Digest::kSize != 0)
    return Error{Fault::kMalformed, "the store's list of rosters or forms is damaged"};
  return std::move(*fact);
}

}  // namespace

Status keep(storage::Store& store, Kept kind, ByteView content) {
  RESGUARDO_TRY(auto index, index_of(store, kind));
  const Digest digest = blake2b(content);
  for (std::size_t at = 0; at < index.size(); at += Digest::kSize)
    if (equal(ByteView(index).subspan(at, Digest::kSize), digest.view())) return success();
  // The content first: an index that names nothing would stop every export.
  RESGUARDO_CHECK(store.set_fact(content_name(kind, digest), content));
  const ByteView added = digest.view();
  index.insert(index.end(), added.begin(), added.end());
  return store.set_fact(index_name(kind), index);
}

Result<std::vector<Bytes>> kept(storage::Store& store, Kept kind) {
  RESGUARDO_TRY(const auto index, index_of(store, kind));
  std::vector<Bytes> contents;
  for (std::size_t at = 0; at < index.size(); at += Digest::kSize) {
    const Digest digest = *Digest::from(ByteView(index).subspan(at, Digest::kSize));
    RESGUARDO_TRY(auto content, store.fact(content_name(kind, digest)));
    if (!content || blake2b(*content) != digest)
      return Error{Fault::kMalformed, "a roster or form that the store kept is damaged"};
    contents.push_back(std::move(*content));
  }
  return contents;
}

Result<Digest> chain_of(storage::Store& store, const storage::StoredSegment& segment) {
  auto chain = SegmentChain::begin(segment.header);
  RESGUARDO_CHECK(store.rows(segment.segment, [&](std::uint64_t, ByteView row) {
    chain.add(row);
    return success();
  }));
  return chain.digest();
}

}  // namespace resguardo::commands
