// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "bot/gateway/event_maker.h"
#include "bot/gateway/json.h"
#include "bot/gateway/signal/identity.h"
#include "bot/gateway/signal/media.h"
#include "bot/gateway/signal/signal.h"
#include "bot/gateway/signal/unwrap.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;
namespace {

bool any_present(const json::object& object, std::initializer_list<std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](std::string_view key) { return present(object, key); });
}

// One envelope. Which payload it has decides what is looked at (gateways.md §1.5-1.7).
class Reader {
 public:
  Reader(const json::object& envelope, std::string_view account)
      : envelope_(envelope), account_(account) {}

  Delivery read(const json::object* exception) && {
    if (exception != nullptr) {
      failure(*exception);
    } else if (any_present(envelope_, {"syncMessage", "receiptMessage", "typingMessage",
                                       "storyMessage", "callMessage"})) {
      ++delivery_.ignored;
    } else if (present(envelope_, "editMessage")) {
      with_sender(object_at(envelope_, "editMessage"), &Reader::edit);
    } else if (present(envelope_, "dataMessage")) {
      with_sender(object_at(envelope_, "dataMessage"), &Reader::data);
    } else {
      ++delivery_.ignored;
    }
    return std::move(delivery_);
  }

 private:
  void with_sender(const json::object* payload, void (Reader::*use)(const json::object&)) {
    auto sender = sender_of(envelope_);
    if (payload == nullptr || !sender) {
      ++delivery_.refused;
      return;
    }
    sender_ = std::move(*sender);
    if (is_own()) {
      ++delivery_.ignored;
    } else {
      (this->*use)(*payload);
    }
  }

  // A note to self, or what we sent from a linked device: answering it would be a loop.
  bool is_own() const {
    const auto same = [&](const SecretText& address) {
      return address.reveal().substr(kAddressPrefix.size()) == account_;
    };
    return same(sender_.address) || (sender_.also_known && same(*sender_.also_known));
  }

  void failure(const json::object& exception) {
    if (text_at(exception, "type") == "UntrustedIdentityException") {
      with_sender(&envelope_, &Reader::identity_change);
    } else {
      ++delivery_.ignored;
    }
  }

  void identity_change(const json::object& envelope) {
    if (take_time(envelope)) add("", IdentityChange{});
  }

  void edit(const json::object& payload) {
    const auto target = integer_at(payload, "targetSentTimestamp");
    const json::object* message = object_at(payload, "dataMessage");
    if (!target || *target == 0 || message == nullptr) {
      ++delivery_.refused;
      return;
    }
    if (is_elsewhere(*message)) {
      ++delivery_.ignored;
      return;
    }
    if (!take_time(*message)) return;
    const std::string_view words = text_at(*message, "message").value_or("");
    if (words.size() > kMaxText) {
      ++delivery_.refused;
      return;
    }
    add("", Edit{message_id(sender_, *target), SecretText(words)});
  }

  void data(const json::object& message) {
    const bool not_for_us =
        is_elsewhere(message) ||
        any_present(message, {"reaction", "payment", "pollCreate", "pollVote", "pollTerminate",
                              "pinMessage", "unpinMessage", "adminDelete"});
    if (not_for_us) {
      ++delivery_.ignored;
    } else if (take_time(message)) {
      if (true_at(message, "isExpirationUpdate")) return add("", TimerChange{});
      said(message);
    }
  }

  void said(const json::object& message) {
    if (const json::object* gone = object_at(message, "remoteDelete")) {
      const auto target = integer_at(*gone, "timestamp");
      if (target) {
        add("", Retract{message_id(sender_, *target)});
      } else {
        ++delivery_.refused;
      }
      return;
    }
    const std::string_view words = text_at(message, "message").value_or("");
    if (words.size() > kMaxText) {
      ++delivery_.refused;
    } else if (const json::array* files = array_at(message, "attachments"); has_files(files)) {
      attachments(*files, words, message);
    } else if (present(message, "sticker")) {
      add("", Unsupported{"a sticker"});
    } else if (present(message, "contacts")) {
      add("", Unsupported{"a contact card"});
    } else if (!words.empty()) {
      text(words, message);
    } else {
      ++delivery_.ignored;  // a timer change of older versions, or nothing at all
    }
  }

  void text(std::string_view words, const json::object& message) {
    const json::object* quote = object_at(message, "quote");
    auto quoted = quote == nullptr ? std::nullopt : id_at(*quote, "id");
    if (quoted && !is_digits(quoted->reveal(), 1, 16)) quoted.reset();
    add("", Text{SecretText(words), std::move(quoted)});
  }

  // One event per file; the words that came along are the first one's caption.
  void attachments(const json::array& files, std::string_view words, const json::object& message) {
    std::size_t index = 0;
    bool captioned = false;
    for (const json::value& item : files) {
      if (is_long_text(item)) continue;
      auto media = index < kMaxAttachments ? media_of(item) : std::nullopt;
      const std::string suffix = ":" + std::to_string(index++);
      if (!media) {
        ++delivery_.refused;
        continue;
      }
      if (!captioned && !words.empty()) media->caption = SecretText(words);
      captioned = true;
      add(suffix, std::move(*media));
    }
    if (captioned) return;
    if (words.empty()) {
      add("", Unsupported{"a file that Signal could not hand over"});
    } else {
      text(words, message);
    }
  }

  // Groups and stories: never answered.
  static bool is_elsewhere(const json::object& message) {
    return any_present(message, {"groupInfo", "storyContext"});
  }

  // The id of a message is its sender's clock; how old it is the server's, if that is told: phones
  // with a wrong clock are common, and their owners must be heard.
  bool take_time(const json::object& message) {
    const auto timestamp = integer_at(message, "timestamp");
    if (!timestamp || *timestamp == 0) {
      ++delivery_.refused;
      return false;
    }
    timestamp_ = *timestamp;
    const auto received = integer_at(envelope_, "serverReceivedTimestamp");
    const std::uint64_t when = received && *received > 0 ? *received : timestamp_;
    sent_ = TimePoint(std::chrono::milliseconds(static_cast<std::int64_t>(when)));
    const auto expires = integer_at(message, "expiresInSeconds");
    if (expires && *expires <= UINT32_MAX) expires_in_ = static_cast<std::uint32_t>(*expires);
    return true;
  }

  void add(std::string_view suffix, Content content) {
    SecretText id = message_id(sender_, timestamp_);
    id.append(suffix);
    delivery_.events.push_back(
        EventMaker::make(sender_.clone(), std::move(id), sent_, expires_in_, std::move(content)));
  }

  const json::object& envelope_;
  std::string_view account_;
  Sender sender_;
  std::uint64_t timestamp_ = 0;
  TimePoint sent_;
  std::optional<std::uint32_t> expires_in_;
  Delivery delivery_;
};

}  // namespace

Delivery Signal::parse(const Authentic& authentic) const {
  Delivery nothing;
  const auto document = JsonDocument::parse(authentic.request().body.view());
  if (!document.ok()) {
    ++nothing.refused;
    return nothing;
  }
  const Unwrapped what = unwrap(document->root(), account_);
  switch (what.wrapping) {
    case Wrapping::kOurs:
      return Reader(*what.envelope, account_).read(what.exception);
    case Wrapping::kIgnored:
      ++nothing.ignored;
      break;
    case Wrapping::kRefused:
      ++nothing.refused;
      break;
  }
  return nothing;
}

}  // namespace resguardo::gateway::signal
