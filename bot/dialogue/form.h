// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bot/dialogue/rules.h"
#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo::dialogue {

// One thing wrong with a form: for its author, so it may quote the form (never a reporter).
struct FormProblem {
  std::string where;  // node, language, line
  std::string what;
  Rule rule = Rule::kQuestionShape;
};

// A questionnaire, compiled and checked: every text in every language, every limit of every
// channel, every relevance expression typed, every node reachable and with a way out.
// Immutable; share it between threads.
class Form {
 public:
  // `source`: exact bytes of a pb::Questionnaire in protobuf text format; its digest pins the
  // version. On failure `problems` says everything that is wrong, not only the first thing.
  static Result<std::shared_ptr<const Form>> compile(ByteView source,
                                                     std::vector<FormProblem>& problems);
  ~Form();
  const Digest& digest() const;  // BLAKE2b-256 of `source`
  ByteView source() const;
  const std::string& id() const;
  const std::string& version() const;
  const std::vector<std::string>& languages() const;

  struct Content;  // for the engine only: bot/dialogue/compiled.h
  const Content& content() const;

 private:
  explicit Form(std::unique_ptr<const Content> content);
  std::unique_ptr<const Content> content_;
};

}  // namespace resguardo::dialogue
