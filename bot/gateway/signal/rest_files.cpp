// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/rest_files.h"

#include <boost/json/array.hpp>
#include <utility>

#include "bot/gateway/json.h"
#include "bot/gateway/signal/dialect.h"
#include "bot/gateway/signal/media.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

constexpr std::size_t kMostListed = 100'000;

OutboundCall attachment_call(std::string method, std::string_view reference) {
  OutboundCall call;
  call.method = std::move(method);
  call.path = std::string("/v1/attachments/").append(reference);
  return call;
}

class RestFetch final : public FileFetch {
 public:
  RestFetch(std::string_view reference, std::uint64_t most) : reference_(reference), most_(most) {}

  FileCall next() override {
    FileCall call;
    call.call = attachment_call("GET", reference_);
    call.gives_file = true;
    call.answer_limit = most_;
    return call;
  }
  FileOutcome take(const CallAnswer&) override { return {}; }
  FileOutcome take_end(const CallAnswer& answer, const FileSeen&) override {
    const unsigned status = answer.status;
    if (status == 200) return {FileVerdict::kWhole};
    if (status == 404) return {FileVerdict::kGone, "signal-cli does not have the file"};
    if (status == 429) return {FileVerdict::kPause, "signal-cli's limit", kRateLimitWait};
    if (status >= 300 && status < 500 && status != 400)
      return {FileVerdict::kStop, "signal.api_base does not lead to signal-cli-rest-api"};
    return {FileVerdict::kAgain, "no usable answer from signal-cli-rest-api"};
  }

 private:
  std::string reference_;
  std::uint64_t most_;
};

}  // namespace

std::unique_ptr<FileFetch> RestFiles::fetch(const FileTold& told, std::uint64_t most) const {
  if (!is_attachment_id(told.reference)) return nullptr;
  return std::make_unique<RestFetch>(told.reference, most);
}

std::optional<OutboundCall> RestFiles::discard(std::string_view reference) const {
  if (!is_attachment_id(reference)) return std::nullopt;
  return attachment_call("DELETE", reference);
}

std::optional<OutboundCall> RestFiles::list() const {
  OutboundCall call;
  call.method = "GET";
  call.path = "/v1/attachments";
  return call;
}

std::optional<std::vector<std::string>> RestFiles::listed(const CallAnswer& answer) const {
  if (answer.status != 200) return std::nullopt;
  const auto document = JsonDocument::parse(answer.body.view());
  const json::array* list = document.ok() ? document->root().if_array() : nullptr;
  if (list == nullptr) return std::nullopt;
  std::vector<std::string> found;
  for (const json::value& item : *list) {
    const json::string* id = item.if_string();
    if (id != nullptr && is_attachment_id(*id) && found.size() < kMostListed)
      found.emplace_back(*id);
  }
  return found;
}

}  // namespace resguardo::gateway::signal
