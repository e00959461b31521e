#!/usr/bin/env bats
# What no careful user does: files that are none, numbers without bounds, full disks, signals. Each is told with its reason
# and the right exit code, and what there is so far is kept.

load common

setup() {
    dir=$BATS_TEST_TMPDIR
    device="${BUILD:-build}/coapspec-device --listen coap://127.0.0.1:{port}"
    capture=$BATS_FILE_TMPDIR/ok.pcapng
}

setup_file() { # a capture and a document that others may spoil
    local program=${BUILD:-build}/coapspec
    "$program" run core/ping core/get-con --out "$BATS_FILE_TMPDIR/ok" \
        --exec "${BUILD:-build}/coapspec-device --listen coap://127.0.0.1:{port}" >/dev/null 2>&1 || return 1
    mv "$BATS_FILE_TMPDIR/ok/evidence.pcapng" "$BATS_FILE_TMPDIR/ok.pcapng"
}

# Each line: the exit code, a part of what is said, the words. $dir and others are replaced.
refused() {
    local code part words
    while IFS='|' read -r code part words; do
        [ -n "$code" ] || continue
        eval "try $words"
        exits "$code" || { echo "of: $words"; return 1; }
        says "$part" "$stderr" || { echo "of: $words"; return 1; }
    done
}

# Some characters as one word.
many() { head -c "$1" /dev/zero | tr '\0' a; }

full_device() { # sets $full, a device that is always full: the one in /dev, or one of our own
    full=/dev/full
    [ -c "$full" ] && return
    full=$dir/full
    mknod "$full" c 1 7 2>/dev/null || skip "no full device here"
}

@test "a number beyond its bounds is refused with the bounds or an example" {
    refused <<'END'
2|--count: 0 is not a number from 1|check x --count 0
2|--count: 99999999999999999999999 is not|check x --count 99999999999999999999999
2|--limit-memory: 1M is the least|check x --limit-memory 0
2|--limit-memory: 99999999999999999G is not a size|check x --limit-memory 99999999999999999G
2|--port: 65536 is not a port|check x --port 65536
2|packet=99999999999999999999: this is not a number|check x --filter packet=99999999999999999999
2|from=9999-01-01: this is not a time|check x --filter from=9999-01-01
2|--duration: 1e400 is not a duration|check -i lo --duration 1e400
2|--jobs: 0 is not a number from 1 to 256|run core --target coap://127.0.0.1:9 --jobs 0
2|--seed: x is not a number from 0|run core --target coap://127.0.0.1:9 --seed x
2|--seed: 18446744073709551616 is not|run core --target coap://127.0.0.1:9 --seed 18446744073709551616
2|--timeout: nan is not a duration|run core --target coap://127.0.0.1:9 --timeout nan
2|no number up to 65535|run core --target coap://127.0.0.1:99999
2|no URI like coap://|device --listen coap://127.0.0.1:99999
END
}

@test "an empty word is refused, not taken for nothing" {
    refused <<'END'
2|--filter: column 1: NAME=VALUE is due here|check x --filter ''
2|--report: FORMAT=FILE is due here|check x --report ''
2|--out: the name of the folder is empty|run core --target coap://127.0.0.1:9 --out ''
3|the name of the file is empty|lint ''
3|the name of the file is empty|run core --target coap://127.0.0.1:9 --profile ''
5|--only|check x --only ''
2|the input is empty|decode ''
2|column 1: an empty line is no message|send '' coap://127.0.0.1:9
END
}

@test "what contradicts itself, or means something else, is refused" {
    refused <<'END'
2|--target is for a device that is a server, --listen for a client|run --target coap://127.0.0.1:9 --listen coap://127.0.0.1:0
2|leave out the path: coap://127.0.0.1:9/test|run core --target coap://127.0.0.1:9/test
2|leave out the path: coap://127.0.0.1:9/test|probe coap://127.0.0.1:9/test
2|-q says less, -v says more|check x -q -v
2|scenarios/core is a directory: name its files|run scenarios/core --target coap://127.0.0.1:9
3|core/ping.yaml: no such file: did you mean the scenario core/ping?|run core/ping.yaml --target coap://127.0.0.1:9
3|--ca: none.pem: No such file|probe coaps://127.0.0.1:9 --ca none.pem
END
}

