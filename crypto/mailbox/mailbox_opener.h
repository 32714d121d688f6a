// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/mailbox/reply_text.h"
#include "crypto/seal/public_key.h"

namespace resguardo {

// The mailbox of a report whose reporter is here with the receipt: `seed` is what unwrap_mailbox()
// gives (crypto/session/receipt.h). Nothing else in the server opens a sealed box.
class MailboxOpener {
 public:
  static Result<MailboxOpener> from_seed(const SecretBytes& seed);

  // ReceiptKeys::mailbox_public_key, for the `final` record of what is added.
  const PublicKey<MailboxRole>& public_key() const { return public_key_; }

  // kUnauthentic: sealed to another mailbox, or changed. kMalformed: inside is no reply that this
  // version would have sealed; whatever it is, it is not for showing.
  Result<ReplyText> open(ByteView sealed) const;

 private:
  MailboxOpener(PublicKey<MailboxRole> key, SecretBytes secret)
      : public_key_(key), secret_(std::move(secret)) {}
  PublicKey<MailboxRole> public_key_;
  SecretBytes secret_;
};

}  // namespace resguardo
