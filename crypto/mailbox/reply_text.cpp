// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/mailbox/reply_text.h"

#include <sodium.h>

#include <algorithm>

#include "crypto/format/padding.h"
#include "crypto/format/plain_name.h"
#include "crypto/format/strict_parse.h"
#include "proto/reply.pb.h"

namespace resguardo {
namespace {

bool is_language(std::string_view code) {
  return (code.size() == 2 || code.size() == 3) &&
         std::ranges::all_of(code, [](char c) { return c >= 'a' && c <= 'z'; });
}

SecretBuffer encoded(const ReplyText& reply) {
  pb::ReplyText message;
  message.set_text(std::string(reply.text.reveal()));
  message.set_language(reply.language);
  message.set_organisation(reply.organisation);
  Bytes bytes = serialize_canonical(message);
  SecretBuffer plain(bytes);
  wipe(bytes);
  std::string& text = *message.mutable_text();
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return plain;
}

}  // namespace

Status check_reply_text(const ReplyText& reply) {
  const std::string_view text = reply.text.reveal();
  if (text.empty() || text.size() > kMostReplyText)
    return Error{Fault::kRefused, "a reply has 1 to 1,600 bytes: one message of every messenger"};
  const auto control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  };
  if (std::ranges::any_of(text, control))
    return Error{Fault::kRefused, "a reply has no control characters but the end of a line"};
  if (!is_language(reply.language) || !is_plain_name(reply.organisation))
    return Error{Fault::kRefused, "a reply names its language and the organisation that answers"};
  pb::ReplyText parsed;
  const Status utf8 = parse_strict_into(encoded(reply).view(), parsed);
  wipe({reinterpret_cast<std::uint8_t*>(parsed.mutable_text()->data()), parsed.text().size()});
  return utf8.ok() ? success() : Status(Error{Fault::kRefused, "a reply is UTF-8"});
}

Result<Bytes> seal_reply(const PublicKey<MailboxRole>& mailbox, const ReplyText& reply) {
  RESGUARDO_CHECK(check_reply_text(reply));
  SecretBuffer plain = encoded(reply);
  RESGUARDO_CHECK(pad_record(plain, size_class(plain.size())));
  Bytes sealed(plain.size() + crypto_box_SEALBYTES);
  if (crypto_box_seal(sealed.data(), plain.view().data(), plain.size(), mailbox.view().data()) != 0)
    return Error{Fault::kUnavailable, "a reply could not be sealed"};
  return sealed;
}

}  // namespace resguardo
