// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/sandbox/filter.h"

#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>
#include <memory>

namespace resguardo::sandbox {
namespace {

// Seen under strace in the end-to-end tests, with their neighbours of other machines and later C
// libraries. A name that this library or machine does not know is passed over.
constexpr const char* kAllowed[] = {
    // files
    "read", "write", "pread64", "pwrite64", "readv", "writev", "preadv", "pwritev", "open",
    "openat", "close", "close_range", "lseek", "_llseek", "stat", "fstat", "lstat", "newfstatat",
    "stat64", "fstat64", "lstat64", "fstatat64", "statx", "access", "faccessat", "faccessat2",
    "readlink", "readlinkat", "getdents", "getdents64", "getcwd", "mkdir", "mkdirat", "rmdir",
    "unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat", "fsync", "fdatasync",
    "sync_file_range", "truncate", "ftruncate", "truncate64", "ftruncate64", "fallocate", "chmod",
    "fchmod", "fchmodat", "fchmodat2", "fchown", "fchown32", "utimensat", "umask", "fcntl",
    "fcntl64", "flock", "fadvise64", "fadvise64_64", "readahead", "statfs", "fstatfs", "statfs64",
    "fstatfs64", "dup", "dup2", "dup3", "pipe", "pipe2", "sendfile", "sendfile64",
    "copy_file_range",
    // memory
    "brk", "munmap", "mremap", "madvise", "mlock", "mlock2", "munlock", "msync", "mincore",
    "membarrier",
    // threads and their signals
    "futex", "futex_time64", "futex_waitv", "set_robust_list", "get_robust_list", "rseq",
    "set_tid_address", "gettid", "getpid", "getppid", "exit", "exit_group", "sched_yield",
    "sched_getaffinity", "sched_getparam", "sched_getscheduler", "getcpu", "restart_syscall",
    "arch_prctl", "setpriority", "getpriority", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
    "rt_sigtimedwait", "rt_sigtimedwait_time64", "rt_sigpending", "rt_sigsuspend", "sigreturn",
    "sigaltstack",
    // time
    "clock_gettime", "clock_gettime64", "clock_getres", "clock_getres_time64", "clock_nanosleep",
    "clock_nanosleep_time64", "nanosleep", "gettimeofday", "time", "times", "timerfd_create",
    "timerfd_settime", "timerfd_settime64", "timerfd_gettime", "timerfd_gettime64",
    // connections
    "bind", "connect", "listen", "accept", "accept4", "getsockname", "getpeername", "getsockopt",
    "setsockopt", "shutdown", "sendto", "recvfrom", "send", "recv", "sendmsg", "recvmsg",
    "sendmmsg", "recvmmsg", "recvmmsg_time64", "poll", "ppoll", "ppoll_time64", "select",
    "_newselect", "pselect6", "pselect6_time64", "epoll_create", "epoll_create1", "epoll_ctl",
    "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd", "eventfd2",
    // what it is and where it runs
    "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "getuid32",
    "geteuid32", "getgid32", "getegid32", "capget", "getrlimit", "ugetrlimit", "getrusage",
    "sysinfo", "uname", "getrandom"};

// Nothing here has a use in any part of this program: who calls it is somebody else.
constexpr const char* kFatal[] = {"execve",
                                  "execveat",
                                  "ptrace",
                                  "process_vm_readv",
                                  "process_vm_writev",
                                  "process_madvise",
                                  "pidfd_getfd",
                                  "kcmp",
                                  "bpf",
                                  "perf_event_open",
                                  "userfaultfd",
                                  "io_uring_setup",
                                  "io_uring_enter",
                                  "io_uring_register",
                                  "init_module",
                                  "finit_module",
                                  "delete_module",
                                  "kexec_load",
                                  "kexec_file_load",
                                  "mount",
                                  "umount2",
                                  "pivot_root",
                                  "move_mount",
                                  "fsopen",
                                  "open_tree",
                                  "chroot",
                                  "setns",
                                  "unshare",
                                  "open_by_handle_at",
                                  "add_key",
                                  "keyctl",
                                  "request_key",
                                  "quotactl",
                                  "reboot",
                                  "swapon",
                                  "swapoff",
                                  "settimeofday",
                                  "clock_settime",
                                  "iopl",
                                  "ioperm",
                                  "modify_ldt",
                                  "setuid",
                                  "setgid",
                                  "setreuid",
                                  "setregid",
                                  "setresuid",
                                  "setresgid",
                                  "setgroups",
                                  "capset"};

// clone3 keeps its flags in memory, where no filter sees them: the C library then takes clone.
constexpr int kSocketFamilies[] = {AF_UNIX, AF_INET, AF_INET6};
constexpr unsigned long kAskedOfDevices[] = {FIONBIO, FIONREAD, TCGETS, TIOCGWINSZ, SIOCGIFINDEX};
constexpr unsigned long kAskedOfItself[] = {PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_GET_DUMPABLE,
                                            PR_GET_NO_NEW_PRIVS};

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS)), seccomp_release) {}

  bool made() const { return context_ != nullptr; }
  bool set(scmp_filter_attr attribute, std::uint32_t value) {
    return seccomp_attr_set(context_.get(), attribute, value) == 0;
  }
  bool add(std::uint32_t action, const char* name, std::initializer_list<scmp_arg_cmp> when = {}) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return true;
    return seccomp_rule_add_array(context_.get(), action, number,
                                  static_cast<unsigned>(when.size()), when.begin()) == 0;
  }
  bool allow(const char* name, std::initializer_list<scmp_arg_cmp> when = {}) {
    return add(SCMP_ACT_ALLOW, name, when);
  }
  bool load() const { return seccomp_load(context_.get()) == 0; }

 private:
  std::unique_ptr<void, decltype(&seccomp_release)> context_;
};

