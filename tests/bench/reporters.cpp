// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/reporters.h"

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>

#include "bot/intake/closing.h"
#include "crypto/base/hash.h"
#include "crypto/log/withdrawal.h"
#include "crypto/session/receipt.h"
#include "tests/support/must.h"

namespace resguardo::bench {
namespace {

using testing_support::must;

SecretBytes withdrawal_seed(std::uint32_t number) {
  Bytes seed = to_bytes(blake2b(as_bytes("reporters " + std::to_string(number))).view());
  return must(SecretBytes::take(seed));
}

// As the form has it: printed on no prompt.
std::string duress_words(const std::string& language) {
  constexpr std::array<std::pair<const char*, const char*>, 5> kWords = {
      {{"es", "GRACIAS POR LA RECETA"},
       {"en", "THANKS FOR THE RECIPE"},
       {"ht", "MÈSI POU RESÈT LA"},
       {"fr", "MERCI POUR LA RECETTE"},
       {"pt", "OBRIGADO PELA RECEITA"}}};
  for (const auto& [code, words] : kWords)
    if (language == code) return words;
  return kWords.front().second;
}

enum class Ending : std::uint8_t { kWhole, kSilence, kDuress, kExit };

Ending draw_ending(std::mt19937& random) {
  const auto drawn = std::uniform_int_distribution<int>(0, 99)(random);
  if (drawn < 84) return Ending::kWhole;
  if (drawn < 92) return Ending::kSilence;
  return drawn < 97 ? Ending::kDuress : Ending::kExit;
}

// Up to a move after consent, and a word that ends it.
Conversation cut(const Conversation& told, const dialogue::Form& form, const std::string& word,
                 std::mt19937& random) {
  Conversation shorter = told;
  const std::size_t least = told.begin + 1;
  const std::size_t most = std::max(least, told.moves.size() - 2);
  shorter.moves.resize(std::uniform_int_distribution<std::size_t>(least, most)(random) + 1);
  if (word.empty()) return shorter;
  const auto kind = told.channel == gateway::Channel::kWhatsApp ? dialogue::ChannelKind::kWhatsApp
                                                                : dialogue::ChannelKind::kSignal;
  Move last;
  last.step = std::make_shared<dialogue::Step>(
      dialogue::advance(form, bot_settings(), shorter.moves.back().step->state, true, kind,
                        dialogue::Words{SecretText(word)}, SystemClock().now()));
  shorter.moves.push_back(std::move(last));
  return shorter;
}

class Reporters {
 public:
  Reporters(const config::Config& config, const dialogue::Form& form, std::uint32_t seed)
      : form_(form),
        random_(seed),
        none_(std::vector<Conversation>()),
        filler_(config, form, none_) {}

  void report(const Conversation& told) {
    switch (draw_ending(random_)) {
      case Ending::kWhole:
        ++reported_.whole;
        return whole(told);
      case Ending::kSilence:
        ++reported_.interrupted;
        return filler_.unfinished(cut(told, form_, "", random_));
      case Ending::kDuress:
        ++reported_.duress;
        return filler_.unfinished(
            cut(told, form_, duress_words(told.moves.back().step->state.language()), random_));
      case Ending::kExit:
        ++reported_.left;
        return filler_.unfinished(cut(told, form_, "SALIR", random_));
    }
  }
  Reported finish() {
    filler_.wait();
    filler_.end_all();
    return std::move(reported_);
  }

 private:
  void whole(const Conversation& told) {
    constexpr std::uint64_t kOneIn = 50;
    if (reported_.whole % kOneIn != 0) {
      filler_.whole(told, Bytes(32, 7));
      return;
    }
    const auto number = static_cast<std::uint32_t>(reported_.whole);
    const Bytes key = must(sign_withdrawal(withdrawal_seed(number), {})).key;
    reported_.regret.emplace_back(to_hex(filler_.whole(told, key).view()), number);
  }

  const dialogue::Form& form_;
  std::mt19937 random_;
  Recording none_;
  Filler filler_;
  Reported reported_;
};

}  // namespace

Reported report_all(const config::Config& config, const dialogue::Form& form, std::uint64_t reports,
                    std::uint32_t seed) {
  constexpr std::uint64_t kAtOnce = 100;  // conversations in memory, with each of their steps
  Reporters reporters(config, form, seed);
  for (std::uint64_t done = 0; done < reports;) {
    RecordingOptions options;
    options.conversations = static_cast<std::size_t>(std::min(kAtOnce, reports - done));
    options.seed = seed * 1'000'003U + static_cast<std::uint32_t>(done);
    options.keep_steps = options.varied = true;
    options.now = SystemClock().now();
    const Recording recording(form, options);
    for (const auto channel : {gateway::Channel::kWhatsApp, gateway::Channel::kSignal})
      for (const Conversation& told : recording.of(channel)) reporters.report(told);
    done += options.conversations;
  }
  return reporters.finish();
}

void take_back(const config::Config& config,
               const std::vector<std::pair<std::string, std::uint32_t>>& regret,
               const std::string& purpose) {
  SystemRandom salts;
  const TimePoint now = SystemClock().now();
  const Day today = day_of(now);
  auto site = commands::open_installation(config, now, salts);
  if (!site.ok()) throw std::runtime_error(site.error().what);
  bool all = true;
  for (const auto& [hex, number] : regret) {
    const auto report = ReportId::from(must(parse_hex(hex))).value();
    std::vector<std::string> purposes;
    if (!all) purposes.push_back(purpose);
    Bytes statement = must(withdrawal_bytes({report, std::move(purposes), today}));
    auto made = must(sign_withdrawal(withdrawal_seed(number), statement));
    const Bytes entry = must(make_withdrawal_entry(
        {std::move(statement), std::move(made.key), std::move(made.signature)}, today, salts));
    if (all)
      must(site->store->erase(std::vector{storage::Erasure{report, today, entry}}));
    else
      must(site->store->change_consent(report, today, entry));
    all = !all;
  }
}

}  // namespace resguardo::bench
