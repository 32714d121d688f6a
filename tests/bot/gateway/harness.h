// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "bot/gateway/gateway.h"
#include "bot/gateway/registry.h"

namespace resguardo::gateway::testing_support {

constexpr std::string_view kPhoneNumberId = "700800900100200";
constexpr std::string_view kAppSecret = "test_app_secret";
constexpr std::string_view kSecondAppSecret = "border-bot-test-secret";
constexpr std::string_view kAccessToken = "EAAB-access-token";
constexpr std::string_view kVerifyToken = "verify-this.token";
constexpr std::string_view kAccount = "+15550100000";
constexpr std::string_view kWebhookToken = "a-webhook-token_of.30~letters";
constexpr std::string_view kBasicSecret = "basic-secret";

SecretBytes secret(std::string_view text);
whatsapp::Config whatsapp_config();
signal::Config signal_config();
// The gateway of that name with the settings above; throws if there is none.
std::unique_ptr<Gateway> make_gateway(std::string_view name);
// Signal by signal-cli's own daemon.
std::unique_ptr<Gateway> make_signal_daemon();

// How a request shows who sent it.
enum class Auth { kGood, kSecond, kWrong, kNone };
RawRequest signed_request(std::string_view gateway, std::string_view body, Auth auth);

// Out of line: g++ 12 warns falsely where it sees through std::string(n, c) + "…".
std::string filled(std::size_t size, char letter);
Reply reply(std::string_view text);
ReplyChoice choice(std::string_view id, std::string_view title, std::string_view description = "");
Sender to(Channel channel, std::string_view address, std::string_view also_known = "");
std::string body_of(const OutboundCall& call);
SendOutcome judge(const Gateway& gateway, unsigned status, std::string_view body);

}  // namespace resguardo::gateway::testing_support
