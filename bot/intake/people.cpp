// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/people.h"

#include "crypto/base/hash.h"

namespace resguardo::intake {
namespace {

storage::ConversationTag tag_of(const Tag16& tag) {
  return *storage::ConversationTag::from(tag);
}

}  // namespace

Day oldest_day(Day today, std::chrono::hours idle_timeout) {
  return Day{today.number - static_cast<std::int32_t>((idle_timeout.count() + 23) / 24)};
}

People::People(storage::KeyRing& keys, storage::Store& store, SecretBytes dedupe,
               SecretBytes process)
    : keys_(keys),
      store_(store),
      dedupe_key_(std::move(dedupe)),
      process_key_(std::move(process)) {}

Result<std::unique_ptr<People>> People::create(storage::KeyRing& keys, storage::Store& store) {
  RESGUARDO_TRY(auto dedupe, keys.dedupe_key());
  RESGUARDO_TRY(auto process, SecretBytes::random(32));
  return std::unique_ptr<People>(new People(keys, store, std::move(dedupe), std::move(process)));
}

outbox::Person People::in_memory(std::string_view address) const {
  return *outbox::Person::from(sender_tag(process_key_, address));
}

storage::DedupeTag People::delivery(std::string_view message_id) const {
  return *storage::DedupeTag::from(delivery_tag(dedupe_key_, message_id));
}

Tag16 People::message(std::string_view message_id) const {
  return message_name(dedupe_key_, message_id);
}

// Each opening of a key and its closing change its pages' protection, which all threads wait for.
People::Names People::names(std::string_view message_id) const {
  return dedupe_key_.read(
      [&](ByteView) { return Names{delivery(message_id), message(message_id)}; });
}

std::string People::word(std::string_view folded) const {
  const Tag16 tag = word_tag(dedupe_key_, folded);
  return {tag.begin(), tag.end()};
}

Result<std::shared_ptr<const SecretBytes>> People::day_key(Day day, bool make) {
  const auto known = day_keys_.find(day);
  if (known != day_keys_.end()) return known->second;
  RESGUARDO_TRY(auto key, keys_.day_key(day, make));
  auto shared = std::make_shared<const SecretBytes>(std::move(key));
  day_keys_.emplace(day, shared);
  return std::shared_ptr<const SecretBytes>(shared);
}

Result<std::optional<Found>> People::find(std::string_view address) {
  const std::lock_guard lock(mutex_);
  for (const Day day : keys_.live_days()) {
    const auto key = day_key(day, false);
    if (!key.ok() && key.error().fault == Fault::kNotFound) continue;  // destroyed meanwhile
    if (!key.ok()) return key.error();  // not a stranger: it cannot be told now
    const Tag16 tag = sender_tag(**key, address);
    RESGUARDO_TRY(auto stored, store_.find(tag_of(tag)));
    if (!stored) continue;
    RESGUARDO_TRY(auto bytes,
                  open_state(**key, address, tag, stored->counter, stored->sealed_state));
    Found found{tag_of(tag), stored->counter, {}};
    if (!found.state.ParseFromArray(bytes.view().data(), static_cast<int>(bytes.size())))
      return Error{Fault::kMalformed, "a conversation's state does not parse"};
    return std::optional<Found>(std::move(found));
  }
  return std::optional<Found>();
}

Result<People::Sealed> People::seal(std::string_view address, std::uint64_t counter,
                                    const pb::ConversationState& durable, Day today) {
  const std::lock_guard lock(mutex_);
  RESGUARDO_TRY(const auto key, day_key(today, true));
  SecretBuffer plain(durable.ByteSizeLong());
  if (!durable.SerializeToArray(plain.span().data(), static_cast<int>(plain.size())))
    return Error{Fault::kUnavailable, "a conversation's state could not be written"};
  return key->read([&](ByteView) -> Result<Sealed> {  // opened once for both
    const Tag16 tag = sender_tag(*key, address);
    RESGUARDO_TRY(auto sealed, seal_state(*key, address, tag, counter, plain.view()));
    return Sealed{tag_of(tag), std::move(sealed)};
  });
}

Status People::forget_days(Day today, std::chrono::hours idle_timeout) {
  const Day oldest = oldest_day(today, idle_timeout);
  const std::lock_guard lock(mutex_);
  std::erase_if(day_keys_, [&](const auto& entry) { return entry.first < oldest; });
  return keys_.destroy_days_before(oldest);
}

}  // namespace resguardo::intake
