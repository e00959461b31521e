# tests/policy/rooms.awk: the rooms of the tree, from the floor to the roof. A room may know those below it, and no other.
# For the policies of includes (includes.test) and of calls (symbols.test).
function room(path) {
    if (path ~ /^dissector\/include\//) return "include"
    if (path ~ /^dissector\/track\/store\//) return "store"
    if (path ~ /^dissector\/[a-z]+\//) { split(path, part, "/"); return part[2] }
    if (path ~ /^dissector\//) return "glue"
    if (path ~ /^reports\/[a-z]+\//) { split(path, part, "/"); return "reports/" part[2] }
    if (path ~ /^reports\//) return "reports"
    if (path ~ /^src\/device\/faults[.]/) return "fault-table" # which `list` and `explain` show too
    if (path ~ /^src\/device\/[a-z]+\//) { split(path, part, "/"); return "device/" part[3] }
    if (path ~ /^src\/device\//) return "device"
    if (path ~ /^src\/[a-z]+\//) { split(path, part, "/"); return part[2] }
    if (path ~ /^src\//) return "main"
    return "?"
}
BEGIN {
    n = split("include; base; wire source; decrypt; coap; payload notation store; track; rules; glue;" \
              "reports/base; reports/document; reports/text reports/json reports/decoded; reports;" \
              "net yaml names fault-table; faults peer plot; profile; run; verbs; scenario; cli; list check; cmd;" \
              "main lazy; device/common; device/resource; device/proxy device/client; device/server; device", levels, ";")
    for (i = 1; i <= n; i++) {
        m = split(levels[i], rooms, " ")
        for (k = 1; k <= m; k++) rank[rooms[k]] = i
    }
}

# Why a file in the room `from` must not know one in `to`; "": it may.
function wrong(from, to) {
    if (!(from in rank)) return "the folder " from " has no place in the order"
    if (!(to in rank)) return "the folder " to " has no place in the order"
    if (from == to || from ~ /^device/ && to == "fault-table") return ""
    if (from ~ /^device/ && to !~ /^device/) return "the reference device is on its own"
    if (rank[from] <= rank[to]) return from " does not stand above " to
    if (to == "source" && from ~ /^(coap|payload|track)$/) return from " must not know where frames come from"
    return ""
}
