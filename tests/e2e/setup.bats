#!/usr/bin/env bats
# ./setup against a make-believe Debian: what is installed, what apt can give, who we are.
load common

setup() {
    bin=$BATS_TEST_TMPDIR/bin
    log=$BATS_TEST_TMPDIR/log
    mkdir "$bin"
    : >"$log"
    local tool
    for tool in bash sed tr grep sort cat env; do ln -s "$(command -v "$tool")" "$bin/$tool"; done
    script dpkg-query 'cat "$BATS_TEST_TMPDIR/installed"'
    script id 'echo 0'
    apt 'exit 0'
    packages gcc make pkg-config libc6-dev libpcap-dev libcjson-dev libfyaml-dev libssl-dev \
        libcoap3-dev
}

script() { # name body
    printf '#!/bin/bash\n%s\n' "$2" >"$bin/$1"
    chmod +x "$bin/$1"
}

apt() { # body: what apt-get does after it has written down what it was asked for
    script apt-get "echo \"apt-get \$*\" >>'$log'; $1"
}

packages() { printf 'installed %s \n' "$@" >"$BATS_TEST_TMPDIR/installed"; }

set_up() { run --separate-stderr env PATH="$bin" ./setup "$@"; }

@test "nothing is done, and apt not asked, when everything is there" {
    set_up build
    exits 0
    [ ! -s "$log" ]
    [ -z "$output$stderr" ]
}

@test "a package that another one provides is there" {
    packages gcc make pkgconf libc6-dev libpcap-dev libcjson-dev libfyaml-dev libssl-dev libcoap3-dev
    sed -i 's/pkgconf /pkgconf pkg-config (= 1.8), other/' "$BATS_TEST_TMPDIR/installed"
    set_up
    exits 0
    [ ! -s "$log" ]
}

@test "what is missing is named, then installed without a question" {
    packages gcc make
    set_up build
    exits 0
    says 'setup: installing with apt: libc6-dev libcjson-dev' "$stderr"
    says 'apt-get install -y -q --no-install-recommends libc6-dev' "$(cat "$log")"
    [[ $(cat "$log") != *update* ]]
    [[ $(cat "$log") != *gcc* ]]
}

@test "the lists are fetched when apt does not know a package, and install is tried again" {
    packages gcc
    apt 'case $* in update*) : >'"$log.fresh"' ;; *) [ -e '"$log.fresh"' ] || exit 100 ;; esac'
    set_up build
    exits 0
    says 'apt-get update' "$(cat "$log")"
    says 'apt-get install -y' "$(tail -n 1 "$log")"
}

@test "a welcome package that cannot be had does not stop the set-up" {
    set_up test
    apt 'case $* in *tshark*) exit 100 ;; esac'
    set_up test
    exits 0
    [ "$(grep -c 'going on without' <<<"$stderr")" = 1 ]
    says 'going on without tshark' "$stderr"
    grep -q 'install .*bats' "$log"
    grep -q 'install .* tcpdump$' "$log"
    says 'tshark' "$(tail -n 1 "$log")"
}

@test "a needed package that cannot be had does" {
    packages gcc
    apt 'exit 100'
    set_up build
    exits 3
}

@test "sudo is used by those who are not root" {
    packages gcc
    script id 'echo 1000'
    script sudo "echo sudo >>'$log'; exec \"\$@\""
    set_up build
    exits 0
    says sudo "$(cat "$log")"
}

@test "without root and sudo the command to run is shown" {
    packages gcc
    script id 'echo 1000'
    set_up build
    exits 3
    says 'run as root: apt-get install -y' "$stderr"
}

@test "a sudo that refuses is asked once, and the command to run is shown" {
    packages gcc
    script id 'echo 1000'
    script sudo "echo sudo >>'$log'; exit 1"
    set_up build
    exits 3
    says 'sudo refuses: run as root: apt-get install -y' "$stderr"
    [ "$(grep -c sudo "$log")" = 1 ]
}

@test "without root and sudo what is merely welcome is done without" {
    set_up test
    packages gcc make pkg-config libc6-dev libpcap-dev libcjson-dev libfyaml-dev libssl-dev \
        libcoap3-dev jq libcmocka-dev bats libcoap3-bin libxml2-utils xxd iproute2
    script id 'echo 1000'
    set_up test
    exits 0
    says 'going on without groff-base' "$stderr"
}

@test "an unknown use is refused" {
    set_up biuld
    exits 2
    says 'there are build, demo, test, check, bench' "$stderr"
}
