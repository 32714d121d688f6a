// SPDX-License-Identifier: AGPL-3.0-or-later
// Segments that nobody changed and no honest writer makes: anyone can seal to a public key.
#include <gtest/gtest.h>

#include <functional>

#include "crypto/base/hash.h"
#include "crypto/format/padding.h"
#include "crypto/format/segment_layout.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/segment_reader.h"
#include "proto/envelope.pb.h"
#include "tests/crypto/open/fixed.h"
#include "tests/support/sealing_fixture.h"
#include "tests/support/seeded_random.h"
#include "tests/support/stream_replay.h"

namespace resguardo {
namespace {

using open::SegmentReader;
using testing_support::make_empty_record;
using testing_support::make_readers;
using testing_support::make_slab;
using testing_support::SeededRandom;
using testing_support::StreamReplay;
using testing_support::TestReaders;

class SegmentForgeryTest : public ::testing::Test {
 protected:
  SegmentForgeryTest() {
    auto writer = SegmentWriter::begin(readers_.recipients, {{}, 0, {}}, *slab_, ids_);
    header_ = writer->header();
  }

  // A row in place 0 whose parts each test may choose.
  struct Plan {
    std::uint8_t testimony_tag = StreamReplay::kRekey;
    std::uint8_t identity_tag = StreamReplay::kRekey;
    std::size_t testimony_length = 40;
    std::size_t testimony_class = 256;
    std::size_t identity_class = 256;
    bool padded = true;
    bool salted = true;
  };
  Bytes padded_record(std::size_t length, std::size_t target, const Plan& plan) {
    SecretBuffer record = make_empty_record(ids_, kNow);
    record.resize(length);
    if (!plan.salted) record.span()[1] = 15;
    digest_ = plan.salted ? record_digest(record.view()).value() : Digest{};
    record.resize(target);
    if (plan.padded) record.span()[length] = 0x80;
    return to_bytes(record.view());
  }
  Bytes row(const Plan& plan) {
    StreamReplay testimony(header_, StreamId::kTestimony, readers_.keys[0]);
    StreamReplay identity(header_, StreamId::kIdentity, readers_.keys[0]);
    pb::SealedRow row;
    row.set_testimony(to_string(testimony.push(
        padded_record(plan.testimony_length, plan.testimony_class, plan), 0, plan.testimony_tag)));
    row.set_testimony_digest(digest_.str());
    row.set_identity(to_string(
        identity.push(padded_record(40, plan.identity_class, plan), 0, plan.identity_tag)));
    row.set_identity_digest(digest_.str());
    return serialize_canonical(row);
  }
  std::optional<Fault> fault(const Plan& plan) {
    auto reader = SegmentReader::begin(header_, readers_.keys[0]);
    const auto opened = reader->next(row(plan));
    if (opened.ok()) return std::nullopt;
    return opened.error().fault;
  }