@test "a file that is none is told by its name" {
    : >"$dir/empty"
    printf 'GARBAGE \377' >"$dir/junk"
    refused <<'END'
3|it is a directory|check "$dir"
3|is empty|check "$dir/empty"
3|is no pcap or pcapng capture|check "$dir/junk"
3|Is a directory|run core --target coap://127.0.0.1:9 --profile "$dir"
2|junk:1:9: octet ff is not text|run core --target coap://127.0.0.1:9 --profile "$dir/junk"
2|empty:1:1: the file is empty|lint "$dir/empty"
3|Is a directory|report show "$dir"
3|junk:1:1: not JSON|report show "$dir/junk"
3|results.json|report convert "$BATS_FILE_TMPDIR/ok/results.json" "$dir/results.json"
END
    # what is no text is shown, but does nothing to the terminal
    try lint "$dir/junk"
    [ "${stderr_lines[1]}" = '  1 | GARBAGE \xff' ]
    [ "${stderr_lines[2]}" = '              ^' ]
}

@test "a document with anything in it is refused or read" {
    local ok=$BATS_FILE_TMPDIR/ok/results.json
    jq 'map_values(null)' "$ok" >"$dir/nulls.json"
    jq '.scenarios = [1, null, "x", {}, {"packets": [-1, 1e300, "a"]}]' "$ok" >"$dir/cases.json"
    jq '.findings = [{}, null, {"rule": 5, "packets": [{}]}]' "$ok" >"$dir/findings.json"
    { head -c 100000 /dev/zero | tr '\0' '['; head -c 100000 /dev/zero | tr '\0' ']'; } >"$dir/deep.json"
    local file
    for file in nulls cases findings deep; do
        try report show "$dir/$file.json"
        [ "$status" -eq 3 ] || [ "$status" -le 1 ]
        [ "$status" -ne 3 ] || says "$file.json" "$stderr"
    done
}

@test "a scenario of any size and shape is refused at its place" {
    local head='name: a\ncovers: []\nsteps:\n'
    printf '%b\t- sleep: 1s\n' "$head" >"$dir/tab.yaml"
    printf 'name: a\r\ncovers: []\r\nsteps:\r\n  - sned: x\r\n' >"$dir/crlf.yaml"
    printf '\357\273\277name: a\ncovers: []\nsteps:\n  - sned: x\n' >"$dir/bom.yaml"
    printf 'a: &a [x]\nb: [*a, *a]\n' >"$dir/bomb.yaml"
    { printf '%b' "$head"; yes '  - sleep: 1s' | head -n 1001; } >"$dir/many.yaml"
    { printf 'name: a\nsteps: '; many 5000 | tr a '['; } >"$dir/deep.yaml"
    { printf '%b  - send: CON GET /' "$head"; many 300000; echo; } >"$dir/long.yaml"
    many 10000000 >"$dir/big.yaml"
    printf '%b  - repeat: 99999999999\n    steps:\n      - sleep: 1s\n' "$head" >"$dir/repeat.yaml"
    printf '%b  - send: "CON GET /\\0"\n' "$head" >"$dir/nul.yaml"
    refused <<'END'
2|tab.yaml:4:1: |lint "$dir/tab.yaml"
2|crlf.yaml:4:5: no step is called 'sned': did you mean send?|lint "$dir/crlf.yaml"
2|bom.yaml:4:5: no step is called 'sned': did you mean send?|lint "$dir/bom.yaml"
2|bomb.yaml:1:4: anchors and tags are not used here|lint "$dir/bomb.yaml"
2|many.yaml:1004:5: too many steps|lint "$dir/many.yaml"
2|deep.yaml:2:31: too much in one file, or too deep|lint "$dir/deep.yaml"
2|long.yaml:4:11: the line is too long|lint "$dir/long.yaml"
3|big.yaml: larger than 4 MiB|lint "$dir/big.yaml"
2|repeat.yaml:4:13: a whole number from 1 to 100000|lint "$dir/repeat.yaml"
2|nul.yaml:4:12: a NUL character|lint "$dir/nul.yaml"
END
}

