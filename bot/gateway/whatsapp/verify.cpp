// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <optional>
#include <utility>

#include "bot/gateway/text_rules.h"
#include "bot/gateway/whatsapp/whatsapp.h"
#include "crypto/base/hash.h"

namespace resguardo::gateway::whatsapp {
namespace {

constexpr std::string_view kSignaturePrefix = "sha256=";

bool is_header_value(const SharedSecret& secret) {
  const SecretBuffer copy = secret.copy();
  return is_visible_ascii(as_text(copy.view()));
}

// The one value of a query parameter; nullopt: absent, or there more than once.
std::optional<std::string> parameter(const boost::urls::url_view& url, std::string_view key) {
  std::optional<std::string> found;
  for (const auto& item : url.params()) {
    if (item.key != key) continue;
    if (found || !item.has_value) return std::nullopt;
    found = item.value;
  }
  return found;
}

// What is echoed to whoever asked must not be a page.
bool is_challenge(std::string_view text) {
  return text.size() <= kMaxId && !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '_' || c == '-';
         });
}

}  // namespace

WhatsApp::WhatsApp(std::string phone_number_id, std::vector<SharedSecret> app_secrets,
                   SharedSecret access_token, SharedSecret verify_token, std::string api_base,
                   bool mark_as_read, Pace pace)
    : phone_number_id_(std::move(phone_number_id)),
      app_secrets_(std::move(app_secrets)),
      access_token_(std::move(access_token)),
      verify_token_(std::move(verify_token)),
      files_(phone_number_id_, access_token_, std::move(api_base)),
      mark_as_read_(mark_as_read),
      pace_(pace) {}

Result<std::unique_ptr<Gateway>> WhatsApp::create(Config config) {
  if (!is_digits(config.phone_number_id, 1, 32)) {
    return Error{Fault::kMalformed, "whatsapp.phone_number_id is not a number"};
  }
  if (config.app_secrets.empty() || config.app_secrets.size() > 2) {
    return Error{Fault::kMalformed, "whatsapp needs one app secret, or two during rotation"};
  }
  std::vector<SharedSecret> app_secrets;
  app_secrets.reserve(config.app_secrets.size());
  for (SecretBytes& secret : config.app_secrets) app_secrets.emplace_back(std::move(secret));
  SharedSecret access_token(std::move(config.access_token));
  SharedSecret verify_token(std::move(config.verify_token));
  const bool sound = std::all_of(app_secrets.begin(), app_secrets.end(), is_header_value) &&
                     is_header_value(access_token) && is_header_value(verify_token);
  if (!sound) return Error{Fault::kMalformed, "a whatsapp secret is empty or has odd characters"};
  return std::unique_ptr<Gateway>(new WhatsApp(
      std::move(config.phone_number_id), std::move(app_secrets), std::move(access_token),
      std::move(verify_token), std::move(config.api_base), config.mark_as_read, config.pace));
}

// HMAC-SHA-256 over the bytes as they came, before anything looks into them (gateways.md §3.2).
Status WhatsApp::authenticate(const RawRequest& request) const {
  constexpr Error kRefused{Fault::kUnauthentic, "a whatsapp post is not signed by us and Meta"};
  const std::string* header = request.header("x-hub-signature-256");
  const std::string_view given = header == nullptr ? std::string_view() : *header;
  const auto hex = given.starts_with(kSignaturePrefix)
                       ? parse_hex(given.substr(kSignaturePrefix.size()))
                       : Result<Bytes>(Bytes());
  const auto claimed = hex.ok() ? Digest::from(*hex) : std::nullopt;
  // The body is read to its end whatever is claimed: all refusals are the same work.
  bool signed_by_us = false;
  for (const SharedSecret& secret : app_secrets_) {  // all of them: which one fits stays untold
    const SecretBuffer key = secret.copy();
    const bool fits =
        hmac_sha256_verify(key.view(), request.body.view(), claimed.value_or(Digest()).view());
    signed_by_us = fits || signed_by_us;
  }
  if (!signed_by_us || !claimed || request.method != "POST") return kRefused;
  return success();
}

Result<Handshake> WhatsApp::handshake(const RawRequest& request) const {
  if (request.method != "GET") return Handshake{};
  const auto url = boost::urls::parse_origin_form(request.target);
  if (!url) return Handshake{};
  const auto mode = parameter(*url, "hub.mode");
  const auto token = parameter(*url, "hub.verify_token");
  auto challenge = parameter(*url, "hub.challenge");
  const bool ours = token && verify_token_.matches(as_bytes(*token));
  if (!ours || mode != "subscribe" || !challenge || !is_challenge(*challenge)) return Handshake{};
  return Handshake{true, std::move(*challenge)};
}

}  // namespace resguardo::gateway::whatsapp
