// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/transfer.h"

#include <limits>
#include <utility>

namespace resguardo::media {
namespace {

using gateway::CallAnswer;
using gateway::FileCall;
using gateway::FileFetch;
using gateway::FileOutcome;
using gateway::FileSeen;
using gateway::FileVerdict;

constexpr int kMostCalls = 16;  // in one try; every messenger ends long before

class Try {
 public:
  Try(const WaitingFile& file, const TransferParts& parts) : file_(file), parts_(parts) {}

  Transferred run() {
    const auto fetch = parts_.source.fetch(file_.told, parts_.most);
    if (!fetch) return {{FileVerdict::kGone, "a file's reference is odd"}};
    for (int calls = 0; calls < kMostCalls; ++calls) {
      FileCall call = fetch->next();
      Transferred result =
          call.gives_file ? bytes(*fetch, std::move(call)) : ask(*fetch, std::move(call));
      if (result.ours || result.outcome.verdict != FileVerdict::kCall) return result;
    }
    return {{FileVerdict::kAgain, "a messenger asks for more and more calls"}};
  }

 private:
  CallAnswer make(FileCall call, Caller::OnPiece on_piece) {
    const std::size_t limit =
        on_piece ? std::numeric_limits<std::size_t>::max() : call.answer_limit;
    return parts_.caller.call(call.base.empty() ? parts_.api_base : call.base, std::move(call.call),
                              limit, std::move(on_piece));
  }

  Transferred ask(FileFetch& fetch, FileCall call) {
    const CallAnswer answer = make(std::move(call), nullptr);
    return {fetch.take(answer), answer.status != 0};
  }

  // Every call that gives the file begins it anew.
  Transferred bytes(FileFetch& fetch, FileCall call) {
    auto file = parts_.store.begin_media(file_.media, parts_.today);
    if (!file.ok()) return failed(file.error());
    auto writer = MediaWriter::begin(file_.media,
                                     [&to = **file](ByteView sealed) { return to.write(sealed); });
    if (!writer.ok()) return failed(writer.error());
    ours_.reset();
    too_large_ = false;
    bool odd = false;
    const auto sink = [&](ByteView plain) { return take(*writer, plain); };
    CallAnswer answer = make(std::move(call), [&](ByteView piece) {
      const Status taken = fetch.take_piece(piece, sink);
      odd = !taken.ok() && !ours_ && !too_large_;
      return taken.ok();
    });
    const bool answered = answer.status != 0 || odd || too_large_;
    if (ours_) return failed(*ours_);
    if (too_large_) return {{FileVerdict::kTooLarge, "a file is over the limit"}, answered};
    if (answer.status < 200 || answer.status >= 300)
      return {fetch.take_end(answer, FileSeen()), answered};
    return end(fetch, answer, *writer, std::move(*file));
  }

  Status take(MediaWriter& writer, ByteView plain) {
    too_large_ = plain.size() > parts_.most - writer.written();
    if (too_large_) return Error{Fault::kRefused, "a file is over the limit"};
    const Status written = writer.write(plain);
    if (!written.ok()) ours_ = written.error();
    return written;
  }

  Transferred end(FileFetch& fetch, const CallAnswer& answer, MediaWriter& writer,
                  std::unique_ptr<storage::MediaFile> file) {
    auto sealed = writer.finish();
    if (!sealed.ok()) return failed(sealed.error());
    Transferred result{fetch.take_end(answer, {sealed->length, sealed->original}), true};
    if (result.outcome.verdict != FileVerdict::kWhole) return result;
    const Status kept = file->keep();
    if (!kept.ok()) return failed(kept.error());
    result.kept = Kept{std::move(file), std::move(*sealed)};
    return result;
  }

  static Transferred failed(const Error& why) {
    Transferred result{{FileVerdict::kAgain, why.why}};
    result.ours = why;
    return result;
  }

  const WaitingFile& file_;
  const TransferParts& parts_;
  std::optional<Error> ours_;
  bool too_large_ = false;
};

}  // namespace

Transferred transfer(const WaitingFile& file, const TransferParts& parts) {
  return Try(file, parts).run();
}

}  // namespace resguardo::media
