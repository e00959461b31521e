#!/bin/bash
# make_real.sh [NAME…]: takes the captures in real/ anew, all or those named, as root; each in a network of its own, where
# there is nothing but loopback. What is found in them stands in real/findings.tsv and has to be looked at again.
#
# coap-client, coap-server and coap-rd are those of Debian 12 (libcoap3-bin); for libcoap-4.3.4-* DEBIAN13 is the folder of
# a Debian 13 with the same package (mmdebstrap --variant=essential --include=libcoap3-bin trixie FOLDER). NPM is a folder
# with one folder for each npm package used, `coap-1.5.0` and so on, in which it was installed.
set -u
here=$(dirname "$(readlink -f "$0")")
vary=${VARY:-$here/../../build/vary}
DEBIAN13=${DEBIAN13:-/var/tmp/trixie}
NPM=${NPM:-/var/tmp/npm}

old() { timeout 60 "$@"; }                    # of Debian 12
new() { timeout 60 chroot "$DEBIAN13" "$@"; } # of Debian 13
serve() { # command…
    "$@" >/dev/null 2>&1 &
    sleep 1
}
get() { "$age" coap-client-notls "$@" >/dev/null 2>&1; } # coap-client of that age
at=coap://127.0.0.1
octets() { # count: a file of so many, for both
    head -c "$1" /dev/zero | tr '\0' x | tee "$DEBIAN13/tmp/octets" >/tmp/octets
}
paused() { # seconds: the server stands still
    local all
    all=$(pgrep coap-server) # nobody else's is in this process namespace
    # shellcheck disable=SC2086 # words
    kill -STOP $all && sleep "$1" && kill -CONT $all
}

# ---- what each capture shows

