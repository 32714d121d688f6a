// SPDX-License-Identifier: AGPL-3.0-or-later
// How the files that people send are fetched, with answers that are anything: each try comes to an
// end, gives no more than it may, and asks nobody but the messenger. Pieces (require.h): the
// reference, its address, then what each call is answered: a byte for the status, then the body.
#include <memory>
#include <string>

#include "bot/gateway/registry.h"
#include "tests/fuzz/messenger.h"

namespace {

using namespace resguardo;
using namespace resguardo::gateway;
using fuzzing::Pieces;
using fuzzing::require;
using fuzzing::secret;

constexpr std::uint64_t kMost = 4096;
constexpr int kMostCalls = 16;
constexpr unsigned kStatus[] = {200, 200, 201, 302, 400, 404, 429, 500, 0};

std::vector<std::unique_ptr<Gateway>> make() {
  require(fuzzing::sodium_ready());
  std::vector<std::unique_ptr<Gateway>> all;
  for (const auto mode : {signal::Mode::kRestApi, signal::Mode::kJsonRpc}) {
    GatewaySettings settings;
    auto& signal = settings.signal.emplace();
    signal.account = "+15550100000";
    signal.mode = mode;
    if (mode == signal::Mode::kRestApi) signal.webhook_token = secret("a-token-for-fuzzing");
    all.push_back(std::move(make_gateways(std::move(settings)).value().front()));
  }
  GatewaySettings settings;
  auto& whatsapp = settings.whatsapp.emplace(
      whatsapp::Config{"700800900100200", {}, secret("access"), secret("verify")});
  whatsapp.app_secrets.push_back(secret("an-app-secret-for-fuzzing"));
  all.push_back(std::move(make_gateways(std::move(settings)).value().front()));
  return all;
}

// The bytes of the file, in pieces of `step`.
FileOutcome stream(FileFetch& fetch, ByteView body, std::size_t step) {
  FileSeen seen;
  bool taken = true;
  const auto sink = [&](ByteView plain) -> Status {
    seen.length += plain.size();
    return Done{};
  };
  for (std::size_t at = 0; taken && at < body.size(); at += step)
    taken = fetch.take_piece(body.subspan(at, std::min(step, body.size() - at)), sink).ok();
  require(seen.length <= body.size());
  if (!taken) return {FileVerdict::kAgain, "cut", {}};
  return fetch.take_end({200, SecretBuffer()}, seen);
}

FileVerdict play(FileFetch& fetch, Pieces answers, std::size_t step) {
  for (int call = 0; call < kMostCalls; ++call) {
    const FileCall asked = fetch.next();
    require(asked.call.path.starts_with('/') &&
            asked.call.path.find_first_of("\r\n ") == std::string::npos);
    require(asked.base.empty() || asked.base.starts_with("https://"));
    ByteView answer = answers.next();
    const unsigned status = kStatus[answer.empty() ? 0 : answer.front() % std::size(kStatus)];
    answer = answer.subspan(std::min<std::size_t>(1, answer.size()));
    const bool gives = asked.gives_file && status / 100 == 2;
    const FileOutcome outcome = gives ? stream(fetch, answer, step)
                                : asked.gives_file
                                    ? fetch.take_end({status, SecretBuffer(answer)}, {})
                                    : fetch.take({status, SecretBuffer(answer)});
    if (outcome.verdict != FileVerdict::kCall) return outcome.verdict;
  }
  require(false);  // a try that asks for ever
  return FileVerdict::kStop;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::unique_ptr<Gateway>> gateways = make();
  Pieces pieces({data, size});
  FileTold told;
  told.reference = to_string(pieces.next());
  told.url = to_string(pieces.next());
  for (const auto& gateway : gateways) {
    const FileSource* source = gateway->files();
    require(source != nullptr);
    (void)source->discard(told.reference);
    if (const auto name = source->name_in_folder(told.reference))
      require(!name->empty() && name->find('/') == std::string::npos && *name != "..");
    (void)source->listed({200, SecretBuffer(ByteView(data, size))});
    (void)gateway->judge_probe({200, SecretBuffer(ByteView(data, size))});
    const auto one = source->fetch(told, kMost);
    if (!one) continue;
    const auto other = source->fetch(told, kMost);
    require(play(*one, pieces, size) == play(*other, pieces, 1));
  }
  return 0;
}
