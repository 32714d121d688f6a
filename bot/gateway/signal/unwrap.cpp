// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/unwrap.h"

#include <boost/json/object.hpp>

#include "bot/gateway/json.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;

Unwrapped unwrap(const json::value& root, std::string_view account) {
  const json::object* holder = root.if_object();
  if (holder == nullptr) return {};
  if (present(*holder, "method")) {
    if (text_at(*holder, "method") != "receive" || present(*holder, "id")) {
      return {Wrapping::kIgnored};
    }
    holder = object_at(*holder, "params");
    if (holder == nullptr) return {};
  }
  if (const json::object* result = object_at(*holder, "result")) holder = result;
  const json::object* envelope = object_at(*holder, "envelope");
  if (envelope == nullptr) {
    const bool failed_over_there = present(*holder, "error");
    return {failed_over_there ? Wrapping::kIgnored : Wrapping::kRefused};
  }
  const auto whose = text_at(*holder, "account");
  if (!whose) return {};
  if (*whose != account) return {Wrapping::kIgnored};
  return {Wrapping::kOurs, envelope, object_at(*holder, "exception")};
}

}  // namespace resguardo::gateway::signal
