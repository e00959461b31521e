#!/usr/bin/env bats
# What the program says of itself, and to whoever mistypes: --help, manual, errors and their exit codes.
# shellcheck disable=SC2154 # bats and common.bash set these
load common

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    [[ $program == /* ]] || program=$root/$program
    export COLUMNS=80
}

commands() { (cd "$root/src/cmd" && echo *.c | sed 's/\.c//g'); }

# fails CODE TEXT COMMAND…: it ends with that code, and says that on stderr and nothing on stdout.
fails() {
    local code=$1 text=$2
    shift 2
    run --separate-stderr "$program" "$@"
    exits "$code" && says "coapspec: " "$stderr" && says "$text" "$stderr"
    [ -z "$output" ] || { echo "$*: on stdout: $output"; return 1; }
}

@test "every command has a help with usage, options and examples, 80 columns wide" {
    export LC_ALL=C # where length counts what a terminal shows
    for command in $(commands); do
        try "$command" --help
        exits 0
        says "Usage: coapspec $command" "$output"
        says "Options:" "$output"
        says "Examples:" "$output"
        # an example is one line, to be pasted
        run awk 'length > 80 && !/^  coapspec /' <<<"$output"
        [ -z "$output" ] || { echo "$output"; return 1; }
    done
}

@test "examples use options that there are, and every command is in the overview" {
    for command in $(commands); do
        "$program" --help | grep -q "^  $command " || { echo "$command is not in the overview"; return 1; }
        help=$("$program" "$command" --help)
        sed -n '/^Examples:/,$p' <<<"$help" | grep '^  coapspec' | sed "s/'[^']*'//g" |
            grep -oE -- ' -(-[a-z-]+|[a-z]\b)' | tr -d ' ' | sort -u >options
        while read -r option; do
            sed '/^Examples:/,$d' <<<"$help" | grep -qE -- "^ +(-[a-z], )?$option( |,|\$)|^  $option," ||
                { echo "$command: no option $option"; return 1; }
        done <options
    done
}

@test "help in plain ASCII where the terminal has no more" {
    for command in '' $(commands); do
        # shellcheck disable=SC2086 # nothing, or one word
        run env LC_ALL=C "$program" $command --help
        ! LC_ALL=C grep -q $'[\x80-\xff]' <<<"$output" || { echo "$command"; return 1; }
    done
}

@test "help COMMAND, --version and no command at all" {
    [ "$("$program" help check)" = "$("$program" check --help)" ]
    try --version
    exits 0
    [[ $output =~ ^coapspec\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    try
    exits 2
    says "Usage: coapspec COMMAND" "$output"
}

@test "a mistyped command, option or value is exit 2, with what was probably meant" {
    fails 2 "did you mean check?" chekc
    fails 2 "did you mean --help?" --hlep
    fails 2 "did you mean --format?" check --fromat json x.pcap
    fails 2 "did you mean json?" check --format jsn x.pcap
    fails 2 "did you mean verdict?" check --filter verdic=fail x.pcap
    fails 2 "did you mean GET?" decode 'CON GTE /x'
    fails 2 "did you mean observe?" decode 'CON GET /x observ=0'
    fails 2 "needs a value: --port N" check --port
    fails 2 "not a duration" run --target coap://127.0.0.1:1 --timeout soon
    fails 2 "not a number from 1 to 256" run --target coap://127.0.0.1:1 --jobs 0
    fails 2 "--target URI says which device" run core
    fails 2 "only coap:// and coaps:// are spoken by this build" run --target http://127.0.0.1
    fails 2 "only coap:// and coaps:// are spoken by this build" send 'CON GET /' coap+tcp://127.0.0.1
    fails 2 "no number up to 65535" send 'CON GET /' coap://127.0.0.1:65536
}

@test "what is not there, or may not be read, is exit 3, with its name and the reason" {
    fails 3 "none.pcap: cannot be opened: No such file or directory" check none.pcap
    fails 3 "it is a directory" check .
    echo hello >text
    fails 3 "text: is no pcap or pcapng capture; it looks like text" check text
    : >empty
    fails 3 "empty: is empty" check empty
    fails 3 "none.json: No such file or directory" report show none.json
    fails 3 "none.yaml: cannot open: No such file or directory" lint none.yaml
    fails 3 "none.yaml: cannot open: No such file or directory" run none.yaml --target coap://127.0.0.1:1
    fails 3 "none.yaml: cannot open: No such file or directory" run --profile none.yaml --target coap://127.0.0.1:1
    fails 3 "no interface is named nosuch0" check -i nosuch0
    fails 3 "text/x: Not a directory" run core/ping --target coap://127.0.0.1:1 --out text/x
    if [ "$(id -u)" != 0 ]; then
        chmod 0 text
        fails 3 "text: cannot be opened: Permission denied" check text
    fi
}

@test "a selector that means nothing is exit 5, with the nearest name" {
    fails 5 "did you mean core?" run cor --target coap://127.0.0.1:1
    fails 5 "nothing is called nothing" run core --target coap://127.0.0.1:1 --only nothing
    fails 5 "did you mean rfc7252/4.1/empty-message-is-bare?" check --only rfc7252/4.1/empty-message-is-bar text
}

@test "a device that is not there, or ends, is exit 3" {
    fails 3 "coap://127.0.0.1:1 does not answer: nobody listens there" probe coap://127.0.0.1:1
    fails 3 "the device exited with status 1 before it said where it listens" run core/ping --exec false
    fails 3 "exited with status 127" run core/ping --exec 'no-such-program {port}'
    fails 3 "does not answer any more since 'CON DELETE /create1': nobody listens there: the device exited" \
        run core/ping --exec "$program device --listen coap://127.0.0.1:0 --fault dies"
    fails 3 "coap://127.0.0.1:1 does not answer: nobody listens there" send 'CON GET /' coap://127.0.0.1:1
}

@test "a link-local address needs an interface that there is" {
    fails 3 "needs its interface: coap://[fe80::1%eth0]" probe 'coap://[fe80::1]'
    fails 3 "needs its interface: coap://[ff02::fd%eth0]" send 'NON GET /' 'coap://[ff02::fd]'
    fails 3 "no interface is named nosuch0" run core/ping --target 'coap://[fe80::1%nosuch0]'
}

@test "a port that somebody has is one error, not one for each scenario" {
    exec {ready}< <(exec "$program" device --listen coap://127.0.0.1:0 3>&- 2>/dev/null)
    device_pid=$!
    read -r -u "$ready" line
    fails 3 "Address already in use" run client --listen "${line#listening on }"
    kill "$device_pid"
    [ "${#stderr_lines[@]}" -eq 1 ]
    [ -z "$output" ]
}

@test "a wrong scenario is exit 2 with file, line, column and a caret" {
    printf 'name: x\nsteps:\n  - sned: CON GET /x\n' >wrong.yaml
    fails 2 "wrong.yaml:3:5: no step is called 'sned': did you mean send?" lint wrong.yaml
    says '  3 |   - sned: CON GET /x' "$stderr"
    says '          ^' "$stderr"
    fails 2 "wrong.yaml:3:5" run wrong.yaml --target coap://127.0.0.1:1
}

@test "an interrupted run keeps what it had and is exit 130" {
    "$program" run core --exec "$program device --listen coap://127.0.0.1:0" --out kept >out 2>err 3>&- &
    run_pid=$!
    # the evidence grows while it runs
    for ((i = 0; i < 2000; i++)); do
        [ "$(wc -c 2>/dev/null <kept/evidence.pcapng.part)" -gt 4096 ] 2>/dev/null && break
        kill -0 "$run_pid" || break
    done
    kill -INT "$run_pid"
    wait "$run_pid" && status=0 || status=$?
    [ "$status" = 130 ] || { cat out err; return 1; }
    says "Interrupted: this is what there was until then." "$(tr -s '\n ' ' ' <out)"
    jq -e '.summary.interrupted and .summary.exit_code == 130 and (.scenarios | length > 10)' kept/results.json
    xmllint --noout kept/junit.xml
    "$program" check kept/evidence.pcapng --format json | jq -e '.summary.packets > 10'
}

@test "progress is drawn on a terminal and nowhere else" {
    command -v script >/dev/null || skip "no script(1) here"
    line="'$program' run core/ping --exec '$program device --listen coap://127.0.0.1:0' --out out"
    script -qec "TERM=xterm $line" terminal </dev/null >/dev/null
    grep -q 'of 1 scenarios' terminal
    script -qec "TERM=dumb $line" dumb </dev/null >/dev/null
    run ! grep -q 'of 1 scenarios,' dumb
    bash -c "$line" >pipe 2>&1
    run ! grep -q 'of 1 scenarios,' pipe
}

@test "colours are for terminals, and for whoever asks" {
    command -v script >/dev/null || skip "no script(1) here"
    coloured() { grep -q $'\033\\[' "$1"; }
    script -qec "TERM=xterm '$program' explain 4.02" terminal </dev/null >/dev/null
    coloured terminal
    script -qec "TERM=dumb '$program' explain 4.02" dumb </dev/null >/dev/null
    run ! coloured dumb
    script -qec "NO_COLOR=1 TERM=xterm '$program' explain 4.02" no_color </dev/null >/dev/null
    run ! coloured no_color
    "$program" explain 4.02 >pipe
    run ! coloured pipe
    "$program" explain 4.02 --color always >asked
    coloured asked
}
