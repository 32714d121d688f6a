// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/resemblance.h"

#include <gtest/gtest.h>

#include <set>

namespace resguardo::analyst {
namespace {

const std::string kTold =
    "Nos bajaron del autobús tres hombres armados cerca de Reynosa y nos llevaron a una casa "
    "amarilla";

TEST(ResemblanceTest, TheSameWordsAreTheSameHoweverTheyAreWritten) {
  const Sketch a = sketch_of({kTold});
  const Sketch b = sketch_of({"NOS BAJARON DEL AUTOBUS, tres hombres armados... cerca de Reynosa",
                              "y nos llevaron a una casa amarilla!!"});
  EXPECT_EQ(resemblance(a, b), 1);
}

TEST(ResemblanceTest, OfShortTextsItIsTheShareOfRunsInCommon) {
  const Sketch a = sketch_of({"a b c d e f g h"});  // 6 runs
  const Sketch b = sketch_of({"a b c d e x y z"});  // 3 of them, and 3 others
  EXPECT_DOUBLE_EQ(resemblance(a, b), 3.0 / 9);
  EXPECT_DOUBLE_EQ(resemblance(b, a), 3.0 / 9);
  EXPECT_EQ(resemblance(a, sketch_of({"h g f e d c b a"})), 0);
}

TEST(ResemblanceTest, WhatAnybodySaysIsNoResemblance) {
  EXPECT_TRUE(sketch_of({"no sé qué pasó"}).empty());
  EXPECT_TRUE(sketch_of({"", "   ", "\xff\xfe"}).empty());
  EXPECT_EQ(resemblance({}, {}), 0);
  EXPECT_EQ(resemblance(sketch_of({kTold}), {}), 0);
}

TEST(ResemblanceTest, OfLongTextsItIsNearTheTrueShare) {
  std::string one, other;
  for (int n = 0; n < 3000; ++n) {
    const std::string word = "w" + std::to_string(n) + " ";
    if (n < 2000) one += word;
    if (n >= 1000) other += word;
  }
  const Sketch a = sketch_of({one});
  EXPECT_EQ(a.size(), kSketchSize);
  EXPECT_NEAR(resemblance(a, sketch_of({other})), 1.0 / 3, 0.15);
  EXPECT_EQ(resemblance(a, a), 1);
}

TEST(ResemblanceTest, AWordWithoutEndIsPassedOver) {
  const std::string endless(100'000, 'x');
  EXPECT_EQ(sketch_of({kTold + " " + endless}), sketch_of({kTold}));
}

}  // namespace
}  // namespace resguardo::analyst
