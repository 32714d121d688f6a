// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

#include "bot/http/detail/await.h"
#include "bot/http/detail/listen.h"
#include "bot/http/detail/session.h"
#include "bot/http/detail/tls.h"

namespace resguardo::http {
namespace {

constexpr std::chrono::milliseconds kOutOfDescriptors{50};

// Of all listeners.
struct Addresses {
  PeerNames names;
  TrustedProxies proxies;
};

struct Listener {
  Listener(const ServerConfig& server, const ListenerConfig& listener_config,
           const Addresses& addresses, BoundAddress bound_address)
      : config(listener_config),
        port(bound_address.port()),
        bound(std::make_unique<const BoundAddress>(std::move(bound_address))),
        peers(listener_config.peers),
        bodies(server.bodies, server.free_body),
        premises{server, config.routes, addresses.names, addresses.proxies, peers, bodies} {}
  const ListenerConfig& config;
  const std::uint16_t port;
  std::unique_ptr<const BoundAddress> bound;  // until the server has stopped
  CurrentTls tls;
  Peers peers;
  Bodies bodies;
  const Premises premises;
};

// What all threads of a server share.
struct Shared {
  explicit Shared(ServerConfig server_config) : config(std::move(server_config)) {}
  const ServerConfig config;
  std::optional<Addresses> addresses;
  std::deque<Listener> listeners;

  std::mutex mutex;
  std::condition_variable changed;
  std::size_t running = 0;  // threads; under the mutex
};

// One thread, its io_context, its acceptors and its connections. run() ends when all are gone.
class ServerWorker {
 public:
  explicit ServerWorker(Shared& shared) : shared_(shared) {}

  Status open() {
    for (Listener& listener : shared_.listeners) {
      RESGUARDO_TRY(Acceptor acceptor, listener.bound->open(context_));
      doors_.push_back(Door{std::move(acceptor), &listener});
    }
    return success();
  }

  void start() {
    for (Door& door : doors_) {
      asio::co_spawn(context_, accept_all(door), [](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);  // a server that accepts no more should not live
      });
    }
    thread_ = std::thread([this] {
      context_.run();
      const std::lock_guard lock(shared_.mutex);
      --shared_.running;
      shared_.changed.notify_all();
    });
  }

  void drain() {
    asio::post(context_, [this] {
      draining_ = true;
      boost::system::error_code ignored;
      for (Door& door : doors_) door.acceptor.close(ignored);
      for (Session* session : sessions_) session->drain();
    });
  }
  void close() {
    asio::post(context_, [this] {
      for (Session* session : sessions_) session->close();
    });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  struct Door {
    Acceptor acceptor;
    Listener* listener;
  };

  asio::awaitable<void> accept_all(Door& door) {
    while (!draining_) {
      auto [error, socket] = co_await door.acceptor.async_accept(kAwait);
      if (draining_) break;
      if (error) {  // no descriptors, mostly: the connections we have come first
        asio::steady_timer pause(context_, kOutOfDescriptors);
        co_await pause.async_wait(kAwait);
        continue;
      }
      asio::co_spawn(context_, serve(std::move(socket), *door.listener), asio::detached);
    }
  }

  // A guest without a place is sent away. Who goes for another is told on this thread.
  Guest receive(const Socket& socket, Listener& listener,
                const std::shared_ptr<std::weak_ptr<Session>>& session) {
    boost::system::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return {};  // it has gone already
    const auto address = address_of(peer);
    Guest guest;
    guest.is_proxy = shared_.addresses->proxies.trusts(address);
    Peers::Connection connection;
    if (address && !guest.is_proxy) connection.tag = shared_.addresses->names.of(*address);
    // Behind an address of this machine there may be a proxy that nobody named.
    connection.pays = connection.tag && !address->is_loopback();
    if (connection.pays) guest.pays = connection.tag;
    connection.evict = [this, session] {
      asio::post(context_, [session] {
        if (const auto alive = session->lock()) alive->close();
      });
    };
    guest.place = listener.peers.enter(std::move(connection), std::chrono::steady_clock::now());
    return guest;
  }

  asio::awaitable<void> serve(Socket socket, Listener& listener) {
    const auto myself = std::make_shared<std::weak_ptr<Session>>();
    Guest guest = receive(socket, listener, myself);
    if (!guest.place) co_return;
    boost::system::error_code ignored;  // UNIX sockets have no such option
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    const TlsContext tls = listener.tls.get();
    guest.shakes_hands = tls != nullptr;
    auto stream = tls ? tls_server_stream(std::move(socket), tls) : plain_stream(std::move(socket));
    const auto session = std::make_shared<Session>(context_.get_executor(), std::move(stream),
                                                   listener.premises, std::move(guest));
    *myself = session;
    sessions_.insert(session.get());
    struct Leave {
      std::unordered_set<Session*>& sessions;
      Session* session;
      ~Leave() { sessions.erase(session); }
    };
    const Leave leave{sessions_, session.get()};
    if (draining_) co_return;
    co_await session->run();
  }

  Shared& shared_;
  asio::io_context context_{1};
  std::deque<Door> doors_;
  std::unordered_set<Session*> sessions_;
  bool draining_ = false;
  std::thread thread_;
};

class ServerImpl final : public Server {
 public:
  explicit ServerImpl(ServerConfig config) : shared_(std::move(config)) {}
  // NOLINTNEXTLINE(bugprone-exception-escape): no memory to stop with, no way on
  ~ServerImpl() override { ServerImpl::stop(std::chrono::milliseconds(0)); }

