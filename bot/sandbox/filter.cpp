// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/sandbox/filter.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bot/sandbox/call_rules.h"

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
    "sync_file_range", "ftruncate", "ftruncate64", "fallocate", "chmod", "fchmod", "fchmodat",
    "fchmodat2", "fchown", "fchown32", "utimensat", "umask", "flock", "fadvise64", "fadvise64_64",
    "readahead", "statfs", "fstatfs", "statfs64", "fstatfs64", "dup", "dup2", "dup3", "pipe",
    "pipe2", "sendfile", "sendfile64", "copy_file_range",
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
    "setsockopt", "shutdown", "recvfrom", "recv", "recvmsg", "recvmmsg", "recvmmsg_time64", "poll",
    "ppoll", "ppoll_time64", "select", "_newselect", "pselect6", "pselect6_time64", "epoll_create",
    "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd",
    "eventfd2",
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

// A listener that has no port yet is given one that Landlock is not asked about, and the mode of a
// file outside of the data is changed by its path although it cannot be opened.
constexpr const char* kOverOnceSettled[] = {"listen", "chmod", "fchmodat", "fchmodat2", "seccomp"};

// clone3 keeps its flags in memory, where no filter sees them: the C library then takes clone.
constexpr int kGetLock64 = 12, kSetLock64 = 13, kSetLockWait64 = 14;  // of 32 bits
constexpr int kInternet[] = {AF_INET, AF_INET6};
constexpr unsigned kKindOfSocket = 0xf;  // beside it: SOCK_CLOEXEC, SOCK_NONBLOCK
// Landlock asks nothing of MPTCP and SCTP, which would reach any port.
constexpr int kProtocolsOfStreams[] = {0, IPPROTO_TCP};
constexpr int kProtocolsOfDatagrams[] = {0, IPPROTO_UDP};
constexpr unsigned long kAskedOfDevices[] = {FIONBIO, FIONREAD, TCGETS, TIOCGWINSZ, SIOCGIFINDEX};
// Not who gets a signal, and which one, when something can be read.
constexpr int kAskedOfFiles[] = {F_DUPFD,     F_GETFD,        F_SETFD,        F_GETFL,
                                 F_SETFL,     F_GETLK,        F_SETLK,        F_SETLKW,
                                 F_OFD_GETLK, F_OFD_SETLK,    F_OFD_SETLKW,   kGetLock64,
                                 kSetLock64,  kSetLockWait64, F_DUPFD_CLOEXEC};
constexpr unsigned long kAskedOfItself[] = {PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_GET_DUMPABLE,
                                            PR_GET_NO_NEW_PRIVS};

bool allow_without_programs(CallRules& rules) {
  // Code comes from files that are mapped as they are, libraries of the resolver for one.
  constexpr std::uint64_t kCodeOrNot = PROT_EXEC | PROT_WRITE;
  return rules.allow("mprotect", {has(2, PROT_EXEC, 0)}) &&
         rules.allow("mmap", {has(2, PROT_EXEC, 0)}) &&
         rules.allow("mmap", {has(2, kCodeOrNot, PROT_EXEC), has(3, MAP_ANONYMOUS, 0)}) &&
         rules.allow("mmap2", {has(2, PROT_EXEC, 0)}) &&
         rules.allow("mmap2", {has(2, kCodeOrNot, PROT_EXEC), has(3, MAP_ANONYMOUS, 0)}) &&
         rules.allow("clone", {has(0, CLONE_THREAD, CLONE_THREAD)}) &&
         rules.allow("tgkill", {is(0, static_cast<std::uint64_t>(::getpid()))}) &&
         rules.allow("prlimit64", {is(0, 0), is(2, 0)});
}

bool allow_sockets(CallRules& rules, int kind, std::span<const int> protocols) {
  bool added = true;
  for (const int family : kInternet)
    for (const int protocol : protocols)
      added =
          added && rules.allow("socket", {equals(0, family), has(1, kKindOfSocket, as_bits(kind)),
                                          equals(2, protocol)});
  return added;
}

// What is sent together with its connection is a connection that Landlock is not asked about.
bool allow_sending(CallRules& rules) {
  return rules.allow("sendto", {has(3, MSG_FASTOPEN, 0)}) &&
         rules.allow("send", {has(3, MSG_FASTOPEN, 0)}) &&
         rules.allow("sendmsg", {has(2, MSG_FASTOPEN, 0)}) &&
         rules.allow("sendmmsg", {has(3, MSG_FASTOPEN, 0)});
}

bool allow_connections(CallRules& rules) {
  return allow_sockets(rules, SOCK_STREAM, kProtocolsOfStreams) &&
         allow_sockets(rules, SOCK_DGRAM, kProtocolsOfDatagrams) &&
         rules.allow("socket", {equals(0, AF_UNIX)}) &&
         // getaddrinfo asks which addresses this machine has.
         rules.allow("socket", {equals(0, AF_NETLINK), is(2, 0)}) &&
         rules.allow("socketpair", {equals(0, AF_UNIX)}) && allow_sending(rules);
}

bool allow_by_argument(CallRules& rules) {
  bool added = allow_without_programs(rules) && allow_connections(rules);
  for (const int command : kAskedOfFiles)
    added = added && rules.allow("fcntl", {equals(1, command)}) &&
            rules.allow("fcntl64", {equals(1, command)});
  for (const unsigned long call : kAskedOfDevices)
    added = added && rules.allow("ioctl", {is(1, call)});
  for (const unsigned long call : kAskedOfItself)
    added = added && rules.allow("prctl", {is(0, call)});
  // settle() takes more away.
  return added && rules.allow("seccomp", {is(0, SECCOMP_SET_MODE_FILTER)});
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
  CallRules rules(CallRules::Rest::kDoesNotExist);
  bool built = rules.made() && allow_by_argument(rules);
  for (const char* name : kAllowed) built = built && rules.allow(name);
  for (const char* name : kFatal) built = built && rules.kill(name);
  if (!built) return Error{Fault::kUnavailable, "the filter of system calls cannot be made"};
  if (!rules.load()) return Error{Fault::kUnavailable, "the kernel refuses the filter"};
  return success();
}

Status filter_what_is_over(const StillNeeded& still) {
  CallRules rules(CallRules::Rest::kAsBefore);
  bool built = rules.made();
  for (const char* name : kOverOnceSettled) built = built && rules.take_away(name);
  if (!still.unix_sockets) built = built && rules.take_away("socket", {equals(0, AF_UNIX)});
  if (!built) return Error{Fault::kUnavailable, "the second filter of system calls cannot be made"};
  if (!rules.load()) return Error{Fault::kUnavailable, "the kernel refuses the second filter"};
  return success();
}

}  // namespace resguardo::sandbox
