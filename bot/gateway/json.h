// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"

namespace resguardo::gateway {

constexpr std::size_t kJsonDepth = 32;
constexpr std::uint64_t kLargestInteger = std::uint64_t{1} << 53;

// A parsed body in memory that is overwritten when it is given back. Strict RFC 8259 with two
// allowances for what messengers really send: escaped lone surrogates become U+FFFD, and of
// duplicate keys the last wins. Invalid UTF-8, comments, more than kJsonDepth levels and anything
// after the value are kMalformed.
class JsonDocument {
 public:
  static Result<JsonDocument> parse(ByteView text);
  const boost::json::value& root() const { return value_; }

 private:
  explicit JsonDocument(boost::json::value value) : value_(std::move(value)) {}
  boost::json::value value_;  // keeps its storage alive
};

// Serialises into wiping memory.
SecretBuffer to_json(const boost::json::value& value);
// Storage for values that are built to be sent.
boost::json::storage_ptr wiping_json_storage();

// What is at `key`, if it is of that kind. Views live as long as the document.
const boost::json::object* object_at(const boost::json::object& object, std::string_view key);
const boost::json::array* array_at(const boost::json::object& object, std::string_view key);
std::optional<std::string_view> text_at(const boost::json::object& object, std::string_view key);
bool true_at(const boost::json::object& object, std::string_view key);
bool present(const boost::json::object& object, std::string_view key);  // there and not null

// Lenient in type, strict in range: a number, or a string of digits, in [0, kLargestInteger].
std::optional<std::uint64_t> integer_at(const boost::json::object& object, std::string_view key);
// The same for identifiers that some producers write as numbers.
std::optional<SecretText> id_at(const boost::json::object& object, std::string_view key);
// A finite number.
std::optional<double> number_at(const boost::json::object& object, std::string_view key);

}  // namespace resguardo::gateway
