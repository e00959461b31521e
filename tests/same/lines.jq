# What a build says of captures, as lines: number of the capture, what it is about, what is said; a rule's lines are about the
# rule. Texts are left out, and what depends on time and memory. The input is, for each capture: {"capture": N}, the document, the
# lines of `check --format ndjson --messages`, and {"exit": CODE} behind both.

def text: map(tostring) | join(" ");
def numbers: to_entries | map("\(.key) \(.value)") | join(", ");

def of_message:
    ["messages",
     ([.packet, .src, ">", .dst, .length, .message_type, .code, .mid, .token, .payload_length, .fault, .fault_at,
       if .repeat then "repeat" else empty end,
       if .request_packet then "to \(.request_packet)" else empty end] | map(select(. != null)) | text)
     + ([.options[]? | " \(.number)=\(.value // .hex // "")"] | add // "")];

def of_finding:
    [.rule,
     "finding: \(.verdict), packets \(.packets | map(tostring) | join("+")) (\(.packet)), octet \(.octet) of \(.length)"
     + ", by \(.offender.role) \(.offender.address), with \(.peer // "nobody"), \(.times // 1)×"];

def of_rule:
    select(.verdict != "not exercised" or .held + .broken + .undecided > 0)
    | [.id, "\(.verdict): held \(.held), broken \(.broken), undecided \(.undecided)"];

def of_source:
    (.counts | to_entries[] | ["counts", "\(.key) \(.value)"]),
    (.dtls // {} | to_entries[]
     | if .key == "suites" then .value[] | ["counts", "dtls-suite-\(.number) \(.sessions)"]
       else ["counts", "dtls-\(.key) \(.value)"] end);

def of_pair:
    ["statistics",
     "\(.client) > \(.server): \(.requests) requests (\(.methods // {} | numbers)), \(.responses) responses (\(.codes // {} | numbers))"
     + ", unanswered \(.unanswered), retransmissions \(.retransmissions), duplicates \(.duplicates), resets \(.resets)"
     + ", octets \(.octets.from_client) \(.octets.from_server), round trips \(.rtt_ms.count // 0)"];

def of_document:
    (.summary | ["summary", "\(.verdict), exit code \(.exit_code), fail \(.fail), warn \(.warn), not kept \(.findings_not_kept)"]),
    (.sources[] | of_source),
    (.rules[] | of_rule),
    (.findings[] | of_finding),
    (.statistics[] | of_pair);

foreach inputs as $in (0; $in.capture // .;
    . as $number | $in
    | if .type == "message" then of_message
      elif .schema then of_document
      elif .exit then ["exit code", .exit]
      else empty end
    | [$number] + . | @tsv)
