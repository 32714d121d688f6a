// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_text.h"
#include "crypto/seal/public_key.h"

namespace resguardo {

// What a reporter will read.
struct ReplyText {
  SecretText text;           // 1 to kMostReplyText bytes of UTF-8, no control character but LF
  std::string language;      // two or three of a-z
  std::string organisation;  // a plain name (crypto/format/plain_name.h)
};
// With what the bot puts before it, one message of every messenger: Signal's end at 2,000 bytes.
constexpr std::size_t kMostReplyText = 1600;
constexpr std::size_t kMostSealedBox = 2048 + 48;

// Whether it is as the fields above say. kRefused: not.
Status check_reply_text(const ReplyText& reply);

// Sealed to the mailbox: only who has the receipt opens it. Its length is one of four.
// WARNING: a sealed box says nothing about who made it; that is what Reply is signed for.
Result<Bytes> seal_reply(const PublicKey<MailboxRole>& mailbox, const ReplyText& reply);

}  // namespace resguardo
