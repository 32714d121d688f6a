// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>

#include "bot/http/detail/addresses.h"
#include "bot/http/detail/answer.h"
#include "bot/http/detail/bodies.h"
#include "bot/http/detail/parser.h"
#include "bot/http/detail/peers.h"
#include "bot/http/detail/read_buffer.h"
#include "bot/http/detail/stream.h"
#include "bot/http/detail/watchdog.h"
#include "bot/http/server.h"

namespace resguardo::http {

// What all sessions of a listener share; it outlives them.
struct Premises {
  const ServerConfig& config;
  const FindRoute& routes;
  const PeerNames& names;
  const TrustedProxies& proxies;
  Peers& peers;
  Bodies& bodies;
};

// Who is at the other end of a connection.
struct Guest {
  std::unique_ptr<Peers::Place> place;
  std::optional<PeerTag> pays;  // refusals count for this address; nothing: for nobody's
  bool is_proxy = false;        // it says in each request for whom it asks
  bool shakes_hands = false;    // by TLS, which costs us more than whoever asks for nothing then
};

// One connection, from its handshake to its end, in one coroutine on one thread.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(asio::any_io_executor executor, std::unique_ptr<Stream> stream, const Premises& premises,
          Guest guest);

  // Keep the session alive while this runs.
  asio::awaitable<void> run();

  // Ends after the answer to the request under way, or at once when there is none.
  void drain();
  void close();  // ends at once

 private:
  // How an exchange went on so far: a status to refuse with, or nothing.
  using Refusal = std::optional<unsigned>;
  struct Exchange;

  asio::awaitable<bool> exchange();
  asio::awaitable<bool> read_more(Exchange& exchange);
  asio::awaitable<bool> read_head(Exchange& exchange);
  Refusal judge_head(Exchange& exchange) const;
  asio::awaitable<bool> read_body(Exchange& exchange);
  bool admit(Exchange& exchange) const;
  void count_refusal(const Exchange& exchange);
  asio::awaitable<std::optional<Response>> ask(Exchange& exchange);
  asio::awaitable<bool> answer(Exchange& exchange, Response response);
  void watch_reading(std::chrono::milliseconds time);

  asio::any_io_executor executor_;
  std::unique_ptr<Stream> stream_;
  const Premises& premises_;
  const ServerConfig& config_;
  const Guest guest_;
  ReadBuffer buffer_;
  Watchdog watchdog_;
  asio::steady_timer answer_timer_;
  std::size_t pipelined_ = 0;  // requests in a row that were here before their turn
  bool asked_ = false;         // something, at least once
  bool idle_ = true;
  bool draining_ = false;
  bool closed_ = false;
  bool unread_input_ = false;  // of a request that was refused
};

}  // namespace resguardo::http
