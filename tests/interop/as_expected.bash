# tests/interop/as_expected.bash: what a peer breaks is what expected.tsv says, no more and no less. A peer that is not
# installed is skipped (`make test` installs them; where npm has nothing to take from, it says so).
# shellcheck shell=bash disable=SC2034,SC2154

interop=tests/interop

decided() { awk -F '\t' 'NR == FNR {undecided[$1]; next} !($1 in undecided)' "$BATS_TEST_TMPDIR/undecided" -; }

# The list for a peer: another libcoap than that of Debian 12 has one of its own.
list_of() {
    local libcoap
    libcoap=$("$program-device" --version)
    libcoap=${libcoap##* }
    case $1:$libcoap in
    *@* | nmap:* | *:4.3.1) echo "$interop/expected.tsv" ;;
    *) echo "$interop/expected-libcoap-$libcoap.tsv" ;;
    esac
}

# Whether this user may capture on the loopback interface: it is tried.
may_capture() {
    command -v tcpdump >/dev/null || skip "no tcpdump here"
    # into a file of its own: tcpdump gives what it writes away, were it /dev/null
    timeout 5 tcpdump -i lo -c 1 -w "$BATS_TEST_TMPDIR/capture.pcap" icmp >"$BATS_TEST_TMPDIR/capture" 2>&1 3>&- &
    local pid=$!
    until grep -q 'listening on' "$BATS_TEST_TMPDIR/capture"; do
        kill -0 "$pid" 2>/dev/null || skip "no right to capture here: $(tail -n 1 "$BATS_TEST_TMPDIR/capture")"
        sleep 0.05
    done
    kill "$pid"
}

# as_expected PEER ROLE
as_expected() {
    "$interop/peer" "$1" version >/dev/null 2>&1 || skip "$1 is not installed"
    [[ $2 != client && $2 != server ]] || may_capture
    [ -e "$(list_of "$1")" ] || skip "no $(list_of "$1")"
    "$interop/judge" "$1" "$2" >"$BATS_TEST_TMPDIR/all" 2>"$BATS_TEST_TMPDIR/talk" || {
        cat "$BATS_TEST_TMPDIR/talk"
        return 1
    }
    # what a busy machine left inconclusive is neither expected nor missed
    awk -F '\t' '$2 == "inconclusive" {print $1}' "$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/undecided"
    awk -F '\t' -v peer="$1" -v role="$2" '$1 == peer && $2 == role {print $3 "\t" $4}' "$(list_of "$1")" |
        decided >"$BATS_TEST_TMPDIR/expected"
    cut -f1,2 "$BATS_TEST_TMPDIR/all" | decided >"$BATS_TEST_TMPDIR/found"
    diff "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/found"
}
