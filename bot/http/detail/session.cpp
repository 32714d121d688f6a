// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/session.h"

#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "bot/http/detail/await.h"
#include "bot/http/detail/head_scanner.h"

namespace resguardo::http {
namespace {

namespace beast_http = boost::beast::http;
constexpr std::chrono::seconds kGoodbye{1};
constexpr std::size_t kBesideHead = 4096;  // room in the buffer beside a head

bool is_refusal(unsigned status) {
  return status >= 400 && status < 500;
}

}  // namespace

// One request and what became of it. A refusal closes the connection unless the request is over.
struct Session::Exchange {
  Exchange(std::size_t header_limit, const Premises& premises)
      : scanner(header_limit), parser(header_limit), body(premises.bodies), peers(premises.peers) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() { give_back(); }
  // What the request had of what all share: before its answer is read, another may have it.
  void give_back() {
    if (std::exchange(admitted, false)) peers.leave_request(*asker);
    body.release();
  }
  HeadScanner scanner;
  RequestParser parser;
  Bodies::Share body;
  Peers& peers;
  std::optional<PeerTag> asker;  // for whom a proxy asks
  bool admitted = false;
  const Route* route = nullptr;
  Refusal refusal;
  bool is_head_request = false;
  bool expects_continue = false;
};

Session::Session(asio::any_io_executor executor, std::unique_ptr<Stream> stream,
                 const Premises& premises, Guest guest)
    : executor_(std::move(executor)),
      stream_(std::move(stream)),
      premises_(premises),
      config_(premises.config),
      guest_(std::move(guest)),
      buffer_(config_.header_limit + kBesideHead),
      watchdog_(executor_),
      answer_timer_(executor_) {}

asio::awaitable<void> Session::run() {
  watch_reading(config_.request);
  const IoResult opened = co_await stream_->handshake();
  if (opened.error) {
    if (guest_.pays) premises_.peers.refused(*guest_.pays, std::chrono::steady_clock::now());
    co_return;
  }
  bool again = true;
  while (again && !closed_) again = co_await exchange();
  if (guest_.shakes_hands && !asked_ && guest_.pays)
    premises_.peers.refused(*guest_.pays, std::chrono::steady_clock::now());
  if (closed_) co_return;
  watchdog_.watch(kGoodbye, [stream = stream_.get()] { stream->close(); });
  co_await stream_->finish(unread_input_ || buffer_.size() > 0);
  watchdog_.rest();
}

void Session::drain() {
  draining_ = true;
  if (idle_) stream_->stop_reading();
}

void Session::close() {
  closed_ = true;
  draining_ = true;
  stream_->close();
  answer_timer_.cancel();
}

void Session::watch_reading(std::chrono::milliseconds time) {
  watchdog_.watch(time, [stream = stream_.get()] { stream->stop_reading(); });
}

// True: there is another exchange to come.
asio::awaitable<bool> Session::exchange() {
  Exchange exchange(config_.header_limit, premises_);
  const bool has_head = co_await read_head(exchange);
  if (!has_head && !exchange.refusal) co_return false;
  if (!exchange.refusal) exchange.refusal = judge_head(exchange);
  if (!exchange.refusal && !exchange.parser.is_done()) {
    const bool has_body = co_await read_body(exchange);
    if (!has_body && !exchange.refusal) co_return false;
  }
  watchdog_.rest();
  asked_ = true;
  // The response has a name: g++ 12 destroys an aggregate made inside a co_await expression twice.
  Response response;
  if (exchange.refusal) {
    response.status = *exchange.refusal;
  } else {
    guest_.place->begin_work();
    std::optional<Response> given = co_await ask(exchange);
    guest_.place->end_work(given && !is_refusal(given->status));
    if (closed_) co_return false;
    draining_ = draining_ || !given;  // a handler that is stuck: let the peer come anew
    response.status = 503;
    if (given) response = std::move(*given);
  }
  if (is_refusal(response.status)) count_refusal(exchange);
  exchange.give_back();
  co_return co_await answer(exchange, std::move(response));
}

// Of a request that came through a proxy: whether whom it is for may ask now.
bool Session::admit(Exchange& exchange) const {
  if (!guest_.is_proxy) return true;
  const auto asker =
      premises_.proxies.asked_for(exchange.parser.message().headers, config_.forwarded_by);
  if (!asker) return true;
  exchange.asker = premises_.names.of(*asker);
  exchange.admitted =
      premises_.peers.enter_request(*exchange.asker, std::chrono::steady_clock::now());
  return exchange.admitted;
}

// Whoever comes himself and has been refused too often is heard no more, for now.
void Session::count_refusal(const Exchange& exchange) {
  const auto& pays = guest_.is_proxy ? exchange.asker : guest_.pays;
  if (!pays || (guest_.is_proxy && !exchange.admitted)) return;
  const bool may_go_on = premises_.peers.refused(*pays, std::chrono::steady_clock::now());
  if (!may_go_on && !guest_.is_proxy) draining_ = true;
}

// False: the peer is gone, or the time is up (then there is a refusal if anything had come).
asio::awaitable<bool> Session::read_more(Exchange& exchange) {
  const IoResult result = co_await stream_->read_some(buffer_.space());
  if (closed_) co_return false;
  if (watchdog_.barked()) {
    if (!idle_) exchange.refusal = 408;
    co_return false;
  }
  if (result.error) co_return false;
  buffer_.commit(result.bytes);
  co_return true;
}

asio::awaitable<bool> Session::read_head(Exchange& exchange) {
  idle_ = buffer_.size() == 0;
  pipelined_ = idle_ ? 0 : pipelined_ + 1;
  if (idle_ && draining_) co_return false;
  watch_reading(idle_ ? config_.idle : config_.request);
  for (;;) {
    const HeadScanner::Verdict verdict = exchange.scanner.scan(buffer_.data());
    if (verdict == HeadScanner::Verdict::kComplete) break;
    if (verdict != HeadScanner::Verdict::kMore) {
      exchange.refusal = verdict == HeadScanner::Verdict::kTooLong ? 431 : 400;
      co_return false;
    }
    const bool more = co_await read_more(exchange);
    if (!more) co_return false;
    if (idle_) {
      idle_ = false;
      watch_reading(config_.request);
    }
  }
  const std::size_t length = exchange.scanner.length();
  if (!exchange.parser.put_head(buffer_.data().first(length))) exchange.refusal = 400;
  buffer_.consume(length);
  co_return !exchange.refusal;
}

// Everything that can be said before a byte of the body is read.
Session::Refusal Session::judge_head(Exchange& exchange) const {
  RequestParser& parser = exchange.parser;
  Request& request = parser.message();
  if (!admit(exchange)) return 429;
  exchange.is_head_request = request.method == "HEAD";
  if (exchange.is_head_request) request.method = "GET";
  if (!request.target.starts_with('/')) return 404;  // we are nobody's proxy
  exchange.route = premises_.routes(request.method, request.target);
  if (exchange.route == nullptr) return 404;
  const std::size_t limit = exchange.route->body_limit;
  if (!parser.is_done() && !parser.chunked() && parser.content_length().value_or(0) > limit) {
    return 413;
  }
  parser.body_limit(limit);
  if (const Header* expect = parser.find("expect"); expect != nullptr && parser.http_1_1()) {
    if (!equal_ignoring_case(expect->value, "100-continue")) return 417;
    exchange.expects_continue = true;
  }
  return std::nullopt;
}

asio::awaitable<bool> Session::read_body(Exchange& exchange) {
  if (exchange.expects_continue && buffer_.size() == 0) {
    const IoResult sent = co_await stream_->write(as_bytes(kContinue), {});
    if (sent.error) co_return false;
  }
  while (!exchange.parser.is_done()) {
    ErrorCode error;
    buffer_.consume(exchange.parser.put_body(buffer_.data(), error));
    if (!exchange.body.grow_to(exchange.parser.message().body.size())) {
      exchange.refusal = 503;
      co_return false;
    }
    if (error == beast_http::error::need_more && !buffer_.full()) {
      const bool more = co_await read_more(exchange);
      if (!more) co_return false;
    } else if (error) {
      exchange.refusal = error == beast_http::error::body_limit ? 413 : 400;
      co_return false;
    }
  }
  co_return true;
}

// nullopt: no answer in time.
asio::awaitable<std::optional<Response>> Session::ask(Exchange& exchange) {
  const auto pending =
      std::make_shared<PendingAnswer>([executor = executor_, session = weak_from_this()] {
        asio::post(executor, [session] {
          if (const auto alive = session.lock()) alive->answer_timer_.cancel();
        });
      });
  struct Abandon {
    PendingAnswer& pending;
    ~Abandon() { pending.abandon(); }
  };
  const Abandon abandon{*pending};
  const auto deadline = std::chrono::steady_clock::now() + config_.answer;
  answer_timer_.expires_at(deadline);
  exchange.route->handle(std::move(exchange.parser.message()),
                         [pending](Response response) { pending->give(std::move(response)); });
  // The timer is also cancelled by answers that came late: hence the loop.
  while (!pending->given() && !closed_ && std::chrono::steady_clock::now() < deadline) {
    co_await answer_timer_.async_wait(kAwait);
  }
  co_return pending->take();
}

// True: the connection goes on.
asio::awaitable<bool> Session::answer(Exchange& exchange, Response response) {
  const RequestParser& parser = exchange.parser;
  unread_input_ = exchange.refusal && !(parser.is_header_done() && parser.is_done());
  const bool hurries = pipelined_ >= config_.pipelined && buffer_.size() > 0;
  const bool go_on = !draining_ && !unread_input_ && !hurries && exchange.refusal != 400 &&
                     parser.http_1_1() && parser.keep_alive();
  const AnswerText text = answer_text(std::move(response), exchange.is_head_request, !go_on);
  watchdog_.watch(config_.request, [stream = stream_.get()] { stream->close(); });
  const IoResult sent = co_await stream_->write(as_bytes(text.head), as_bytes(text.body));
  watchdog_.rest();
  co_return go_on && !sent.error;
}

}  // namespace resguardo::http
