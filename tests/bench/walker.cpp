// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/walker.h"

#include <array>
#include <utility>

#include "bot/dialogue/question_type.h"
#include "tests/bench/varied.h"

namespace resguardo::bench {

using dialogue::ChannelKind;
using dialogue::Effect;
using dialogue::kNoIndex;
using dialogue::Said;
using dialogue::Step;

// What people write in one language where words are due.
struct Writing {
  std::string_view language;
  std::array<const char*, 4> dates;
  std::array<const char*, 2> stories;
  const char* money;
  const char* question;  // no answer to anything
};
namespace {
constexpr std::array<Writing, 5> kWritings = {{
    {"es",
     {"ayer", "hace 2 semanas", "el 15 de mayo", "fue en marzo del 22 creo"},
     {"Nos bajaron del autobús a todos los que no traíamos papeles y nos llevaron en tres "
      "camionetas "
      "a una casa grande, ahí nos quitaron los teléfonos y nos pidieron el número de un familiar.",
      "una señora con dos niños lloraba"},
     "como 200 dólares",
     "y usted quién es?"},
    {"en",
     {"yesterday", "2 weeks ago", "May 15th", "I think it was in March 22"},
     {"They took everybody without papers off the bus and drove us in three trucks to a big house, "
      "there they took our phones and asked each of us for the number of somebody in the family.",
      "a woman with two children was crying"},
     "about 200 dollars",
     "and who are you?"},
    {"ht",
     {"yè", "sa gen 2 semèn", "15 me", "mwen kwè se te an mas 22"},
     {"Yo fè tout moun ki pa gen papye desann otobis la epi yo mennen nou nan twa kamyon nan yon "
      "gwo "
      "kay, se la yo pran telefòn nou epi yo mande nou chak nimewo yon moun nan fanmi an.",
      "yon madanm ak de timoun t ap kriye"},
     "200 dola konsa",
     "e ou menm kiyès ou ye?"},
    {"fr",
     {"hier", "il y a 2 semaines", "le 15 mai", "je crois que c'était en mars 22"},
     {"Ils ont fait descendre du bus tous ceux qui n'avaient pas de papiers et nous ont emmenés "
      "dans "
      "trois camions jusqu'à une grande maison, là ils ont pris nos téléphones et demandé un "
      "numéro.",
      "une dame avec deux enfants pleurait"},
     "environ 200 dollars",
     "et vous êtes qui?"},
    {"pt",
     {"ontem", "há 2 semanas", "15 de maio", "acho que foi em março de 22"},
     {"Fizeram descer do ônibus todos os que não tinham documentos e nos levaram em três "
      "caminhonetes "
      "para uma casa grande, lá tiraram os telefones e pediram o número de alguém da família.",
      "uma senhora com duas crianças chorava"},
     "uns 200 dólares",
     "e você quem é?"},
}};

Said written(std::string_view text) {
  return dialogue::Words{SecretText(text)};
}

}  // namespace

void Walker::begin(ChannelKind channel) {
  channel_ = channel;
  before_.clear();
  again_ = 0;
}

bool Walker::ended(const Step& last) {
  return !last.prompt || last.effect == Effect::kForget || last.effect == Effect::kLeave ||
         last.effect == Effect::kEraseReport || last.effect == Effect::kCloseReport ||
         last.state.phase() == pb::ConversationState::PHASE_PAUSED;
}

Said Walker::next(const Step& shown) {
  if (!shown.prompt) return written("hola");
  const dialogue::Prompt& prompt = *shown.prompt;
  again_ = prompt.node == before_ ? again_ + 1 : 0;
  before_ = prompt.node;
  if (prompt.node == "safety_now") return row(prompt, 0);
  if (prompt.node == "consent") return row(prompt, 0);
  if (prompt.node == "review" && prompt.choices.size() > 1) return row(prompt, 0);
  if (again_ == 0 && pick(20) == 0) return written(writing(language_of(shown)).question);
  const std::size_t node = form_.find(prompt.node);
  const bool words = node != kNoIndex && form_.nodes[node].type->typed && pick(4) > 0;
  if (prompt.choices.empty() || (words && again_ == 0)) return in_words(shown, node);
  if (prompt.choices.back().id.ends_with("_done")) return row(prompt, prompt.choices.size() - 1);
  return row(prompt, pick(prompt.choices.size()));
}

// Tapped, or its number or title typed.
Said Walker::row(const dialogue::Prompt& prompt, std::size_t index) {
  const auto& choice = prompt.choices[index];
  const std::size_t how = pick(10);
  if (channel_ == ChannelKind::kWhatsApp && how < 6) return dialogue::Tap{choice.id};
  if (how < 9 || again_ > 0) return written(std::to_string(index + 1));
  return written(choice.title);
}

Said Walker::in_words(const Step& shown, std::size_t node) {
  const auto arm =
      node == kNoIndex ? pb::Node::BODY_NOT_SET : form_.nodes[node].source->body_case();
  const std::size_t language = language_of(shown);
  const auto& here = writing(language);
  if (again_ > 0 && pick(3) > 0) {
    const bool parts = arm == pb::Node::kNarrative || arm == pb::Node::kMedia;
    return written(parts ? "#" : form_.phrase(dialogue::Say::kSkipShort, language));
  }
  if (varied_)
    return written(
        varied_words(arm, here.language, [this](std::size_t count) { return pick(count); }));
  switch (arm) {
    case pb::Node::kDate:
      return written(here.dates[pick(here.dates.size())]);
    case pb::Node::kMoney:
      return written(here.money);
    case pb::Node::kNumber:
      return written(pick(2) == 0 ? "3" : "27");
    case pb::Node::kPlace:
    case pb::Node::kArea:
      return written(pick(2) == 0 ? "Tijuana" : "reinosa");
    default:
      return written(here.stories[pick(here.stories.size())]);
  }
}

std::size_t Walker::language_of(const Step& shown) const {
  const std::size_t index = form_.language_index(shown.state.language());
  return index == kNoIndex ? 0 : index;
}

const Writing& Walker::writing(std::size_t language) const {
  for (const auto& each : kWritings) {
    if (each.language == form_.languages[language]) return each;
  }
  return kWritings.front();
}

std::size_t Walker::pick(std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

}  // namespace resguardo::bench