  TestReaders readers_ = make_readers(2, kWeek);
  std::unique_ptr<LockedSlab> slab_ = make_slab(2);
  SeededRandom ids_{9};
  Bytes header_;
  Digest digest_;
};

TEST_F(SegmentForgeryTest, ThePlanItselfIsAccepted) {
  EXPECT_EQ(fault({}), std::nullopt);
  EXPECT_EQ(fault({.testimony_tag = StreamReplay::kFinal, .identity_tag = StreamReplay::kFinal}),
            std::nullopt);
}

TEST_F(SegmentForgeryTest, OtherTagsThanRekeyAndFinalAreRefused) {
  for (const std::uint8_t tag : {StreamReplay::kMessage, StreamReplay::kPush}) {
    EXPECT_EQ(fault({.testimony_tag = tag, .identity_tag = tag}), Fault::kMalformed);
    EXPECT_EQ(fault({.testimony_tag = tag}), Fault::kMalformed);
    EXPECT_EQ(fault({.identity_tag = tag}), Fault::kMalformed);
  }
}

TEST_F(SegmentForgeryTest, OneStreamDoesNotEndAlone) {
  EXPECT_EQ(fault({.testimony_tag = StreamReplay::kFinal}), Fault::kMalformed);
  EXPECT_EQ(fault({.identity_tag = StreamReplay::kFinal}), Fault::kMalformed);
}

TEST_F(SegmentForgeryTest, TheClassIsTheSmallestThatTheLongerNeeds) {
  EXPECT_EQ(fault({.testimony_length = 255}), std::nullopt);
  EXPECT_EQ(fault({.testimony_class = 512, .identity_class = 512}), Fault::kMalformed);
  EXPECT_EQ(fault({.testimony_length = 255, .testimony_class = 512, .identity_class = 512}),
            Fault::kMalformed);
  EXPECT_EQ(fault({.testimony_length = 256, .testimony_class = 512, .identity_class = 512}),
            std::nullopt);
}

TEST_F(SegmentForgeryTest, SizesThatAreNoClassOrDifferAreRefused) {
  EXPECT_EQ(fault({.testimony_class = 300, .identity_class = 300}), Fault::kMalformed);
  EXPECT_EQ(fault({.testimony_class = 512}), Fault::kMalformed);
}

TEST_F(SegmentForgeryTest, RecordsWithoutPaddingOrSaltAreRefused) {
  EXPECT_EQ(fault({.padded = false}), Fault::kMalformed);
  EXPECT_EQ(fault({.salted = false}), Fault::kMalformed);
}

// Headers: one change each, every inner digest made to fit again.
struct HeaderCase {
  const char* what;
  std::function<void(pb::SegmentHeader&, pb::EnvelopeSet&, pb::SegmentContext&)> change;
  Fault fault;
};

class ForgedHeaderTest : public SegmentForgeryTest,
                         public ::testing::WithParamInterface<std::size_t> {};

const std::vector<HeaderCase>& header_cases() {
  using H = pb::SegmentHeader;
  using S = pb::EnvelopeSet;
  using C = pb::SegmentContext;
  static const std::vector<HeaderCase> kCases = {
      {"another format", [](H& h, S&, C&) { h.set_format(2); }, Fault::kMalformed},
      {"another set format", [](H&, S& s, C&) { s.set_format(2); }, Fault::kMalformed},
      {"another context format", [](H&, S&, C& c) { c.set_format(2); }, Fault::kMalformed},
      {"no kem", [](H&, S& s, C&) { s.clear_kem(); }, Fault::kMalformed},
      {"an unknown kem", [](H&, S& s, C&) { s.set_kem(static_cast<pb::Kem>(2)); },
       Fault::kMalformed},
      {"a quorum without groups",
       [](H&, S& s, C&) { s.mutable_policy()->set_kind(pb::POLICY_QUORUM); }, Fault::kMalformed},
      {"no policy", [](H&, S& s, C&) { s.clear_policy(); }, Fault::kMalformed},
      {"groups under ANY", [](H&, S& s, C&) { s.mutable_policy()->add_groups(); },
       Fault::kMalformed},
      {"a group under ANY", [](H&, S& s, C&) { s.mutable_members(0)->set_group(1); },
       Fault::kMalformed},
      {"the other compartment's set",
       [](H&, S& s, C&) { s.set_compartment(pb::COMPARTMENT_IDENTITY); }, Fault::kMalformed},
      {"the other compartment's context",
       [](H&, S&, C& c) { c.set_compartment(pb::COMPARTMENT_IDENTITY); }, Fault::kMalformed},
      {"another report inside", [](H&, S&, C& c) { c.set_report_id(std::string(16, 'x')); },
       Fault::kMalformed},
      {"another report outside", [](H& h, S&, C&) { h.set_report_id(std::string(16, 'x')); },
       Fault::kMalformed},
      {"another index", [](H& h, S&, C&) { h.set_segment_index(1); }, Fault::kMalformed},
      {"another set id", [](H&, S&, C& c) { c.set_set_id(std::string(16, 'x')); },
       Fault::kMalformed},
      {"another form in one stream",
       [](H&, S&, C& c) { c.set_questionnaire_digest(std::string(32, 'x')); }, Fault::kMalformed},
      {"a short form digest", [](H&, S&, C& c) { c.set_questionnaire_digest("x"); },
       Fault::kMalformed},
      {"another roster in one stream",
       [](H&, S& s, C&) { s.set_roster_digest(std::string(32, 'x')); }, Fault::kMalformed},
      {"other lists in one stream", [](H&, S& s, C&) { s.set_lists_digest(std::string(32, 'x')); },
       Fault::kMalformed},
      {"another week in one stream", [](H&, S& s, C&) { s.set_week("2026-W46"); },
       Fault::kMalformed},
      {"a member twice",
       [](H&, S& s, C&) { s.mutable_members(1)->set_member_id(s.members(0).member_id()); },
       Fault::kMalformed},
      {"a key of low order",
       [](H&, S& s, C&) { s.mutable_members(1)->set_x25519(std::string(32, '\0')); },
       Fault::kMalformed},
      {"no members", [](H&, S& s, C&) { s.clear_members(); }, Fault::kMalformed},
      {"an envelope too many",
       [](H& h, S&, C&) { *h.mutable_testimony()->add_envelopes() = std::string(116, 'x'); },
       Fault::kMalformed},
      {"an envelope too few",
       [](H& h, S&, C&) { h.mutable_testimony()->mutable_envelopes()->RemoveLast(); },
       Fault::kMalformed},
      {"a short envelope",
       [](H& h, S&, C&) { h.mutable_testimony()->mutable_envelopes(1)->pop_back(); },
       Fault::kMalformed},
      {"a short commitment",
       [](H& h, S&, C&) { h.mutable_testimony()->mutable_key_commitment()->pop_back(); },
       Fault::kMalformed},
      {"a short stream header",
       [](H& h, S&, C&) { h.mutable_testimony()->mutable_stream_header()->pop_back(); },
       Fault::kMalformed},
      {"commitments under ANY",
       [](H& h, S&, C&) { h.mutable_testimony()->set_commitments_digest(std::string(32, 'x')); },
       Fault::kMalformed},
      {"another key's commitment",
       [](H& h, S&, C&) { h.mutable_testimony()->set_key_commitment(std::string(32, 'x')); },
       Fault::kUnauthentic},
      {"the set of another id", [](H&, S& s, C&) { s.set_set_id(std::string(16, 'y')); },
       Fault::kMalformed},
  };
  return kCases;
}

TEST_P(ForgedHeaderTest, IsRefused) {
  const HeaderCase& c = header_cases()[GetParam()];
  pb::SegmentHeader header;
  header.ParseFromArray(header_.data(), static_cast<int>(header_.size()));
  pb::EnvelopeSet set;
  set.ParseFromString(header.testimony().envelope_set());
  pb::SegmentContext context;
  context.ParseFromString(header.testimony().context());
  c.change(header, set, context);
  const Bytes set_bytes = serialize_canonical(set);
  context.set_set_digest(blake2b(set_bytes).str());
  header.mutable_testimony()->set_envelope_set(to_string(set_bytes));
  header.mutable_testimony()->set_context(to_string(serialize_canonical(context)));
  const auto reader = SegmentReader::begin(serialize_canonical(header), readers_.keys[0]);
  ASSERT_FALSE(reader.ok()) << c.what;
  EXPECT_EQ(reader.error().fault, c.fault) << c.what << ": " << reader.error().why.view();
}
INSTANTIATE_TEST_SUITE_P(All, ForgedHeaderTest, ::testing::Range<std::size_t>(0, 31));

TEST_F(SegmentForgeryTest, EveryForgedHeaderIsTried) {
  EXPECT_EQ(header_cases().size(), 31U);
}

// The envelope names its set: changing what the set says, consistently, does not open.
TEST_F(SegmentForgeryTest, AnEnvelopeOpensForItsOwnSetOnly) {
  pb::SegmentHeader header;
  header.ParseFromArray(header_.data(), static_cast<int>(header_.size()));
  for (auto* stream : {header.mutable_testimony(), header.mutable_identity()}) {
    pb::EnvelopeSet set;
    set.ParseFromString(stream->envelope_set());
    set.set_roster_digest(std::string(32, 'x'));
    const Bytes bytes = serialize_canonical(set);
    stream->set_envelope_set(to_string(bytes));
    pb::SegmentContext context;
    context.ParseFromString(stream->context());
    context.set_set_digest(blake2b(bytes).str());
    stream->set_context(to_string(serialize_canonical(context)));
  }
  const Bytes forged = serialize_canonical(header);
  EXPECT_TRUE(open::read_claims(forged).ok());
  EXPECT_EQ(SegmentReader::begin(forged, readers_.keys[0]).error().fault, Fault::kUnauthentic);
}

}  // namespace
}  // namespace resguardo
