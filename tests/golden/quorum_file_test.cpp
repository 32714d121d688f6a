// SPDX-License-Identifier: AGPL-3.0-or-later
// Requests and grants against what Python made (make_quorum_file_vectors.py).
#include <gtest/gtest.h>

#include "crypto/open/quorum_files.h"
#include "tests/golden/faults.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"

namespace resguardo::open {
namespace {

using testing_support::GoldenVector;

std::filesystem::path quorum_file_folder() {
  return testing_support::source_dir() / "tests" / "golden" / "quorum_files";
}

Status read(const GoldenVector& vector) {
  const Bytes file = vector.bytes("file");
  if (vector.text("kind") == "request") {
    RESGUARDO_TRY(const auto request, read_request(file));
    EXPECT_FALSE(request.content.items.empty());
    return success();
  }
  RESGUARDO_TRY(const auto grant, read_grant(file));
  Bytes secret = vector.bytes("secret");
  const auto key = SecretKey<EpochRole>::from_secret(SecretBytes::take(secret).value()).value();
  RESGUARDO_TRY(const auto shares, open_grant(grant, key));
  for (const GrantedShare& share : shares) EXPECT_EQ(share.share.place, 3U);
  return success();
}

class GoldenQuorumFileTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenQuorumFileTest, IsReadOrRefusedAsItSays) {
  const auto vector = GoldenVector::read(quorum_file_folder() / (GetParam() + ".txt"));
  const Status status = read(vector);
  if (vector.text("expect") == "success") {
    EXPECT_TRUE(status.ok()) << status.error().why.view();
    return;
  }
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().fault, testing_support::kFaultNames.at(vector.text("expect")))
      << status.error().why.view();
}

INSTANTIATE_TEST_SUITE_P(QuorumFiles, GoldenQuorumFileTest,
                         ::testing::ValuesIn(testing_support::vectors_in(quorum_file_folder())),
                         testing_support::name_of_vector);

}  // namespace
}  // namespace resguardo::open
