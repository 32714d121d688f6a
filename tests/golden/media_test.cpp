// SPDX-License-Identifier: AGPL-3.0-or-later
// Sealed files that Python made.
#include <gtest/gtest.h>

#include "crypto/base/hash.h"
#include "crypto/open/media_reader.h"
#include "tests/golden/faults.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"

namespace resguardo {
namespace {

using open::MediaFacts;
using open::MediaReader;
using testing_support::GoldenVector;

std::filesystem::path media_folder() {
  return testing_support::source_dir() / "tests" / "golden" / "media";
}

MediaFacts facts_in(const GoldenVector& vector) {
  Bytes key = vector.bytes("key");
  return {MediaId::from(vector.bytes("media_id")).value(),
          SecretBytes::take(key).value(),
          vector.bytes("header"),
          std::stoull(vector.text("length")),
          std::stoull(vector.text("padded_length")),
          std::stoull(vector.text("chunks")),
          Digest::from(vector.bytes("sha256")).value()};
}

// Where it fails, and how; or the file.
struct Verdict {
  std::string place;
  std::optional<Fault> fault;
  Bytes plain;
};

Verdict opened(const GoldenVector& vector) {
  auto reader = MediaReader::begin(facts_in(vector));
  if (!reader.ok()) return {"begin", reader.error().fault, {}};
  Bytes plain;
  std::size_t number = 0;
  for (const Bytes& chunk : vector.list("chunk")) {
    const auto piece = reader->next(chunk);
    if (!piece.ok()) return {std::to_string(number), piece.error().fault, {}};
    plain.insert(plain.end(), piece->view().begin(), piece->view().end());
    ++number;
  }
  const Status whole = reader->finish();
  if (!whole.ok()) return {"finish", whole.error().fault, {}};
  return {"", std::nullopt, plain};
}

class GoldenMediaTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenMediaTest, OpensOrFailsAsItSays) {
  const auto vector = GoldenVector::read(media_folder() / (GetParam() + ".txt"));
  const std::string expect = vector.text("expect");
  const Verdict found = opened(vector);
  if (expect != "success") {
    EXPECT_EQ(found.place, vector.text("fails_at"));
    EXPECT_EQ(found.fault, testing_support::kFaultNames.at(expect));
    return;
  }
  ASSERT_FALSE(found.fault.has_value()) << "at " << found.place;
  EXPECT_EQ(to_hex(sha256(found.plain).view()), vector.text("sha256"));
  if (vector.has("plain")) {
    EXPECT_EQ(to_hex(found.plain), vector.text("plain"));
  }
}

INSTANTIATE_TEST_SUITE_P(Media, GoldenMediaTest,
                         ::testing::ValuesIn(testing_support::vectors_in(media_folder())),
                         [](const auto& vector) { return vector.param; });

}  // namespace
}  // namespace resguardo
