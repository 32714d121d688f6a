// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/money.h"

#include <algorithm>

#include "bot/dialogue/reading/numbers.h"

namespace resguardo::dialogue {
namespace {

constexpr std::int64_t kLeastBare = 10 * 100;

class MoneyReader {
 public:
  MoneyReader(const Lexicons& lexicons, const Lexicon& lexicon, WordsSpan words,
              const std::vector<std::string>& preferred, bool own)
      : lexicons_(lexicons), lexicon_(lexicon), words_(words), preferred_(preferred), own_(own) {}

  std::optional<MoneyValue> read() {
    for (std::size_t i = 0; i < words_.size();) {
      const std::size_t taken = take(i);
      if (taken == 0) return std::nullopt;
      i += taken;
    }
    const bool article_only = amount_ && amount_->article && currency_.empty();
    const std::size_t most_unknown = own_ ? 3 : 0;
    if (!amount_ || article_only || unknown_ > most_unknown) return std::nullopt;
    if (!own_ && currency_.empty()) return std::nullopt;
    // "2 teléfonos", "3 veces": a number that names no currency is an amount only by itself.
    const bool bare = currency_.empty() && !sign_;
    const bool small = amount_->hundredths > 0 && amount_->hundredths < kLeastBare;
    if (bare && (unknown_ > 0 || (small && words_.size() > amount_->words))) return std::nullopt;
    return value();
  }

 private:
  // Words that were taken; 0: this is no amount, or two.
  std::size_t take(std::size_t at) {
    const auto currency = lexicon_.currencies.at(words_, at);
    const NumberAt number = number_at(lexicon_, words_, at);
    if (currency.words > 0 && currency.words >= number.words) {
      return name(lexicon_.currency_codes[static_cast<std::size_t>(currency.value)])
                 ? currency.words
                 : 0;
    }
    const auto noise = lexicon_.number_noise.at(words_, at);
    if (number.words > 0 && !(number.article && (noise.words > 0 || amount_))) {
      if (amount_ && !amount_->article) return 0;
      amount_ = number;
      return number.words;
    }
    sign_ = sign_ || words_[at] == "$";
    if (noise.words > 0 || words_[at] == "$") return std::max(noise.words, std::size_t{1});
    if (lexicon_.months.at(words_, at).words > 0 || lexicon_.no.at(words_, at).words > 0) return 0;
    ++unknown_;
    return 1;
  }
  bool name(const std::vector<std::string>& codes) {
    std::string meant = codes.front();
    for (const auto& code : preferred_) {
      if (std::find(codes.begin(), codes.end(), code) == codes.end()) continue;
      meant = code;
      break;
    }
    if (!currency_.empty() && currency_ != meant) return false;
    currency_ = std::move(meant);
    return true;
  }
  std::optional<MoneyValue> value() const {
    std::int64_t units = amount_->hundredths;
    const auto digits = currency_.empty() ? 2 : lexicons_.minor_digits(currency_);
    if (digits == 0) units /= 100;
    return MoneyValue{units, currency_};
  }

  const Lexicons& lexicons_;
  const Lexicon& lexicon_;
  WordsSpan words_;
  const std::vector<std::string>& preferred_;
  bool own_;
  bool sign_ = false;  // "$": money, of one country or another
  std::optional<NumberAt> amount_;
  std::string currency_;
  std::size_t unknown_ = 0;
};

}  // namespace

std::optional<MoneyValue> read_money(const Lexicons& lexicons, const Lexicon& lexicon,
                                     WordsSpan words, const std::vector<std::string>& preferred,
                                     bool own) {
  return MoneyReader(lexicons, lexicon, words, preferred, own).read();
}

}  // namespace resguardo::dialogue
