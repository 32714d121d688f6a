// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/listen.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "bot/http/server.h"

namespace resguardo::http {
namespace {

namespace asio = boost::asio;
constexpr int kBacklog = 1024;
constexpr mode_t kUnixMode = 0660;  // a proxy of the same group may connect
constexpr std::string_view kUnixPrefix = "unix:";
constexpr std::size_t kLongestUnixPath = 107;  // sockaddr_un(7)

Error bind_error(int reason) {
  switch (reason) {
    case EADDRINUSE:
      return {Fault::kUnavailable, "the address is in use"};
    case EACCES:
    case EPERM:
      return {Fault::kUnavailable, kNoPermission};
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return {Fault::kUnavailable, "this machine does not have the address"};
    case ENOENT:
    case ENOTDIR:
      return {Fault::kUnavailable, "the directory of the socket does not exist"};
    default:
      return {Fault::kUnavailable, "the address cannot be listened at"};
  }
}

// Owns a descriptor until release().
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

int open_socket(int family) {
  return ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

bool switch_on(int socket, int level, int option) {
  const int on = 1;
  return ::setsockopt(socket, level, option, &on, sizeof on) == 0;
}

bool prepare_tcp(int socket, int family) {
  if (family == AF_INET6 && !switch_on(socket, IPPROTO_IPV6, IPV6_V6ONLY)) return false;
  return switch_on(socket, SOL_SOCKET, SO_REUSEADDR);
}

socklen_t length(const StreamProtocol::endpoint& endpoint) {
  return static_cast<socklen_t>(endpoint.size());
}

// EADDRINUSE if anybody listens there, even with SO_REUSEPORT.
int look_for_others(const StreamProtocol::endpoint& endpoint) {
  const Descriptor probe(open_socket(endpoint.protocol().family()));
  if (probe.get() < 0 || !prepare_tcp(probe.get(), endpoint.protocol().family())) return errno;
  if (::bind(probe.get(), endpoint.data(), length(endpoint)) != 0) return errno;
  if (::listen(probe.get(), 1) != 0) return errno;
  return 0;
}

// True: the file at `path` is a socket that nobody answers at any more.
bool is_left_over(const std::string& path, const StreamProtocol::endpoint& endpoint) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const Descriptor probe(open_socket(AF_UNIX));
  if (probe.get() < 0) return false;
  return ::connect(probe.get(), endpoint.data(), length(endpoint)) != 0 && errno == ECONNREFUSED;
}

Result<int> bind_tcp(ListenAddress& address) {
  StreamProtocol::endpoint& endpoint = address.endpoint;
  if (const int reason = look_for_others(endpoint); reason != 0) return bind_error(reason);
  const int family = endpoint.protocol().family();
  Descriptor socket(open_socket(family));
  if (socket.get() < 0 || !prepare_tcp(socket.get(), family) ||
      !switch_on(socket.get(), SOL_SOCKET, SO_REUSEPORT) ||
      ::bind(socket.get(), endpoint.data(), length(endpoint)) != 0) {
    return bind_error(errno);
  }
  auto size = static_cast<socklen_t>(endpoint.capacity());  // port 0 became a real one
  if (::getsockname(socket.get(), endpoint.data(), &size) != 0) return bind_error(errno);
  endpoint.resize(size);
  return socket.release();
}

Result<int> bind_unix(const ListenAddress& address) {
  Descriptor socket(open_socket(AF_UNIX));
  // Set before the file exists, so that it is never open to more than these.
  if (socket.get() < 0 || ::fchmod(socket.get(), kUnixMode) != 0) return bind_error(errno);
  if (is_left_over(address.unix_path, address.endpoint)) ::unlink(address.unix_path.c_str());
  if (::bind(socket.get(), address.endpoint.data(), length(address.endpoint)) != 0 ||
      ::chmod(address.unix_path.c_str(), kUnixMode) != 0 ||  // whatever the umask took away
      ::listen(socket.get(), kBacklog) != 0) {
    return bind_error(errno);
  }
  return socket.release();
}

std::uint16_t port_of(const ListenAddress& address) {
  if (!address.unix_path.empty()) return 0;
  asio::ip::tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), address.endpoint.data(), address.endpoint.size());
  return endpoint.port();
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return Error{Fault::kMalformed, "the port is not a number from 0 to 65535"};
  }
  return port;
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
  if (text.starts_with(kUnixPrefix)) {
    const std::string path(text.substr(kUnixPrefix.size()));
    if (!path.starts_with('/') || path.size() > kLongestUnixPath || path.find('\0') != path.npos) {
      return Error{Fault::kMalformed,
                   "the path of a UNIX socket begins with / and has 107 bytes at most"};
    }
    return ListenAddress{asio::local::stream_protocol::endpoint(path), path};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return Error{Fault::kMalformed, "not ADDRESS:PORT or unix:/PATH"};
  RESGUARDO_TRY(const std::uint16_t port, parse_port(text.substr(colon + 1)));
  std::string host(text.substr(0, colon));
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error || address.is_v6() != bracketed) {
    return Error{Fault::kMalformed, "the address is not a number such as 127.0.0.1 or [::1]"};
  }
  return ListenAddress{asio::ip::tcp::endpoint(address, port), ""};
}

