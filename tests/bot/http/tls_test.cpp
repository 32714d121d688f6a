// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

#include "bot/http/client.h"
#include "tests/bot/http/certificates.h"
#include "tests/bot/http/http_fixture.h"
#include "tests/bot/http/raw_peer.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::http::testing {
namespace {

using std::chrono::seconds;
constexpr const char* kNames = "DNS:localhost,IP:127.0.0.1";

class TlsTest : public ::testing::Test {
 protected:
  void start(const CertificateFiles& files) {
    ServerConfig config = fixture_.config();
    config.listeners.front().tls = TlsFiles{files.certificate, files.key};
    fixture_.start(std::move(config));
  }
  static std::unique_ptr<Client> trusting(const CertificateFiles& files) {
    ClientConfig config;
    config.ca_file = files.certificate;
    return std::move(Client::create(config)).value();
  }
  ClientAnswer ask(Client& client, const std::string& host, std::string_view body = "secret") {
    ClientRequest request;
    request.base = "https://" + host + ":" + std::to_string(fixture_.port());
    request.method = "POST";
    request.path = "/echo";
    request.body = SecretBuffer(as_bytes(body));
    std::promise<ClientAnswer> answer;
    client.send(std::move(request), [&](ClientAnswer a) { answer.set_value(std::move(a)); });
    return answer.get_future().get();
  }
  CertificateFiles make(const std::string& stem, const std::string& names = kNames) {
    return make_certificate(directory_.path(), stem, names);
  }

  testing_support::TemporaryDirectory directory_;
  HttpFixture fixture_;
};

TEST_F(TlsTest, CarriesRequestsToANameAndToAnAddress) {
  const CertificateFiles files = make("good");
  start(files);
  const auto client = trusting(files);
  for (const char* host : {"localhost", "127.0.0.1"}) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{999}, kBodyLimit}) {
      const ClientAnswer answer = ask(*client, host, std::string(size, 's'));
      EXPECT_EQ(answer.status, 200U) << answer.failure.c_str();
      EXPECT_EQ(answer.body.size(), size);
    }
  }
}

