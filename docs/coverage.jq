# Makes docs/coverage/DOCUMENT.md. --slurpfile: the arrays of `coapspec list requirements --format json`, of `coapspec list faults
# --format json` (faults of the border) and of `coapspec device --list-faults --format json`; --rawfile: tests/faults/expected.tsv
# (matrix) and roles.tsv (roles), which the tests compare with what is found. Argument: spec.

def code: "`" + . + "`";
def cell: gsub("\\|"; "\\|");
def codes: map(code) | join("<br>");

# rows of tests/faults/*.tsv
def rows_of($text): $text | split("\n") | map(select(length > 0 and (startswith("#") | not)) | split("\t"));

# what is broken without a fault, by the library that the reference device is made of
def broken_as_it_is($matrix; $roles):
    [rows_of($matrix)[] | select(.[0] == "none") | .[2]] + [rows_of($roles)[] | select(.[0] | endswith("/none")) | .[1]];

# {fault, id} where a rule or scenario is broken under a fault and not without
def measured($matrix; $roles):
    ([rows_of($matrix)[] | select(.[1] == "+") | {fault: .[0], id: .[2]}]
     + [rows_of($roles)[] | {fault: (.[0] | sub("^[^/]*/"; "")), id: .[1]}])
    | map(select(.fault != "none"));

# at most three faults: those made for the statement first, then those under which the least else breaks
def faults_of($requirement; $border; $device; $found; $breadth; $broken):
    (.rules + .scenarios) as $ids
    | ([$border[] | select(.rules - (.rules - $requirement.rules) | length > 0) | .name]
       + [$device[] | select(.requirements | index($requirement.id)) | .name]
       | unique) as $made
    | ([$ids[] | $found[.] // [] | .[]] | unique - $made | sort_by($breadth[.])) as $others
    | ($made + $others) as $all
    | ($all[:[3, ($made | length)] | max]) as $shown
    | if ($all | length) == 0 then
        (if ($ids - ($ids - $broken) | length) > 0 then "libcoap as it is" elif (.rules | length) > 0 then "specimens" else "" end)
      else ($shown | codes) + (if ($all | length) > ($shown | length) then "<br>and \(($all | length) - ($shown | length)) more" else "" end)
      end;

def covered: (.rules + .scenarios) | length > 0;
def sort_of_reason: if covered then "covered" elif .reason == "missing" then "missing" else (.reason | split(":")[0]) end;
def by: if covered then (.rules + .scenarios | codes) else "*" + (.reason | cell) + "*" end;

$requirements[0] as $requirements | $border[0] as $border | $device[0] as $device
| measured($matrix; $roles) as $measured | broken_as_it_is($matrix; $roles) as $broken
| ($measured | group_by(.id) | map({key: .[0].id, value: map(.fault)}) | from_entries) as $found
| ($measured | group_by(.fault) | map({key: .[0].fault, value: length}) | from_entries) as $breadth
| [$requirements[] | select(.spec == $spec)] as $rows
| ["covered", "internal", "not visible on the wire", "not a requirement", "needs a person", "not yet", "missing"] as $sorts
| ($rows | map(sort_of_reason) | group_by(.) | map({key: .[0], value: length}) | from_entries) as $counts
| "# \($spec), statement by statement",
  "",
  "Made by `make docs` from the rules, the scenarios and the tables of faults: do not edit it. *Proved able to fail by* names",
  "faults under which the rule or scenario fails (tests/faults), or that it fails on libcoap as it is; specimens are the messages",
  "that a rule must find, or must not.",
  "",
  "| statements | |",
  "| --- | --- |",
  ($sorts[] | select($counts[.]) | "| \(if . == "covered" then "covered by a rule or a scenario" else . end) | \($counts[.]) |"),
  "| in all | \($rows | length) |",
  ($rows | group_by(.section | split(".") | map(tonumber))[]
   | . as $section
   | "",
     "## \($section[0].section) \($section[0].section_title // "")",
     "",
     "| statement | level | says | covered by | proved able to fail by |",
     "| --- | --- | --- | --- | --- |",
     ($section[] | "| \(.id) | \(.level) | \(.text | cell) | \(by) | \(faults_of(.; $border; $device; $found; $breadth; $broken)) |"))