bool is_same(const ListenAddress& one, const ListenAddress& other) {
  if (!one.unix_path.empty() || !other.unix_path.empty()) return one.unix_path == other.unix_path;
  return port_of(one) != 0 && one.endpoint == other.endpoint;
}

Status check_listeners(const std::vector<std::string>& addresses, bool now, std::size_t& at_fault) {
  std::vector<ListenAddress> parsed;
  std::vector<BoundAddress> bound;
  for (at_fault = 0; at_fault < addresses.size(); ++at_fault) {
    RESGUARDO_TRY(ListenAddress address, parse_listen_address(addresses[at_fault]));
    if (std::ranges::any_of(parsed, [&](const auto& one) { return is_same(one, address); }))
      return Error{Fault::kUnavailable, kTwice};
    if (now) {
      RESGUARDO_TRY(BoundAddress taken, BoundAddress::bind(address));
      bound.push_back(std::move(taken));
    }
    parsed.push_back(std::move(address));
  }
  return success();
}

Result<BoundAddress> BoundAddress::bind(const ListenAddress& wanted) {
  ListenAddress address = wanted;
  RESGUARDO_TRY(const int socket,
                address.unix_path.empty() ? bind_tcp(address) : bind_unix(address));
  return BoundAddress(std::move(address), socket);
}

BoundAddress::BoundAddress(BoundAddress&& other) noexcept
    : address_(std::move(other.address_)), socket_(std::exchange(other.socket_, -1)) {}

BoundAddress::~BoundAddress() {
  if (socket_ < 0) return;
  ::close(socket_);
  if (!address_.unix_path.empty()) ::unlink(address_.unix_path.c_str());
}

Result<Acceptor> BoundAddress::open(asio::io_context& context) const {
  const StreamProtocol protocol = address_.endpoint.protocol();
  const bool is_tcp = address_.unix_path.empty();
  Descriptor socket(is_tcp ? open_socket(protocol.family()) : ::fcntl(socket_, F_DUPFD_CLOEXEC, 0));
  if (socket.get() < 0) return bind_error(errno);
  if (is_tcp && (!prepare_tcp(socket.get(), protocol.family()) ||
                 !switch_on(socket.get(), SOL_SOCKET, SO_REUSEPORT) ||
                 ::bind(socket.get(), address_.endpoint.data(), length(address_.endpoint)) != 0 ||
                 ::listen(socket.get(), kBacklog) != 0)) {
    return bind_error(errno);
  }
  Acceptor acceptor(context);
  boost::system::error_code error;
  acceptor.assign(protocol, socket.get(), error);
  if (error) return bind_error(error.value());
  socket.release();
  return acceptor;
}

std::uint16_t BoundAddress::port() const {
  return port_of(address_);
}

}  // namespace resguardo::http
