# tests/e2e/captures.bash: small captures, made by hand: raw IP in pcap, one datagram a line.

hex_to_octets() { # HEX
    local hex=${1// /} escaped=
    while [ -n "$hex" ]; do
        escaped+="\\x${hex:0:2}"
        hex=${hex:2}
    done
    # shellcheck disable=SC2059 # the format is the data
    printf "$escaped"
}

le32() { printf '%02x%02x%02x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)); }

# Lines "SECONDS ARROW HEX" on standard input; > is 192.0.2.9:40000 to 192.0.2.1:5683, < the way back, and a word in
# front of the arrow changes the client's last address octet: "0 7> 40..".
make_capture() { # FILE
    local seconds arrow hex client ip udp length from to ports
    {
        hex_to_octets "d4c3b2a1 0200 0400 00000000 00000000 00000400 65000000"
        while read -r seconds arrow hex; do
            hex=${hex// /}
            length=$((${#hex} / 2))
            client=${arrow%[<>]}
            client=$(printf 'c00002%02x' "${client:-9}")
            case $arrow in
            *\>) from=$client to=c0000201 ports=9c401633 ;;
            *) from=c0000201 to=$client ports=16339c40 ;;
            esac
            ip=$(printf '4500%04x00000000 4011 0000' $((length + 28)))
            udp=$(printf '%s%04x0000' "$ports" $((length + 8)))
            hex_to_octets "$(le32 $((1700000000 + seconds))) 00000000 $(le32 $((length + 28))) $(le32 $((length + 28)))"
            hex_to_octets "$ip $from $to $udp $hex"
        done
    } >"$1"
}
