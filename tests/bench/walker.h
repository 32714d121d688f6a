// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/step.h"

namespace resguardo::bench {

struct Writing;

// A made-up person, who answers what is shown. Each is drawn from a seed, so every run says the
// same. A conversation goes from hello to the receipt, in one of the form's languages and in
// whatever depth, branches and repeats the picks lead to. Rows are tapped (on WhatsApp three in
// five), or their number or title is typed; dates, amounts, numbers and places are written as
// people write them, stories in messages of two hundred letters; one reply in twenty asks for help
// or is not understood.
class Walker {
 public:
  // The form outlives it.
  Walker(const dialogue::Form& form, std::uint32_t seed, bool varied = false)
      : form_(form.content()), varied_(varied), random_(seed) {}

  void begin(dialogue::ChannelKind channel);
  // What is said to the last prompt that was shown; hello when there is none.
  dialogue::Said next(const dialogue::Step& shown);
  std::size_t pick(std::size_t count);
  // Whether nothing more is said in this conversation.
  static bool ended(const dialogue::Step& last);

 private:
  dialogue::Said row(const dialogue::Prompt& prompt, std::size_t index);
  dialogue::Said in_words(const dialogue::Step& shown, std::size_t node);
  const Writing& writing(std::size_t language) const;
  std::size_t language_of(const dialogue::Step& shown) const;

  const dialogue::Form::Content& form_;
  bool varied_;  // words as varied.h has them, and no two people's alike
  dialogue::ChannelKind channel_ = dialogue::ChannelKind::kWhatsApp;
  std::mt19937 random_;
  std::string before_;
  std::size_t again_ = 0;
};

}  // namespace resguardo::bench
