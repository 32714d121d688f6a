// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resguardo::http::testing {

// A plain blocking socket: what a test says goes out byte by byte as it is written, and nothing of
// the code under test is used to say it. Reads give up after 20 seconds.
class RawPeer {
 public:
  static RawPeer connect(std::uint16_t port);
  static RawPeer connect_unix(const std::string& path);
  explicit RawPeer(int socket) : socket_(socket) {}
  RawPeer(RawPeer&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}
  RawPeer& operator=(RawPeer&&) = delete;
  ~RawPeer() { close(); }

  bool send(std::string_view bytes);  // false: the peer is gone
  void shut_writing();
  void close();
  void reset();  // closes with RST

  // One message by its Content-Length; head and body apart. Empty head: the connection ended.
  struct Message {
    std::string head;
    std::string body;
    unsigned status() const;
    bool has(std::string_view line) const { return head.find(line) != std::string::npos; }
  };
  Message read_message(bool has_body = true);
  bool at_end();           // the peer closed, and nothing is left; waits for it
  std::string read_all();  // until the peer closes

 private:
  bool fill();
  int socket_;
  std::string unread_;
};

// A listening loopback socket whose answers the test writes itself.
class RawListener {
 public:
  RawListener();
  ~RawListener();
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  std::uint16_t port() const { return port_; }
  RawPeer accept();
  void close();

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

}  // namespace resguardo::http::testing
