// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace resguardo::bench {

// A message of HTTP/1.1 as the far side of a bot needs it: whole, with a Content-Length.
struct WireMessage {
  std::string_view start;  // the first line
  std::string_view head;   // the lines after it
  std::string_view body;
};

// One loopback connection that never blocks. Just enough HTTP to measure with: it costs little, so
// that the machine's time is the bot's. Not for anything that could be hostile.
class Wire {
 public:
  explicit Wire(int handle) : handle_(handle) {}
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  int handle() const { return handle_; }
  // Takes in what is there. False: the peer is gone.
  bool receive();
  // The next whole message; its views live until receive() or the next take().
  std::optional<WireMessage> take();
  // Sends, or keeps for flush() what does not fit. False: the peer is gone.
  bool send(std::string_view text);
  bool flush();
  bool has_unsent() const { return !unsent_.empty(); }

 private:
  int handle_;
  std::string in_;
  std::size_t used_ = 0;  // of `in_`, by messages that were taken
  std::string unsent_;
};

// Throw with what the system said.
int connect_to(std::uint16_t port);
int listen_on(std::uint16_t port);  // 0: any
int accept_from(int listener);      // -1: nobody waits
std::uint16_t port_of(int handle);

// Which connections have something to say.
class Poll {
 public:
  using Ready = std::function<void()>;
  Poll();
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;
  ~Poll();
  void watch(int handle, const Ready* ready);  // which outlives the watching
  void forget(int handle);
  // Calls what is ready, waiting for something as long as `nanoseconds`.
  void wait(std::int64_t nanoseconds);

 private:
  int handle_;
};

}  // namespace resguardo::bench