@test "a folder that cannot be written is told before anything is sent" {
    : >"$dir/file"
    refused <<'END'
3|--out: cannot make the folder|run core/ping --exec "$device" --out "$dir/file"
3|--out: cannot make the folder|run core/ping --exec "$device" --out "$dir/file/below"
3|--out: cannot make the folder|run core/ping --exec "$device" --out "$dir/$(many 300)"
3|name too long|run core/ping --exec "$device" --out "$(many 200)/$(many 200)/$(many 200)"
END
    [[ $stderr != *"is asked first"* ]]
    [ "$(id -u)" -eq 0 ] || { # who is root may write anywhere
        mkdir "$dir/closed"
        chmod 500 "$dir/closed"
        try run core/ping --exec "$device" --out "$dir/closed"
        exits 3
        says "--out: cannot write into" "$stderr"
    }
}

@test "a folder may have any name" {
    try run core/ping --exec "$device" --out "$dir/a,b=c d"
    exits 0
    [ -s "$dir/a,b=c d/results.json" ]
    [ -s "$dir/a,b=c d/junit.xml" ]
    [ -s "$dir/a,b=c d/evidence.pcapng" ]
}

@test "a full disk under standard output is exit 3 with the reason" {
    full_device
    local words
    while read -r words; do
        eval "run bash -c '\"$program\" $words >$full'"
        [ "$status" -eq 3 ] || { echo "exit $status of $words"; return 1; }
        says "coapspec: standard output: No space left on device" "$output"
    done <<END
--help
list rules
list rules --format json
explain rfc7252/3/version-is-1
explain rfc7252/3/version-is-1 --format json
decode 40011234
check $capture
check $capture --format json
check $capture --format ndjson --messages
report show $BATS_FILE_TMPDIR/ok/results.json
END
}

@test "a reader that goes away is no error" {
    local words
    while read -r words; do
        # shellcheck disable=SC2086 # several words
        { "$program" $words 2>"$dir/said"; echo $? >"$dir/code"; } | head -c 1 >/dev/null
        [ "$(<"$dir/code")" -le 1 ] || { echo "exit $(<"$dir/code") of $words: $(<"$dir/said")"; return 1; }
        [ ! -s "$dir/said" ]
    done <<END
list requirements --format json
list requirements
explain core --format json
check $capture --format json
END
}

@test "a report is written where a device or a link is, not in its place" {
    full_device
    try check "$capture" --report "json=$full"
    exits 3
    says "$full: No space left on device" "$stderr"
    [ -c "$full" ]
    : >"$dir/there"
    ln -s there "$dir/link"
    mkfifo "$dir/pipe"
    timeout 20 cat "$dir/pipe" >"$dir/read" &
    try check "$capture" --report "json=$dir/link,text=$dir/pipe"
    exits 0
    wait $!
    [ -L "$dir/link" ]
    jq -e .summary "$dir/there" >/dev/null
    [ -p "$dir/pipe" ]
    [ -s "$dir/read" ]
}

@test "where one report cannot be written, the others are" {
    try check "$capture" --report "json=$dir/none/x.json,junit=$dir/y.xml"
    exits 3
    says "$dir/none/x.json: No such file or directory" "$stderr"
    [ -s "$dir/y.xml" ]
}

