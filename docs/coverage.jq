# Makes docs/coverage/DOCUMENT.md. --slurpfile: the arrays of `coapspec list requirements --format json`, of `coapspec list faults
# --format json` (faults of the border) and of `coapspec device --list-faults --format json`. Argument: spec.

def code: "`" + . + "`";
def cell: gsub("\\|"; "\\|");
def codes: map(code) | join("<br>");

# the faults that a rule finds, or that break the statement
def faults_of($requirement; $border; $device):
    [$border[] | select(.rules - (.rules - $requirement.rules) | length > 0) | .name]
    + [$device[] | select(.requirements | index($requirement.id)) | .name]
    | unique;

def covered: (.rules + .scenarios) | length > 0;
def sort_of_reason: if covered then "covered" elif .reason == "missing" then "missing" else (.reason | split(":")[0]) end;
def by: if covered then (.rules + .scenarios | codes) else "*" + (.reason | cell) + "*" end;

$requirements[0] as $requirements | $border[0] as $border | $device[0] as $device
| [$requirements[] | select(.spec == $spec)] as $rows
| ["covered", "internal", "not visible on the wire", "not a requirement", "needs a person", "not yet", "missing"] as $sorts
| ($rows | map(sort_of_reason) | group_by(.) | map({key: .[0], value: length}) | from_entries) as $counts
| "# \($spec), statement by statement",
  "",
  "Made by `make docs` from the rules, the scenarios and the tables of faults: do not edit it.",
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
     ($section[] | "| \(.id) | \(.level) | \(.text | cell) | \(by) | \(faults_of(.; $border; $device) | codes) |"))
