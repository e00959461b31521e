# shellcheck shell=bash
# What the scripts of this folder share: a temp folder that goes at the end, installs of pinned
# packages, and the comparison of what is seen with what the script describes.
set -uo pipefail

work=$(mktemp -d) || exit 1
changed=0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
export PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1

clean_up()
{
    local children
    children=$(jobs -p)
    # shellcheck disable=SC2086 # one word for each process
    [ -z "$children" ] || kill $children 2>"$work/kill"
    chmod -R u+w "$work"
    rm -rf "$work"
}
trap clean_up EXIT

# skip REASON: the thing cannot be tried here
skip()
{
    echo "skipped: $1"
    exit 77
}

# need PROGRAM...
need()
{
    local program
    for program; do
        command -v "$program" >/dev/null || skip "no $program here"
    done
}

# install LABEL COMMAND...: a package client that fails is a registry that is not reached
install()
{
    local label=$1
    shift
    timeout 120 "$@" >"$work/install.log" 2>&1 || {
        tail -n 3 "$work/install.log"
        skip "cannot install $label"
    }
    echo "versions: $label"
}

# from_pypi NAME==VERSION...
from_pypi()
{
    need python3
    install "$*" python3 -m pip install --quiet --no-compile --target "$work/python" "$@"
    export PYTHONPATH="$work/python:$here"
}

# from_npm NAME@VERSION...
from_npm()
{
    need node npm
    install "$*" npm install --silent --ignore-scripts --prefix "$work" "$@"
    export NODE_PATH="$work/node_modules"
}

# from_maven GROUP:ARTIFACT:VERSION...: what they rest on comes with them
from_maven()
{
    need java mvn
    local coordinate
    {
        echo '<project><modelVersion>4.0.0</modelVersion>'
        echo '<groupId>a</groupId><artifactId>a</artifactId><version>1</version><dependencies>'
        for coordinate; do
            printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId>' \
                "$(cut -d: -f1 <<<"$coordinate")" "$(cut -d: -f2 <<<"$coordinate")"
            printf '<version>%s</version></dependency>\n' "$(cut -d: -f3 <<<"$coordinate")"
        done
        echo '</dependencies></project>'
    } >"$work/pom.xml"
    install "$*" mvn -q -B -f "$work/pom.xml" -DoutputDirectory="$work/jars" \
        org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies
    export CLASSPATH="$work/jars/*:$work"
}

# from_go MODULE@VERSION...: $work is a module then
from_go()
{
    need go
    export GOMODCACHE="$work/modules" GOFLAGS=-modcacherw
    (cd "$work" && go mod init example) >"$work/init.log" 2>&1 || skip 'go mod init fails'
    install "$*" env -C "$work" go get "$@"
}

# from_crates NAME=VERSION...: $work is a package then; its src/main.rs is the caller's
from_crates()
{
    need cargo
    local crate
    {
        printf '[package]\nname = "example"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n'
        for crate; do echo "${crate%%=*} = \"=${crate#*=}\""; done
    } >"$work/Cargo.toml"
    mkdir -p "$work/src"
    echo 'fn main() {}' >"$work/src/main.rs"
    install "$*" cargo fetch --quiet --manifest-path "$work/Cargo.toml"
}

# expect TEXT: what a reader of the specification expects
expect() { echo "expected: $1"; }

# program NAME: standard input becomes $work/NAME
program() { cat >"$work/$1"; }

# run COMMAND...: standard output of a program that must end by itself; what it says besides is kept
run()
{
    timeout 60 "$@" 2>>"$work/errors" || {
        echo "ended with $?"
        tail -n 3 "$work/errors"
    }
}

# seen WHAT GOT DESCRIBED: GOT is printed, and held against what this finding describes
seen()
{
    echo "seen: $1: ${2:-(nothing)}"
    [ "$2" = "$3" ] && return
    echo "changed: this finding describes: $3"
    changed=1
}

finish()
{
    [ "$changed" = 0 ] && echo 'result: as described' || echo 'result: changed'
    exit "$changed"
}

# times READER FILE: the time of each packet in a capture, as READER has it
times()
{
    case $1 in
        tshark) run tshark -r "$2" -T fields -e frame.time_epoch | sed 's/000$//' | paste -sd ' ' ;;
        tcpdump) run tcpdump -ttnr "$2" | cut -d ' ' -f 1 | paste -sd ' ' ;;
        *) run python3 "$here/capture.py" "$1" "$2" ;;
    esac
}

# exchanges FILE MESSAGE...: a capture of messages in hex, request and response in turn
exchanges() { run python3 "$here/capture.py" exchanges "${@:2}" >"$1"; }

# fields FILE FIELD...: these fields of each packet, as tshark has them
fields()
{
    local field arguments=()
    for field in "${@:2}"; do arguments+=(-e "$field"); done
    run tshark -r "$1" -T fields -E separator=' ' "${arguments[@]}"
}

# free_port: a UDP port of 127.0.0.1 that nobody has
free_port()
{
    python3 -c "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 0))
print(s.getsockname()[1])"
}

# start COMMAND...: in the background until this script ends; back when it has said something
start()
{
    local i
    : >"$work/started"
    "$@" >"$work/started" 2>>"$work/errors" &
    for ((i = 0; i < 200; i++)); do
        [ -s "$work/started" ] && return
        sleep 0.1
    done
    echo 'no word from what was started'
    exit 1
}
