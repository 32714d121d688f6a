// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/listening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/bot/http/certificates.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::commands {
namespace {

using std::chrono::hours;
using ::testing::HasSubstr;

TEST(ListeningTest, NamesTheSettingAndHowItIsWritten) {
  config::Config config;
  config.server.admin_listen = "127.0.0.1";
  const auto wrong = listening_problem(config, false);
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->where, "[server] admin_listen");
  EXPECT_EQ(wrong->code, program::ExitCode::kUsage);
  EXPECT_THAT(wrong->mend, HasSubstr("unix:/PATH"));
  config.server.admin_listen = config.server.listen;
  EXPECT_THAT(listening_problem(config, false)->what, HasSubstr("another listener"));
  EXPECT_EQ(listener_problem({Fault::kUnavailable, "x"}, "public").where, "[server] listen");
}

class CertificateFindingsTest : public ::testing::Test {
 protected:
  CertificateFindingsTest() {
    const auto made = http::testing::make_certificate(directory_.path(), "one", "DNS:localhost");
    config_.server.tls_certificate = made.certificate;
    config_.server.tls_key = made.key;
    std::filesystem::permissions(made.key, std::filesystem::perms::owner_read);
  }
  CertificateFindings at(std::chrono::system_clock::duration from_now) const {
    return look_at_certificate(config_,
                               now_ + std::chrono::floor<std::chrono::milliseconds>(from_now));
  }
  testing_support::TemporaryDirectory directory_;
  config::Config config_;
  // Valid from an hour ago until an hour from now.
  TimePoint now_ = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
};

TEST_F(CertificateFindingsTest, OneThatHasEndedOrNotBegunIsAProblem) {
  EXPECT_THAT(at(hours(2)).problem->what, HasSubstr("has expired"));
  EXPECT_THAT(at(-hours(2)).problem->what, HasSubstr("not valid yet"));
  EXPECT_EQ(at(hours(2)).problem->where, "[server] tls_certificate");
}

TEST_F(CertificateFindingsTest, OneThatEndsSoonIsAWarning) {
  EXPECT_FALSE(at(hours(0)).problem);
  EXPECT_THAT(at(hours(0)).warning->what, HasSubstr("within a day"));
}

TEST_F(CertificateFindingsTest, AKeyThatEverybodyReadsIsAWarning) {
  std::filesystem::permissions(*config_.server.tls_key, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_THAT(at(hours(0)).warning->mend, HasSubstr("chmod 600"));
}

TEST_F(CertificateFindingsTest, FilesThatCannotBeUsedAreAProblemOfTheirSettings) {
  std::filesystem::remove(*config_.server.tls_key);
  EXPECT_THAT(at(hours(0)).problem->where, HasSubstr("[server] tls_certificate, tls_key"));
  EXPECT_FALSE(certificate_usable(config_).ok());
  config_.server.tls_certificate.reset();
  config_.server.tls_key.reset();
  EXPECT_FALSE(at(hours(0)).problem) << "a proxy ends TLS";
  EXPECT_TRUE(certificate_usable(config_).ok());
}

TEST(CertificateDaysTest, ThoseThatHavePassedAreNegative) {
  const TimePoint now(std::chrono::days(20'000));
  EXPECT_EQ(days_until(now + hours(49), now), 2);
  EXPECT_EQ(days_until(now + hours(1), now), 0);
  EXPECT_EQ(days_until(now - hours(1), now), -1);
}

}  // namespace
}  // namespace resguardo::commands
