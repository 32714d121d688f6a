// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/mailbox/mailbox_opener.h"

#include <sodium.h>

#include <array>

#include "crypto/format/padding.h"
#include "crypto/format/strict_parse.h"
#include "proto/reply.pb.h"

namespace resguardo {

Result<MailboxOpener> MailboxOpener::from_seed(const SecretBytes& seed) {
  constexpr Error kNoSeed{Fault::kMalformed, "not a mailbox's seed"};
  if (seed.size() != crypto_box_SEEDBYTES) return kNoSeed;
  RESGUARDO_TRY(auto secret, SecretBytes::allocate(crypto_box_SECRETKEYBYTES));
  std::array<std::uint8_t, crypto_box_PUBLICKEYBYTES> key{};
  const int made = seed.read([&](ByteView from) {
    return secret.write([&](std::span<std::uint8_t> to) {
      return crypto_box_seed_keypair(key.data(), to.data(), from.data());
    });
  });
  if (made != 0) return kNoSeed;
  RESGUARDO_TRY(const auto sound, PublicKey<MailboxRole>::from_bytes(key));
  return MailboxOpener(sound, std::move(secret));
}

Result<ReplyText> MailboxOpener::open(ByteView sealed) const {
  constexpr Error kNotOurs{Fault::kUnauthentic, "the reply does not open with this mailbox"};
  constexpr Error kNoReplyInside{Fault::kMalformed, "what was sealed is no reply"};
  if (sealed.size() <= crypto_box_SEALBYTES || sealed.size() > kMostSealedBox) return kNotOurs;
  SecretBuffer plain(sealed.size() - crypto_box_SEALBYTES);
  const int opened = secret_.read([&](ByteView secret) {
    return crypto_box_seal_open(plain.span().data(), sealed.data(), sealed.size(),
                                public_key_.view().data(), secret.data());
  });
  if (opened != 0) return kNotOurs;
  const auto length = unpadded_length(plain.view());
  if (!length.ok() || size_class(*length) != plain.size()) return kNoReplyInside;
  pb::ReplyText message;
  if (!parse_strict_into(plain.view().first(*length), message).ok()) return kNoReplyInside;
  ReplyText reply{SecretText(message.text()), message.language(), message.organisation()};
  wipe({reinterpret_cast<std::uint8_t*>(message.mutable_text()->data()), message.text().size()});
  if (!check_reply_text(reply).ok()) return kNoReplyInside;
  return reply;
}

}  // namespace resguardo
