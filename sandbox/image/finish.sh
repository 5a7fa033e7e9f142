#!/bin/sh
# Makes a Debian root file system with python3, sympy and numpy into the sandbox's. Run inside it, by the Dockerfile or by debootstrap's
# chroot: both ways end with the same content.
set -eu
# No setuid or setgid program: nothing in there may have more rights than its caller.
find / -xdev -type f -perm /6000 -exec chmod a-s {} +
# What no block needs.
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/* /usr/share/doc/* /usr/share/man/* /usr/share/locale/* \
    /usr/share/info/* /tmp/* /var/tmp/* /run/*
# Where blocks work: a tmpfs is mounted on it, and takes its mode.
mkdir -p -m 1777 /work
# Everything that is imported is compiled now: the root file system is read-only later.
python3 -m compileall -q /usr/lib/python3/dist-packages /opt/genprm >/dev/null 2>&1 || true
test -z "$(find / -xdev -type f -perm /6000)"
chmod -R a+rX,go-w /opt/genprm
