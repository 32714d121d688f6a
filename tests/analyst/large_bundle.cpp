// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/analyst/large_bundle.h"

#include <fstream>
#include <stdexcept>

#include "crypto/base/hash.h"
#include "crypto/format/bundle.h"
#include "crypto/format/strict_parse.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"
#include "crypto/seal/segment_writer.h"
#include "proto/record.pb.h"
#include "tests/support/must.h"
#include "tests/support/seeded_random.h"

namespace resguardo::testing_support {
namespace {

// Frames in a file, read back in their order.
class Spool {
 public:
  explicit Spool(std::filesystem::path file)
      : file_(std::move(file)), out_(file_, std::ios::binary | std::ios::trunc) {}
  ~Spool() { std::filesystem::remove(file_); }
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  void put(const pb::BundleFrame& frame) {
    const std::string bytes = frame.SerializeAsString();
    const auto size = static_cast<std::uint32_t>(bytes.size());
    out_.write(reinterpret_cast<const char*>(&size), sizeof size);
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  void pour(BundleWriter& into) {
    out_.close();
    std::ifstream in(file_, std::ios::binary);
    std::uint32_t size = 0;
    std::string bytes;
    while (in.read(reinterpret_cast<char*>(&size), sizeof size)) {
      bytes.resize(size);
      in.read(bytes.data(), size);
      pb::BundleFrame frame;
      if (!frame.ParseFromString(bytes)) throw std::runtime_error("a spooled frame");
      must(into.write(frame));
    }
  }

 private:
  std::filesystem::path file_;
  std::ofstream out_;
};

class Maker {
 public:
  Maker(const VerifiedRoster& roster, const LargeBundle& wanted, TimePoint now, Spool& spool)
      : roster_(roster),
        wanted_(wanted),
        now_(now),
        spool_(spool),
        slab_(must(LockedSlab::create(SegmentWriter::cell_size(), 4))) {}

  // Its entry for the log.
  Bytes report() {
    const auto id = ids_.make<ReportId>();
    const Recipients recipients = must(roster_.recipients(week_of(now_)));
    auto writer = must(
        SegmentWriter::begin(recipients, {id, 0, blake2b(as_bytes(wanted_.form))}, *slab_, ids_));
    SegmentChain chain = SegmentChain::begin(writer.header());
    pb::BundleFrame head;
    head.mutable_segment()->set_header(to_string(writer.header()));
    head.mutable_segment()->set_rows(wanted_.turns);
    head.mutable_segment()->set_day(day_of(now_).number);
    head.mutable_segment()->set_closed(true);
    spool_.put(head);
    for (std::size_t turn = 0; turn < wanted_.turns; ++turn) {
      const TurnRecords records{record(wanted_.answer), record(0)};
      const auto sealed =
          must(turn + 1 == wanted_.turns ? writer.finish(records) : writer.seal(records));
      chain.add(sealed.row);
      pb::BundleFrame row;
      row.mutable_row()->set_row(to_string(sealed.row));
      spool_.put(row);
    }
    const std::vector<Digest> chains = {chain.digest()};
    return make_log_entry({LogKind::kIncomplete,
                           to_bytes(id.view()),
                           report_digest(chains),
                           day_of(now_),
                           std::nullopt,
                           {}},
                          ids_);
  }

 private:
  SecretBuffer record(std::size_t words) {
    pb::Record record;
    record.set_salt(ids_.make<ReportId>().str());
    record.set_time_ms(now_.time_since_epoch().count());
    pb::Entry& entry = *record.add_entries();
    if (words == 0) {
      entry.mutable_padding();
    } else {
      entry.mutable_answer()->set_node("story");
      entry.mutable_answer()->set_language("es");
      entry.mutable_answer()->set_text(std::string(words, 'x'));
    }
    return SecretBuffer(serialize_canonical(record));
  }

  const VerifiedRoster& roster_;
  const LargeBundle& wanted_;
  TimePoint now_;
  Spool& spool_;
  SeededRandom ids_{11};
  std::unique_ptr<LockedSlab> slab_;
};

}  // namespace

void write_large_bundle(const std::filesystem::path& file, const VerifiedRoster& roster,
                        const LargeBundle& wanted, TimePoint now) {
  Spool spool(file.string() + ".spool");
  Maker maker(roster, wanted, now, spool);
  std::vector<Bytes> log;
  for (std::size_t i = 0; i < wanted.reports; ++i) log.push_back(maker.report());

  std::ofstream out(file, std::ios::binary);
  BundleWriter bundle(out);
  pb::BundleFrame header;
  header.mutable_header()->set_format(1);
  header.mutable_header()->set_log_origin(roster.log_origin());
  header.mutable_header()->set_day(day_of(now).number);
  header.mutable_header()->set_bundle_id(std::string(16, 'l'));
  must(bundle.write(header));
  pb::BundleFrame rosters;
  *rosters.mutable_roster()->mutable_file() = must(parse_strict<pb::RosterFile>(roster.file()));
  must(bundle.write(rosters));
  pb::BundleFrame form;
  form.mutable_questionnaire()->set_form(wanted.form);
  form.mutable_questionnaire()->set_digest(blake2b(as_bytes(wanted.form)).str());
  must(bundle.write(form));
  for (std::size_t i = 0; i < log.size(); ++i) {
    pb::BundleFrame entry;
    entry.mutable_log_entry()->set_pending(true);  // no checkpoint comes along
    entry.mutable_log_entry()->set_entry(to_string(log[i]));
    must(bundle.write(entry));
  }
  spool.pour(bundle);
  must(bundle.finish(true));
}

}  // namespace resguardo::testing_support
