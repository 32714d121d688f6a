# SPDX-License-Identifier: AGPL-3.0-or-later
# shellcheck shell=bash
#
# Tests and demo talk to themselves over 127.0.0.1. A fresh network namespace (unshare -n,
# some containers) starts with that interface down, which is not a fault of ours to report.

# Brings the loopback up if it is down and this process may; quiet otherwise.
raise_loopback() {
  /usr/bin/python3 - <<'PYTHON' || printf 'the loopback interface is down: tests over 127.0.0.1 will fail\n' >&2
import fcntl, socket, struct, sys
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    request = struct.pack("16sh14x", b"lo", 0)
    flags = struct.unpack("16sh14x", fcntl.ioctl(s, SIOCGIFFLAGS, request))[1]
    try:
        if not flags & IFF_UP:
            fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))
    except PermissionError:
        sys.exit(1)
PYTHON
}
