// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/rpc_files.h"

#include <boost/json/object.hpp>

#include "bot/gateway/json.h"
#include "bot/gateway/signal/dialect.h"
#include "bot/gateway/signal/media.h"
#include "bot/gateway/signal/rpc_file_answer.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

constexpr StaticText kOddAnswer = "no usable answer from signal-cli about a file";

// The words of an error may hold anything: only its code is looked at.
FileOutcome of_file_error(const json::object& error) {
  const json::value* code = error.if_contains("code");
  const std::int64_t* number = code == nullptr ? nullptr : code->if_int64();
  switch (number == nullptr ? 0 : *number) {
    case -1:
      return {FileVerdict::kGone, "signal-cli does not have the file"};
    case -5:
      return {FileVerdict::kPause, "Signal's rate limit", kRateLimitWait};
    case -32600:
    case -32601:
    case -32602:
      return {FileVerdict::kStop, "signal-cli does not know getAttachment: is it too old?"};
    default:
      return {FileVerdict::kAgain, "signal-cli could not read a file"};
  }
}

class RpcFetch final : public FileFetch {
 public:
  RpcFetch(std::string account, std::string reference, std::uint64_t most)
      : account_(std::move(account)), reference_(std::move(reference)), most_(most) {}

  // signal-cli finds a file by its id alone, and wants a recipient all the same: our own account,
  // so that the address of whoever sent it need not be kept.
  FileCall next() override {
    json::object params(wiping_json_storage());
    params["account"] = account_;
    params["id"] = reference_;
    params["recipient"] = account_;
    FileCall call;
    call.call = rpc_call("getAttachment", std::move(params));
    call.gives_file = true;
    call.answer_limit = most_ / 3 * 4 + std::size_t{64} * 1024;
    return call;
  }

  FileOutcome take(const CallAnswer&) override { return {}; }
  Status take_piece(ByteView piece, const Sink& sink) override { return answer_.add(piece, sink); }

  FileOutcome take_end(const CallAnswer& answer, const FileSeen&) override {
    if (answer.status >= 300 && answer.status < 500)
      return {FileVerdict::kStop, "signal.api_base does not lead to signal-cli's daemon"};
    if (answer.status != 200) return {FileVerdict::kAgain, kOddAnswer};
    const auto document = JsonDocument::parse(answer_.around());
    const json::object* root = document.ok() ? document->root().if_object() : nullptr;
    if (root == nullptr) return {FileVerdict::kAgain, kOddAnswer};
    if (const json::object* error = object_at(*root, "error")) return of_file_error(*error);
    const json::object* result = object_at(*root, "result");
    const bool told = result != nullptr && text_at(*result, "data") && answer_.whole();
    return told ? FileOutcome{FileVerdict::kWhole} : FileOutcome{FileVerdict::kAgain, kOddAnswer};
  }

 private:
  std::string account_;
  std::string reference_;
  std::uint64_t most_;
  RpcFileAnswer answer_;
};

}  // namespace

std::unique_ptr<FileFetch> RpcFiles::fetch(const FileTold& told, std::uint64_t most) const {
  if (!is_attachment_id(told.reference)) return nullptr;
  return std::make_unique<RpcFetch>(account_, told.reference, std::min(most, most_bytes()));
}

std::optional<std::string> RpcFiles::name_in_folder(std::string_view reference) const {
  if (!is_attachment_id(reference)) return std::nullopt;
  return std::string(reference);
}

}  // namespace resguardo::gateway::signal
