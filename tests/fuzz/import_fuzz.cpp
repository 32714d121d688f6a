// SPDX-License-Identifier: AGPL-3.0-or-later
// Frames as import walks them. The pieces of an input are frames' bytes; magic and checks are put
// around them here, since no fuzzer finds a hash.
#include <sstream>

#include "analyst/import/bundle_check.h"
#include "analyst/report/form_texts.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

constexpr std::string_view kMagic = "resguardo bundle 1\n";

class Framing {
 public:
  Framing() : text_(kMagic) { add_check(as_bytes(kMagic)); }
  void add(ByteView frame) {
    for (std::size_t i = 0; i < 4; ++i) text_ += static_cast<char>(frame.size() >> (8 * i));
    text_ += as_text(frame);
    add_check(frame);
    text_ += as_text(ByteView(check_).first(16));
  }
  const std::string& text() const { return text_; }

 private:
  void add_check(ByteView frame) {
    const Digest digest = derive_public(check_, Label::kBundleFrame, {frame});
    std::copy_n(digest.bytes.begin(), 16, check_.begin());
  }
  std::array<std::uint8_t, 32> check_{};
  std::string text_;
};

PublicKey<RootRole> root() {
  const auto bytes = parse_hex("b9dc00ad5c6b33a1f1b2185d1f440fe992619264dd08438be4b0986b0da59550");
  return PublicKey<RootRole>::from_bytes(bytes.value()).value();
}

open::AnalystKeys reader() {
  Bytes bytes = fuzzing::seeded("epoch key 1");
  auto epoch = open::SecretKey<EpochRole>::from_secret(SecretBytes::take(bytes).value());
  MemberId id;
  id.bytes.fill(1);
  open::AnalystKeys keys(id, open::SecretKey<AnalystRole>::generate().value());
  keys.add_epoch(*parse_week("2026-W47"), std::move(epoch).value());
  return keys;
}

// Damage is a finding; a problem is a roster that root did not sign, or a log nobody can check.
void walk(const std::string& text, std::uint64_t frames, analyst::RosterShelf* shelf,
          const open::AnalystKeys& keys) {
  std::istringstream in(text);
  const auto found = analyst::BundleCheck(shelf, &keys).run(in);
  if (!found.ok()) return require(!found.error().what.empty());
  require(found->segments <= frames && found->rows <= frames && found->rosters <= frames);
  require(found->files <= found->media_chunks && found->media_chunks <= frames);
  require(found->nobodys_files <= found->files);
  require(found->openable + found->not_for_these_keys + found->broken <= found->segments);
  require(!found->damage || found->damage->place.frame <= frames);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  static const open::AnalystKeys keys = reader();
  Framing framing;
  std::uint64_t frames = 0;
  fuzzing::Pieces pieces(ByteView(data, size));
  for (; !pieces.done(); ++frames) framing.add(pieces.next());

  walk(framing.text(), frames, nullptr, keys);
  analyst::RosterShelf shelf(root());
  walk(framing.text(), frames, &shelf, keys);
  return 0;
}
