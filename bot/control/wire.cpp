// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/control/wire.h"

#include <fcntl.h>
#include <google/protobuf/util/delimited_message_util.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace resguardo::control {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}
Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

SocketName socket_name(const std::filesystem::path& directory) {
  SocketName name;
  name.directory = Descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  name.address.sun_family = AF_UNIX;
  const std::string path =
      "/proc/self/fd/" + std::to_string(name.directory.get()) + "/" + kSocketFile;
  std::copy(path.begin(), path.end(), std::begin(name.address.sun_path));
  return name;
}

WithoutSigpipe::WithoutSigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

bool Wire::send(const google::protobuf::MessageLite& message) {
  return google::protobuf::util::SerializeDelimitedToZeroCopyStream(message, &out_) && out_.Flush();
}

bool Wire::receive(google::protobuf::MessageLite& message) {
  bool clean_end = false;
  return google::protobuf::util::ParseDelimitedFromZeroCopyStream(&message, &in_, &clean_end);
}

bool FrameBuffer::flush() {
  const auto size = static_cast<std::size_t>(pptr() - pbase());
  if (size == 0) return true;
  pb::ControlFrame frame;
  frame.set_data(pbase(), size);
  clear();
  return wire_.send(frame);
}

FrameBuffer::int_type FrameBuffer::overflow(int_type next) {
  if (!flush()) return traits_type::eof();
  if (traits_type::eq_int_type(next, traits_type::eof())) return traits_type::not_eof(next);
  return sputc(traits_type::to_char_type(next));
}

}  // namespace resguardo::control
