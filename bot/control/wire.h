// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <streambuf>
#include <utility>
#include <vector>

#include "proto/control.pb.h"

namespace resguardo::control {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

// DIR/control.sock, also where its path is longer than a socket's name may be (unix(7): 107
// bytes): named through an open descriptor of the directory.
struct SocketName {
  Descriptor directory;
  sockaddr_un address{};
};
SocketName socket_name(const std::filesystem::path& directory);
inline constexpr const char* kSocketFile = "control.sock";

// While it lives, a peer that is gone is an error of write(), not the end of the process.
class WithoutSigpipe {
 public:
  WithoutSigpipe();
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;
};

// Length-delimited messages over a socket. One thread, which blocks SIGPIPE.
class Wire {
 public:
  explicit Wire(int socket) : socket_(socket), in_(socket), out_(socket) {}
  bool send(const google::protobuf::MessageLite& message);
  bool receive(google::protobuf::MessageLite& message);

 private:
  int socket_;
  google::protobuf::io::FileInputStream in_;
  google::protobuf::io::FileOutputStream out_;
};

// What is written to it goes out as frames of data.
class FrameBuffer final : public std::streambuf {
 public:
  explicit FrameBuffer(Wire& wire) : wire_(wire), room_(kFrame) { clear(); }
  bool flush();

 private:
  static constexpr std::size_t kFrame = 64UL * 1024;
  int_type overflow(int_type next) override;
  int sync() override { return flush() ? 0 : -1; }
  void clear() { setp(room_.data(), room_.data() + room_.size()); }
  Wire& wire_;
  std::vector<char> room_;
};

}  // namespace resguardo::control