scmp_arg_cmp is(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}
scmp_arg_cmp has(unsigned argument, std::uint64_t bits, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, bits, value};
}

bool allow_without_programs(Filter& filter) {
  // Code comes from files that are mapped as they are, libraries of the resolver for one.
  return filter.allow("mprotect", {has(2, PROT_EXEC, 0)}) &&
         filter.allow("mmap", {has(2, PROT_EXEC, 0)}) &&
         filter.allow("mmap", {has(2, PROT_EXEC, PROT_EXEC), has(3, MAP_ANONYMOUS, 0)}) &&
         filter.allow("mmap2", {has(2, PROT_EXEC, 0)}) &&
         filter.allow("mmap2", {has(2, PROT_EXEC, PROT_EXEC), has(3, MAP_ANONYMOUS, 0)}) &&
         filter.allow("clone", {has(0, CLONE_THREAD, CLONE_THREAD)}) &&
         filter.allow("tgkill", {is(0, static_cast<std::uint64_t>(::getpid()))}) &&
         filter.allow("prlimit64", {is(2, 0)});
}

bool allow_by_argument(Filter& filter) {
  bool added = allow_without_programs(filter);
  for (const int family : kSocketFamilies)
    added = added && filter.allow("socket", {is(0, static_cast<std::uint64_t>(family))});
  // getaddrinfo asks which addresses this machine has.
  added = added && filter.allow("socket", {is(0, AF_NETLINK), is(2, 0)}) &&
          filter.allow("socketpair", {is(0, AF_UNIX)});
  for (const unsigned long call : kAskedOfDevices)
    added = added && filter.allow("ioctl", {is(1, call)});
  for (const unsigned long call : kAskedOfItself)
    added = added && filter.allow("prctl", {is(0, call)});
  return added;
}

}  // namespace

bool is_instrumented() {
#if defined(RESGUARDO_INSTRUMENTED)
  return true;
#else
  return false;
#endif
}

bool can_filter() {
  const std::uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return !is_instrumented() && ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0U, &action) == 0;
}

Status filter_system_calls() {
  Filter filter;
  bool built = filter.made() && filter.set(SCMP_FLTATR_CTL_TSYNC, 1) &&
               filter.set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) &&
               filter.set(SCMP_FLTATR_CTL_OPTIMIZE, 2) && allow_by_argument(filter);
  for (const char* name : kAllowed) built = built && filter.allow(name);
  for (const char* name : kFatal) built = built && filter.add(SCMP_ACT_KILL_PROCESS, name);
  if (!built) return Error{Fault::kUnavailable, "the filter of system calls cannot be made"};
  if (!filter.load()) return Error{Fault::kUnavailable, "the kernel refuses the filter"};
  return success();
}

}  // namespace resguardo::sandbox
