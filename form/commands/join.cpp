// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/commands/join.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "crypto/base/hash.h"
#include "form/parts.h"
#include "program/output_file.h"

namespace resguardo::form {

using program::Outcome;
using program::Problem;

namespace {

Outcome<Done> all_but_the_last_told(std::vector<Problem> problems, Call& call) {
  for (std::size_t i = 0; i + 1 < problems.size(); ++i) (void)call.console.fail(problems[i]);
  return std::move(problems.back());
}

}  // namespace

Outcome<Done> join(const JoinOptions& options, Call& call) {
  RESGUARDO_TRY(const auto source, FormSource::read(options.form));
  auto problems = syntax_problems(source);
  if (!problems.empty()) return all_but_the_last_told(std::move(problems), call);
  RESGUARDO_CHECK(program::write_new_file(options.out, source.bytes()));
  const std::string digest = to_hex(blake2b(source.bytes()).view());
  if (call.console.json()) {
    call.console.print(boost::json::object{{"file", options.out.string()},
                                           {"parts", source.parts().size()},
                                           {"bytes", source.bytes().size()},
                                           {"digest", digest}});
    return Done{};
  }
  call.console.print(options.out.string() + ": " + std::to_string(source.parts().size()) +
                     " parts, " + std::to_string(source.bytes().size()) + " bytes, digest " +
                     digest + "\n");
  return Done{};
}

}  // namespace resguardo::form
