# Makes a manual page of what `coapspec [COMMAND] --help` prints, so that the two cannot drift.
# Variables: name (coapspec-check), version. The pages are checked by tests/e2e/install.bats.
function escape(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    sub(/^[.']/, "\\\\\\&&", text)
    return text
}
NR == 1 {
    summary = $0
    sub(/^[^:]*: /, "", summary)
    print ".TH " toupper(escape(name)) " 1 \"\" \"coapspec " version "\" \"coapspec\""
    print ".SH NAME\n" escape(name) " \\- " escape(summary)
    next
}
/^Usage: / {
    print ".SH SYNOPSIS\n.nf\n" escape(substr($0, 8)) "\n.fi"
    after_usage = 1
    next
}
/^[A-Z][A-Za-z ]*:$/ { # a heading: what stands below is a table
    if (table) print ".fi"
    print ".SH " toupper(substr($0, 1, length($0) - 1)) "\n.nf"
    table = 1; after_usage = 0
    next
}
table && /^[^ ]/ { # a paragraph after a table
    print ".fi\n.SH NOTES"
    table = 0
}
after_usage && NF { print ".SH DESCRIPTION"; after_usage = 0 }
!after_usage { print NF ? escape($0) : ".PP" }
END {
    if (!summary) { print "docs/man.awk: nothing to read" > "/dev/stderr"; exit 1 }
    if (table) print ".fi"
    if (name != "coapspec") print ".SH SEE ALSO\n.BR coapspec (1)"
}
