// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/routes.h"

#include <utility>

namespace resguardo::commands {
namespace {

constexpr std::size_t kSignalBody = 1024UL * 1024;
constexpr std::string_view kWhatsAppPath = "/webhooks/whatsapp";
constexpr std::string_view kSignalPath = "/webhooks/signal/";

gateway::RawRequest raw(http::Request request) {
  gateway::RawRequest result;
  result.method = std::move(request.method);
  result.target = std::move(request.target);
  for (auto& header : request.headers)
    result.headers.push_back({std::move(header.name), std::move(header.value)});
  result.body = std::move(request.body);
  return result;
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

http::Response status(unsigned code) {
  http::Response response;
  response.status = code;
  return response;
}

// The events of one post; answers when the last one is settled.
class Post : public std::enable_shared_from_this<Post> {
 public:
  Post(std::size_t events, http::Respond respond, std::function<void()> not_stored)
      : left_(events),
        alone_(events == 1),
        respond_(std::move(respond)),
        not_stored_(std::move(not_stored)) {}

  void settled(intake::Outcome outcome, const std::function<void()>& release) {
    if (outcome == intake::Outcome::kUnavailable) {
      failed_ = true;
      not_stored_();
    }
    if (!alone_) release();
    if (--left_ == 0) respond_(status(failed_ ? 503 : 200));
    if (alone_) release();
  }

 private:
  std::atomic<std::size_t> left_;
  const bool alone_;
  std::atomic<bool> failed_{false};
  http::Respond respond_;
  const std::function<void()> not_stored_;
};

}  // namespace

void Webhook::post(http::Request request, http::Respond respond) const {
  ++counters_.posts;
  const TimePoint now = clock_.now();
  auto delivery = gateway_.verify_and_parse(raw(std::move(request)), now);
  if (!delivery.ok()) {
    ++counters_.unauthentic;
    respond(status(403));
    return;
  }
  counters_.ignored += delivery->ignored;
  counters_.refused += delivery->refused;
  counters_.stale += delivery->stale;
  if (told_ && !delivery->statuses.empty()) told_(delivery->statuses);
  auto& events = delivery->events;
  if (events.empty()) {
    respond(status(200));
    return;
  }
  auto post = std::make_shared<Post>(events.size(), std::move(respond), [this] { not_stored(); });
  for (auto& event : events)
    intake_.handle(std::move(event), now,
                   [post](intake::Outcome outcome, const std::function<void()>& release) {
                     post->settled(outcome, release);
                   });
}

void Webhook::not_stored() const {
  if (gateway::repeats(gateway_.channel())) {
    ++counters_.deferred;
  } else {
    ++counters_.lost;
    intake_.doubt(gateway_.channel(), clock_.now());
  }
}

void Webhook::handshake(http::Request request, const http::Respond& respond) const {
  const auto answer = gateway_.handshake(raw(std::move(request)));
  if (!answer.ok() || !answer->accepted) {
    ++counters_.unauthentic;
    respond(status(403));
    return;
  }
  http::Response response = status(200);
  response.content_type = "text/plain";
  response.body = answer->body;
  respond(std::move(response));
}

http::FindRoute public_routes(const std::shared_ptr<const Webhook>& whatsapp,
                              std::size_t body_limit) {
  if (!whatsapp) return [](std::string_view, std::string_view) { return nullptr; };
  auto get = std::make_shared<http::Route>();
  get->handle = [whatsapp](http::Request request, const http::Respond& respond) {
    whatsapp->handshake(std::move(request), respond);
  };
  auto post = std::make_shared<http::Route>();
  post->body_limit = body_limit;
  post->handle = [whatsapp](http::Request request, http::Respond respond) {
    whatsapp->post(std::move(request), std::move(respond));
  };
  return [get, post](std::string_view method, std::string_view target) -> const http::Route* {
    if (path_of(target) != kWhatsAppPath) return nullptr;
    if (method == "GET") return get.get();
    return method == "POST" ? post.get() : nullptr;
  };
}

http::FindRoute gateway_routes(const std::shared_ptr<const Webhook>& signal) {
  if (!signal) return [](std::string_view, std::string_view) { return nullptr; };
  auto post = std::make_shared<http::Route>();
  post->body_limit = kSignalBody;
  post->handle = [signal](http::Request request, http::Respond respond) {
    signal->post(std::move(request), std::move(respond));
  };
  return [post](std::string_view method, std::string_view target) -> const http::Route* {
    const bool ours = method == "POST" && path_of(target).starts_with(kSignalPath);
    return ours ? post.get() : nullptr;
  };
}

http::FindRoute admin_routes(AdminPages pages) {
  const auto page = [](std::function<http::Response()> make) {
    auto route = std::make_shared<http::Route>();
    route->handle = [make = std::move(make)](http::Request, const http::Respond& respond) {
      respond(make());
    };
    return route;
  };
  const auto healthz = page([] { return status(200); });
  const auto readyz = page(std::move(pages.ready));
  const auto metrics = page(std::move(pages.metrics));
  return [=](std::string_view method, std::string_view target) -> const http::Route* {
    if (method != "GET") return nullptr;
    if (target == "/healthz") return healthz.get();
    if (target == "/readyz") return readyz.get();
    return target == "/metrics" ? metrics.get() : nullptr;
  };
}

}  // namespace resguardo::commands