  Status open(std::string* failed_listener) {
    RESGUARDO_TRY(PeerNames names, PeerNames::create());
    RESGUARDO_TRY(TrustedProxies proxies, TrustedProxies::parse(shared_.config.trusted_proxies));
    shared_.addresses.emplace(Addresses{std::move(names), std::move(proxies)});
    for (const ListenerConfig& listener : shared_.config.listeners) {
      if (failed_listener != nullptr) *failed_listener = listener.name;
      RESGUARDO_TRY(const ListenAddress address, parse_listen_address(listener.address));
      for (const Listener& before : shared_.listeners)
        if (is_same(before.bound->address(), address)) return Error{Fault::kUnavailable, kTwice};
      TlsContext tls;
      if (listener.tls) {
        RESGUARDO_TRY(tls, load_server_tls(*listener.tls));
      }
      RESGUARDO_TRY(BoundAddress bound, BoundAddress::bind(address));
      shared_.listeners.emplace_back(shared_.config, listener, *shared_.addresses, std::move(bound))
          .tls.set(std::move(tls));
    }
    const unsigned threads = std::max(1U, shared_.config.threads);
    for (unsigned i = 0; i < threads; ++i) {
      RESGUARDO_CHECK(workers_.emplace_back(shared_).open());
    }
    if (failed_listener != nullptr) failed_listener->clear();
    return success();
  }

  void start_threads() {
    shared_.running = workers_.size();
    for (ServerWorker& worker : workers_) worker.start();
    started_ = true;
  }

  std::uint16_t port(std::string_view name) const override {
    for (const Listener& listener : shared_.listeners) {
      if (listener.config.name == name) return listener.port;
    }
    return 0;
  }

  void stop(std::chrono::milliseconds grace) override {
    const std::lock_guard only_one(stopping_);
    if (!std::exchange(started_, false)) return;
    for (ServerWorker& worker : workers_) worker.drain();
    {
      std::unique_lock lock(shared_.mutex);
      shared_.changed.wait_for(lock, grace, [this] { return shared_.running == 0; });
    }
    for (ServerWorker& worker : workers_) worker.close();
    for (ServerWorker& worker : workers_) worker.join();
    for (Listener& listener : shared_.listeners) listener.bound.reset();
  }

  Status reload_tls() override {
    std::vector<std::pair<Listener*, TlsContext>> fresh;
    for (Listener& listener : shared_.listeners) {
      if (!listener.config.tls) continue;
      RESGUARDO_TRY(TlsContext context, load_server_tls(*listener.config.tls));
      fresh.emplace_back(&listener, std::move(context));
    }
    for (auto& [listener, context] : fresh) listener->tls.set(std::move(context));
    return success();
  }

  std::optional<TimePoint> certificate_ends() const override {
    for (const Listener& listener : shared_.listeners) {
      const TlsContext context = listener.tls.get();
      if (!context) continue;
      const auto valid = validity_of(context);
      return valid.ok() ? valid->until : TimePoint();
    }
    return std::nullopt;
  }

 private:
  Shared shared_;
  std::deque<ServerWorker> workers_;
  std::mutex stopping_;
  bool started_ = false;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerConfig config, std::string* failed_listener) {
  auto server = std::make_unique<ServerImpl>(std::move(config));
  RESGUARDO_CHECK(server->open(failed_listener));
  server->start_threads();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace resguardo::http
