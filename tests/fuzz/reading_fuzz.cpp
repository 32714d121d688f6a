// SPDX-License-Identifier: AGPL-3.0-or-later
// Whatever a person may type, at the questions that read numbers, days, money and places.
#include <google/protobuf/text_format.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string>

#include "bot/dialogue/fold.h"
#include "bot/dialogue/reading/dates.h"
#include "bot/dialogue/reading/money.h"
#include "bot/dialogue/reading/numbers.h"
#include "bot/dialogue/reading/places.h"
#include "tests/fuzz/require.h"
#include "tests/support/paths.h"

using namespace resguardo;
using namespace resguardo::dialogue;
using fuzzing::require;

namespace {

constexpr std::array<const char*, 5> kLanguages = {"es", "en", "ht", "fr", "pt"};

struct Words {
  pb::Questionnaire form;
  std::vector<std::string> problems;
  Lexicons lexicons;
  PlaceNames places;

  Words() {
    merge("languages/any");
    for (const char* language : kLanguages) {
      form.add_languages(language);
      merge(std::string("languages/") + language);
    }
    merge("border_abuse/60_gazetteer");
    lexicons = Lexicons(form, problems);
    places = PlaceNames(form);
    require(problems.empty() && form.gazetteer().places_size() > 0);
  }
  void merge(const std::string& name) {
    std::ifstream file(testing_support::source_dir() / "proto/forms" / (name + ".txtpb"));
    const std::string text(std::istreambuf_iterator<char>(file), {});
    pb::Questionnaire part;
    require(google::protobuf::TextFormat::ParseFromString(text, &part));
    form.MergeFrom(part);
  }
};

void check_date(const Words& words, const char* language, std::string_view text) {
  constexpr Day kToday{20167};  // 2025-03-20
  const auto read = read_date(words.lexicons, language, text, kToday, true, std::nullopt);
  const auto again = read_date(words.lexicons, language, text, kToday, true, DateOrder::kDayFirst);
  require(again.kind != DateRead::Kind::kWhichOrder);
  if (read.kind != DateRead::Kind::kDate) return;
  require(!read.value.edtf.empty() && read.value.edtf.size() <= 23 &&
          !read.value.precision.empty());
  require(read.value.edtf.find_first_not_of("0123456789-~/") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Words words;
  if (size == 0) return 0;
  const char* language = kLanguages[data[0] % kLanguages.size()];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_date(words, language, text);
  const auto places = words.places.read(words.lexicons, language, text, {}, data[0] > 127);
  require(!places.exact || !places.candidates.empty());

  if (text.size() > kLongestFolded) return 0;
  const SecretText folded = fold_figures(text);
  const WordsView pieces = split(folded.reveal());
  for (const Lexicon* lexicon : words.lexicons.beginning_with(language)) {
    const bool own = lexicon->language == language;
    const auto number = read_number(*lexicon, pieces, own);
    require(!number || *number >= 0);
    const auto money = read_money(words.lexicons, *lexicon, pieces, {"USD", "MXN"}, own);
    require(!money || money->minor_units >= 0);
  }
  return 0;
}
