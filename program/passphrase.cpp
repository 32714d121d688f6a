// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/passphrase.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace resguardo::program {
namespace {

// A descriptor that is closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

// Echo off, and signals held back until it is on again, so that Ctrl-C leaves a working terminal.
class EchoOff {
 public:
  explicit EchoOff(int terminal) : terminal_(terminal) {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) sigaddset(&held, signal);
    sigprocmask(SIG_BLOCK, &held, &before_);
    if (tcgetattr(terminal_, &settings_) != 0) return;
    termios quiet = settings_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ICANON;
    silent_ = tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;
  ~EchoOff() {
    if (silent_) tcsetattr(terminal_, TCSAFLUSH, &settings_);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  bool silent() const { return silent_; }

 private:
  int terminal_;
  termios settings_{};
  sigset_t before_{};
  bool silent_ = false;
};

// One line, read byte by byte so that nothing after it is taken from a pipe.
Outcome<SecretBytes> read_line(int descriptor, const std::string& where) {
  std::array<std::uint8_t, kMaxPassphrase + 1> typed{};
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < typed.size() && (got = ::read(descriptor, typed.data() + size, 1)) == 1 &&
         typed[size] != '\n')
    ++size;
  const int failed = got < 0 ? errno : 0;
  if (size > 0 && size < typed.size() && typed[size - 1] == '\r') --size;
  auto line = SecretBytes::take(std::span(typed).first(std::min(size, kMaxPassphrase)));
  wipe(typed);
  if (failed != 0) return usage_problem(where, std::strerror(failed));
  if (size == 0) return usage_problem(where, "the passphrase is empty");
  if (size > kMaxPassphrase)
    return usage_problem(where, "the passphrase is longer than 1024 bytes");
  return at(where, std::move(line));
}

void say(int terminal, const std::string& text) {
  if (::write(terminal, text.data(), text.size()) < 0) return;  // the prompt is a courtesy
}

Outcome<SecretBytes> ask_once(int terminal, const std::string& prompt) {
  const EchoOff echo(terminal);
  if (!echo.silent()) return usage_problem("terminal", "its echo cannot be switched off");
  say(terminal, prompt + ": ");
  auto typed = read_line(terminal, "terminal");
  say(terminal, "\n");
  return typed;
}

Outcome<SecretBytes> ask(const std::string& prompt, bool is_new) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (terminal.number() < 0)
    return usage_problem("passphrase", "there is no terminal to ask for it on",
                         "give --passphrase-file or --passphrase-fd");
  RESGUARDO_TRY(SecretBytes typed, ask_once(terminal.number(), prompt));
  if (!is_new) return typed;
  RESGUARDO_TRY(const SecretBytes again, ask_once(terminal.number(), "The same once more"));
  const bool same = typed.read([&](ByteView first) {
    return again.read([&](ByteView second) { return constant_time_equal(first, second); });
  });
  if (!same) return usage_problem("terminal", "the two passphrases differ", "try again");
  return typed;
}

}  // namespace

Outcome<SecretBytes> read_passphrase(const PassphraseSource& source, const std::string& prompt,
                                     bool is_new) {
  if (source.file && source.descriptor)
    return usage_problem("--passphrase-fd", "excludes --passphrase-file", "give one of them");
  if (source.descriptor)
    return read_line(*source.descriptor, "--passphrase-fd " + std::to_string(*source.descriptor));
  if (!source.file) return ask(prompt, is_new);
  const Descriptor file(::open(source.file->c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return usage_problem(source.file->string(), std::strerror(errno));
  return read_line(file.number(), source.file->string());
}

}  // namespace resguardo::program
