// SPDX-License-Identifier: AGPL-3.0-or-later
// What every registered gateway must do, played from the files in cases/<gateway>/.
#include <algorithm>
#include <filesystem>
#include <set>
#include <type_traits>

#include <gtest/gtest.h>

#include "tests/bot/gateway/case_file.h"
#include "tests/bot/gateway/describe.h"
#include "tests/bot/gateway/harness.h"
#include "tests/support/paths.h"

namespace resguardo::gateway::testing_support {
namespace {

std::filesystem::path cases_of(std::string_view gateway) {
  return resguardo::testing_support::source_dir() / "tests/bot/gateway/cases" / gateway;
}

struct Played {
  std::string gateway;
  std::filesystem::path file;
  friend void PrintTo(const Played& played, std::ostream* out) { *out << played.file.filename(); }
};

std::vector<Played> all_cases() {
  std::vector<Played> result;
  for (const Registered& entry : registered_gateways()) {
    const std::string name(entry.name.view());
    if (!std::filesystem::exists(cases_of(name))) continue;  // HasTheRequiredCases fails
    for (const auto& file : std::filesystem::directory_iterator(cases_of(name))) {
      if (file.path().extension() == ".case") result.push_back({name, file.path()});
    }
  }
  std::sort(result.begin(), result.end(),
            [](const Played& a, const Played& b) { return a.file < b.file; });
  return result;
}

std::vector<Played> cases_of_signal() {
  auto cases = all_cases();
  std::erase_if(cases, [](const Played& one) { return one.gateway != "signal"; });
  return cases;
}

std::vector<std::string> all_described(const Delivery& delivery) {
  std::vector<std::string> lines;
  for (const InboundEvent& event : delivery.events) lines.push_back(describe(event));
  for (const SentStatus& status : delivery.statuses) lines.push_back(describe(status));
  return lines;
}

std::string case_name(const ::testing::TestParamInfo<Played>& played) {
  return played.param.gateway + "_" + played.param.file.stem().string();
}

std::string gateway_name(const ::testing::TestParamInfo<Registered>& entry) {
  return std::string(entry.param.name.view());
}

class CaseTest : public ::testing::TestWithParam<Played> {
 protected:
  void SetUp() override {
    case_ = read_case(GetParam().file);
    gateway_ = make_gateway(GetParam().gateway);
  }
  Result<Delivery> deliver(Auth auth) const {
    return gateway_->verify_and_parse(signed_request(GetParam().gateway, case_.body, auth),
                                      case_.now);
  }
  Case case_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_P(CaseTest, GivesWhatTheFileSays) {
  const auto delivery = deliver(case_.auth);
  ASSERT_EQ(delivery.ok(), case_.accepted);
  if (!delivery.ok()) {
    EXPECT_EQ(delivery.error().fault, Fault::kUnauthentic);
    return;
  }
  EXPECT_EQ(describe_counts(*delivery), case_.counts);
  EXPECT_EQ(delivery->events.size() + delivery->statuses.size(),
            case_.event_count.value_or(case_.events.size()));
  auto lines = all_described(*delivery);
  lines.resize(std::min(lines.size(), case_.events.size()));
  EXPECT_EQ(lines, case_.events);
}

// Authentication comes first: what a body holds changes nothing for who cannot prove himself.
TEST_P(CaseTest, IsRefusedWholeWithoutProof) {
  for (const Auth auth : {Auth::kNone, Auth::kWrong}) {
    const auto delivery = deliver(auth);
    ASSERT_FALSE(delivery.ok());
    EXPECT_EQ(delivery.error().fault, Fault::kUnauthentic);
  }
}

// Pure: a repeated delivery gives the same ids, so that intake can see that it is one.
TEST_P(CaseTest, GivesTheSameTwice) {
  const auto first = deliver(Auth::kGood);
  const auto second = deliver(Auth::kGood);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(all_described(*first), all_described(*second));
}

// Whatever the body, eight days later nothing of it is new.
TEST_P(CaseTest, IsStaleLater) {
  const auto gateway = make_gateway(GetParam().gateway);
  const auto fresh = deliver(Auth::kGood);
  const auto late =
      gateway->verify_and_parse(signed_request(GetParam().gateway, case_.body, Auth::kGood),
                                TimePoint(std::chrono::seconds{4'102'444'800}));
  ASSERT_TRUE(fresh.ok() && late.ok());
  EXPECT_TRUE(late->events.empty());
  EXPECT_EQ(late->stale, fresh->events.size() + fresh->stale);
}

INSTANTIATE_TEST_SUITE_P(Cases, CaseTest, ::testing::ValuesIn(all_cases()), case_name);

class StreamedCaseTest : public CaseTest {};

// What signal-cli-rest-api posts, signal-cli's daemon streams: one reading of both.
TEST_P(StreamedCaseTest, GivesTheSameAsPosted) {
  const auto posted = deliver(Auth::kGood);
  const Delivery streamed =
      make_signal_daemon()->take_streamed(SecretBuffer(as_bytes(case_.body)), case_.now);
  ASSERT_TRUE(posted.ok());
  EXPECT_EQ(all_described(streamed), all_described(*posted));
  EXPECT_EQ(describe_counts(streamed), describe_counts(*posted));
}

INSTANTIATE_TEST_SUITE_P(Cases, StreamedCaseTest, ::testing::ValuesIn(cases_of_signal()),
                         case_name);

class EveryGatewayTest : public ::testing::TestWithParam<Registered> {};

TEST_P(EveryGatewayTest, HasTheRequiredCases) {
  for (const char* name : {"unsigned", "mis_signed", "stale", "oversize_id", "empty", "non_utf8",
                           "lone_surrogate", "nul", "deep", "batch", "duplicates", "attachments",
                           "hostile_values", "bad_attachment", "foreign_account"}) {
    const auto file = cases_of(GetParam().name.view()) / (std::string(name) + ".case");
    EXPECT_TRUE(std::filesystem::exists(file)) << "missing: " << file;
  }
}

TEST_P(EveryGatewayTest, IsNotMadeWithoutSettings) {
  GatewaySettings nothing;
  const auto made = GetParam().make(nothing);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(*made, nullptr);
}

TEST_P(EveryGatewayTest, IsNamedAsItIsRegistered) {
  EXPECT_EQ(make_gateway(GetParam().name.view())->name(), GetParam().name);
}

TEST_P(EveryGatewayTest, RefusesAReplyThatIsNotUtf8OrEmpty) {
  const auto gateway = make_gateway(GetParam().name.view());
  const Sender someone = gateway->channel() == Channel::kSignal
                             ? to(Channel::kSignal, "sg:+38163555010")
                             : to(Channel::kWhatsApp, "wa:38163555010");
  EXPECT_TRUE(gateway->render(reply("hello"), someone).ok());
  EXPECT_FALSE(gateway->render(reply(""), someone).ok());
  EXPECT_FALSE(gateway->render(reply("\xFFreceipt\xFF"), someone).ok());
  EXPECT_FALSE(gateway->render(reply("hello"), to(Channel::kSignal, "xx:1")).ok());
}

// Reasons go to counters and to the operator; answers of messengers quote numbers and texts.
TEST_P(EveryGatewayTest, NeverPutsAnAnswersTextIntoAReason) {
  static_assert(!std::is_constructible_v<StaticText, std::string>);
  const auto gateway = make_gateway(GetParam().name.view());
  for (const unsigned status : {0U, 200U, 201U, 302U, 400U, 401U, 403U, 404U, 429U, 500U, 503U}) {
    for (const char* body :
         {"TESTIMONY-CANARY", R"({"error":"TESTIMONY-CANARY untrusted"})",
          R"({"error":{"code":190,"message":"TESTIMONY-CANARY"}})",
          R"([{"errors":{"recipients":[{"number":"+1","reason":"TESTIMONY-CANARY"}]}}])"}) {
      const SendOutcome outcome = judge(*gateway, status, body);
      EXPECT_EQ(outcome.reason.view().find("CANARY"), std::string_view::npos);
      EXPECT_FALSE(outcome.reason.view().empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryGatewayTest, ::testing::ValuesIn(registered_gateways()),
                         gateway_name);

TEST(RegistryTest, MakesWhatIsConfiguredAndNothingElse) {
  GatewaySettings settings;
  settings.signal = signal_config();
  const auto gateways = make_gateways(std::move(settings));
  ASSERT_TRUE(gateways.ok());
  ASSERT_EQ(gateways->size(), 1U);
  EXPECT_EQ(gateways->front()->name(), StaticText("signal"));
}

TEST(RegistryTest, SaysWhatCannotWork) {
  GatewaySettings settings;
  settings.whatsapp = whatsapp_config();
  settings.whatsapp->phone_number_id = "not a number";
  const auto gateways = make_gateways(std::move(settings));
  ASSERT_FALSE(gateways.ok());
  EXPECT_EQ(gateways.error().fault, Fault::kMalformed);
}

}  // namespace
}  // namespace resguardo::gateway::testing_support