requests() {
    serve "$age" coap-server-notls -d 10
    local path
    for path in "" .well-known/core time example_data nothing; do get -B 3 "$at/$path"; get -B 3 -N "$at/$path"; done
    get -B 3 -m put -e hello -t 0 "$at/example_data"
    get -B 3 -A 60 "$at/example_data"
    get -B 3 -A 60 "$at/.well-known/core"
    get -B 3 -m delete "$at/example_data"
    get -B 3 -m post -e x "$at/example_data"
    get -B 3 -m fetch -e x -t 60 "$at/example_data"
    get -B 3 -m ipatch -e x "$at/example_data"
    get -B 3 -O 65000,0x01 "$at/time"
    get -B 3 -O 65001,0x01 "$at/time"
    get -B 3 -O 2049,0x0102 "$at/time"
    get -B 3 -N -O 65001,0x01 "$at/time"
    get -B 3 -O 5,0x01 "$at/time"
    get -B 3 -O 8,0x61 "$at/time"
    get -B 3 -O 258,0x1a "$at/nothing"
    get -B 3 "$at/a/../b/./c"
    get -B 3 -G 3 "$at/time"
}
observe() {
    serve "$age" coap-server-notls
    get -s 3 "$at/time"
    serve "$age" coap-server-notls -N -p 5685
    get -N -s 6 "$at:5685/time"
}
forgotten() { # an observer that is gone comes back on its port, and knows nothing
    serve "$age" coap-server-notls
    timeout -s KILL 2.5 coap-client-notls -p 6000 -s 60 "$at/time" >/dev/null 2>&1
    get -p 6000 -B 6 "$at/async?4"
}
blocks() {
    serve "$age" coap-server-notls -d 10
    octets 300
    get -b 64 -m put -f /tmp/octets "$at/example_data"
    get -b 64 "$at/example_data"
    get -N -b 128 "$at/example_data"
    get -b 2,64 "$at/example_data"
    get -b 32 "$at/.well-known/core"
}
separate() {
    serve "$age" coap-server-notls
    get "$at/async?2"
    get -N "$at/async?2"
}
losses() { # the second and the fourth datagram of each are lost behind the capture
    serve "$age" coap-server-notls -l 2,4
    get "$at/time"
    get "$at/async?3"
    get -l 1 "$at/time"
    get -s 4 "$at/time"
}
standstill() {
    serve "$age" coap-server-notls -d 10
    paused 14 &
    sleep 0.5
    get -B 40 "$at/time" &
    get -B 40 -m put -e x "$at/example_data" &
    get -N -B 20 "$at/"
    wait %3 %4
}
group() {
    serve "$age" coap-server-notls -g 224.0.1.187
    get -N -B 6 coap://224.0.1.187/.well-known/core
    get -N -B 4 coap://224.0.1.187/nothing
    get -B 2 coap://224.0.1.187/time
}
proxy() {
    serve "$age" coap-server-notls -d 10
    serve "$age" coap-server-notls -p 5700 -P ,127.0.0.9,proxy.example
    get -B 5 -P "$at:5700" "$at/time"
    get -B 5 -N -P "$at:5700" "$at/time"
    get -B 5 -P "$at:5700" -m put -e x "$at/example_data"
    get -B 5 -P "$at:5700" "$at/nothing"
    get -B 5 -H 1 -P "$at:5700" "$at/time"
}
directory() {
    serve "$age" coap-rd-notls
    get -B 3 -m post -t 40 -e '</sensors/temp>;ct=41;rt="temperature-c"' "$at/rd?ep=node1&lt=6000"
    get -B 3 "$at/.well-known/core"
    get -B 3 "$at/rd/node1"
    get -B 3 -m delete "$at/rd/node1"
}
tokens() {
    serve "$age" coap-server-notls -T 64
    get -B 3 -T 123456789 "$at/time"
    get -B 3 -T 123456789012345678 "$at/time"
    get -B 3 -N -T 12345678901234 "$at/nothing"
}
quick() {
    serve "$age" coap-server-notls -d 10 -L 9
    octets 1000
    get -L 9 -N -b 128 -m put -f /tmp/octets "$at/example_data"
    get -L 9 -N -b 128 "$at/example_data"
}
secured() { # options of the server, options of the client: over DTLS, libcoap with OpenSSL and with GnuTLS
    local tls host=1
    for tls in openssl gnutls; do
        # shellcheck disable=SC2086 # words
        serve "$age" coap-server-$tls -A 127.0.0.$host $1
        # shellcheck disable=SC2086 # words
        "$age" coap-client-$tls -B 5 $2 "coaps://127.0.0.$host/time" >/dev/null 2>&1
        # shellcheck disable=SC2086 # words
        "$age" coap-client-$tls -B 5 -N $2 "coaps://127.0.0.$host/nothing" >/dev/null 2>&1
        host=2
    done
}
psk() { secured "-k secret -h hint" "-k secret -u device"; }
certificate() { # name, kind of key, of its issuer (itself if none): /tmp/NAME.pem with its key in it
    local options=(-newkey "$2" -nodes -keyout "/tmp/$1.key" -out "/tmp/$1.crt" -days 3650 -subj "/CN=$1")
    [ $# -lt 3 ] || options+=(-CA "/tmp/$3.crt" -CAkey "/tmp/$3.key")
    case $2 in ec) options+=(-pkeyopt ec_paramgen_curve:P-256 -sha256) ;; esac
    openssl req -x509 "${options[@]}" 2>/dev/null && cat "/tmp/$1.crt" "/tmp/$1.key" >"/tmp/$1.pem"
}
certificates() {
    certificate authority ec
    certificate localhost ec authority
    certificate device ec authority
    secured "-c /tmp/localhost.crt -j /tmp/localhost.key -C /tmp/authority.crt" \
        "-c /tmp/device.crt -j /tmp/device.key -C /tmp/authority.crt"
}
rawkeys() { # with GnuTLS alone
    certificate device ec
    { openssl pkey -in /tmp/device.key -pubout; cat /tmp/device.key; } >/tmp/device.pem
    serve "$age" coap-server-gnutls -M /tmp/device.pem
    "$age" coap-client-gnutls -B 5 -M /tmp/device.pem "coaps://127.0.0.1/time" >/dev/null 2>&1
}
of_openssl() { # what: s_server and s_client exchange a request and a response
    local request='\x40\x01\x00\x07\xb4time' response='\x60\x45\x00\x07\xffnoon' server client
    local psk=(-psk 736563726574 -cipher PSK-AES128-CCM8@SECLEVEL=0)
    local ccm=(-cipher ECDHE-ECDSA-AES128-CCM8@SECLEVEL=0)
    case $1 in
    psk) server=(-nocert -psk_identity device "${psk[@]}") client=(-psk_identity device "${psk[@]}") ;;
    certificates)
        certificate authority ec
        certificate localhost ec authority
        certificate device ec authority
        server=(-cert /tmp/localhost.pem -CAfile /tmp/authority.crt -Verify 2 "${ccm[@]}")
        client=(-cert /tmp/device.pem -CAfile /tmp/authority.crt "${ccm[@]}" -servername localhost) ;;
    mixed) # a key of RSA signed for it, and the name of the server is an address
        certificate authority rsa:2048
        certificate localhost ec authority
        server=(-cert /tmp/localhost.pem -cert_chain /tmp/authority.crt "${ccm[@]}")
        client=("${ccm[@]}" -servername 127.0.0.1) ;;
    rsa)
        certificate localhost rsa:2048
        server=(-cert /tmp/localhost.pem)
        client=(-cipher ECDHE-RSA-AES128-GCM-SHA256 -mtu 300) ;;
    esac
    (sleep 3; printf %b "$response"; sleep 2) | timeout 20 openssl s_server -dtls1_2 -accept 5684 -quiet "${server[@]}" >/dev/null 2>&1 &
    sleep 1
    (sleep 1; printf %b "$request"; sleep 2; echo Q) | timeout 10 openssl s_client -dtls1_2 -connect 127.0.0.1:5684 "${client[@]}" >/dev/null 2>&1
    sleep 1
}
opened() { # suite, options…: requests, one of them answered with a Content-Format of an octet too much, in a session whose secret is kept
    local psk=(-psk 736563726574 -psk_identity device -cipher "$1@SECLEVEL=0")
    shift
    (sleep 0.7; printf '\x60\x45\x00\x07\xffnoon'; sleep 0.4; printf '\x60\x45\x00\x08\xc1\x00\xffnoon'; sleep 1) |
        timeout 20 openssl s_server -dtls1_2 -accept 5684 -quiet -nocert "${psk[@]}" "$@" ${again:+-client_renegotiation} >/dev/null 2>&1 &
    local peer=$!
    sleep 0.3
    (sleep 0.3; printf '\x40\x01\x00\x07\xb4time'; sleep 0.4; printf '\x40\x01\x00\x08\xb4time'; sleep 0.4; [ -z "${again-}" ] || echo R
        sleep 0.2; [ -z "${again-}" ] || printf '\x40\x01\x00\x07\xb4time'; sleep 0.2; echo Q) |
        timeout 10 openssl s_client -dtls1_2 -connect 127.0.0.1:5684 -keylogfile "$part.one" "${psk[@]}" "$@" ${from:+-bind "$from"} >/dev/null 2>&1
    kill "$peer" 2>/dev/null
    cat "$part.one" >>"$part.keys"
    rm "$part.one"
}
suites() {
    local suite
    for suite in PSK-AES128-CCM8 PSK-AES256-CCM8 PSK-AES128-CCM PSK-AES256-CCM PSK-AES128-GCM-SHA256 PSK-AES256-GCM-SHA384 \
        PSK-CHACHA20-POLY1305 PSK-AES128-CBC-SHA PSK-AES128-CBC-SHA256 PSK-AES256-CBC-SHA384 PSK-NULL-SHA256 ECDHE-PSK-AES128-CBC-SHA256; do
        opened "$suite"
    done
    opened PSK-AES128-CBC-SHA256 -no_etm
    opened PSK-AES256-CBC-SHA -no_etm
}
rekeyed() { # new keys within a session, and two sessions between the same ports
    again=yes opened PSK-AES128-CCM8
    from=127.0.0.1:45000 opened PSK-AES128-CCM8
    from=127.0.0.1:45000 opened PSK-AES128-CCM8
}
of_npm() { # server's release, what is asked
    serve node "$here/real/serve.js" "$NPM/$1"
    local path
    for path in time nothing json slow large; do get -B 5 "$at/$path"; get -B 5 -N "$at/$path"; done
    get -B 3 -m put -e x "$at/example_data"
    get -B 3 -m delete "$at/example_data"
    get -B 3 -O 65001,0x01 "$at/time"
    get -B 3 -O 65000,0x01 "$at/time"
    get -s 3 "$at/observe"
    get -N -s 3 "$at/observe"
    get -K 1 -B 3 -s 3 "$at/slow"
}
by_npm() { # client's release
    serve old coap-server-notls -d 10
    timeout 90 node "$here/real/ask.js" "$NPM/$1" >/dev/null 2>&1
}
both_npm() {
    serve node "$here/real/serve.js" "$NPM/$1"
    timeout 90 node "$here/real/ask.js" "$NPM/$1" >/dev/null 2>&1
}
by_node_coap_client() {
    serve old coap-server-notls -d 10
    timeout 60 node "$here/real/ask-node-coap-client.js" "$NPM/node-coap-client" >/dev/null 2>&1
}
of_coap_node() { timeout 20 node "$here/real/coap-node.js" "$NPM/coap-node" >/dev/null 2>&1; }

