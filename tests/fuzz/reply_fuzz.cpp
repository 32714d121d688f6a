// SPDX-License-Identifier: AGPL-3.0-or-later
// Replies: the file that an operator is given, its content without the signature, and what a
// reporter's mailbox opens to.
#include "crypto/mailbox/reply.h"

#include <sodium.h>

#include "crypto/mailbox/mailbox_opener.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

const MailboxOpener& mailbox() {
  static const MailboxOpener opener = [] {
    auto seed = SecretBytes::allocate(32).value();
    return MailboxOpener::from_seed(seed).value();
  }();
  return opener;
}

void check_inside(ByteView plain) {
  Bytes sealed(plain.size() + crypto_box_SEALBYTES);
  require(crypto_box_seal(sealed.data(), plain.data(), plain.size(),
                          mailbox().public_key().view().data()) == 0);
  const auto reply = mailbox().open(sealed);
  if (!reply.ok()) return;
  require(check_reply_text(*reply).ok());
  const auto again = seal_reply(mailbox().public_key(), *reply);
  require(again.ok() && again->size() == sealed.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  if (const auto file = open_reply_file(input); file.ok())
    require(!file->empty() && file->size() <= kMostBundledReplies);
  if (const auto content = read_reply(input); content.ok()) {
    const auto again = reply_bytes(*content);
    require(again.ok() && equal(*again, input));
  }
  if (!mailbox().open(input).ok() && size <= 4096) check_inside(input);
  return 0;
}
