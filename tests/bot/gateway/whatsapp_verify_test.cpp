// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "crypto/base/hash.h"
#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;

// Made with `openssl dgst -sha256 -hmac SECRET`.
struct Vector {
  std::string_view secret;
  std::string_view body;
  std::string_view digest;
};
constexpr std::string_view kEscapedBody =
    R"({"object":"whatsapp_business_account","entry":[{"id":"900100200300400","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550100000","phone_number_id":"700800900100200"},"contacts":[{"profile":{"name":"N\u0131l\u00fcfer"},"wa_id":"38163555010"}],"messages":[{"from":"38163555010","id":"wamid.TESTVECTOR1","timestamp":"1790000000","type":"text","text":{"body":"\u0633\u0644\u0627\u0645 \u2013 help"}}]}}]}]})";
constexpr std::string_view kEscapedDigest =
    "b6b6ab9be06de656015696c012c514b4f093ce4d5bd387f23e6bc4a4b64b0648";
constexpr std::array kVectors = {
    Vector{"test_app_secret", R"({"object":"whatsapp_business_account","entry":[]})",
           "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"},
    Vector{"test_app_secret", R"({"object": "whatsapp_business_account", "entry": []})",
           "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a"},
    Vector{"border-bot-test-secret", R"({"object":"whatsapp_business_account","entry":[]})",
           "6bdc9f8dd0ef80687dc6b67f65f3f4273aa692c06b640705d2f7a618fea91733"},
    Vector{"border-bot-test-secret", "",
           "1159d796d536ad047c0c9a1372935c637e6e6708545e9a4eddd2c88364f251a2"},
    Vector{"secret", "test", "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914"},
    Vector{"border-bot-test-secret", kEscapedBody, kEscapedDigest},
};

std::unique_ptr<Gateway> with_secrets(std::vector<std::string_view> app_secrets) {
  GatewaySettings settings;
  settings.whatsapp = whatsapp_config();
  settings.whatsapp->app_secrets.clear();
  for (const auto text : app_secrets) settings.whatsapp->app_secrets.push_back(secret(text));
  return std::move(make_gateways(std::move(settings)).value().front());
}

bool takes(const Gateway& gateway, std::string_view body, std::vector<std::string> signatures,
           std::string method = "POST") {
  RawRequest request;
  request.method = std::move(method);
  request.target = "/webhooks/whatsapp";
  for (std::string& value : signatures) {
    request.headers.push_back({"x-hub-signature-256", std::move(value)});
  }
  request.body = SecretBuffer(as_bytes(body));
  return gateway.verify_and_parse(std::move(request), TimePoint()).ok();
}

Handshake shake(std::string target, std::string method = "GET") {
  RawRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  return make_gateway("whatsapp")->handshake(request).value();
}

TEST(WhatsAppSignatureTest, FitsTheVectorsOfAnotherTool) {
  for (const Vector& vector : kVectors) {
    const auto gateway = with_secrets({vector.secret});
    EXPECT_TRUE(takes(*gateway, vector.body, {"sha256=" + std::string(vector.digest)}));
  }
}

TEST(WhatsAppSignatureTest, IsOverTheBytesAsTheyCame) {
  EXPECT_EQ(kEscapedBody.size(), 464U);
  const std::string raw = [] {
    std::string text(kEscapedBody);
    const std::array<std::pair<std::string_view, std::string_view>, 7> pairs = {{{"\\u0131", "ı"},
                                                                                 {"\\u00fc", "ü"},
                                                                                 {"\\u0633", "س"},
                                                                                 {"\\u0644", "ل"},
                                                                                 {"\\u0627", "ا"},
                                                                                 {"\\u0645", "م"},
                                                                                 {"\\u2013", "–"}}};
    for (const auto& [escape, letter] : pairs) text.replace(text.find(escape), 6, letter);
    return text;
  }();
  EXPECT_EQ(raw.size(), 437U);
  const auto gateway = with_secrets({"border-bot-test-secret"});
  EXPECT_FALSE(takes(*gateway, raw, {"sha256=" + std::string(kEscapedDigest)}));
  EXPECT_TRUE(takes(*gateway, raw,
                    {"sha256=4f44965f9ba95a59f22c0dd4e73b845a685805b34c40912851a5ebafb6d44a4a"}));
}

TEST(WhatsAppSignatureTest, FitsEitherSecretDuringRotation) {
  const auto gateway = with_secrets({"test_app_secret", "border-bot-test-secret"});
  EXPECT_TRUE(takes(*gateway, kVectors[0].body, {"sha256=" + std::string(kVectors[0].digest)}));
  EXPECT_TRUE(takes(*gateway, kVectors[2].body, {"sha256=" + std::string(kVectors[2].digest)}));
  EXPECT_FALSE(takes(*gateway, kVectors[4].body, {"sha256=" + std::string(kVectors[4].digest)}));
}

