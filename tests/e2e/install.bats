#!/usr/bin/env bats
# make install: what lies there afterwards works from there.
load common

setup_file() {
    export INSTALLED=$BATS_FILE_TMPDIR/root
    unset MAKEFLAGS MAKELEVEL MFLAGS
    make -s install DESTDIR="$INSTALLED" PREFIX=/opt/coapspec >"$BATS_FILE_TMPDIR/log" 2>&1 || {
        cat "$BATS_FILE_TMPDIR/log" >&2
        return 1
    }
}

setup() { there=$INSTALLED/opt/coapspec; }

@test "the program runs from where it was installed" {
    cd /
    run "$there/bin/coapspec" --version
    exits 0
    says 'coapspec ' "$output"
}

@test "the reference device lies beside the program, which finds it" {
    [ -x "$there/bin/coapspec-device" ]
    cd /
    run "$there/bin/coapspec" device --help
    exits 0
}

@test "the installed program finds its scenarios" {
    [ -n "$(ls scenarios)" ] || skip "there are no scenarios yet"
    cd /
    run "$there/bin/coapspec" list scenarios
    exits 0
    [ -n "$output" ]
}

@test "OpenSSL is loaded when something is opened, and not before" {
    case $(uname -m) in x86_64 | aarch64) ;; *) skip "it is linked on this processor" ;; esac
    loaded() { LD_DEBUG=files "$there/bin/coapspec" check -q "$1" 2>&1 | grep -c 'libssl.*generating link map'; }
    run loaded tests/captures/real/libcoap-4.3.1-requests.pcapng
    [ "$output" = 0 ]
    run loaded tests/captures/real/openssl-3.0-psk.pcapng
    [ "$output" = 1 ]
}

@test "a program can be built with the installed library and headers" {
    cat >"$BATS_TEST_TMPDIR/a.c" <<'C'
#include <coapspec/analysis.h>
#include <stdio.h>
int main(void)
{
    struct cs_settings settings = {.no_heuristic = true};
    struct cs_analysis *analysis = cs_analysis_new(&settings);
    size_t count;
    cs_rules(&count);
    cs_analysis_free(analysis);
    return printf("%zu rules\n", count) > 0 && count > 0 ? 0 : 1;
}
C
    # shellcheck disable=SC2046 # several words
    gcc -std=c11 -Wall -Werror -I"$there/include" "$BATS_TEST_TMPDIR/a.c" "$there/lib/libcoapspec.a" \
        -o "$BATS_TEST_TMPDIR/a" $(pkg-config --libs libpcap libcjson openssl)
    run "$BATS_TEST_TMPDIR/a"
    exits 0
    says ' rules' "$output"
}

@test "the licence is installed, and each manual page names it" {
    cmp LICENSE "$there/share/doc/coapspec/LICENSE"
    for page in "$there"/share/man/man1/coapspec*.1; do
        grep -q 'BSD 2.*Clause.*share/doc/coapspec/LICENSE' "$page" || { echo "$page"; return 1; }
    done
}

@test "every command has a manual page, without mistakes in it" {
    local command page section
    for command in $(cd src/cmd && ls -- *.c | sed 's/\.c//'); do
        page=$there/share/man/man1/coapspec-$command.1
        [ -s "$page" ]
        for section in NAME SYNOPSIS DESCRIPTION OPTIONS EXAMPLES 'EXIT STATUS' FILES 'SEE ALSO'; do
            says ".SH $section" "$(cat "$page")"
        done
        if command -v lexgrog >/dev/null; then # whatis and apropos find it
            says "coapspec-$command - " "$(lexgrog "$page")"
        fi
        if command -v groff >/dev/null; then
            run groff -K utf8 -man -Tutf8 -ww -z "$page"
            [ -z "$output" ] || { echo "$page: $output"; return 1; }
        fi
    done
}

@test "uninstall takes everything away again" {
    cp -R "$INSTALLED" "$BATS_TEST_TMPDIR/copy"
    make -s uninstall DESTDIR="$BATS_TEST_TMPDIR/copy" PREFIX=/opt/coapspec
    run find "$BATS_TEST_TMPDIR/copy" -type f
    [ -z "$output" ] || { echo "$output"; return 1; }
}

@test "bash completes commands, options and ids, each as the program knows them" {
    complete_() { # the words typed, the last one in part; prints what it may become
        bash -c '. "$1" && shift && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _coapspec && echo "${COMPREPLY[@]}"' - \
            "$there/share/bash-completion/completions/coapspec" "$there/bin/coapspec" "$@"
    }
    [ "$(complete_ ex)" = explain ]
    [ "$(complete_ run --case)" = --case-timeout ]
    [ "$(complete_ run core/pin)" = core/ping ]
    [ "$(complete_ check --only rfc7252/3/version)" = rfc7252/3/version-is-1 ]
    [ "$(complete_ run --fault ack-mi)" = ack-mid ]
    [ "$(complete_ device --fault accept-i)" = accept-ignored ]
    [ "$(complete_ list ver)" = verbs ]
    [ "$(complete_ report di)" = diff ]
}
