// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/server.h"

#include <array>
#include <chrono>
#include <thread>
#include <utility>

namespace resguardo::standin {
namespace {

constexpr std::chrono::milliseconds kSlowAnswer{400};

struct ErrorBody {
  unsigned status;
  const char* text;
};

// gateways.md §3.9: Meta's codes, and what a proxy in between says.
constexpr std::array kMetaBroken = {
    ErrorBody{500, R"({"error":{"type":"OAuthException","code":131000}})"},
    ErrorBody{503, R"({"error":{"type":"OAuthException","code":131016}})"},
    ErrorBody{500, R"({"error":{"type":"OAuthException","code":1}})"},
    ErrorBody{503, R"({"error":{"type":"OAuthException","code":2}})"},
    ErrorBody{502, "<html><body>Bad Gateway</body></html>"},
    ErrorBody{500, ""}};
constexpr std::array kMetaBusy = {ErrorBody{400, R"({"error":{"code":4}})"},
                                  ErrorBody{400, R"({"error":{"code":80007}})"},
                                  ErrorBody{400, R"({"error":{"code":130429}})"},
                                  ErrorBody{400, R"({"error":{"code":131048}})"},
                                  ErrorBody{400, R"({"error":{"code":131056}})"},
                                  ErrorBody{400, R"({"error":{"code":131057}})"},
                                  ErrorBody{429, ""}};
constexpr std::array kMetaRefused = {
    ErrorBody{400, R"({"error":{"code":131026}})"}, ErrorBody{400, R"({"error":{"code":131047}})"},
    ErrorBody{400, R"({"error":{"code":131049}})"}, ErrorBody{400, R"({"error":{"code":130472}})"},
    ErrorBody{400, R"({"error":{"code":131062}})"}};
constexpr std::array kSignalBroken = {ErrorBody{500, R"({"error":"something went wrong"})"},
                                      ErrorBody{503, ""}};
constexpr std::array kSignalBusy = {
    ErrorBody{429, R"({"error":"rate limited","challenge_tokens":[],"account":"+1"})"}};
constexpr std::array kRpcBroken = {
    ErrorBody{200, R"({"jsonrpc":"2.0","id":"1","error":{"code":-3,"message":"io","data":null}})"},
    ErrorBody{500, ""}};
constexpr std::array kRpcBusy = {ErrorBody{
    200,
    R"({"jsonrpc":"2.0","id":"1","error":{"code":-5,"message":"limit","data":{"response":{"timestamp":1,
    "results":[{"type":"RATE_LIMIT_FAILURE","token":null,"retryAfterSeconds":2}]}}}})"}};

template <std::size_t kSize>
http::Response one_of(const std::array<ErrorBody, kSize>& bodies, Mishaps& mishaps) {
  const ErrorBody& body = bodies[mishaps.below(kSize)];
  return {body.status, "application/json", body.text};
}

std::string base_of(const Listener& listener) {
  return "http://127.0.0.1:" + std::to_string(listener.port());
}

// What does not depend on whose answer it is. `handle` does what was asked.
template <class Handle>
void answer_with(std::optional<Mishap> mishap, Caller& caller, Handle handle) {
  if (mishap == Mishap::kCut) return caller.cut();
  http::Response response = handle();
  if (mishap == Mishap::kSlow) std::this_thread::sleep_for(kSlowAnswer);
  if (mishap == Mishap::kLostAnswer) return caller.cut();
  if (mishap == Mishap::kOther && !response.body.empty())
    response.body[response.body.size() / 2] ^= 1;
  caller.answer(response, mishap == Mishap::kHalf ? response.body.size() / 2 : std::string::npos);
}

}  // namespace

void ApiServer::serve_graph(const http::Request& request, Caller& caller) {
  using enum Mishap;
  Mishaps& mishaps = apis_.mishaps;
  const bool bytes = request.target.starts_with("/whatsapp_business/");
  const auto mishap = request.method == "POST"
                          ? mishaps.draw({kSlow, kCut, kLostAnswer, kBroken, kBusy, kRefused})
                      : bytes ? mishaps.draw({kSlow, kCut, kBroken, kHalf, kOther, kGone})
                              : mishaps.draw({kSlow, kCut, kLostAnswer, kBroken, kHalf});
  if (mishap == kBroken) return caller.answer(one_of(kMetaBroken, mishaps));
  if (mishap == kBusy) return caller.answer(one_of(kMetaBusy, mishaps));
  if (mishap == kRefused) return caller.answer(one_of(kMetaRefused, mishaps));
  if (mishap == kGone) return caller.answer({404, "text/html", "<html></html>"});
  answer_with(mishap, caller, [&] { return apis_.graph.answer(request); });
}

void ApiServer::serve_signal(const http::Request& request, Caller& caller) {
  using enum Mishap;
  Mishaps& mishaps = apis_.mishaps;
  const bool daemon = DaemonApi::knows(request.target);
  if (daemon && !request.target.ends_with("/rpc")) return apis_.daemon.answer(request, caller);
  const bool reads = request.method == "GET";
  const auto mishap = reads ? mishaps.draw({kSlow, kCut, kBroken, kHalf})
                            : mishaps.draw({kSlow, kCut, kLostAnswer, kBroken, kBusy});
  if (mishap == kBroken)
    return caller.answer(daemon ? one_of(kRpcBroken, mishaps) : one_of(kSignalBroken, mishaps));
  if (mishap == kBusy)
    return caller.answer(daemon ? one_of(kRpcBusy, mishaps) : one_of(kSignalBusy, mishaps));
  answer_with(mishap, caller,
              [&] { return daemon ? apis_.daemon.rpc(request) : apis_.rest.answer(request); });
}

Result<std::unique_ptr<ApiServer>> ApiServer::start(const Settings& settings, const Apis& apis) {
  std::unique_ptr<ApiServer> api(new ApiServer(apis));
  RESGUARDO_TRY(api->graph_,
                Listener::start(settings.graph_listen,
                                [api = api.get()](const http::Request& request, Caller& caller) {
                                  api->serve_graph(request, caller);
                                }));
  RESGUARDO_TRY(api->signal_,
                Listener::start(settings.signal_listen,
                                [api = api.get()](const http::Request& request, Caller& caller) {
                                  api->serve_signal(request, caller);
                                }));
  return api;
}

ApiServer::~ApiServer() {
  apis_.daemon.stop();
  apis_.rest.webhook_closed();
}

std::string ApiServer::graph_base() const {
  return base_of(*graph_) + "/v23.0";
}
std::string ApiServer::signal_base() const {
  return base_of(*signal_);
}

}  // namespace resguardo::standin
