// SPDX-License-Identifier: AGPL-3.0-or-later
// How long a refusal takes says nothing about its reason. Measured where the work is done, by
// processor time, in turn, and judged by medians with wide margins: a label of its own, "slow".
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway::testing_support {
namespace {

constexpr int kRounds = 51;
constexpr std::size_t kLargeBody = 100'000;
constexpr double kMostApart = 1.5;
constexpr TimePoint kNow{std::chrono::milliseconds(1'795'000'000'000)};

double processor_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

using Make = std::function<RawRequest()>;

// The median of each, taken in turn so that whatever else the machine does hits all alike.
std::map<std::string, double> medians(const Gateway& gateway,
                                      const std::map<std::string, Make>& requests) {
  std::map<std::string, std::vector<double>> times;
  for (int round = 0; round < kRounds; ++round) {
    for (const auto& [name, make] : requests) {
      RawRequest request = make();
      const double begun = processor_time();
      const bool taken = gateway.verify_and_parse(std::move(request), kNow).ok();
      times[name].push_back(processor_time() - begun);
      EXPECT_FALSE(taken) << name;
    }
  }
  std::map<std::string, double> result;
  for (auto& [name, all] : times) {
    std::nth_element(all.begin(), all.begin() + kRounds / 2, all.end());
    result[name] = all[kRounds / 2];
  }
  return result;
}

void expect_alike(const std::map<std::string, double>& times) {
  const auto [least, most] = std::minmax_element(
      times.begin(), times.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  EXPECT_LT(most->second / least->second, kMostApart)
      << most->first << " takes " << most->second << " ns, " << least->first << " "
      << least->second;
}

TEST(RefusalWorkTest, WhatsAppReadsTheBodyWhateverTheSignatureSays) {
  const auto gateway = make_gateway("whatsapp");
  const auto post = [](std::vector<RawRequest::Header> headers) {
    return Make([headers = std::move(headers)] {
      RawRequest request;
      request.method = "POST";
      request.target = "/webhooks/whatsapp";
      request.headers = headers;
      request.body = SecretBuffer(Bytes(kLargeBody, 'x'));
      return request;
    });
  };
  const std::string name = "x-hub-signature-256";
  const std::string hex(64, 'a');
  expect_alike(
      medians(*gateway, {{"wrong", post({{name, "sha256=" + hex}})},
                         {"missing", post({})},
                         {"twice", post({{name, "sha256=" + hex}, {name, "sha256=" + hex}})},
                         {"short", post({{name, "sha256=aa"}})},
                         {"another", post({{name, "sha1=" + hex}})}}));
}

TEST(RefusalWorkTest, SignalLooksAtTokenAndCredentialsBothWhateverEitherSays) {
  const auto gateway = make_gateway("signal");
  const auto post = [](const std::string& token, std::vector<RawRequest::Header> headers) {
    return Make([token, headers = std::move(headers)] {
      RawRequest request = signed_request("signal", "{}", Auth::kGood);
      request.target = "/webhooks/signal/" + token;
      request.headers = headers;
      return request;
    });
  };
  const std::string right(kWebhookToken);
  std::string wrong = right;
  wrong.back() = 'x';
  const auto credentials = signed_request("signal", "{}", Auth::kGood).headers;
  const auto others = signed_request("signal", "{}", Auth::kWrong).headers;
  expect_alike(medians(*gateway, {{"another token", post(wrong, credentials)},
                                  {"other credentials", post(right, others)},
                                  {"neither", post(wrong, others)},
                                  {"no credentials", post(right, {})},
                                  {"nothing", post("", {})}}));
}

}  // namespace
}  // namespace resguardo::gateway::testing_support
