// SPDX-License-Identifier: AGPL-3.0-or-later
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "bot/control/control.h"
#include "bot/control/wire.h"

namespace resguardo::control {
namespace {

constexpr timeval kPatience{30, 0};
constexpr int kBacklog = 16;
constexpr int kBetweenTries = 200;  // milliseconds

bool is_ours(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

pb::ControlFrame framed(program::Outcome<pb::ControlResult> outcome) {
  pb::ControlFrame frame;
  if (outcome.ok()) {
    *frame.mutable_result() = std::move(*outcome);
    return frame;
  }
  pb::ControlProblem& problem = *frame.mutable_problem();
  problem.set_where(outcome.error().where);
  problem.set_what(outcome.error().what);
  problem.set_mend(outcome.error().mend);
  problem.set_usage(outcome.error().code == program::ExitCode::kUsage);
  return frame;
}

// The file that is being sent: what was written to it is on the wire before the next frame.
class SentParts {
 public:
  explicit SentParts(Wire& wire) : wire_(wire), buffer_(wire), stream_(&buffer_) {}
  Result<std::ostream*> next(std::uint32_t part) {
    pb::ControlFrame frame;
    frame.set_next_part(part);
    if (!finish() || !wire_.send(frame)) return Error{Fault::kUnavailable, "the command is gone"};
    return &stream_;
  }
  bool finish() { return stream_.flush().good(); }

 private:
  Wire& wire_;
  FrameBuffer buffer_;
  std::ostream stream_;
};

void answer(int connection, const Handler& handler) {
  const WithoutSigpipe quiet;
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
    ::setsockopt(connection, SOL_SOCKET, option, &kPatience, sizeof kPatience);
  Wire wire(connection);
  pb::ControlRequest request;
  if (!is_ours(connection) || !wire.receive(request)) return;
  SentParts parts(wire);
  auto outcome = handler(request, [&parts](std::uint32_t part) { return parts.next(part); });
  if (!parts.finish()) return;
  wire.send(framed(std::move(outcome)));
}

class RunningServer final : public Server {
 public:
  RunningServer(std::filesystem::path file, Descriptor listener, Descriptor wakeup, Handler handler)
      : file_(std::move(file)),
        listener_(std::move(listener)),
        wakeup_(std::move(wakeup)),
        handler_(std::move(handler)),
        acceptor_([this] { accept_all(); }) {}
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (const auto& one : clients_) ::shutdown(one.connection.get(), SHUT_RDWR);
    }
    ::eventfd_write(wakeup_.get(), 1);
    ended_.notify_all();
    acceptor_.join();
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return clients_.empty(); });
    reap();
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }

 private:
  struct Client {
    Descriptor connection;
    std::thread thread;
  };

  void accept_all() {
    for (;;) {
      std::array<pollfd, 2> watched{{{listener_.get(), POLLIN, 0}, {wakeup_.get(), POLLIN, 0}}};
      if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
      if ((watched[1].revents & POLLIN) != 0) return;
      if ((watched[0].revents & POLLIN) == 0) continue;
      Descriptor connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!connection.is_open()) {
        // No descriptor is left: whoever asks waits, and so does this thread, instead of spinning.
        ::poll(&watched[1], 1, kBetweenTries);
      } else if (!begin(std::move(connection))) {
        return;
      }
    }
  }

  // False: the server stops.
  bool begin(Descriptor connection) {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return stopping_ || clients_.size() < kAtOnce; });
    if (stopping_) return false;
    reap();
    const auto client = clients_.insert(clients_.end(), Client{std::move(connection), {}});
    try {
      client->thread = std::thread([this, client] { serve(client); });
    } catch (const std::system_error&) {  // no thread is left: the command is told by the end
      clients_.erase(client);
    }
    return true;
  }

  void serve(std::list<Client>::iterator client) {
    answer(client->connection.get(), handler_);
    ::shutdown(client->connection.get(), SHUT_RDWR);
    const std::lock_guard lock(mutex_);
    done_.splice(done_.end(), clients_, client);
    ended_.notify_all();
  }

  // Threads that have nothing more to do than to end; under the lock.
  void reap() {
    for (Client& one : done_) one.thread.join();
    done_.clear();
  }

  const std::filesystem::path file_;
  const Descriptor listener_;
  const Descriptor wakeup_;
  const Handler handler_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool stopping_ = false;
  std::list<Client> clients_;
  std::list<Client> done_;
  std::thread acceptor_;  // last: the others exist when it starts
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const std::filesystem::path& directory,
                                              Handler handler) {
  const auto file = directory / kSocketFile;
  std::error_code ignored;
  std::filesystem::remove(file, ignored);  // whoever made it held the store, and holds it no more
  Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  Descriptor wakeup(::eventfd(0, EFD_CLOEXEC));
  const auto name = socket_name(directory);
  const auto* address = reinterpret_cast<const sockaddr*>(&name.address);
  // Of its owner alone from the first moment: nobody can connect before listen().
  if (!listener.is_open() || !wakeup.is_open() ||
      ::bind(listener.get(), address, sizeof name.address) != 0 ||
      ::chmod(file.c_str(), 0600) != 0 || ::listen(listener.get(), kBacklog) != 0)
    return Error{Fault::kUnavailable, "the socket for commands cannot be made"};
  return std::unique_ptr<Server>(std::make_unique<RunningServer>(
      file, std::move(listener), std::move(wakeup), std::move(handler)));
}

}  // namespace resguardo::control
