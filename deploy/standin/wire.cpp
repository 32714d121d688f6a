// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/wire.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace resguardo::standin {
namespace json = boost::json;

const json::object* object_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* array_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_array();
}

std::string text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr || !value->is_string() ? "" : std::string(value->get_string());
}

std::uint64_t number_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  boost::system::error_code failed;
  const auto number =
      value == nullptr || !value->is_number() ? 0 : value->to_number<std::uint64_t>(failed);
  return failed ? 0 : number;
}

json::object object_of(const http::Request& request) {
  boost::system::error_code failed;
  json::value body = json::parse(as_text(request.body.view()), failed);
  return failed || !body.is_object() ? json::object() : body.get_object();
}

std::string header_of(const http::Request& request, std::string_view name) {
  for (const http::Header& header : request.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0u) != 0x80;
  }));
}

}  // namespace resguardo::standin
