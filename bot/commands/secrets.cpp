// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/secrets.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "crypto/base/secret_text.h"
#include "crypto/session/master_key.h"

namespace resguardo::commands {
namespace {

using program::Outcome;
using program::Problem;

constexpr std::size_t kLongestSecretFile = 16 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ > STDERR_FILENO) ::close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

Outcome<SecretBuffer> read_all(int descriptor, const std::string& where) {
  SecretBuffer content(kLongestSecretFile + 1);
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(descriptor, content.span().data() + size, content.size() - size);
    if (got < 0) return Problem{where, "cannot be read", "check its permissions"};
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kLongestSecretFile) return Problem{where, "is too long to be a secret", ""};
  content.resize(size);
  return content;
}

Outcome<SecretBuffer> read_private_file(const std::filesystem::path& file) {
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status = {};
  if (descriptor.get() < 0 || ::fstat(descriptor.get(), &status) != 0)
    return Problem{file.string(), "cannot be read", "check the path and its permissions"};
  if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0)
    return Problem{file.string(), "can be read or changed by everybody on this machine",
                   "chmod 600 " + file.string()};
  return read_all(descriptor.get(), file.string());
}

Outcome<std::vector<SecretBytes>> split_lines(SecretBuffer content, const std::string& where,
                                              std::size_t least, std::size_t most) {
  std::vector<SecretBytes> lines;
  auto bytes = content.span();
  while (!bytes.empty()) {
    const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{'\n'});
    const auto length = static_cast<std::size_t>(end - bytes.begin());
    std::size_t trimmed = length;
    while (trimmed > 0 && bytes[trimmed - 1] == '\r') --trimmed;
    if (trimmed > 0) {
      auto line = SecretBytes::take(bytes.first(trimmed));
      if (!line.ok()) return program::problem(line.error(), where);
      lines.push_back(std::move(line).value());
    }
    bytes = bytes.subspan(std::min(length + 1, bytes.size()));
  }
  if (lines.size() < least || lines.size() > most)
    return Problem{where, lines.size() < least ? "is empty" : "has too many lines",
                   most == 1 ? "put one line in it" : "put one line in it, or two while rotating"};
  return lines;
}

}  // namespace

Outcome<std::vector<SecretBytes>> read_secret_lines(const std::filesystem::path& file,
                                                    std::size_t least, std::size_t most) {
  RESGUARDO_TRY(auto content, read_private_file(file));
  return split_lines(std::move(content), file.string(), least, most);
}

Outcome<SecretBytes> read_secret_line(const std::filesystem::path& file) {
  RESGUARDO_TRY(auto lines, read_secret_lines(file, 1, 1));
  return std::move(lines.front());
}

Outcome<SecretBytes> parse_master_key(const SecretBytes& text, const std::string& where) {
  const Problem wrong{where, "is not a master key: 64 hexadecimal digits",
                      "use the file that `resguardo-bot init` wrote"};
  auto parsed = text.read([](ByteView bytes) { return parse_hex(as_text(bytes)); });
  if (!parsed.ok() || parsed->size() != kMasterKeySize) return wrong;
  auto master = SecretBytes::take(*parsed);
  if (!master.ok()) return program::problem(master.error(), where);
  return std::move(master).value();
}

Outcome<SecretBytes> read_master_key(const config::Store& store) {
  std::string where = "standard input";
  if (store.master_key_stdin) {
    RESGUARDO_TRY(auto content, read_all(STDIN_FILENO, where));
    RESGUARDO_TRY(auto lines, split_lines(std::move(content), where, 1, 1));
    return parse_master_key(lines.front(), where);
  }
  std::filesystem::path file;
  if (store.master_key_credential) {
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (directory == nullptr)
      return Problem{"[store] master_key_credential", "no credentials were passed by systemd",
                     "start it by its unit, and a command by systemd-run: docs/operations.md"};
    file = std::filesystem::path(directory) / *store.master_key_credential;
  } else {
    file = *store.master_key_file;
  }
  RESGUARDO_TRY(auto line, read_secret_line(file));
  return parse_master_key(line, file.string());
}

std::string master_key_text(const SecretBytes& master) {
  return master.read([](ByteView bytes) { return to_hex(bytes); }) + "\n";
}

}  // namespace resguardo::commands
