// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <list>
#include <string>
#include <vector>

#include "tests/bot/grab/quick_way.h"
#include "tests/bot/grab/reporter.h"

namespace resguardo::testing_support {

// The word that is sent as somebody reaches for the phone.
enum class Word : std::uint8_t { kExit, kPanic, kDuress, kDelete };
std::string name_of(Word word);
inline constexpr const char* kPanicWord = "paraguas";  // the operator's
inline constexpr const char* kCardWord = "limonero";   // printed on the card

// How somebody came to where they are when it happens.
struct Moment {
  std::string name;
  std::function<void(Reporter&, const Answers&)> come;
};

// One bot. Its reporters lose their phones to the same word, each at another moment. Every check
// is an expectation of the test that runs.
class Theft {
 public:
  Theft(Word word, const Manner& manner, dialogue::Settings settings);
  Theft(const Theft&) = delete;
  Theft& operator=(const Theft&) = delete;

  // A new reporter comes to that moment and sends the word. What went out to the phone from then
  // on; the phone holds nothing but neutral text.
  std::vector<std::string> grab(const Moment& moment);
  // To all that was grabbed everything is said that a thief may try, also after a restart: each is
  // answered as somebody who never wrote, and nothing of it reaches the disk.
  void probe();
  // With the word that leads back: safety first, then the question that was due, to the end.
  void come_back();
  // An analyst opens everything: all that was told, in order, and why it broke off.
  void open_reports();
  // RESGUARDO_TRANSCRIPTS names a directory: what was said, for a reader.
  void write_transcripts() const;

  // What the disk shows, once the store has come to rest.
  StoreShape shape();
  std::size_t closed() { return world_.store().reports().value().size(); }

 private:
  struct Robbed {
    std::string moment;
    Reporter reporter;
    bool open = false;      // a report was, when it happened
    bool finished = false;  // it was sealed to its end before
    std::string owed{};     // the question
    std::string back{};     // the word that leads back
  };
  std::string expected_text(const Robbed& robbed, const std::string& language) const;
  void check_phone(const Robbed& robbed, const std::string& language);
  std::vector<std::string> probes(const std::string& back) const;
  using Heard = std::vector<std::vector<std::string>>;
  Heard try_all(Reporter& reporter, const std::vector<std::string>& probes);
  void finish(Robbed& robbed);
  std::string new_address();

  Word word_;
  Manner manner_;
  dialogue::Settings settings_;  // the engine's
  Answers answers_;
  World world_;
  std::list<Robbed> robbed_;
  int people_ = 0;
};

// The operator of these tests: cover text in every language, a word on the card.
dialogue::Settings settings_of_thefts();
// All four words at each of these moments; exit, panic and duress must not differ in anything that
// can be seen from outside.
void rob(const Manner& manner, const dialogue::Settings& settings,
         const std::vector<Moment>& moments);

}  // namespace resguardo::testing_support
