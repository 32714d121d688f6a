// SPDX-License-Identifier: AGPL-3.0-or-later
// What is found wrong before a server starts, and what stops the start.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/bot/http/certificates.h"
#include "tests/bot/http/http_fixture.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::http::testing {
namespace {

using ::testing::HasSubstr;
using testing_support::TemporaryDirectory;

// "" for well, or what is wrong, after the place of the address at fault.
std::string wrong(const std::vector<std::string>& addresses, bool now) {
  std::size_t at_fault = 0;
  const Status found = check_listeners(addresses, now, at_fault);
  return found.ok() ? "" : std::to_string(at_fault) + ": " + found.error().why.c_str();
}

TEST(ListenersTest, AnAddressThatIsNoneIsFoundWithoutBindingIt) {
  EXPECT_EQ(wrong({"127.0.0.1:1", "192.0.2.1:2", "unix:/nowhere/socket"}, false), "");
  EXPECT_THAT(wrong({"127.0.0.1:1", "localhost:2"}, false), HasSubstr("1: the address is not"));
  EXPECT_THAT(wrong({"127.0.0.1"}, false), HasSubstr("0: not ADDRESS:PORT"));
}

TEST(ListenersTest, WhatCannotBeHadNowIsFoundAndNothingIsKept) {
  HttpFixture fixture;
  fixture.start();
  const std::string taken = "127.0.0.1:" + std::to_string(fixture.port());
  EXPECT_EQ(wrong({taken}, false), "");
  EXPECT_THAT(wrong({"127.0.0.1:0", taken}, true), HasSubstr("1: the address is in use"));
  EXPECT_THAT(wrong({"192.0.2.1:0"}, true), HasSubstr("does not have the address"));
  EXPECT_THAT(wrong({"unix:/nowhere/socket"}, true), HasSubstr("directory of the socket"));
  fixture.server.reset();
  EXPECT_EQ(wrong({taken}, true), "");
  EXPECT_EQ(wrong({taken}, true), "");
  const TemporaryDirectory directory;
  const std::string path = directory.path() / "socket";
  EXPECT_EQ(wrong({"unix:" + path}, true), "");
  EXPECT_FALSE(std::filesystem::exists(path));
}

// Each of two would get half of what is sent to the other: webhooks, or the pages of an operator.
TEST(ListenersTest, TwoAtOneAddressAreRefused) {
  HttpFixture fixture;
  fixture.start();
  const std::string free = "127.0.0.1:" + std::to_string(fixture.port());
  fixture.server.reset();
  for (const auto& address : {free, std::string("unix:/nowhere/socket")})
    EXPECT_THAT(wrong({"127.0.0.1:0", address, address}, false), HasSubstr("2: another listener"));
  EXPECT_EQ(wrong({"127.0.0.1:0", "127.0.0.1:0"}, true), "") << "two free ports are two";
  ServerConfig config = fixture.config(free);
  config.listeners.push_back(config.listeners.front());
  config.listeners.back().name = "second";
  std::string failed;
  const auto refused = Server::start(std::move(config), &failed);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(failed, "second");
  EXPECT_THAT(refused.error().why.c_str(), HasSubstr("another listener"));
}

class CertificateTest : public ::testing::Test {
 protected:
  static std::string wrong(const TlsFiles& files) {
    const auto checked = check_tls(files);
    return checked.ok() ? "" : checked.error().why.c_str();
  }
  TemporaryDirectory directory_;
  CertificateFiles files_ = make_certificate(directory_.path(), "good", "DNS:localhost");
};

TEST_F(CertificateTest, SaysFromWhenAndUntilWhen) {
  const auto valid = check_tls({files_.certificate, files_.key});
  ASSERT_TRUE(valid.ok());
  EXPECT_EQ(valid->until - valid->from, std::chrono::hours(2));
  const auto now = std::chrono::system_clock::now();
  EXPECT_LT(valid->from, now);
  EXPECT_GT(valid->until, now);
}

TEST_F(CertificateTest, SaysWhichOfTheTwoFilesIsWrong) {
  const CertificateFiles other = make_certificate(directory_.path(), "other", "DNS:localhost");
  EXPECT_THAT(wrong({files_.certificate, other.key}), HasSubstr("is not the certificate's"));
  EXPECT_THAT(wrong({files_.key, files_.key}), HasSubstr("certificate file cannot be used"));
  EXPECT_THAT(wrong({files_.certificate, files_.certificate}), HasSubstr("key file cannot be"));
}

// OpenSSL keeps one key of each kind: this one is taken, and no handshake succeeds.
TEST_F(CertificateTest, AKeyOfAnotherKindStopsTheStart) {
  const std::string rsa = make_rsa_key(directory_.path(), "rsa");
  EXPECT_THAT(wrong({files_.certificate, rsa}), HasSubstr("is not the certificate's"));
  HttpFixture fixture;
  ServerConfig config = fixture.config();
  config.listeners.front().tls = TlsFiles{files_.certificate, rsa};
  EXPECT_FALSE(Server::start(std::move(config)).ok());
}

TEST_F(CertificateTest, AServerSaysWhenItsOwnEnds) {
  HttpFixture fixture;
  fixture.start();
  EXPECT_EQ(fixture.server->certificate_ends(), std::nullopt);
  ServerConfig config = fixture.config();
  config.listeners.front().tls = TlsFiles{files_.certificate, files_.key};
  fixture.start(std::move(config));
  EXPECT_EQ(fixture.server->certificate_ends(), check_tls({files_.certificate, files_.key})->until);
}

}  // namespace
}  // namespace resguardo::http::testing
