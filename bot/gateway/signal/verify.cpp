// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "bot/gateway/signal/identity.h"
#include "bot/gateway/signal/signal.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::signal {
namespace {

constexpr std::string_view kPath = "/webhooks/signal/";
constexpr std::string_view kScheme = "basic ";

bool has_scheme(std::string_view header) {
  return header.size() >= kScheme.size() &&
         std::equal(kScheme.begin(), kScheme.end(), header.begin(), [](char want, char is) {
           return want == is || (is >= 'A' && is <= 'Z' && want == is - 'A' + 'a');
         });
}

Result<SecretBytes> credentials_of(const std::string& user, const SharedSecret& secret) {
  SecretBuffer both(as_bytes(user + ":"));
  both.append(secret.copy().view());
  std::string encoded = to_base64(both.view());
  return SecretBytes::take({reinterpret_cast<std::uint8_t*>(encoded.data()), encoded.size()});
}

bool is_token(const SharedSecret& token) {
  if (token.size() < 16 || token.size() > 128) return false;
  const SecretBuffer copy = token.copy();
  return is_unreserved(as_text(copy.view()));
}

}  // namespace

Signal::Signal(std::string account, std::unique_ptr<Dialect> dialect,
               std::optional<Webhook> webhook, std::uint32_t expire_seconds, Pace pace)
    : account_(std::move(account)),
      dialect_(std::move(dialect)),
      webhook_(std::move(webhook)),
      expire_seconds_(expire_seconds),
      pace_(pace) {}

Result<Signal::Webhook> Signal::webhook_of(Config& config) {
  if (!is_visible_ascii(config.basic_user) || config.basic_user.find(':') != std::string::npos) {
    return Error{Fault::kMalformed, "signal's user for Basic credentials is empty or odd"};
  }
  if (!config.webhook_token) return Error{Fault::kMalformed, "signal has no webhook token"};
  SharedSecret token(std::move(*config.webhook_token));
  if (!is_token(token)) {
    return Error{Fault::kMalformed, "signal's webhook token needs 16 to 128 of A-Z a-z 0-9 -._~"};
  }
  RESGUARDO_TRY(auto same, [&] {
    SecretBuffer copy = token.copy();
    return SecretBytes::take(copy.span());
  }());
  const SharedSecret secret(config.basic_secret ? std::move(*config.basic_secret)
                                                : std::move(same));
  if (secret.size() == 0) return Error{Fault::kMalformed, "signal's secret is empty"};
  RESGUARDO_TRY(auto credentials, credentials_of(config.basic_user, secret));
  return Webhook{std::move(token), SharedSecret(std::move(credentials))};
}

Result<std::unique_ptr<Gateway>> Signal::create(Config config) {
  if (!is_number(config.account)) {
    return Error{Fault::kMalformed, "signal.account is not a number like +15550100000"};
  }
  std::unique_ptr<Dialect> dialect;
  std::optional<Webhook> webhook;
  switch (config.mode) {
    case Mode::kRestApi: {
      dialect = rest_api(config.account);
      RESGUARDO_TRY(webhook, webhook_of(config));
      break;
    }
    case Mode::kJsonRpc:
      dialect = jsonrpc(config.account);
      break;
  }
  return std::unique_ptr<Gateway>(new Signal(std::move(config.account), std::move(dialect),
                                             std::move(webhook), config.expire_seconds,
                                             config.pace));
}

// The webhook has no signature: an unguessable path and Basic credentials, both looked at whatever
// the other says (gateways.md §2.2).
Status Signal::authenticate(const RawRequest& request) const {
  constexpr Error kRefused{Fault::kUnauthentic, "a signal post is not from our signal-cli"};
  const std::string_view target = request.target;
  const bool on_path = request.method == "POST" && target.starts_with(kPath);
  const std::string_view token = on_path ? target.substr(kPath.size()) : std::string_view();
  const std::string* header = request.header("authorization");
  const bool basic = header != nullptr && has_scheme(*header);
  const std::string_view given =
      basic ? std::string_view(*header).substr(kScheme.size()) : std::string_view();
  if (!webhook_) return kRefused;
  const bool token_fits = webhook_->token.matches(as_bytes(token));
  const bool credentials_fit = webhook_->credentials.matches(as_bytes(given));
  if (!token_fits || !credentials_fit) return kRefused;
  return success();
}

Result<Handshake> Signal::handshake(const RawRequest&) const {
  return Handshake{};
}

}  // namespace resguardo::gateway::signal