captures="libcoap-4.3.1-requests libcoap-4.3.1-observe libcoap-4.3.1-forgotten libcoap-4.3.1-blocks libcoap-4.3.1-separate
libcoap-4.3.1-losses libcoap-4.3.1-standstill libcoap-4.3.1-group libcoap-4.3.1-proxy libcoap-4.3.1-directory
libcoap-4.3.1-psk libcoap-4.3.1-certificates libcoap-4.3.1-rawkeys
openssl-3.0-suites openssl-3.0-rekeyed openssl-3.0-psk openssl-3.0-certificates openssl-3.0-mixed openssl-3.0-rsa
libcoap-4.3.4-requests libcoap-4.3.4-observe libcoap-4.3.4-losses libcoap-4.3.4-proxy libcoap-4.3.4-tokens libcoap-4.3.4-quick
coap-0.5.4-server coap-0.12.1-server coap-0.26.0-server coap-1.5.0-server
coap-0.8.0-client coap-0.26.0-client coap-1.5.0-client coap-1.5.0-both node-coap-client-2.1.0 coap-node-0.2.5"

take() { # name: one capture, in a network of its own
    age=old
    ip link set lo up && ip route add 224.0.0.0/4 dev lo
    tcpdump -i lo -U --immediate-mode -Z root -w "$part.pcap" udp 2>"$part.log" &
    local tcpdump=$!
    until [ -e "$part.log" ]; do sleep 0.1; done
    until grep -q listening "$part.log"; do sleep 0.1; done
    case $1 in
    libcoap-4.3.4-*) age=new && "${1##*-}" ;;
    libcoap-*) "${1##*-}" ;;
    openssl-*-suites | openssl-*-rekeyed) "${1##*-}" ;;
    openssl-*) of_openssl "${1##*-}" ;;
    coap-node-*) of_coap_node ;;
    node-coap-client-*) by_node_coap_client ;;
    coap-*-server) of_npm "${1%-server}" ;;
    coap-*-client) by_npm "${1%-client}" ;;
    coap-*-both) both_npm "${1%-both}" ;;
    *) echo "no capture is called $1" >&2 ;;
    esac
    sleep 0.5
    kill "$tcpdump"
    wait "$tcpdump"
}

if [ "${1-}" = --take ]; then
    part=$3
    take "$2"
    exit
fi
# shellcheck disable=SC2086 # words
[ $# -gt 0 ] || set -- $captures
for name; do
    part=$(mktemp)
    # with the process namespace ends all that was started in it
    unshare --net --pid --fork --mount-proc --kill-child "$0" --take "$name" "$part"
    [ ! -e "$part.keys" ] || editcap --inject-secrets tls,"$part.keys" "$part.pcap" "$part.opened"
    [ ! -e "$part.opened" ] || mv "$part.opened" "$part.pcap"
    "$vary" copy "$part.pcap" >"$here/real/$name.pcapng" && echo "$name"
    rm -f "$part" "$part.pcap" "$part.log" "$part.keys"
done
