// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "bot/gateway/json.h"
#include "bot/gateway/signal/dialect.h"
#include "bot/gateway/signal/probes.h"
#include "bot/gateway/signal/rest_api_judge.h"
#include "bot/gateway/signal/rest_files.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

json::string rest_text(std::string_view text, const json::storage_ptr& storage) {
  return json::string(text, storage);
}

class RestApi final : public Dialect {
 public:
  explicit RestApi(std::string account)
      : account_(std::move(account)), in_path_("%2B" + account_.substr(1)) {}

  OutboundCall send(std::string_view recipient, const SecretText& text) const override {
    const json::storage_ptr storage = wiping_json_storage();
    json::object body({{"number", rest_text(account_, storage)},
                       {"message", rest_text(text.reveal(), storage)},
                       {"text_mode", "normal"}},
                      storage);
    json::array recipients(storage);
    recipients.push_back(rest_text(recipient, storage));
    body["recipients"] = std::move(recipients);
    return json_call("POST", "/v2/send", json::value(std::move(body)));
  }

  OutboundCall set_timer(std::string_view recipient, std::uint32_t seconds) const override {
    const json::storage_ptr storage = wiping_json_storage();
    json::object body(
        {{"recipient", rest_text(recipient, storage)}, {"expiration_in_seconds", seconds}},
        storage);
    return json_call("PUT", "/v1/contacts/" + in_path_, json::value(std::move(body)));
  }

  OutboundCall unsend(std::string_view recipient, std::uint64_t timestamp) const override {
    const json::storage_ptr storage = wiping_json_storage();
    json::object body({{"recipient", rest_text(recipient, storage)}, {"timestamp", timestamp}},
                      storage);
    return json_call("DELETE", "/v1/remote-delete/" + in_path_, json::value(std::move(body)));
  }

  SendOutcome judge(const CallAnswer& answer) const override {
    return judge_rest_api(answer, account_);
  }

  const FileSource& files() const override { return files_; }

  OutboundCall probe() const override {
    OutboundCall call;
    call.method = "GET";
    call.path = "/v1/about";
    return call;
  }
  std::optional<ProbeFinding> judge_probe(const CallAnswer& answer) const override {
    return judge_rest_probe(answer);
  }

 private:
  std::string account_;
  std::string in_path_;
  RestFiles files_;
};

}  // namespace

std::unique_ptr<Dialect> rest_api(std::string account) {
  return std::make_unique<RestApi>(std::move(account));
}

}  // namespace resguardo::gateway::signal
