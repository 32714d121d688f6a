// SPDX-License-Identifier: AGPL-3.0-or-later
// Files that are sealed and opened again, and what becomes of chunks that are not what was sealed.
#include <gtest/gtest.h>

#include <vector>

#include "crypto/base/hash.h"
#include "crypto/open/media_reader.h"
#include "crypto/seal/media_writer.h"
#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

using open::MediaFacts;
using open::MediaReader;

struct Sealed {
  MediaId id;
  std::vector<Bytes> chunks;
  SealedMedia about;
};

MediaId media_id(std::uint8_t fill) {
  MediaId id;
  id.bytes.fill(fill);
  return id;
}

Bytes file_of(std::size_t size) {
  testing_support::SeededRandom random(size);
  Bytes bytes(size);
  random.fill(bytes);
  return bytes;
}

Sealed seal(ByteView plain, std::size_t piece = 10'000, std::uint8_t id = 1) {
  std::vector<Bytes> chunks;
  auto writer = MediaWriter::begin(media_id(id), [&](ByteView chunk) {
                  chunks.push_back(to_bytes(chunk));
                  return success();
                }).value();
  for (std::size_t at = 0; at < plain.size(); at += piece)
    EXPECT_TRUE(writer.write(plain.subspan(at, std::min(piece, plain.size() - at))).ok());
  auto about = writer.finish().value();
  return {media_id(id), std::move(chunks), std::move(about)};
}

MediaFacts facts_of(const Sealed& sealed) {
  const SealedMedia& about = sealed.about;
  return {sealed.id,           about.key.clone().value(), about.header,  about.length,
          about.padded_length, about.chunks,              about.original};
}

Result<Bytes> open_all(MediaFacts facts, const std::vector<Bytes>& chunks) {
  RESGUARDO_TRY(auto reader, MediaReader::begin(std::move(facts)));
  Bytes all;
  for (const Bytes& chunk : chunks) {
    RESGUARDO_TRY(const auto plain, reader.next(chunk));
    all.insert(all.end(), plain.view().begin(), plain.view().end());
  }
  RESGUARDO_CHECK(reader.finish());
  return all;
}

TEST(MediaTest, ComesBackBitForBitWhateverItsLengthAndPieces) {
  for (const std::size_t size : {0UL, 1UL, 2UL, 1000UL, kMediaChunk - 1, kMediaChunk,
                                 kMediaChunk + 1, 3 * kMediaChunk, 1'000'000UL}) {
    SCOPED_TRACE(size);
    const Bytes plain = file_of(size);
    for (const std::size_t piece : {std::size_t{1} << 30, std::size_t{7919}}) {
      const Sealed sealed = seal(plain, piece);
      EXPECT_EQ(open_all(facts_of(sealed), sealed.chunks).value(), plain);
      EXPECT_EQ(sealed.about.length, size);
      EXPECT_EQ(sealed.about.padded_length, padme(size));
      EXPECT_EQ(sealed.about.chunks, sealed.chunks.size());
      EXPECT_EQ(sealed.about.original, sha256(plain));
      Bytes all;
      for (const Bytes& chunk : sealed.chunks) all.insert(all.end(), chunk.begin(), chunk.end());
      EXPECT_EQ(sealed.about.ciphertext, sha256(all));
      EXPECT_EQ(all.size(), padme(size) + sealed.chunks.size() * kMediaChunkOverhead);
    }
  }
}

TEST(MediaTest, SealsTheSameFileNeverTheSameWay) {
  const Bytes plain = file_of(1000);
  const Sealed one = seal(plain);
  const Sealed other = seal(plain);
  EXPECT_NE(one.chunks, other.chunks);
  EXPECT_FALSE(open_all(facts_of(one), other.chunks).ok());
}

TEST(MediaTest, NoticesWhateverIsDoneToItsChunks) {
  const Sealed good = seal(file_of(4 * kMediaChunk + 100));
  ASSERT_EQ(good.chunks.size(), 5U);
  const auto refused = [&](const char* what, const std::vector<Bytes>& chunks) {
    EXPECT_FALSE(open_all(facts_of(good), chunks).ok()) << what;
  };
  for (const std::size_t at : {std::size_t{0}, std::size_t{2}, std::size_t{4}}) {
    for (const std::size_t byte : {std::size_t{0}, good.chunks[at].size() - 1}) {
      auto changed = good.chunks;
      changed[at][byte] ^= 1;
      refused("a changed byte", changed);
    }
    auto less = good.chunks;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(at));
    refused("dropped", less);
    auto twice = good.chunks;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(at), good.chunks[at]);
    refused("doubled", twice);
    auto cut = good.chunks;
    cut[at].pop_back();
    refused("cut", cut);
  }
  auto swapped = good.chunks;
  std::swap(swapped[1], swapped[2]);
  refused("swapped", swapped);
  refused("nothing", {});
}

TEST(MediaTest, NoticesAnotherFilesFacts) {
  const Bytes plain = file_of(kMediaChunk + 5);
  const Sealed good = seal(plain);
  const auto with = [&](auto change) {
    MediaFacts facts = facts_of(good);
    change(facts);
    return open_all(std::move(facts), good.chunks);
  };
  EXPECT_TRUE(with([](MediaFacts&) {}).ok());
  EXPECT_FALSE(with([](MediaFacts& facts) { facts.id = media_id(2); }).ok());
  EXPECT_FALSE(with([](MediaFacts& facts) { facts.key = *SecretBytes::random(32); }).ok());
  EXPECT_FALSE(with([](MediaFacts& facts) { facts.header[0] ^= 1; }).ok());
  EXPECT_FALSE(with([](MediaFacts& facts) { facts.length -= 1; }).ok());
  EXPECT_FALSE(with([](MediaFacts& facts) { facts.length += 1; }).ok());
  EXPECT_FALSE(with([](MediaFacts& facts) { facts.padded_length += kMediaChunk; }).ok());
  EXPECT_FALSE(with([](MediaFacts& facts) { ++facts.chunks; }).ok());
  EXPECT_FALSE(with([](MediaFacts& facts) { facts.original.bytes[0] ^= 1; }).ok());
  EXPECT_EQ(with([](MediaFacts& facts) { facts.header.clear(); }).error().fault,
            Fault::kMalformed);
}

TEST(MediaTest, WhatItsSinkRefusesIsNotGoneOnWith) {
  int calls = 0;
  auto writer = MediaWriter::begin(media_id(1), [&](ByteView) -> Status {
                  ++calls;
                  return Error{Fault::kUnavailable, "full"};
                }).value();
  EXPECT_FALSE(writer.write(file_of(3 * kMediaChunk)).ok());
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(writer.write(file_of(1)).ok());
  EXPECT_FALSE(writer.finish().ok());
  EXPECT_EQ(calls, 1);
}

TEST(MediaTest, EndsOnce) {
  auto writer = MediaWriter::begin(media_id(1), [](ByteView) { return success(); }).value();
  EXPECT_TRUE(writer.finish().ok());
  EXPECT_FALSE(writer.finish().ok());
  EXPECT_FALSE(writer.write(file_of(1)).ok());
}

}  // namespace
}  // namespace resguardo
