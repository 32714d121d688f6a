// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <seccomp.h>

#include <cerrno>
#include <cstdint>
#include <initializer_list>
#include <memory>

namespace resguardo::sandbox {

// A filter of system calls while it is made, by libseccomp. A name that the library or this machine
// does not know is passed over.
class CallRules {
 public:
  enum class Rest : std::uint8_t {
    kDoesNotExist,  // what no rule names answers ENOSYS
    kAsBefore,      // or is left to the filters that are there
  };
  explicit CallRules(Rest rest)
      : rest_(rest),
        context_(seccomp_init(rest == Rest::kAsBefore ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(ENOSYS)),
                 seccomp_release) {}

  using When = std::initializer_list<scmp_arg_cmp>;
  bool made() const { return context_ != nullptr; }
  bool allow(const char* name, When when = {}) { return add(SCMP_ACT_ALLOW, name, when); }
  bool kill(const char* name) { return add(SCMP_ACT_KILL_PROCESS, name, {}); }
  bool take_away(const char* name, When when = {}) {
    return add(SCMP_ACT_ERRNO(ENOSYS), name, when);
  }
  // For all threads. A later one needs no call that is filtered by now.
  bool load() {
    return (rest_ == Rest::kDoesNotExist || set(SCMP_FLTATR_CTL_NNP, 0)) &&
           set(SCMP_FLTATR_CTL_TSYNC, 1) && set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) &&
           set(SCMP_FLTATR_CTL_OPTIMIZE, 2) && seccomp_load(context_.get()) == 0;
  }

 private:
  bool set(scmp_filter_attr attribute, std::uint32_t value) {
    return seccomp_attr_set(context_.get(), attribute, value) == 0;
  }
  bool add(std::uint32_t action, const char* name, When when) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return true;
    return seccomp_rule_add_array(context_.get(), action, number,
                                  static_cast<unsigned>(when.size()), when.begin()) == 0;
  }

  const Rest rest_;
  std::unique_ptr<void, decltype(&seccomp_release)> context_;
};

// Of a call's argument, counted from 0.
inline scmp_arg_cmp is(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}
inline std::uint64_t as_bits(int value) {
  return static_cast<std::uint64_t>(value);
}
inline scmp_arg_cmp equals(unsigned argument, int value) {
  return is(argument, as_bits(value));
}
inline scmp_arg_cmp has(unsigned argument, std::uint64_t bits, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, value};
}

}  // namespace resguardo::sandbox
