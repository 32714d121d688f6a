// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/export_signature.h"

#include <boost/json.hpp>

#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;

constexpr Error kNoSignature{Fault::kMalformed, "no signature of an export"};

std::optional<Bytes> bytes_at(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  const json::string& text = found->get_string();
  auto bytes = parse_hex(std::string_view(text.data(), text.size()));
  if (!bytes.ok()) return std::nullopt;
  return std::move(bytes).value();
}

}  // namespace

std::string signature_text(const CustodySignature& signature) {
  return program::json_line(json::object{{"schema", kSignatureSchema},
                                         {"member", to_hex(signature.member.view())},
                                         {"key", to_hex(signature.key.view())},
                                         {"signature", to_hex(signature.signature)},
                                         {"certification", to_hex(signature.certification)},
                                         {"journalEntries", signature.head.number},
                                         {"journalHead", to_hex(signature.head.digest.view())}}) +
         "\n";
}

Result<CustodySignature> parse_signature(std::string_view text) {
  if (text.size() > kMaxSignatureText) return kNoSignature;
  boost::system::error_code failed;
  const json::value parsed = json::parse(text, failed);
  if (failed || !parsed.is_object()) return kNoSignature;
  const json::object& object = parsed.get_object();
  const json::value* number = object.if_contains("journalEntries");
  const auto member = bytes_at(object, "member"), key = bytes_at(object, "key"),
             head = bytes_at(object, "journalHead");
  auto signature = bytes_at(object, "signature"), certification = bytes_at(object, "certification");
  if (!member || !key || !head || !signature || !certification || number == nullptr ||
      !number->is_int64() || number->get_int64() < 0)
    return kNoSignature;
  const auto member_id = MemberId::from(*member);
  const auto digest = Digest::from(*head);
  if (!member_id || !digest) return kNoSignature;
  RESGUARDO_TRY(const auto public_key, PublicKey<AnalystRole>::from_bytes(*key));
  CustodySignature read{*member_id,
                        public_key,
                        std::move(*signature),
                        std::move(*certification),
                        {static_cast<std::uint64_t>(number->get_int64()), *digest}};
  if (signature_text(read) != text) return kNoSignature;
  return read;
}

}  // namespace resguardo::analyst
