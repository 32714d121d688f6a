// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "bot/gateway/event_maker.h"
#include "bot/gateway/json.h"
#include "bot/gateway/text_rules.h"
#include "bot/gateway/whatsapp/content.h"
#include "bot/gateway/whatsapp/identity.h"
#include "bot/gateway/whatsapp/whatsapp.h"

namespace resguardo::gateway::whatsapp {
namespace json = boost::json;
namespace {

// Walks entry[] × changes[] × messages[]; one bad item does not spoil the others.
class Walk {
 public:
  explicit Walk(std::string_view phone_number_id) : ours_(phone_number_id) {}

  Delivery body(ByteView text) && {
    const auto document = JsonDocument::parse(text);
    const json::object* root = document.ok() ? document->root().if_object() : nullptr;
    const auto kind = root == nullptr ? std::nullopt : text_at(*root, "object");
    if (!kind) {
      ++delivery_.refused;
    } else if (*kind != "whatsapp_business_account") {
      ++delivery_.ignored;
    } else {
      each(*root, "entry", [&](const json::object& entry) {
        each(entry, "changes", [&](const json::object& item) { change(item); });
      });
    }
    return std::move(delivery_);
  }

 private:
  // Calls `use` for the objects in the array at `key`; anything else there is refused.
  template <class Use>
  void each(const json::object& holder, std::string_view key, Use use) {
    const json::array* items = array_at(holder, key);
    if (items == nullptr) {
      ++delivery_.refused;
      return;
    }
    for (const json::value& item : *items) {
      const json::object* object = item.if_object();
      if (object == nullptr) {
        ++delivery_.refused;
      } else {
        use(*object);
      }
    }
  }

  void change(const json::object& change) {
    const auto field = text_at(change, "field");
    const json::object* value = object_at(change, "value");
    if (field && *field != "messages") {
      ++delivery_.ignored;
      return;
    }
    const json::object* metadata = value == nullptr ? nullptr : object_at(*value, "metadata");
    const auto number = metadata == nullptr ? std::nullopt : id_at(*metadata, "phone_number_id");
    if (!field || !number) {
      ++delivery_.refused;
    } else if (number->reveal() != ours_) {
      ++delivery_.ignored;
    } else {
      updates(*value);
    }
  }

  void updates(const json::object& value) {
    if (const json::array* errors = array_at(value, "errors"))
      delivery_.ignored += static_cast<std::uint32_t>(errors->size());
    if (const json::array* statuses = array_at(value, "statuses"))
      for (const json::value& item : *statuses) status(item);
    if (!present(value, "messages")) return;
    const Contacts contacts(value);
    each(value, "messages", [&](const json::object& item) {
      if (++seen_ > kMaxUpdates || !message(item, contacts)) ++delivery_.refused;
    });
  }

  // Only what settles a message's fate: that it arrived, or that it will not.
  void status(const json::value& item) {
    const json::object* status = item.if_object();
    const auto id = status == nullptr ? std::nullopt : text_at(*status, "id");
    const auto state = status == nullptr ? std::nullopt : text_at(*status, "status");
    if (++seen_ > kMaxUpdates || !id || !is_id(*id) || !state) {
      ++delivery_.refused;
    } else if (*state == "delivered" || *state == "read" || *state == "played") {
      delivery_.statuses.push_back({SecretText(*id), true});
    } else if (*state == "failed") {
      delivery_.statuses.push_back({SecretText(*id), false, reason_of(*status)});
    } else {
      ++delivery_.ignored;
    }
  }

  static StaticText reason_of(const json::object& status) {
    const json::array* errors = array_at(status, "errors");
    const json::object* first =
        errors == nullptr || errors->empty() ? nullptr : errors->front().if_object();
    const auto code = first == nullptr ? std::nullopt : integer_at(*first, "code");
    return reason_of_code(code.value_or(kNoCode));
  }

  // False: refused.
  bool message(const json::object& message, const Contacts& contacts) {
    if (present(message, "group_id")) {
      ++delivery_.ignored;
      return true;
    }
    Parsed parsed = content_of(message);
    if (std::holds_alternative<NotForUs>(parsed)) {
      ++delivery_.ignored;
      return true;
    }
    auto* content = std::get_if<Content>(&parsed);
    const auto id = text_at(message, "id");
    const auto seconds = integer_at(message, "timestamp");
    if (content == nullptr || !id || !is_id(*id)) return false;
    if (!seconds || *seconds > kLargestInteger / 1000) return false;
    auto sender = who(message, contacts, std::holds_alternative<IdentityChange>(*content));
    if (!sender) return false;
    delivery_.events.push_back(
        EventMaker::make(std::move(*sender), joined("w:", *id),
                         TimePoint(std::chrono::seconds(static_cast<std::int64_t>(*seconds))),
                         std::nullopt, std::move(*content)));
    return true;
  }

  // For a change of identity: the ids that no longer hold, as far as they were announced.
  static std::optional<Sender> who(const json::object& message, const Contacts& contacts,
                                   bool change) {
    const auto from = id_at(message, "from");
    const auto user = text_at(message, "from_user_id");
    Ids ids = ids_of(from ? from->reveal() : "", user.value_or(""));
    const json::object* system = change ? object_at(message, "system") : nullptr;
    if (system == nullptr) {
      contacts.complete(ids);
      return sender_of(ids);
    }
    const auto customer = id_at(*system, "customer");
    const Ids old = ids_of(customer ? customer->reveal() : "",
                           text_at(*system, "previous_user_id").value_or(""));
    if (!old.bsuid.empty()) ids.bsuid = old.bsuid;
    if (ids.wa_id.empty()) ids.wa_id = old.wa_id;
    return sender_of(ids);
  }

  std::string_view ours_;
  std::size_t seen_ = 0;
  Delivery delivery_;
};

}  // namespace

Delivery WhatsApp::parse(const Authentic& authentic) const {
  return Walk(phone_number_id_).body(authentic.request().body.view());
}

}  // namespace resguardo::gateway::whatsapp
