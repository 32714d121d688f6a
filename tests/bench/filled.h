// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "tests/bench/arguments.h"
#include "tests/bench/recording.h"

namespace resguardo::bench {

// The people whom `bench_store fill` leaves on disk begin here, so that a crowd's own are others.
// They are on WhatsApp, and each has said up to four things after consent.
constexpr std::uint64_t kFirstFilled = 50'000'000;

const Conversation& told_by(const Recording& recording, std::uint64_t person);
// How far that person had come.
std::size_t last_move_of(const Conversation& told, std::uint64_t person);

// Their next message to a bot that was started anew, and the prompt that they are owed. `recording`
// has its steps.
Recording wake_all(const dialogue::Form& form, const Recording& recording, TimePoint now);

// The same people for every program: --conversations and --seed.
RecordingOptions recording_options(const Arguments& arguments, bool keep_steps);

}  // namespace resguardo::bench
