// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/varied.h"

#include <array>
#include <span>

namespace resguardo::bench {
namespace {

using Pick = std::function<std::size_t(std::size_t)>;
using Texts = std::span<const char* const>;

constexpr std::array kPlaces = {
    "Tijuana",      "Mexicali",       "Nogales",      "Agua Prieta", "Ciudad Juárez", "Ojinaga",
    "Ciudad Acuña", "Piedras Negras", "Nuevo Laredo", "Reynosa",     "Matamoros",     "Tapachula",
    "reinosa",      "cd juarez",      "El Paso",      "Laredo",      "McAllen",       "Brownsville",
    "Eagle Pass",   "Del Rio",        "San Diego",    "Tucson",      "Sásabe",        "Monterrey"};

constexpr std::array kSpanish = {"Nos bajaron del autobús a los que no traíamos papeles.",
                                 "Los agentes nos pidieron dinero para dejarnos pasar.",
                                 "Me quitaron el teléfono y la mochila con toda la ropa.",
                                 "Nos tuvieron dos noches en una casa sin agua ni luz.",
                                 "A mi hermano lo golpearon porque no quiso entregar la cartera.",
                                 "Un hombre con uniforme verde apuntaba todo en una libreta.",
                                 "La camioneta era blanca y no traía placas.",
                                 "Mi niña lloraba y nadie nos dejó darle de comer.",
                                 "Nos regresaron por el puente en la madrugada, sin explicar nada.",
                                 "Dijeron que si hablábamos iban a buscar a la familia.",
                                 "En la caseta había una señora que también estaba detenida.",
                                 "Firmé un papel en inglés que no me leyeron.",
                                 "Caminamos por el desierto hasta que vimos la carretera.",
                                 "Un señor de la tienda nos dejó cargar el teléfono."};
constexpr std::array kEnglish = {"They took everybody without papers off the bus.",
                                 "The officers asked for money before they let us through.",
                                 "They kept my phone and my backpack with all our clothes.",
                                 "We were held for two nights in a house without water.",
                                 "My brother was beaten because he did not hand over his wallet.",
                                 "A man in a green uniform wrote everything into a notebook.",
                                 "The truck was white and had no plates.",
                                 "They sent us back over the bridge before sunrise.",
                                 "I signed a paper that nobody read to me.",
                                 "They said they would look for my family if I talked."};
constexpr std::array kFrench = {"Ils ont fait descendre du bus ceux qui n'avaient pas de papiers.",
                                "Les agents ont demandé de l'argent pour nous laisser passer.",
                                "Ils ont gardé mon téléphone et mon sac.",
                                "On nous a tenus deux nuits dans une maison sans eau.",
                                "Ils nous ont renvoyés par le pont avant l'aube.",
                                "Ma fille pleurait et personne ne l'aidait."};
constexpr std::array kPortuguese = {"Fizeram descer do ônibus quem não tinha documentos.",
                                    "Os agentes pediram dinheiro para nos deixar passar.",
                                    "Ficaram com o meu telefone e a minha mochila.",
                                    "Passamos duas noites numa casa sem água.",
                                    "Mandaram a gente de volta pela ponte de madrugada.",
                                    "Minha filha chorava e ninguém ajudou."};
constexpr std::array kCreole = {
    "Yo fè moun ki pa gen papye desann otobis la.", "Ajan yo te mande lajan pou yo kite nou pase.",
    "Yo pran telefòn mwen ak valiz mwen.", "Nou pase de nwit nan yon kay ki pa gen dlo.",
    "Yo voye nou tounen sou pon an anvan solèy leve."};

constexpr std::array kSpanishMonths = {"enero", "febrero", "marzo",  "abril",      "mayo",
                                       "junio", "julio",   "agosto", "septiembre", "octubre"};
constexpr std::array kEnglishMonths = {"January", "February", "March",  "April",     "May",
                                       "June",    "July",     "August", "September", "October"};
constexpr std::array kFrenchMonths = {"janvier", "février", "mars", "avril",     "mai",
                                      "juin",    "juillet", "août", "septembre", "octobre"};
constexpr std::array kPortugueseMonths = {"janeiro", "fevereiro", "março",  "abril",    "maio",
                                          "junho",   "julho",     "agosto", "setembro", "outubro"};
constexpr std::array kCreoleMonths = {"janvye", "fevriye", "mas", "avril",   "me",
                                      "jen",    "jiyè",    "out", "septanm", "oktòb"};

struct Tongue {
  std::string_view language;
  Texts stories;
  Texts months;
  const char* ago;   // before the number of days
  const char* days;  // after it
  const char* of;    // between the day and its month
  const char* dollars;
  const char* pesos;
};
constexpr std::array<Tongue, 5> kTongues = {{
    {"es", kSpanish, kSpanishMonths, "hace ", " días", " de ", " dólares", " pesos"},
    {"en", kEnglish, kEnglishMonths, "", " days ago", " ", " dollars", " pesos"},
    {"ht", kCreole, kCreoleMonths, "sa gen ", " jou", " ", " dola", " peso"},
    {"fr", kFrench, kFrenchMonths, "il y a ", " jours", " ", " dollars", " pesos"},
    {"pt", kPortuguese, kPortugueseMonths, "há ", " dias", " de ", " dólares", " pesos"},
}};

const Tongue& tongue_of(std::string_view language) {
  for (const Tongue& one : kTongues)
    if (one.language == language) return one;
  return kTongues.front();
}

std::string number(const Pick& pick, std::size_t most) {
  return std::to_string(pick(most) + 1);
}

std::string date(const Tongue& here, const Pick& pick) {
  constexpr std::size_t kMonth = 28, kYear = 300;
  if (pick(3) == 0) return here.ago + number(pick, kYear) + here.days;
  return number(pick, kMonth) + here.of + here.months[pick(here.months.size())];
}

std::string story(const Tongue& here, const Pick& pick) {
  std::string told;
  for (std::size_t left = 1 + pick(4); left > 0; --left)
    told += std::string(told.empty() ? "" : " ") + here.stories[pick(here.stories.size())];
  return told + " " + kPlaces.at(pick(kPlaces.size())) + ".";
}

}  // namespace

std::string varied_words(pb::Node::BodyCase arm, std::string_view language, const Pick& pick) {
  constexpr std::size_t kMostPeople = 60, kMostMoney = 90;
  const Tongue& here = tongue_of(language);
  switch (arm) {
    case pb::Node::kDate:
      return date(here, pick);
    case pb::Node::kMoney:
      return number(pick, kMostMoney) + "00" + (pick(2) == 0 ? here.dollars : here.pesos);
    case pb::Node::kNumber:
      return number(pick, kMostPeople);
    case pb::Node::kPlace:
    case pb::Node::kArea:
      return kPlaces.at(pick(kPlaces.size()));
    default:
      return story(here, pick);
  }
}

}  // namespace resguardo::bench
