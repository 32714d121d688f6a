// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/media_reader.h"

#include <sodium.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/base/sha256.h"
#include "crypto/format/media_layout.h"
#include "crypto/format/segment_layout.h"

namespace resguardo::open {
namespace {

using PullState = crypto_secretstream_xchacha20poly1305_state;

constexpr Error kNotThisFile = {Fault::kUnauthentic, "a chunk is not this file's at this place"};
constexpr Error kCutFile = {Fault::kMalformed, "the file is not whole"};

}  // namespace

struct MediaReader::State {
  explicit State(MediaFacts about) : facts(std::move(about)) {}
  Status begin();
  std::size_t plain_size() const;  // of the chunk that comes next
  Result<SecretBuffer> open(ByteView chunk);

  const MediaFacts facts;
  std::optional<SecretBytes> stream;
  std::uint64_t chunk = 0;
  std::uint64_t read = 0;  // of the original
  Sha256 original;
  bool failed = false;
};

Status MediaReader::State::begin() {
  const bool agrees = facts.key.size() == kMediaKeySize &&
                      facts.header.size() == kStreamHeaderSize &&
                      facts.padded_length == padme(facts.length) &&
                      facts.chunks == media_chunks(facts.padded_length);
  if (!agrees) return Error{Fault::kMalformed, "what a record says of a file does not agree"};
  RESGUARDO_TRY(stream, SecretBytes::allocate(sizeof(PullState)));
  return stream->write([&](std::span<std::uint8_t> state) -> Status {
    return facts.key.read([&](ByteView key) -> Status {
      if (crypto_secretstream_xchacha20poly1305_init_pull(
              reinterpret_cast<PullState*>(state.data()), facts.header.data(), key.data()) != 0)
        return kNotThisFile;
      return success();
    });
  });
}

std::size_t MediaReader::State::plain_size() const {
  const std::uint64_t before = chunk * kMediaChunk;
  return static_cast<std::size_t>(
      std::min<std::uint64_t>(kMediaChunk, facts.padded_length - before));
}

Result<SecretBuffer> MediaReader::State::open(ByteView sealed) {
  if (chunk == facts.chunks) return kCutFile;
  SecretBuffer plain(plain_size());
  if (sealed.size() != plain.size() + kMediaChunkOverhead) return kCutFile;
  const MediaContext context = media_context(facts.id, chunk);
  std::uint8_t tag = 0;
  const int opened = stream->write([&](std::span<std::uint8_t> state) {
    return crypto_secretstream_xchacha20poly1305_pull(
        reinterpret_cast<PullState*>(state.data()), plain.span().data(), nullptr, &tag,
        sealed.data(), sealed.size(), context.data(), context.size());
  });
  const bool last = chunk + 1 == facts.chunks;
  const std::uint8_t expected = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                                     : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  if (opened != 0 || tag != expected) return kNotThisFile;
  ++chunk;
  const auto own = static_cast<std::size_t>(
      std::min<std::uint64_t>(plain.size(), facts.length - std::min(read, facts.length)));
  const ByteView filling = plain.view().subspan(own);
  if (!std::ranges::all_of(filling, [](std::uint8_t byte) { return byte == 0; })) return kCutFile;
  plain.resize(own);
  read += own;
  original.add(plain.view());
  return plain;
}

MediaReader::MediaReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
MediaReader::MediaReader(MediaReader&&) noexcept = default;
MediaReader& MediaReader::operator=(MediaReader&&) noexcept = default;
MediaReader::~MediaReader() = default;

Result<MediaReader> MediaReader::begin(MediaFacts facts) {
  auto state = std::make_unique<State>(std::move(facts));
  RESGUARDO_CHECK(state->begin());
  return MediaReader(std::move(state));
}

Result<SecretBuffer> MediaReader::next(ByteView chunk) {
  if (state_->failed) return kCutFile;
  auto plain = state_->open(chunk);
  state_->failed = !plain.ok();
  return plain;
}

Status MediaReader::finish() {
  if (state_->failed || state_->chunk != state_->facts.chunks ||
      state_->read != state_->facts.length)
    return kCutFile;
  state_->failed = true;  // once
  if (state_->original.finish() != state_->facts.original)
    return Error{Fault::kUnauthentic, "the file is not the one that was sent"};
  return success();
}

}  // namespace resguardo::open
