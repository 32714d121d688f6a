// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/gateway/call.h"
#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo::gateway {

// What a message told of a file that is still with its messenger. All of it is hostile.
struct FileTold {
  std::string reference;  // Media::reference
  std::string url;        // where its bytes lay when the message came; for some minutes
  std::optional<std::uint64_t> size;
  std::optional<Digest> sha256;
};
// A SHA-256 as messengers write it: base64, or hex in either case. nullopt: it is none.
std::optional<Digest> digest_told(std::string_view text);

// What came of it.
struct FileSeen {
  std::uint64_t length = 0;
  Digest sha256;
};

enum class FileVerdict : std::uint8_t {
  kCall,      // next() says what to ask now
  kWhole,     // what came is the file, as far as the messenger tells
  kAgain,     // this try is over: back off
  kPause,     // a limit: nothing is fetched from this messenger for a while
  kGone,      // the messenger says that it has no such file
  kTooLarge,  // longer than what is taken
  kStop,      // no file can be had until an operator acts
};
struct FileOutcome {
  FileVerdict verdict = FileVerdict::kAgain;
  StaticText reason = "";
  std::chrono::milliseconds wait{0};  // with kPause: at least
};

// A request for a file. Not all of them go to the gateway's api_base.
struct FileCall {
  std::string base;  // empty: api_base
  OutboundCall call;
  bool gives_file = false;  // the body of a 2xx goes to take_piece(), and is not kept
  std::size_t answer_limit = std::size_t{64} * 1024;
};

// One try to get one file: call after call, until a verdict is not kCall. Pure; not thread-safe.
class FileFetch {
 public:
  using Sink = std::function<Status(ByteView plain)>;
  virtual ~FileFetch() = default;
  virtual FileCall next() = 0;
  // The answer to a call that does not give the file.
  virtual FileOutcome take(const CallAnswer& answer) = 0;
  // A piece of the answer to one that does; what it holds of the file goes to `sink`, whose
  // failures are passed on. kMalformed: it is not such an answer.
  virtual Status take_piece(ByteView piece, const Sink& sink) { return sink(piece); }
  // The end of that answer. Its body is there unless it was a 2xx.
  virtual FileOutcome take_end(const CallAnswer& answer, const FileSeen& seen) = 0;
};

// How the files of one messenger are fetched, and how its own copies are deleted. Pure: requests
// out, answers in. Thread-safe, immutable.
class FileSource {
 public:
  virtual ~FileSource() = default;
  // At most `most` bytes are wanted. nullptr: that is no reference of this messenger.
  virtual std::unique_ptr<FileFetch> fetch(const FileTold& told, std::uint64_t most) const = 0;
  // The most that may be asked for at all.
  virtual std::uint64_t most_bytes() const { return UINT64_MAX; }
  // For so long the messenger keeps a file; nothing: until somebody deletes it.
  virtual std::optional<std::chrono::hours> kept() const { return std::nullopt; }

  // Deletes the messenger's copy. nullopt: there is no such call, or that is no reference.
  virtual std::optional<OutboundCall> discard(std::string_view reference) const = 0;
  // The name that the copy has in a folder which the messenger's program shares with us; nullopt:
  // that is no reference, or it shares none.
  virtual std::optional<std::string> name_in_folder(std::string_view) const { return std::nullopt; }
  // Asks for the references of all copies that there are; nullopt: this messenger does not tell.
  virtual std::optional<OutboundCall> list() const { return std::nullopt; }
  // What that call was answered; nullopt: nothing usable. Odd references are left out.
  virtual std::optional<std::vector<std::string>> listed(const CallAnswer&) const {
    return std::nullopt;
  }
};

}  // namespace resguardo::gateway
