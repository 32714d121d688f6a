// SPDX-License-Identifier: AGPL-3.0-or-later
// signal-cli's daemon: JSON-RPC over HTTP, and its event stream (gateways.md §1).
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "bot/gateway/json.h"
#include "bot/gateway/signal/dialect.h"
#include "bot/gateway/signal/jsonrpc_judge.h"
#include "bot/gateway/signal/probes.h"
#include "bot/gateway/signal/rpc_files.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

class JsonRpc final : public Dialect {
 public:
  explicit JsonRpc(std::string account) : account_(std::move(account)), files_(account_) {}

  OutboundCall send(std::string_view recipient, const SecretText& text) const override {
    json::object params = params_to(recipient);
    params["message"] = json::string(text.reveal(), params.storage());
    return rpc_call("send", std::move(params));
  }

  OutboundCall set_timer(std::string_view recipient, std::uint32_t seconds) const override {
    json::object params = params_to(recipient);
    params["expiration"] = seconds;
    return rpc_call("updateContact", std::move(params));
  }

  OutboundCall unsend(std::string_view recipient, std::uint64_t timestamp) const override {
    json::object params = params_to(recipient);
    params["targetTimestamp"] = timestamp;
    return rpc_call("remoteDelete", std::move(params));
  }

  std::optional<OutboundCall> forget_contact(std::string_view recipient) const override {
    json::object params = params_to(recipient);
    params["forget"] = true;
    return rpc_call("removeContact", std::move(params));
  }

  SendOutcome judge(const CallAnswer& answer) const override {
    return judge_jsonrpc(answer, account_);
  }

  const FileSource& files() const override { return files_; }

  // Only a daemon without an account of its own has more than one to list.
  OutboundCall probe() const override {
    return rpc_call("listAccounts", json::object(wiping_json_storage()));
  }
  std::optional<ProbeFinding> judge_probe(const CallAnswer& answer) const override {
    return judge_rpc_probe(answer, account_);
  }

  std::optional<OutboundCall> subscribe() const override {
    OutboundCall call;
    call.method = "GET";
    call.path = "/api/v1/events?account=%2B" + account_.substr(1);
    call.headers = {{"accept", "text/event-stream"}};
    return call;
  }

 private:
  json::object params_to(std::string_view recipient) const {
    json::object params(wiping_json_storage());
    params["account"] = account_;
    params["recipient"] =
        json::array({json::string(recipient, params.storage())}, params.storage());
    return params;
  }

  std::string account_;
  RpcFiles files_;
};

}  // namespace

// One request a connection at a time: an answer needs no id to be found by.
OutboundCall rpc_call(std::string_view method, json::object params) {
  json::object request(params.storage());
  request["jsonrpc"] = "2.0";
  request["id"] = "1";
  request["method"] = method;
  request["params"] = std::move(params);
  return json_call("POST", "/api/v1/rpc", json::value(std::move(request)));
}

std::unique_ptr<Dialect> jsonrpc(std::string account) {
  return std::make_unique<JsonRpc>(std::move(account));
}

}  // namespace resguardo::gateway::signal
