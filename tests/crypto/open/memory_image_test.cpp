// SPDX-License-Identifier: AGPL-3.0-or-later
// protocol.md §3.4 on a whole process: after three turns, the writable memory of the process that
// sealed them holds no key and no words of them; it does hold the two states that seal what
// follows, which shows that the search would find the others.
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "crypto/open/segment_reader.h"
#include "proto/envelope.pb.h"
#include "tests/support/paths.h"
#include "tests/support/sealing_fixture.h"
#include "tests/support/seeded_random.h"
#include "tests/support/stream_replay.h"

namespace resguardo {
namespace {

using testing_support::StreamReplay;

// A program with pipes to its standard input and output.
class Child {
 public:
  explicit Child(const std::filesystem::path& program) {
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    if (pipe(in) != 0 || pipe(out) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
      execl(program.c_str(), program.c_str(), nullptr);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    in_ = in[1];
    out_ = fdopen(out[0], "r");
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    close(in_);
    if (out_ != nullptr) fclose(out_);
    int status = 0;
    waitpid(pid_, &status, 0);
    EXPECT_EQ(status, 0);
  }
  void say(const std::string& text) {
    ASSERT_EQ(write(in_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string line() {
    std::string text;
    for (int c = fgetc(out_); c != EOF && c != '\n'; c = fgetc(out_))
      text.push_back(static_cast<char>(c));
    return text;
  }
  // Every writable mapping. A sanitizer's shadow spans terabytes and holds no data: left out.
  std::string memory() const {
    constexpr std::size_t kLargest = std::size_t{1} << 30;
    const std::string proc = "/proc/" + std::to_string(pid_);
    std::ifstream maps(proc + "/maps");
    std::ifstream mem(proc + "/mem", std::ios::binary);
    std::string image;
    for (std::string entry; std::getline(maps, entry);) {
      unsigned long begin = 0;
      unsigned long end = 0;
      char access[5] = {};
      if (std::sscanf(entry.c_str(), "%lx-%lx %4s", &begin, &end, access) != 3) continue;
      const bool unreadable = entry.find("[vvar") != std::string::npos;
      // sodium_malloc's pages are shut between uses: no permission, and still searched.
      const bool shut = std::string_view(access) == "---p" && end - begin <= 64 * 4096;
      if ((access[1] != 'w' && !shut) || unreadable || end - begin > kLargest) continue;
      std::string part(end - begin, '\0');
      mem.clear();
      mem.seekg(static_cast<std::streamoff>(begin));
      mem.read(part.data(), static_cast<std::streamsize>(part.size()));
      image.append(part, 0, static_cast<std::size_t>(mem.gcount()));
    }
    return image;
  }

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  FILE* out_ = nullptr;
};

struct Story {
  Bytes header;
  std::vector<pb::SealedRow> rows;
  std::string image;
};

// Halves too: a copy that lost its other half would still tell.
bool holds(const std::string& image, ByteView secret) {
  const auto text = as_text(secret);
  return image.find(text.substr(0, 16)) != std::string::npos ||
         image.find(text.substr(text.size() - 16)) != std::string::npos;
}

Story run_child(const open::SecretKey<EpochRole>& key) {
  Child child(testing_support::bin_dir() / "seal_and_wait");
  child.say(to_hex(key.public_key().view()) + "\n\n");
  Story story;
  story.header = parse_hex(child.line()).value();
  for (std::string line = child.line(); line != "ready"; line = child.line()) {
    if (line.empty()) throw std::runtime_error("the program ended");
    const Bytes row = parse_hex(line).value();
    story.rows.emplace_back().ParseFromArray(row.data(), static_cast<int>(row.size()));
  }
  story.image = child.memory();
  return story;
}

TEST(MemoryImageTest, AfterATurnNoKeyNoEarlierStateAndNoWordsAreLeft) {
  auto key = open::SecretKey<EpochRole>::generate().value();
  const Story story = run_child(key);
  MemberId member;
  member.bytes.fill(1);
  open::AnalystKeys keys(member, open::SecretKey<AnalystRole>::generate().value());
  keys.add_epoch(parse_week("2026-W47").value(), std::move(key));
  ASSERT_EQ(story.rows.size(), 3U);
  for (const StreamId stream : kStreams) {
    StreamReplay replay(story.header, stream, keys);
    EXPECT_FALSE(holds(story.image, replay.set_secret())) << "E";
    EXPECT_FALSE(holds(story.image, replay.segment_key())) << "K";
    for (std::size_t i = 0; i < story.rows.size(); ++i) {
      EXPECT_FALSE(holds(story.image, replay.key_and_nonce().first(32))) << "state " << i;
      const auto& row = story.rows[i];
      const auto opened = replay.pull(
          as_bytes(stream == StreamId::kTestimony ? row.testimony() : row.identity()), i);
      ASSERT_TRUE(opened.has_value());
      // Salt, time and tags come first; the words fill the middle.
      const ByteView words = ByteView(opened->padded).subspan(30, 100);
      for (std::size_t at = 0; at + 16 <= words.size(); at += 12)
        EXPECT_EQ(story.image.find(as_text(words.subspan(at, 16))), std::string::npos)
            << "words of turn " << i << " at " << at;
    }
    EXPECT_NE(story.image.find(as_text(replay.key_and_nonce())), std::string::npos)
        << "the search does not even find the state that is there";
  }
}

// Runs `work` on a stack of its own and returns what it leaves there.
std::string stack_after(void* (*work)(void*), void* argument) {
  constexpr std::size_t kSize = std::size_t{1} << 20;
  constexpr std::size_t kPage = 4096;
  std::vector<char> memory(kSize + kPage);
  const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
  char* stack = memory.data() + (kPage - address % kPage);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  EXPECT_EQ(pthread_attr_setstack(&attributes, stack, kSize), 0);
  pthread_t thread{};
  EXPECT_EQ(pthread_create(&thread, &attributes, work, argument), 0);
  EXPECT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
  return {stack, kSize};
}

struct StackStory {
  const Recipients& recipients;
  LockedSlab& slab;
  std::optional<SegmentWriter> writer;
  Digest marker;  // left on the stack on purpose: the search must find it
};

TEST(MemoryImageTest, BeginningASegmentLeavesNoKeyOnTheStack) {
  const auto readers = testing_support::make_readers(1, parse_week("2026-W47").value());
  const auto slab = testing_support::make_slab(1);
  testing_support::SeededRandom ids(1);
  StackStory story{readers.recipients, *slab, std::nullopt, ids.make<Digest>()};
  const std::string stack = stack_after(
      [](void* argument) -> void* {
        auto& told = *static_cast<StackStory*>(argument);
        // Many times over: the end of a thread runs on the uppermost part of the same stack.
        volatile std::uint8_t left[64 * sizeof(Digest)];
        for (std::size_t i = 0; i < sizeof left; ++i)
          left[i] = told.marker.bytes.at(i % sizeof(Digest));
        testing_support::SeededRandom own_ids(1);
        told.writer = SegmentWriter::begin(told.recipients, {}, told.slab, own_ids).value();
        return nullptr;
      },
      &story);
  EXPECT_TRUE(holds(stack, story.marker.view())) << "the search does not find what is there";
  for (const StreamId stream : kStreams) {
    StreamReplay replay(story.writer->header(), stream, readers.keys[0]);
    EXPECT_FALSE(holds(stack, replay.set_secret())) << "E";
    EXPECT_FALSE(holds(stack, replay.segment_key())) << "K";
    EXPECT_FALSE(holds(stack, replay.key_and_nonce().first(32))) << "the first state";
  }
}

}  // namespace
}  // namespace resguardo
