// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "crypto/base/bytes.h"

namespace resguardo::http {

namespace asio = boost::asio;
using Socket = asio::generic::stream_protocol::socket;  // TCP and UNIX alike: one instantiation
using TlsContext = std::shared_ptr<asio::ssl::context>;

struct IoResult {
  boost::system::error_code error;
  std::size_t bytes = 0;
};

// A connection, with TLS or without; used on one thread. Type-erased, so that the sessions above
// it are compiled once.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual asio::awaitable<IoResult> handshake() = 0;
  virtual asio::awaitable<IoResult> read_some(std::span<std::uint8_t> out) = 0;
  virtual asio::awaitable<IoResult> write(ByteView first, ByteView second) = 0;
  // Says that we are done and, if `linger`, throws away what the peer still sends, so that it can
  // read our last answer before the connection is reset. Ends with the peer, or when closed.
  virtual asio::awaitable<void> finish(bool linger) = 0;

  virtual void stop_reading() noexcept = 0;  // reads end now and for good; writes go on
  virtual void close() noexcept = 0;
  // False: the peer closed the connection, or sent what nobody asked for.
  virtual bool is_quiet() noexcept = 0;
};

std::unique_ptr<Stream> plain_stream(Socket socket);
std::unique_ptr<Stream> tls_server_stream(Socket socket, TlsContext context);
// `host` (a name or an address) is what the peer's certificate must say.
std::unique_ptr<Stream> tls_client_stream(Socket socket, TlsContext context,
                                          const std::string& host);

}  // namespace resguardo::http
