// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/log_extension.h"

#include <gtest/gtest.h>

#include "crypto/log/merkle_tree.h"

namespace resguardo {
namespace {

constexpr std::size_t kMost = 20;

std::vector<Digest> made_leaves() {
  std::vector<Digest> all;
  for (std::size_t n = 0; n < kMost; ++n) all.push_back(Digest{{static_cast<std::uint8_t>(n + 1)}});
  return all;
}

Digest root_of(std::size_t size) {
  CompactTree tree;
  for (const Digest& leaf : made_leaves())
    if (tree.size() < size) tree.append(leaf);
  return tree.root();
}

class LogExtensionTest : public ::testing::Test {
 protected:
  LogExtension from(std::size_t old_size) const {
    return {old_size, consistency_proof(made_leaves(), old_size), note_};
  }
  const LogKey key_ = LogKey::generate().value();
  const std::string note_ =
      sign_checkpoint(key_, dated_checkpoint("a.example/log", kMost, root_of(kMost), Day{20000}))
          .value();
};

TEST_F(LogExtensionTest, ProvesEveryBeginningAndNoOther) {
  for (std::size_t old_size = 0; old_size <= kMost; ++old_size) {
    const auto text = log_extension_text(from(old_size));
    const auto again = parse_log_extension(text);
    ASSERT_TRUE(again.ok()) << text;
    EXPECT_EQ(log_extension_text(*again), text);
    for (std::size_t size = 1; size <= kMost; ++size)
      EXPECT_EQ(extends(*again, size, root_of(size)), size == old_size || size == kMost)
          << old_size << " " << size;
    if (old_size > 0) {
      EXPECT_FALSE(extends(*again, old_size, root_of(old_size - 1)));
    }
  }
}

TEST_F(LogExtensionTest, ANoteAloneProvesItselfAndTheEmptyLog) {
  const auto plain = parse_log_extension(note_);
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->old_size, kMost);
  EXPECT_TRUE(extends(*plain, kMost, root_of(kMost)));
  EXPECT_TRUE(extends(*plain, 0, root_of(0)));
  EXPECT_FALSE(extends(*plain, 7, root_of(7)));
}

TEST_F(LogExtensionTest, EveryOtherSpellingIsRefused) {
  const auto text = log_extension_text(from(7));
  for (const std::string& wrong : std::vector<std::string>{
           "", "old 7\n", "old 7", "old 07" + text.substr(5), "old -1" + text.substr(5),
           "older 7" + text.substr(5), text.substr(0, text.size() - 3), "\n" + text, text + "more"})
    EXPECT_FALSE(parse_log_extension(wrong).ok()) << wrong;
  std::string long_one = "old 7\n";
  for (int line = 0; line < 200; ++line) long_one.append(to_base64(root_of(1).view())).append("\n");
  EXPECT_FALSE(parse_log_extension(long_one + "\n" + note_).ok());
}

}  // namespace
}  // namespace resguardo