TEST(WhatsAppSignatureTest, FailsForEveryFlippedBitOfBodyOrDigest) {
  const auto gateway = with_secrets({"test_app_secret"});
  const std::string signature = "sha256=" + std::string(kVectors[0].digest);
  for (std::size_t bit = 0; bit < kVectors[0].body.size() * 8; ++bit) {
    std::string body(kVectors[0].body);
    body[bit / 8] = static_cast<char>(body[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(takes(*gateway, body, {signature}));
  }
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string flipped = signature;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(takes(*gateway, kVectors[0].body, {flipped}));
  }
}

TEST(WhatsAppSignatureTest, IsStrictInForm) {
  const auto gateway = with_secrets({"test_app_secret"});
  const std::string digest(kVectors[0].digest);
  const std::string_view body = kVectors[0].body;
  ASSERT_TRUE(takes(*gateway, body, {"sha256=" + digest}));
  EXPECT_FALSE(takes(*gateway, body, {}));
  EXPECT_FALSE(takes(*gateway, body, {"sha256=" + digest, "sha256=" + digest}));
  EXPECT_FALSE(takes(*gateway, body, {digest}));
  EXPECT_FALSE(takes(*gateway, body, {"sha256="}));
  EXPECT_FALSE(takes(*gateway, body, {"sha1=" + digest}));
  EXPECT_FALSE(takes(*gateway, body, {"sha256=" + digest + "00"}));
  EXPECT_FALSE(takes(*gateway, body, {"sha256=" + digest.substr(2)}));
  EXPECT_FALSE(takes(*gateway, body, {"sha256=" + digest + " "}));
  EXPECT_FALSE(takes(*gateway, body, {"sha256=" + digest}, "PUT"));
}

TEST(WhatsAppHandshakeTest, EchoesTheChallengeInAnyOrder) {
  const Handshake shaken = shake(
      "/webhooks/whatsapp?hub.challenge=1158201444&hub.verify_token=verify%2Dthis.token"
      "&hub.mode=subscribe&other=x");
  EXPECT_TRUE(shaken.accepted);
  EXPECT_EQ(shaken.body, "1158201444");
}

TEST(WhatsAppHandshakeTest, RefusesEverythingElse) {
  const std::string good = "/w?hub.mode=subscribe&hub.verify_token=verify-this.token";
  ASSERT_TRUE(shake(good + "&hub.challenge=1").accepted);
  EXPECT_TRUE(shake(good + "&hub.challenge=" + std::string(256, 'a')).accepted);
  EXPECT_FALSE(shake(good + "&hub.challenge=" + std::string(257, 'a')).accepted);
  for (const char* rest :
       {"", "&hub.challenge=", "&hub.challenge", "&hub.challenge=%3Cb%3E", "&hub.challenge=a+b",
        "&hub.challenge=1&hub.challenge=1", "&hub.challenge=1&hub.mode=subscribe",
        "&hub.challenge=1&hub.verify_token=x", "&hub.challenge=%"}) {
    EXPECT_FALSE(shake(good + rest).accepted) << rest;
  }
  EXPECT_FALSE(
      shake("/w?hub.mode=unsubscribe&hub.verify_token=verify-this.token&hub.challenge=1").accepted);
  EXPECT_FALSE(
      shake("/w?hub.mode=subscribe&hub.verify_token=verify-this.tokex&hub.challenge=1").accepted);
  EXPECT_FALSE(shake("/w?hub.mode=subscribe&hub.challenge=1").accepted);
  EXPECT_FALSE(shake("/w").accepted);
  EXPECT_FALSE(shake("not a target").accepted);
  EXPECT_FALSE(shake(good + "&hub.challenge=1", "POST").accepted);
}

TEST(WhatsAppSettingsTest, AreRefusedWhenTheyCannotWork) {
  const auto works = [](auto change) {
    GatewaySettings settings;
    settings.whatsapp = whatsapp_config();
    change(*settings.whatsapp);
    return make_gateways(std::move(settings)).ok();
  };
  using whatsapp::Config;
  EXPECT_TRUE(works([](Config&) {}));
  EXPECT_FALSE(works([](Config& config) { config.phone_number_id = ""; }));
  EXPECT_FALSE(works([](Config& config) { config.phone_number_id = "1/../2"; }));
  EXPECT_FALSE(works([](Config& config) { config.app_secrets.clear(); }));
  EXPECT_FALSE(works([](Config& config) { config.app_secrets.push_back(secret("third")); }));
  EXPECT_FALSE(works([](Config& config) { config.app_secrets[0] = secret(""); }));
  EXPECT_FALSE(works([](Config& config) { config.access_token = secret("a\r\nhost: b"); }));
  EXPECT_FALSE(works([](Config& config) { config.verify_token = secret(""); }));
}

}  // namespace
}  // namespace resguardo::gateway
