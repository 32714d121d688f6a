// SPDX-License-Identifier: AGPL-3.0-or-later
// Whoever seizes the server's disk and its master key: what that opens, and what not.
#include <gmock/gmock.h>
#include <sodium.h>
#include <algorithm>

#include <fstream>

#include "crypto/base/hash.h"
#include "crypto/base/labels.h"
#include "crypto/format/bundle.h"
#include "crypto/format/strict_parse.h"
#include "crypto/session/sender_memory.h"
#include "proto/envelope.pb.h"
#include "tests/support/consent.h"
#include "tests/support/world.h"

namespace resguardo::testing_support {
namespace {

using gateway::Channel;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kAna = "526561110001";
const std::string kAddress = "wa:" + kAna;

std::vector<SecretBytes> keys_left(World& world, Day from, Day to) {
  std::vector<SecretBytes> keys;
  for (Day day = from; day <= to; ++day.number) {
    if (auto key = world.keys().day_key(day, false); key.ok())
      keys.push_back(std::move(key).value());
    const auto file = "journal-" + to_string(day) + ".key";
    if (!std::filesystem::exists(world.data() / "keys" / file)) continue;  // asking would make it
    keys.push_back(world.keys().journal_key(day).value());
  }
  keys.push_back(world.keys().store_key().value());
  keys.push_back(world.keys().dedupe_key().value());
  return keys;
}

// Tries a number: its tag under every key that is left, looked for in every file and open table.
std::vector<std::string> search(World& world, const std::string& address, Day from, Day to) {
  const std::vector<SecretBytes> keys = keys_left(world, from, to);
  std::vector<std::string> tags(keys.size());
  std::ranges::transform(keys, tags.begin(), [&](const SecretBytes& key) {
    return to_string(ByteView(sender_tag(key, address)));
  });
  return world.hunt(tags);
}

TEST(FinishedDayTest, NoPhoneNumberIsFoundInIt) {
  World world;
  const Day first = day_of(world.now());
  give_consent(world, kAna);
  EXPECT_THAT(search(world, kAddress, first, first), Not(IsEmpty()));  // while the day key lives
  EXPECT_THAT(search(world, "wa:526561119999", first, first), IsEmpty());
  const SecretBytes day_key = world.keys().day_key(first, false).value();

  world.advance(std::chrono::hours(24 * 5));
  world.upkeep();
  world.restart();
  EXPECT_FALSE(world.keys().day_key(first, false).ok());
  EXPECT_THAT(search(world, kAddress, first, day_of(world.now())), IsEmpty());
  // Nor is the key itself anywhere on the disk.
  day_key.read([&](ByteView key) {
    EXPECT_THAT(world.hunt({to_string(key)}), IsEmpty());
    return 0;
  });
}

// Every 32 bytes the server has, tried as every secret a segment knows.
void expect_shut(const pb::StreamHeader& stream, ByteView key) {
  std::array<std::uint8_t, 32> own{};
  if (crypto_scalarmult_base(own.data(), key.data()) != 0) return;
  for (const std::string& envelope : stream.envelopes()) {
    Bytes plain(envelope.size());
    EXPECT_NE(crypto_box_seal_open(plain.data(), as_bytes(envelope).data(), envelope.size(),
                                   own.data(), key.data()),
              0);
  }
  const Digest context = blake2b(as_bytes(stream.context()));
  const Digest as_set_secret = derive_public(key, Label::kSegment, {context.view()});
  for (const ByteView candidate : {key, as_set_secret.view()})
    EXPECT_NE(derive_public(candidate, Label::kCommit, {}).str(), stream.key_commitment());
}

TEST(OfflineTest, WhatTheServersDiskAndMasterKeyGiveOpensNoReport) {
  World world;
  const Day first = day_of(world.now());
  give_consent(world, kAna);
  const auto keys = keys_left(world, first, first);
  ASSERT_GE(keys.size(), 4U);
  world.advance(std::chrono::hours(24 * 5));
  world.upkeep();  // closes the report: now it is in a bundle
  ASSERT_THAT(world.open(0), SizeIs(1));
  const auto file = world.directory() / "bundle";
  world.write_bundle_to(file);

  std::ifstream in(file, std::ios::binary);
  BundleReader bundle(in);
  int segments = 0;
  while (!bundle.finished()) {
    const auto frame = bundle.next();
    ASSERT_TRUE(frame.ok());
    if (!frame->has_segment()) continue;
    ++segments;
    const auto header = parse_strict<pb::SegmentHeader>(as_bytes(frame->segment().header()));
    for (const SecretBytes& key : keys)
      key.read([&](ByteView bytes) {
        expect_shut(header->testimony(), bytes);
        expect_shut(header->identity(), bytes);
        return 0;
      });
  }
  EXPECT_GE(segments, 1);
}

}  // namespace
}  // namespace resguardo::testing_support