# A file system of so many octets below $dir/small, and a run into it. It takes root.
run_on_a_small_disk() { # size words…
    [ "$(id -u)" -eq 0 ] || skip "it takes root to make a small disk"
    local size=$1 kept
    shift
    mkdir -p "$dir/small"
    mount -t tmpfs -o "size=$size" tmpfs "$dir/small" 2>/dev/null || skip "no small disk can be made here"
    try run "$@" --exec "$device" --out "$dir/small/out"
    kept=$(ls "$dir/small/out")
    cp -r "$dir/small/out" "$dir/kept" 2>/dev/null
    umount "$dir/small"
    echo "kept: $kept"
}

@test "a disk that is full at the end is exit 3, and what fits is kept" {
    run_on_a_small_disk 16k smoke
    exits 3
    says "results.json: No space left on device" "$stderr"
    says "scenarios passed" "$output" # the report is on standard output all the same
    "$program" check "$dir/kept/evidence.pcapng" --format json | jq -e '.summary.packets > 10'
    [ ! -e "$dir/kept/results.json.part" ]
}

@test "a disk that is full from the start is exit 3, and the run is reported" {
    run_on_a_small_disk 4k smoke
    exits 3
    says "evidence.pcapng: cannot write: No space left on device" "$stderr"
    says "scenarios passed" "$output"
}

# Starts a command, waits until the test `$1` holds, sends the signal, and sets `code`. The shell would let it ignore SIGINT.
interrupted_when() { # condition signal words…
    local condition=$1 signal=$2 pid i
    shift 2
    "$program" "$@" >"$dir/out.txt" 2>"$dir/said" 3>&- &
    pid=$!
    for ((i = 0; i < 400; i++)); do
        eval "$condition" && break
        kill -0 "$pid" 2>/dev/null || break
        read -rt 0.05 <> <(:) || true
    done
    kill -"$signal" "$pid"
    wait "$pid" && code=0 || code=$?
}

@test "a run that is interrupted keeps what it had, its device ends" {
    local signal
    for signal in INT TERM; do
        rm -rf "$dir/kept"
        interrupted_when '[ "$(wc -c 2>/dev/null <"$dir/kept/evidence.pcapng.part")" -gt 500 ] 2>/dev/null' "$signal" \
            run core --exec "echo \$\$ >$dir/pid; exec $device" --out "$dir/kept"
        [ "$code" -eq 130 ]
        [ "$(jq .summary.interrupted "$dir/kept/results.json")" = true ]
        "$program" check "$dir/kept/evidence.pcapng" --format json | jq -e '.summary.packets > 3'
        [ ! -e "$dir/kept/evidence.pcapng.part" ]
        [ ! -e "/proc/$(<"$dir/pid")" ]
    done
}

@test "a run that is interrupted before it begins says so" {
    interrupted_when 'grep -q "asked first" "$dir/said" 2>/dev/null' INT \
        run core --exec "sleep 60 # {port}" --out "$dir/kept"
    [ "$code" -eq 130 ]
    says "interrupted" "$(<"$dir/said")"
}

@test "a check that is interrupted says what it found" {
    local signal
    for signal in INT TERM; do
        mkfifo "$dir/pipe.$signal"
        { head -c 1000 "$capture"; timeout 30 tail -f /dev/null; } >"$dir/pipe.$signal" 2>/dev/null 3>&- &
        local writer=$!
        # while it waits for more
        interrupted_when '[ -n "$pid" ] && grep -q "^State:.S" "/proc/$pid/status" && [ $i -gt 20 ]' "$signal" \
            check "$dir/pipe.$signal" --format json
        kill "$writer" 2>/dev/null || true
        [ "$code" -eq 130 ]
        [ "$(jq .summary.interrupted "$dir/out.txt")" = true ]
        [ "$(jq .summary.messages "$dir/out.txt")" -ge 1 ]
    done
}

@test "an interface that is watched is let go at a signal" {
    "$program" check -i lo --duration 1ms >/dev/null 2>&1 || [ $? -ne 3 ] || skip "no permission to capture here"
    interrupted_when '[ $i -gt 10 ]' TERM check -i lo --format json
    [ "$code" -eq 130 ]
    [ "$(jq .summary.interrupted "$dir/out.txt")" = true ]
}
