# Makes a manual page of what `COLUMNS=200 coapspec [COMMAND] --help` prints, so that the two cannot drift. What all
# pages have in common (exit status, environment, files) is added here. tests/e2e/install.bats checks the pages.
# Variables: name (coapspec-check), version.
function escape(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    gsub(/…/, "...", text)
    sub(/^[.']/, "\\\\\\&&", text)
    return text
}
# "left   right" of a row becomes a paragraph with a hanging tag; without a right side, the next lines give it.
function row(text,   at) {
    sub(/^ +/, "", text)
    at = match(text, /  +/)
    print ".TP\n.B " escape(at ? substr(text, 1, at - 1) : text)
    if (at) print escape(substr(text, at + RLENGTH))
}
function heading(text) { print ".SH " toupper(text) }
function exit_status() {
    heading("exit status")
    n = split("0|passed|1|the device fails: a MUST is broken, or a scenario" \
          "|2|bad command line, scenario or profile|3|the bench failed: no device, no permission, port in use, unreadable" \
          " file, no memory|4|internal error|5|nothing was tested|130|interrupted; what was found until then is written", part, "|")
    for (i = 1; i < n; i += 2) print ".TP\n.B " part[i] "\n" escape(part[i + 1])
}
function environment() {
    heading("environment")
    print ".TP\n.B NO_COLOR\nno colours, when it is set and not empty"
    print ".TP\n.B COLUMNS\nthe width of the text; otherwise that of the terminal, or 80"
    print ".TP\n.B LC_ALL, LC_CTYPE, LANG\noutside UTF\\-8 everything is printed in ASCII"
    print ".TP\n.B COAPSPEC_SCENARIOS\nwhere the scenarios and suites are, instead of those that are installed"
}
function files() {
    heading("files")
    if (name ~ /^coapspec(-run|-demo)?$/) {
        print ".TP\n.I coapspec\\-results/evidence.pcapng\nthe traffic of a run with its verdicts as comments;"
        print ".B coapspec check\njudges it the same way, Wireshark opens it"
        print ".TP\n.I coapspec\\-results/results.json\neverything that was found, for other programs"
        print ".TP\n.I coapspec\\-results/junit.xml\nthe same for CI"
    }
    print ".TP\n.I PREFIX/share/coapspec/scenarios/\nscenarios and, in\n.IR suites/ ,\nsuites"
    print ".TP\n.I PREFIX/share/coapspec/results.schema.json\nthe JSON Schema of results.json"
}
function overview() {
    print ".br\n.B coapspec help\n.I COMMAND\n.br\n.B coapspec \\-\\-version"
    heading("description")
    print escape("Whatever the traffic comes from, a capture, an interface or scripted scenarios against a device, the same" \
                 " rules judge it, and every verdict names the clause, the packet and the octet. A rule that never applied" \
                 " is not exercised, never passed.")
    print ".PP\nStandard output is data, standard error is talk. Each command has a manual page of its own."
}
NR == 1 {
    summary = $0
    sub(/^[^:]*: /, "", summary)
    print ".TH " toupper(escape(name)) " 1 \"\" \"coapspec " version "\" \"coapspec\""
    print ".nh\n.ad l" # commands are to be pasted: no word is broken, no blank widened
    print ".SH NAME\n" escape(name) " \\- " escape(summary)
    next
}
/^Usage: / {
    print ".SH SYNOPSIS\n.B " escape(substr($0, 8))
    if (name == "coapspec") overview()
    described = name == "coapspec"
    next
}
/^Exit codes: / || exit_codes { exit_codes = NF; next } # the table below says it
/^[A-Z][A-Za-z ]*:$/ {
    heading(substr($0, 1, length($0) - 1))
    table = 1
    next
}
table && /^       *[^ -]/ { sub(/^ +/, ""); print escape($0); next } # what is said of the row above, below it
table && /^ / { row($0); next }
table { next }
NF && !described { heading("description"); described = 1; print escape($0); next }
described && NF { print escape($0) }
END {
    if (!summary) { print "docs/man.awk: nothing to read" > "/dev/stderr"; exit 1 }
    exit_status()
    environment()
    files()
    heading("copyright")
    print "Copyright (c) 2026, The coapspec authors. BSD 2\\-Clause License: PREFIX/share/doc/coapspec/LICENSE."
    heading("see also")
    if (name == "coapspec") {
        n = split(pages, page, " ")
        for (i = 1; i <= n; i++) print ".BR coapspec\\-" page[i] " (1)" (i < n ? "," : "")
    } else print ".BR coapspec (1)"
}
