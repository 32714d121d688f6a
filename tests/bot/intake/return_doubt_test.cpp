// SPDX-License-Identifier: AGPL-3.0-or-later
// Who comes back, where nobody knows what became of a step: the store's answer is lost, the outbox
// has no room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_fixture.h"
#include "tests/support/faulty_store.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing_support::FaultyStore;
using testing_support::WorldOptions;

struct WithFaults {
  std::optional<FaultyStore> faulty;
  WorldOptions options() {
    WorldOptions options;
    options.wrap = [this](storage::Store& inner) -> storage::Store& {
      return faulty.emplace(inner);
    };
    return options;
  }
};

class ReturnDoubtTest : protected WithFaults,
                        public Returning,
                        public ::testing::WithParamInterface<FaultyStore::Fate> {
 protected:
  ReturnDoubtTest() : Returning(WithFaults::options()) {}
  // As Meta does: again until it is taken. All that is shown then.
  std::string until_taken(const std::string& text) {
    const auto body =
        world_.whatsapp_text_body(kBea, "wamid.d" + std::to_string(++messages_), text);
    for (int tries = 0; tries < 4; ++tries) {
      if (world_.post_whatsapp(body) != 200) continue;
      return last_text(world_, kBea);
    }
    ADD_FAILURE() << "never taken: " << text;
    return {};
  }
  // Whether the fault was met.
  bool fails(std::size_t call, const std::function<void()>& meanwhile) {
    const auto last = faulty->calls() + call;
    faulty->fail_at(last, GetParam());
    meanwhile();
    const bool met = faulty->calls() >= last;
    faulty->fail_at(static_cast<std::size_t>(-1), GetParam());
    return met;
  }
  std::size_t reports() { return world_.store().reports().value().size(); }

 private:
  std::size_t messages_ = 0;
};

// While adding it takes the addition, and the person is told so, whatever the store said of it.
TEST_P(ReturnDoubtTest, DeleteWhileAddingTakesTheAdditionAndSaysSoOnce) {
  bool met = true;
  for (std::size_t call = 1; met; ++call) {
    SCOPED_TRACE(call);
    ASSERT_THAT(come_back_by_whatsapp(), HasSubstr("Respuestas para usted"));
    until_taken("2");
    until_taken("lo que se borra");
    std::string shown;
    met = fails(call, [&] { shown = until_taken("BORRAR"); });
    EXPECT_THAT(shown, HasSubstr("Lo que contó antes sigue guardado"));
    EXPECT_THAT(world_.store().open_reports().value(), IsEmpty());
    EXPECT_EQ(reports(), 1U);
    EXPECT_THAT(words(), IsEmpty());
    EXPECT_THAT(until_taken("SALIR"), Not(HasSubstr("Lo que contó antes")));
    world_.advance(std::chrono::hours(1));
    if (HasFailure()) return;
  }
}

// In the menu it is done or not now; and what was not done can be done after that.
TEST_P(ReturnDoubtTest, DeleteInTheMenuEndsInTheEnd) {
  bool met = true;
  for (std::size_t call = 1; met; ++call) {
    SCOPED_TRACE(call);
    ASSERT_THAT(come_back_by_whatsapp(), HasSubstr("Respuestas para usted"));
    ASSERT_THAT(until_taken("BORRAR"), HasSubstr("¿Borrar TODO"));
    std::string shown;
    met = fails(call, [&] { shown = until_taken("1"); });
    if (!says(shown, "ya no está aquí")) {
      EXPECT_THAT(shown, HasSubstr("Ahora no se puede"));
      until_taken("BORRAR");
      shown = until_taken("1");
    }
    EXPECT_THAT(shown, HasSubstr("ya no está aquí"));
    EXPECT_EQ(reports(), 0U);
    world_.advance(std::chrono::hours(1));
    if (met) receipt_ = tell_report(world_, "1555040" + std::to_string(1000 + call));
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(BothWays, ReturnDoubtTest,
                         ::testing::Values(FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter));

// An addition owes no receipt: it ends also where its last words find no room, and once.
TEST_F(Returning, AnAdditionEndsAlsoWhereTheOutboxIsFull) {
  come_back();
  by_signal("2");
  by_signal("lo que faltaba");
  world_.outbox_has_room(false);
  EXPECT_EQ(world_.say(Channel::kSignal, kOtherPhone, "LISTO"), 200U);
  EXPECT_THAT(world_.store().open_reports().value(), IsEmpty());
  world_.outbox_has_room(true);
  EXPECT_THAT(by_signal("gracias"), Not(HasSubstr("Se agregó")));
  EXPECT_THAT(words(), ElementsAre("lo que faltaba"));
  EXPECT_TRUE(opened().whole);
  world_.advance(std::chrono::hours(1));
  come_back();
  by_signal("2");
  by_signal("y más");
  EXPECT_THAT(by_signal("LISTO"), HasSubstr("Se agregó"));
  EXPECT_THAT(words(), ElementsAre("lo que faltaba", "y más"));
}

}  // namespace
}  // namespace resguardo::intake