TEST_F(TlsTest, LimitsHoldAsWithoutTls) {
  const CertificateFiles files = make("good");
  start(files);
  const auto client = trusting(files);
  EXPECT_EQ(ask(*client, "localhost", std::string(kBodyLimit + 1, 's')).status, 413U);
  EXPECT_EQ(ask(*client, "localhost", std::string(200'000, 's')).status, 413U);
}

TEST_F(TlsTest, AnotherNameIsRefused) {
  const CertificateFiles files = make("other", "DNS:other.example,IP:127.0.0.2");
  start(files);
  const auto client = trusting(files);
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const ClientAnswer answer = ask(*client, host);
    EXPECT_EQ(answer.status, 0U);
    EXPECT_STREQ(answer.failure.c_str(),
                 "TLS was refused: the certificate, its name or the version");
  }
}

TEST_F(TlsTest, AnUnknownAuthorityIsRefused) {
  start(make("unknown"));
  const auto client = trusting(make("trusted"));
  EXPECT_EQ(ask(*client, "localhost").status, 0U);
  const auto of_the_system = std::move(Client::create({})).value();
  EXPECT_EQ(ask(*of_the_system, "localhost").status, 0U);
}

TEST_F(TlsTest, PlainTextToATlsPortAndTheOtherWayRoundEnd) {
  const CertificateFiles files = make("good");
  start(files);
  RawPeer peer = RawPeer::connect(fixture_.port());
  ASSERT_TRUE(peer.send(get("/small")));
  EXPECT_EQ(peer.read_all().find("HTTP/"), std::string::npos);

  HttpFixture plain;
  plain.start();
  const auto client = trusting(files);
  ClientRequest request;
  request.base = "https://127.0.0.1:" + std::to_string(plain.port());
  request.method = "GET";
  request.path = "/small";
  std::promise<ClientAnswer> answer;
  client->send(std::move(request), [&](ClientAnswer a) { answer.set_value(std::move(a)); });
  EXPECT_EQ(answer.get_future().get().status, 0U);
}

TEST_F(TlsTest, OldVersionsAndWeakCiphersAreRefused) {
  const CertificateFiles files = make("good");
  start(files);
  const std::string connect =
      "openssl s_client -connect 127.0.0.1:" + std::to_string(fixture_.port()) + " -CAfile " +
      files.certificate + " -verify_return_error ";
  // An independent TLS client; the command is made of nothing but this test's own words.
  const auto works = [&](const std::string& options) {
    // NOLINTNEXTLINE(cert-env33-c)
    return std::system((connect + options + " </dev/null >/dev/null 2>&1").c_str()) == 0;
  };
  EXPECT_TRUE(works("-tls1_3"));
  EXPECT_TRUE(works("-tls1_2"));
  EXPECT_TRUE(works("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256"));
  EXPECT_FALSE(works("-tls1_1 -cipher DEFAULT@SECLEVEL=0"));
  EXPECT_FALSE(works("-tls1 -cipher DEFAULT@SECLEVEL=0"));
  EXPECT_FALSE(works("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA"));
}

TEST_F(TlsTest, ReloadingReplacesTheCertificateForNewConnections) {
  const CertificateFiles old_files = make("old");
  const CertificateFiles new_files = make("new");
  const CertificateFiles live = make("live");
  const auto install = [&](const CertificateFiles& files) {
    using std::filesystem::copy_options;
    std::filesystem::copy_file(files.certificate, live.certificate,
                               copy_options::overwrite_existing);
    std::filesystem::copy_file(files.key, live.key, copy_options::overwrite_existing);
  };
  install(old_files);
  start(live);
  const auto trusts_old = trusting(old_files);
  const auto trusts_new = trusting(new_files);
  EXPECT_EQ(ask(*trusts_old, "localhost").status, 200U);
  EXPECT_EQ(ask(*trusts_new, "localhost").status, 0U);
  install(new_files);
  ASSERT_TRUE(fixture_.server->reload_tls().ok());
  EXPECT_EQ(ask(*trusts_new, "localhost").status, 200U);
  EXPECT_EQ(ask(*trusts_old, "localhost").status, 200U);  // its kept connection goes on
  EXPECT_EQ(ask(*trusting(old_files), "localhost").status, 0U);
}

TEST_F(TlsTest, AFailedReloadChangesNothing) {
  const CertificateFiles files = make("good");
  const CertificateFiles other = make("other");
  start(files);
  const auto client = trusting(files);
  std::filesystem::copy_file(other.key, files.key,
                             std::filesystem::copy_options::overwrite_existing);
  const Status mismatch = fixture_.server->reload_tls();
  ASSERT_FALSE(mismatch.ok());
  EXPECT_EQ(mismatch.error().fault, Fault::kMalformed);
  std::ofstream(files.certificate, std::ios::trunc) << "not a certificate";
  EXPECT_FALSE(fixture_.server->reload_tls().ok());
  EXPECT_EQ(ask(*client, "127.0.0.1").status, 200U);
}

TEST_F(TlsTest, FilesThatCannotBeUsedStopTheStart) {
  const CertificateFiles files = make("good");
  const CertificateFiles other = make("other");
  const std::string missing = directory_.path() / "missing.pem";
  for (const TlsFiles& bad :
       {TlsFiles{missing, files.key}, TlsFiles{files.certificate, missing},
        TlsFiles{files.certificate, other.key}, TlsFiles{files.key, files.key}}) {
    ServerConfig config = fixture_.config();
    config.listeners.front().tls = bad;
    std::string failed;
    const auto refused = Server::start(std::move(config), &failed);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::kMalformed);
    EXPECT_EQ(failed, "test");
  }
  ClientConfig config;
  config.ca_file = missing;
  EXPECT_FALSE(Client::create(config).ok());
}

// A handshake that does not go on has the time of a request, and stop() does not wait for it.
TEST_F(TlsTest, AHandshakeThatHangsIsCut) {
  const CertificateFiles files = make("good");
  ServerConfig config = fixture_.config();
  config.listeners.front().tls = TlsFiles{files.certificate, files.key};
  config.request = std::chrono::milliseconds(100);
  fixture_.start(std::move(config));
  RawPeer slow = RawPeer::connect(fixture_.port());
  ASSERT_TRUE(slow.send("\x16\x03\x01\x02"));
  EXPECT_EQ(slow.read_all(), "");
}

TEST_F(TlsTest, StopEndsIdleTlsConnectionsAtOnce) {
  const CertificateFiles files = make("good");
  start(files);
  const auto client = trusting(files);
  EXPECT_EQ(ask(*client, "localhost").status, 200U);
  RawPeer hanging = RawPeer::connect(fixture_.port());
  const auto before = std::chrono::steady_clock::now();
  fixture_.server->stop(seconds(30));
  EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(15));
}

TEST_F(TlsTest, ManyConnectionsAtOnce) {
  const CertificateFiles files = make("good");
  start(files);
  ClientConfig config;
  config.ca_file = files.certificate;
  config.threads = 2;
  config.connections_per_host = 64;
  const auto client = std::move(Client::create(config)).value();
  std::atomic<int> right{0};
  std::promise<void> all;
  constexpr int kRequests = 256;
  std::atomic<int> left{kRequests};
  for (int i = 0; i < kRequests; ++i) {
    ClientRequest request;
    request.base = "https://localhost:" + std::to_string(fixture_.port());
    request.method = "POST";
    request.path = "/echo";
    request.body = SecretBuffer(as_bytes(std::to_string(i)));
    client->send(std::move(request), [&, i](const ClientAnswer& answer) {
      if (as_text(answer.body.view()) == std::to_string(i)) ++right;
      if (--left == 0) all.set_value();
    });
  }
  ASSERT_EQ(all.get_future().wait_for(seconds(60)), std::future_status::ready);
  EXPECT_EQ(right, kRequests);
}

}  // namespace
}  // namespace resguardo::http::testing
