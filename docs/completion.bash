# Completion of coapspec's command line in bash. Nothing is listed here: commands and options are those that --help
# shows, names those that `coapspec list` does.

# The options of a command, or the commands without one.
_coapspec_words() {
    if [ -n "$1" ]; then
        "$program" "$1" --help 2>/dev/null | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+'
    else
        "$program" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
    fi
}

_coapspec_ids() { # kinds of `coapspec list`
    local kind
    for kind; do "$program" list "$kind" -q 2>/dev/null; done
}

_coapspec() {
    local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' words
    ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]}
    case $command:$before:$word in
    :*) words=$(_coapspec_words '') ;;
    device:--fault:*) words=$(_coapspec_ids device-faults) ;;
    *:--fault:*) words=$(_coapspec_ids faults) ;;
    check:--only:* | check:--exclude:*) words=$(_coapspec_ids rules requirements) ;;
    *:--only:* | *:--exclude:*) words=$(_coapspec_ids scenarios rules requirements tests) ;;
    *:-i:* | *:--interface:* | *:--capture:*) words=$(ls /sys/class/net) ;;
    *:-*) words=$(_coapspec_words "$command") ;;
    list:list:*) words=$("$program" list 2>/dev/null | cut -d ' ' -f 1) ;;
    report:report:*) words=$("$program" report --help | grep -oE -m 1 '[a-z]+(\|[a-z]+)+' | tr '|' ' ') ;;
    explain:*) words=$(_coapspec_ids rules requirements scenarios suites verbs faults) ;;
    help:*) words=$(_coapspec_words '') ;;
    run:*) words=$(_coapspec_ids suites scenarios) ;;
    esac
    # file names where nothing else fits
    mapfile -t COMPREPLY < <(compgen -o default -W "$words" -- "$word")
}

complete -o default -F _coapspec coapspec
