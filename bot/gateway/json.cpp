// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/json.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serializer.hpp>
#include <charconv>
#include <cmath>
#include <new>
#include <utility>

#include "bot/gateway/surrogates.h"

namespace resguardo::gateway {
namespace json = boost::json;

namespace {

// Boost.JSON asks for less alignment than it gives back, and never for more than new's own.
class WipingResource final : public json::memory_resource {
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (alignment > __STDCPP_DEFAULT_NEW_ALIGNMENT__) throw std::bad_alloc();
    return ::operator new(size);
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t) override {
    wipe({static_cast<std::uint8_t*>(memory), size});
    ::operator delete(memory);
  }
  bool do_is_equal(const json::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

const json::value* find(const json::object& object, std::string_view key) {
  return object.if_contains(key);
}

std::optional<std::uint64_t> in_range(std::uint64_t value) {
  if (value > kLargestInteger) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_digits(std::string_view text) {
  if (text.empty() || text.size() > 16) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return in_range(value);
}

std::optional<std::uint64_t> whole(double value) {
  if (!(value >= 0 && value <= static_cast<double>(kLargestInteger))) return std::nullopt;
  if (std::floor(value) != value) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

std::optional<std::uint64_t> to_integer(const json::value& value) {
  if (value.is_uint64()) return in_range(value.get_uint64());
  if (value.is_int64()) {
    if (value.get_int64() < 0) return std::nullopt;
    return in_range(static_cast<std::uint64_t>(value.get_int64()));
  }
  if (value.is_double()) return whole(value.get_double());
  if (value.is_string()) return parse_digits(value.get_string());
  return std::nullopt;
}

}  // namespace

Result<JsonDocument> JsonDocument::parse(ByteView text) {
  const std::optional<SecretBuffer> mended = replace_lone_surrogates(text);
  const std::string_view clean = as_text(mended ? mended->view() : text);

  json::parse_options options;
  options.max_depth = kJsonDepth;
  const json::storage_ptr storage = wiping_json_storage();
  json::parser parser(storage, options);
  parser.reset(storage);
  boost::system::error_code error;
  parser.write(clean.data(), clean.size(), error);
  if (error) return Error{Fault::kMalformed, "a body is not JSON, or deeper than anyone sends"};
  return JsonDocument(parser.release());
}

SecretBuffer to_json(const json::value& value) {
  json::serializer serializer;
  serializer.reset(&value);
  SecretBuffer out;
  constexpr std::size_t kStep = 4096;
  while (!serializer.done()) {
    const std::size_t used = out.size();
    out.resize(used + kStep);
    char* const begin = reinterpret_cast<char*>(out.span().data()) + used;
    out.resize(used + serializer.read(begin, kStep).size());
  }
  return out;
}

json::storage_ptr wiping_json_storage() {
  return json::make_shared_resource<WipingResource>();
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* array_at(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  return value == nullptr ? nullptr : value->if_array();
}

std::optional<std::string_view> text_at(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

bool true_at(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

bool present(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  return value != nullptr && !value->is_null();
}

std::optional<std::uint64_t> integer_at(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  return value == nullptr ? std::nullopt : to_integer(*value);
}

std::optional<SecretText> id_at(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return SecretText(std::string_view(value->get_string()));
  std::uint64_t number = 0;
  if (value->is_uint64()) {
    number = value->get_uint64();
  } else if (value->is_int64() && value->get_int64() >= 0) {
    number = static_cast<std::uint64_t>(value->get_int64());
  } else {
    return std::nullopt;
  }
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  SecretText text(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
  wipe({reinterpret_cast<std::uint8_t*>(digits.data()), digits.size()});
  return text;
}

std::optional<double> number_at(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  boost::system::error_code error;
  const double number = value->to_number<double>(error);
  if (error || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace resguardo::gateway
