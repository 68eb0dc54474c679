#!/bin/bash
# Boots systemd in a copy-on-write view of this machine, in namespaces of its own, and runs a script
# there. What it changes is gone afterwards. Usage: unshare … boot.sh FOLDER, which holds: script, and
# what is to be found in /page. The exit code is the script's.
set -eu
folder=$1
view=$folder/view

layers() { # the view: this machine's root below, memory above, fresh kernel file systems
    mkdir -p "$view"
    mount -t tmpfs tmpfs "$view"
    mkdir "$view/upper" "$view/work" "$view/root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$view/upper,workdir=$view/work" "$view/root"
    cd "$view/root"
    mount -t proc proc proc
    mount --bind proc/sys proc/sys
    mount -o remount,bind,ro proc/sys # the kernel is everybody's
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    for place in run tmp root home srv dev; do mount -t tmpfs -o mode=755 tmpfs "$place"; done
    chmod 1777 tmp
    for device in null zero full random urandom tty; do
        touch "dev/$device"
        mount --bind "/dev/$device" "dev/$device"
    done
    mkdir dev/shm dev/pts page
    mount -t tmpfs tmpfs dev/shm
    mount -t devpts devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    mount --bind "$folder" page
}

units() { # nothing starts but what the script starts, the journal, and the script
    rm -rf etc/systemd/system/* {lib,etc}/systemd/system/*.wants
    for unit in sysinit basic; do
        printf '[Unit]\nDefaultDependencies=no\n' >"etc/systemd/system/$unit.target"
    done
    cat >etc/systemd/system/page.service <<UNIT
[Unit]
Requires=systemd-journald.service
After=systemd-journald.service
FailureAction=exit-force
SuccessAction=exit-force
[Service]
Type=oneshot
ExecStart=/bin/bash /page/script
WorkingDirectory=/root
Environment=HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
StandardOutput=append:/page/output
StandardError=append:/page/output
UNIT
}

layers
units
ip link set lo up
mkdir old
pivot_root . old
umount -l old
exec env -i container=parley /lib/systemd/systemd --system --unit=page.service --show-status=0
