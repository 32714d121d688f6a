// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/backup/backup_file.h"

#include "crypto/base/hash.h"
#include "crypto/format/strict_parse.h"

namespace resguardo::backup {
namespace {

constexpr FrameShape kShape{"resguardo backup 1\n", Label::kBackupFrame};
constexpr std::uint32_t kFormat = 1;

Digest seal_of(const SecretBytes& key, ByteView last_check) {
  return key.read(
      [&](ByteView bytes) { return derive_public(bytes, Label::kBackupSeal, {last_check}); });
}

class Reading {
 public:
  Reading(std::istream& in, const SecretBytes* key, storage::BackupSink& sink)
      : frames_(in, kShape), key_(key), sink_(sink) {}

  Result<BackupContents> all() {
    RESGUARDO_CHECK(header());
    for (;;) {
      const Bytes before = to_bytes(frames_.last_check());
      RESGUARDO_TRY(const auto frame, next());
      if (frame.has_end()) {
        RESGUARDO_CHECK(end(frame.end(), before));
        return contents_;
      }
      RESGUARDO_CHECK(content(frame));
    }
  }

 private:
  Result<pb::BackupFrame> next() {
    RESGUARDO_TRY(const Bytes bytes, frames_.next());
    return parse_strict<pb::BackupFrame>(bytes);
  }

  Status header() {
    RESGUARDO_TRY(const auto frame, next());
    if (frame.header().format() != kFormat)
      return Error{Fault::kMalformed, "the file is of another kind, or of another version"};
    contents_.day = Day{frame.header().day()};
    contents_.log_origin = frame.header().log_origin();
    return success();
  }

  Status content(const pb::BackupFrame& frame) {
    if (frame.has_file()) {
      ++contents_.files;
      return sink_.begin(frame.file().name());
    }
    if (frame.body_case() != pb::BackupFrame::kData || contents_.files == 0)
      return Error{Fault::kMalformed, "the file is damaged here"};
    contents_.bytes += frame.data().size();
    return sink_.write(as_bytes(frame.data()));
  }

  Status end(const pb::BackupFrame::End& end, ByteView last_check) {
    if (end.files() != contents_.files || end.bytes() != contents_.bytes)
      return Error{Fault::kMalformed, "the totals of the file do not fit what is in it"};
    RESGUARDO_CHECK(frames_.expect_end());
    if (key_ != nullptr && !equal(seal_of(*key_, last_check).view(), as_bytes(end.seal())))
      return Error{Fault::kUnauthentic, "the backup was not made under this master key"};
    return success();
  }

  FrameReader frames_;
  const SecretBytes* key_;
  storage::BackupSink& sink_;
  BackupContents contents_;
};

}  // namespace

BackupWriter::BackupWriter(std::ostream& out, const SecretBytes& key)
    : frames_(out, kShape), key_(key) {}

Status BackupWriter::put(const pb::BackupFrame& frame) {
  return frames_.write(serialize_canonical(frame));
}

Status BackupWriter::header(Day day, std::string_view log_origin) {
  pb::BackupFrame frame;
  frame.mutable_header()->set_format(kFormat);
  frame.mutable_header()->set_day(day.number);
  frame.mutable_header()->set_log_origin(std::string(log_origin));
  return put(frame);
}

Status BackupWriter::begin(std::string_view name) {
  pb::BackupFrame frame;
  frame.mutable_file()->set_name(std::string(name));
  ++files_;
  return put(frame);
}

Status BackupWriter::write(ByteView bytes) {
  pb::BackupFrame frame;
  frame.set_data(bytes.data(), bytes.size());
  bytes_ += bytes.size();
  return put(frame);
}

Status BackupWriter::finish() {
  pb::BackupFrame frame;
  auto& end = *frame.mutable_end();
  end.set_files(files_);
  end.set_bytes(bytes_);
  end.set_seal(seal_of(key_, frames_.last_check()).str());
  RESGUARDO_CHECK(put(frame));
  return frames_.flush();
}

Result<BackupContents> read_backup(std::istream& in, const SecretBytes* key,
                                   storage::BackupSink& sink) {
  return Reading(in, key, sink).all();
}

}  // namespace resguardo::backup
