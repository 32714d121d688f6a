// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/team_codes.h"

#include <algorithm>
#include <utility>

#include "bot/dialogue/fold.h"
#include "crypto/base/hash.h"

namespace resguardo::intake {
namespace {

constexpr std::string_view kFact = "team_codes";
constexpr std::string_view kLetters = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kCodeLength = 12;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kEntry = 4 + 4 + 32;

void put_number(Bytes& bytes, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
std::uint32_t get_number(ByteView bytes) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value |= std::uint32_t{bytes[i]} << (8 * i);
  return value;
}

// What was meant, as letters of kLetters where it is a code.
SecretText letters_of(std::string_view typed) {
  if (typed.size() > dialogue::kLongestFolded) return {};
  const SecretText folded = dialogue::fold(typed);
  SecretBuffer letters;
  letters.reserve(folded.size());
  for (const char c : folded.reveal()) {
    if (c == ' ' || c == ',' || c == '-') continue;
    const char meant = c == 'o' ? '0' : (c == 'i' || c == 'l') ? '1' : c;
    letters.push_back(static_cast<std::uint8_t>(meant));
  }
  return SecretText(std::move(letters));
}

Result<SecretText> random_letters() {
  RESGUARDO_TRY(const auto random, SecretBytes::random(kCodeLength));
  SecretBuffer letters;
  letters.reserve(kCodeLength);
  random.read([&](ByteView bytes) {
    for (const auto byte : bytes) {
      letters.push_back(static_cast<std::uint8_t>(kLetters[byte % kLetters.size()]));
    }
  });
  return SecretText(std::move(letters));
}

SecretText in_groups(std::string_view letters) {
  SecretBuffer words;
  words.reserve(letters.size() + letters.size() / kGroup);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (i > 0 && i % kGroup == 0) words.push_back('-');
    const char c = letters[i];
    const bool small = c >= 'a' && c <= 'z';
    words.push_back(static_cast<std::uint8_t>(small ? c - 'a' + 'A' : c));
  }
  return SecretText(std::move(words));
}

}  // namespace

std::string TeamCode::handle() const {
  std::string handle = "team-";
  return handle.append(std::to_string(number));
}

// next(4) ‖ (number(4) ‖ day(4) ‖ tag(32))…, little endian.
Result<TeamCodes> TeamCodes::read(storage::Store& store, SecretBytes key) {
  TeamCodes codes(std::move(key));
  RESGUARDO_TRY(const auto fact, store.fact(kFact));
  if (!fact) return codes;
  ByteView bytes = *fact;
  if (bytes.size() < 4 || (bytes.size() - 4) % kEntry != 0)
    return Error{Fault::kMalformed, "the store's team codes are damaged"};
  codes.next_ = get_number(bytes);
  for (bytes = bytes.subspan(4); !bytes.empty(); bytes = bytes.subspan(kEntry)) {
    Kept kept{{get_number(bytes), Day{static_cast<std::int32_t>(get_number(bytes.subspan(4)))}},
              {}};
    std::copy_n(bytes.begin() + 8, kept.tag.size(), kept.tag.begin());
    codes.kept_.push_back(kept);
  }
  return codes;
}

Status TeamCodes::write(storage::Store& store, std::uint32_t next,
                        const std::vector<Kept>& kept) const {
  Bytes bytes;
  bytes.reserve(4 + kept.size() * kEntry);
  put_number(bytes, next);
  for (const Kept& each : kept) {
    put_number(bytes, each.code.number);
    put_number(bytes, static_cast<std::uint32_t>(each.code.made.number));
    bytes.insert(bytes.end(), each.tag.begin(), each.tag.end());
  }
  return store.set_fact(kFact, bytes);
}

TeamCodes::Tag TeamCodes::tag_of(std::string_view letters) const {
  Tag tag{};
  key_.read([&](ByteView key) { derive_secret(key, Label::kTeamCode, {as_bytes(letters)}, tag); });
  return tag;
}

std::vector<TeamCode> TeamCodes::list() const {
  std::vector<TeamCode> all;
  all.reserve(kept_.size());
  for (const Kept& each : kept_) all.push_back(each.code);
  return all;
}

Result<std::vector<NewTeamCode>> TeamCodes::add(storage::Store& store, std::size_t count,
                                                Day today) {
  if (count > kMost - std::min(kMost, kept_.size()))
    return Error{Fault::kConflict, "more team codes than can be good at once"};
  std::vector<NewTeamCode> made;
  made.reserve(count);
  std::vector<Kept> kept = kept_;
  std::uint32_t next = next_;
  for (std::size_t i = 0; i < count; ++i) {
    RESGUARDO_TRY(const auto letters, random_letters());
    const TeamCode code{next++, today};
    kept.push_back({code, tag_of(letters.reveal())});
    made.push_back({code, in_groups(letters.reveal())});
  }
  RESGUARDO_CHECK(write(store, next, kept));
  kept_ = std::move(kept);
  next_ = next;
  return made;
}

Result<std::size_t> TeamCodes::remove(storage::Store& store,
                                      const std::vector<std::string>& handles) {
  std::vector<Kept> kept = kept_;
  const std::size_t gone = std::erase_if(kept, [&](const Kept& each) {
    return std::find(handles.begin(), handles.end(), each.code.handle()) != handles.end();
  });
  if (gone == 0 || gone != handles.size()) return gone;
  RESGUARDO_CHECK(write(store, next_, kept));
  kept_ = std::move(kept);
  return gone;
}

std::optional<std::string> TeamCodes::handle_of(std::string_view typed) const {
  const SecretText letters = letters_of(typed);
  const Tag tag = tag_of(letters.reveal());
  const Kept* found = nullptr;
  for (const Kept& each : kept_) {
    const bool same = constant_time_equal(each.tag, tag);
    found = same ? &each : found;
  }
  return found == nullptr ? std::nullopt : std::optional(found->code.handle());
}

}  // namespace resguardo::intake
