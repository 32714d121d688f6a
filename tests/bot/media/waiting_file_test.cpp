// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/waiting_file.h"

#include <gtest/gtest.h>

namespace resguardo::media {
namespace {

TEST(WaitingFileTest, IsReadAsItWasWritten) {
  WaitingFile file;
  file.media.bytes[3] = 7;
  file.report.bytes[2] = 9;
  file.day = Day{20'000};
  file.gateway = "whatsapp";
  file.told = {"8811", "https://lookaside.fbsbx.com/x", 48'213, Digest{{1, 2, 3}}};
  file.mime = "image/jpeg";
  file.file_name = "paper.pdf";
  file.node = "story";
  file.instance = {0, 3};
  file.voice = file.identity = true;
  file.questionnaire.bytes[0] = 5;
  const auto read = read_waiting({file.media, file.report, file.day, write_waiting(file)}).value();
  EXPECT_EQ(read.media, file.media);
  EXPECT_EQ(read.report, file.report);
  EXPECT_EQ(read.day, file.day);
  EXPECT_EQ(read.told.reference, "8811");
  EXPECT_EQ(read.told.url, file.told.url);
  EXPECT_EQ(read.told.size, 48'213U);
  EXPECT_EQ(read.told.sha256, file.told.sha256);
  EXPECT_EQ(read.instance, file.instance);
  EXPECT_TRUE(read.voice && read.identity && !read.forwarded);
  EXPECT_EQ(read.questionnaire, file.questionnaire);
  EXPECT_EQ(write_waiting(read), write_waiting(file));
}

TEST(WaitingFileTest, WhatWasNotToldStaysUntold) {
  WaitingFile file;
  const auto read = read_waiting({file.media, file.report, file.day, write_waiting(file)}).value();
  EXPECT_FALSE(read.told.size.has_value());
  EXPECT_FALSE(read.told.sha256.has_value());
}

TEST(WaitingFileTest, RefusesWhatItDidNotWrite) {
  EXPECT_FALSE(read_waiting({{}, {}, {}, {}}).ok());
  EXPECT_FALSE(read_waiting({{}, {}, {}, Bytes{0xFF, 0xFF}}).ok());
}

}  // namespace
}  // namespace resguardo::media
