# tests/policy/lib.bash: a policy is a function that gets the root of a tree and prints one line for each offender.
# It is first shown offenders planted into a tree of their own, so that a policy that sees nothing fails. Output: TAP.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 3

planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
results=0 bad=0

result() { # outcome name: one line of TAP
    results=$((results + 1))
    if [ "$1" = 0 ]; then
        echo "ok $results - $2"
    else
        echo "not ok $results - $2"
        bad=1
    fi
}

plant() { # path text: the only file of the planted tree
    rm -rf "${planted:?}"/*
    mkdir -p "$planted/$(dirname "$1")"
    printf '%b\n' "$2" >"$planted/$1"
}

catches() { # policy path text: the policy names that file
    plant "$2" "$3"
    local found
    found=$("$1" "$planted")
    grep -qF "$2" <<<"$found"
    result $? "$1 catches $2: ${3:0:100}"
}

lets_pass() { # policy path text
    plant "$2" "$3"
    local found
    found=$("$1" "$planted")
    [ -z "$found" ]
    result $? "$1 lets pass $2: ${3:0:100}"
    [ -z "$found" ] || sed 's/^/# /' <<<"$found"
}

holds() { # policy sentence: true of this tree
    local found
    found=$("$1" .)
    [ -z "$found" ]
    result $? "$2"
    [ -z "$found" ] || sed 's/^/# /' <<<"$found"
}

finish() {
    echo "1..$results"
    exit "$bad"
}

sources() { # root folder…: its C files, relative to the root
    local root=$1
    shift
    (cd "$root" && for folder; do [ ! -d "$folder" ] || find "$folder" -name '*.[ch]'; done | sort)
}

# C without comments and without what stands in quotes, line numbers kept: what grep may look at.
bare() {
    awk '{
        line = $0; out = ""
        while (line != "") {
            if (inside) {
                end = index(line, "*/")
                if (!end) { line = ""; break }
                line = substr(line, end + 2); inside = 0
            } else if (match(line, /\/\*|\/\/|"(\\.|[^"\\])*"|\047(\\.|[^\047\\])*\047/)) {
                found = substr(line, RSTART, RLENGTH)
                out = out substr(line, 1, RSTART - 1)
                line = substr(line, RSTART + RLENGTH)
                if (found == "//") line = ""
                else if (found == "/*") inside = 1
                else out = out substr(found, 1, 1) substr(found, 1, 1)
            } else { out = out line; line = "" }
        }
        print out
    }' "$@"
}
