// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/media_writer.h"

#include <sodium.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/base/sha256.h"
#include "crypto/base/secret_text.h"
#include "crypto/format/media_layout.h"
#include "crypto/format/segment_layout.h"

namespace resguardo {
namespace {

using MediaStream = crypto_secretstream_xchacha20poly1305_state;

static_assert(kMediaKeySize == crypto_secretstream_xchacha20poly1305_KEYBYTES);
static_assert(kMediaChunkOverhead == crypto_secretstream_xchacha20poly1305_ABYTES);

constexpr Error kMediaEnded = {Fault::kRefused, "this file has ended, or failed"};

}  // namespace

struct MediaWriter::State {
  State(const MediaId& file, Sink to) : id(file), sink(std::move(to)), plain(kMediaChunk) {}

  Status begin();
  // A chunk is sealed when the next byte comes: only the last one knows that it is.
  Status take(ByteView bytes);
  Status fill(std::uint64_t zeros);
  Status seal_chunk(std::uint8_t tag);

  const MediaId id;
  const Sink sink;
  std::optional<SecretBytes> key;
  std::optional<SecretBytes> stream;
  Bytes header;
  SecretBuffer plain;
  std::size_t held = 0;  // bytes of `plain`
  Bytes sealed = Bytes(kMediaChunk + kMediaChunkOverhead);
  std::uint64_t length = 0;
  std::uint64_t chunks = 0;
  Sha256 original;
  Sha256 ciphertext;
  bool ended = false;
};

Status MediaWriter::State::begin() {
  RESGUARDO_TRY(key, SecretBytes::random(kMediaKeySize));
  RESGUARDO_TRY(stream, SecretBytes::allocate(sizeof(MediaStream)));
  header.resize(kStreamHeaderSize);
  return stream->write([&](std::span<std::uint8_t> state) -> Status {
    return key->read([&](ByteView secret) -> Status {
      if (crypto_secretstream_xchacha20poly1305_init_push(
              reinterpret_cast<MediaStream*>(state.data()), header.data(), secret.data()) != 0)
        return Error{Fault::kUnavailable, "a stream could not be begun"};
      return success();
    });
  });
}

Status MediaWriter::State::seal_chunk(std::uint8_t tag) {
  const MediaContext context = media_context(id, chunks);
  const std::size_t size = held + kMediaChunkOverhead;
  const int failed = stream->write([&](std::span<std::uint8_t> state) {
    return crypto_secretstream_xchacha20poly1305_push(
        reinterpret_cast<MediaStream*>(state.data()), sealed.data(), nullptr, plain.view().data(),
        held, context.data(), context.size(), tag);
  });
  if (failed != 0) return Error{Fault::kUnavailable, "a chunk could not be sealed"};
  held = 0;
  ++chunks;
  const ByteView out = ByteView(sealed).first(size);
  ciphertext.add(out);
  return sink(out);
}

Status MediaWriter::State::take(ByteView bytes) {
  while (!bytes.empty()) {
    if (held == kMediaChunk)
      RESGUARDO_CHECK(seal_chunk(crypto_secretstream_xchacha20poly1305_TAG_MESSAGE));
    const std::size_t count = std::min(bytes.size(), kMediaChunk - held);
    std::copy_n(bytes.begin(), count, plain.span().begin() + static_cast<std::ptrdiff_t>(held));
    held += count;
    bytes = bytes.subspan(count);
  }
  return success();
}

Status MediaWriter::State::fill(std::uint64_t zeros) {
  const Bytes some(static_cast<std::size_t>(std::min<std::uint64_t>(zeros, kMediaChunk)));
  while (zeros > 0) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(zeros, some.size()));
    RESGUARDO_CHECK(take(ByteView(some).first(count)));
    zeros -= count;
  }
  return success();
}

MediaWriter::MediaWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
MediaWriter::MediaWriter(MediaWriter&&) noexcept = default;
MediaWriter& MediaWriter::operator=(MediaWriter&&) noexcept = default;
MediaWriter::~MediaWriter() = default;

Result<MediaWriter> MediaWriter::begin(const MediaId& id, Sink sink) {
  auto state = std::make_unique<State>(id, std::move(sink));
  RESGUARDO_CHECK(state->begin());
  return MediaWriter(std::move(state));
}

Status MediaWriter::write(ByteView plain) {
  if (state_->ended) return kMediaEnded;
  state_->original.add(plain);
  const Status taken = state_->take(plain);
  state_->ended = !taken.ok();
  state_->length += plain.size();
  return taken;
}

Result<SealedMedia> MediaWriter::finish() {
  if (std::exchange(state_->ended, true)) return kMediaEnded;
  const std::uint64_t padded = padme(state_->length);
  RESGUARDO_CHECK(state_->fill(padded - state_->length));
  RESGUARDO_CHECK(state_->seal_chunk(crypto_secretstream_xchacha20poly1305_TAG_FINAL));
  return SealedMedia{std::move(*state_->key),    std::move(state_->header),
                     state_->length,             padded,
                     state_->chunks,             state_->original.finish(),
                     state_->ciphertext.finish()};
}

std::uint64_t MediaWriter::written() const {
  return state_->length;
}

}  // namespace resguardo
