// SPDX-License-Identifier: AGPL-3.0-or-later
// Every test program starts as our programs do.
#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>

#include "crypto/base/initialise.h"

int main(int argc, char** argv) {
  google::protobuf::SetLogHandler(nullptr);
  if (!resguardo::initialise_crypto().ok()) return 2;
  ::testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
