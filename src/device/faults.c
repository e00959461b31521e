/* src/device/faults.c: the table of what the device can be told to do wrong. */
#include "src/device/faults.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

const struct device_fault_row device_fault_rows[DEVICE_FAULTS] = {
    [DEVICE_CLIENT_TAKES_ANY_TOKEN] = {"client-takes-any-token",
                                       "a client takes a response whatever its token",
                                       "RFC7252-5.3.2-2 RFC7252-5.3.2-3 RFC7252-5.3.2-N1"},
    [DEVICE_CLIENT_TAKES_ANY_MID] = {"client-takes-any-mid",
                                     "a client takes a response in an ACK of any Message ID",
                                     "RFC7252-5.3.2-2"},
    [DEVICE_CLIENT_WANTS_ACKS] = {"client-wants-acks",
                                  "a client takes responses in an Acknowledgement alone",
                                  "RFC7252-5.2.1-1 RFC7252-5.2.3-2"},
    [DEVICE_CLIENT_WANTS_SEPARATE] = {"client-wants-separate",
                                      "a client takes no response in an Acknowledgement",
                                      "RFC7252-5.2.1-1"},
    [DEVICE_CLIENT_KNOWS_ALL_LOCATIONS] = {"client-knows-all-locations",
                                           "a client takes reserved Location options",
                                           "RFC7252-5.10.7-3"},
    [DEVICE_CLIENT_KNOWS_FEW_CODES] = {"client-knows-few-codes",
                                       "a client rejects responses of unknown codes",
                                       "RFC7252-5.2-N1"},
    [DEVICE_CLIENT_CHANGES_ETAG] = {"client-changes-etag",
                                    "a client leaves out zero octets at the end of an ETag",
                                    "RFC7252-5.10.6-1"},
    [DEVICE_CLIENT_INSISTS] = {"client-insists", "a client asks again after an error",
                               "RFC7252-5.9.2.2-1 RFC7252-5.9.2.3-1"},
    [DEVICE_CLIENT_POURS] = {"client-pours",
                             "a client sends its NON requests without waiting for responses",
                             "RFC7252-4.7-2"},
    [DEVICE_CLIENT_WANTS_THE_GROUP] =
        {"client-wants-the-group", "a client takes responses only from the address that it asked",
         "RFC7252-8.2-5"},
    [DEVICE_DTLS_CLIENT_ASKS_NO_NAME] = {"dtls-client-asks-no-name",
                                         "a client takes a server's certificate of any name",
                                         "RFC7252-9.1.3.3-8 RFC7252-9.1.3.3-9"},
    [DEVICE_DTLS_CLIENT_LIKES_COMMON_NAMES] =
        {"dtls-client-likes-common-names",
         "a client looks at the Common Name of a server where its other names do not fit",
         "RFC7252-9.1.3.3-8"},
    [DEVICE_DTLS_CLIENT_TAKES_PATTERNS] = {"dtls-client-takes-patterns",
                                           "a client takes a Common Name with a star in it",
                                           "RFC7252-9.1.3.3-9"},
    [DEVICE_DTLS_CLIENT_TAKES_ANY_SESSION] = {"dtls-client-takes-any-session",
                                              "a client takes a response in any of its sessions",
                                              "RFC7252-9.1.2-1"},
    [DEVICE_DTLS_CLIENT_TAKES_CLEAR_ANSWERS] =
        {"dtls-client-takes-clear-answers",
         "a client takes a response in the clear to what it asked over DTLS", "RFC7252-9.1.2-3"},
    [DEVICE_PROXY_FORWARDS_UNSAFE] = {"proxy-forwards-unsafe",
                                      "a proxy forwards unknown unsafe options",
                                      "RFC7252-5.7.1-5 RFC7252-5.7.1-7"},
    [DEVICE_PROXY_DROPS_UNKNOWN] = {"proxy-drops-unknown", "a proxy leaves out unknown options",
                                    "RFC7252-5.7.1-6 RFC7252-5.7.1-8"},
    [DEVICE_PROXY_KEEPS_MAX_AGE] = {"proxy-keeps-max-age",
                                    "a proxy gives a stored response with its first Max-Age",
                                    "RFC7252-5.7.1-3"},
    [DEVICE_PROXY_KEYS_BY_URI] = {"proxy-keys-by-uri",
                                  "a proxy finds stored responses by their URI alone",
                                  "RFC7252-5.6-3 RFC7252-5.6-N1"},
    [DEVICE_PROXY_NEVER_STALE] = {"proxy-never-stale",
                                  "stored responses outlive changes of their resource",
                                  "RFC7252-5.9.1.1-1 RFC7252-5.9.1.2-1 RFC7252-5.9.1.4-1 "
                                  "RFC7252-5.10.7-1"},
    [DEVICE_PROXY_STORES_ALL_SUCCESS] = {"proxy-stores-all-success",
                                         "a proxy stores responses of unknown codes",
                                         "RFC7252-5.6-2"},
    [DEVICE_PROXY_IGNORES_VALID] = {"proxy-ignores-valid",
                                    "a 2.03 renews nothing of the stored response",
                                    "RFC7252-5.9.1.3-2 RFC7252-5.9.1.3-3"},
    [DEVICE_PROXY_SAYS_INTERNAL_ERROR] = {"proxy-says-internal-error",
                                          "a proxy gives 5.00 in place of 5.02 and 5.04",
                                          "RFC7252-5.7.1-1 RFC7252-5.7.1-2 RFC7252-5.7.1-7"},
    [DEVICE_PROXY_REFUSES_ITSELF] = {"proxy-refuses-itself",
                                     "a proxy gives 5.05 to a URI of its own", "RFC7252-5.7.2-2"},
    [DEVICE_PROXY_FORWARDS_URI] = {"proxy-forwards-uri",
                                   "a proxy passes Proxy-Uri on to the origin", "RFC7252-5.7.2-3"},
    [DEVICE_PROXY_CACHE_FOR_ANYONE] =
        {"proxy-cache-for-anyone",
         "what is in the cache is given to those as well for whom nothing would "
         "be forwarded",
         "RFC7252-11.2-1"},
    [DEVICE_PROXY_SHARES_COAPS] = {"proxy-shares-coaps",
                                   "a response to a coaps URI is kept for all clients",
                                   "RFC7252-11.2-2"},
    [DEVICE_PROXY_HTTP_CON_ONLY] = {"proxy-http-con-only",
                                    "a NON request for an http URI is refused", "RFC7252-10-1"},
    [DEVICE_PROXY_HTTP_SAYS_CHANGED] =
        {"proxy-http-says-changed", "each success of an HTTP server is 2.04",
         "RFC7252-10.1.1-1 RFC7252-10.1.2-1 RFC7252-10.1.3-1 RFC7252-10.1.4-2"},
    [DEVICE_PROXY_HTTP_SAYS_CREATED] = {"proxy-http-says-created",
                                        "each success of an HTTP server to PUT or POST is 2.01",
                                        "RFC7252-10.1.2-2 RFC7252-10.1.4-1"},
    [DEVICE_PROXY_HTTP_NO_FORMAT] = {"proxy-http-no-format",
                                     "what an HTTP server sends is application/octet-stream",
                                     "RFC7252-10.1.1-2"},
    [DEVICE_PROXY_HTTP_NO_MAX_AGE] = {"proxy-http-no-max-age",
                                      "how long an HTTP response is fresh is not said",
                                      "RFC7252-10.1.1-3"},
    [DEVICE_PROXY_HTTP_NO_ETAG] = {"proxy-http-no-etag",
                                   "the entity-tag of an HTTP response is left out",
                                   "RFC7252-10.1.1-4"},
    [DEVICE_PROXY_HTTP_DELETE_404] = {"proxy-http-delete-404",
                                      "DELETE of what an HTTP server does not have is 4.04",
                                      "RFC7252-10.1.3-1"},
    [DEVICE_PROXY_WEB_ANSWERS_OPTIONS] = {"proxy-web-answers-options",
                                          "HTTP OPTIONS and TRACE are answered by 200",
                                          "RFC7252-10.2.1-1"},
    [DEVICE_PROXY_WEB_NO_TYPE] = {"proxy-web-no-type", "HTTP responses say text/html",
                                  "RFC7252-10.2.2-1"},
    [DEVICE_PROXY_WEB_NO_MAX_AGE] = {"proxy-web-no-max-age", "HTTP responses have no max-age",
                                     "RFC7252-10.2.2-2"},
    [DEVICE_PROXY_WEB_HEAD_BODY] = {"proxy-web-head-body", "a response to HEAD has a body",
                                    "RFC7252-10.2.3-1"},
    [DEVICE_PROXY_WEB_POST_CREATED] = {"proxy-web-post-created",
                                       "each success of an HTTP POST is 201", "RFC7252-10.2.4-1"},
    [DEVICE_PROXY_WEB_POST_OK] = {"proxy-web-post-ok", "each success of an HTTP POST is 200",
                                  "RFC7252-10.2.4-2"},
    [DEVICE_MULTICAST_EVERYWHERE] = {"multicast-everywhere",
                                     "every resource answers requests by multicast",
                                     "RFC7252-11.3-3"},
    [DEVICE_MULTICAST_ERRORS] = {"multicast-errors", "errors are answers to multicast, too",
                                 "RFC7252-8.2-N1"},
    [DEVICE_MULTICAST_AT_ONCE] = {"multicast-at-once", "requests by multicast are answered at once",
                                  "RFC7252-8.2-3"},
    [DEVICE_FIRST_MID_FIXED] = {"first-mid-fixed",
                                "Message IDs begin with 1 at each start, client or server",
                                "RFC7252-4.4-N1"},
    [DEVICE_ICMP_GIVES_UP] = {"icmp-gives-up",
                              "an exchange ends with any ICMP error, client or server (needs root)",
                              "RFC7252-4.2-10a RFC7252-4.2-12"},
    [DEVICE_DTLS_FORWARD_SECRECY_ONLY] = {"dtls-forward-secrecy-only",
                                          "no cipher suite has a shared key alone",
                                          "RFC7252-9.1.3.1-1"},
    [DEVICE_DTLS_NO_SECP256R1] = {"dtls-no-secp256r1", "secp384r1 is the only elliptic curve",
                                  "RFC7252-9.1.3.3-1 RFC7252-9.1.3.3-4"},
    [DEVICE_DTLS_TAKES_ANY_CERTIFICATE] = {"dtls-takes-any-certificate",
                                           "who signed a certificate, and when, is not looked at",
                                           "RFC7252-9.1.3.3-6 RFC7252-9.1.3.3-7"},
    [DEVICE_DTLS_TAKES_EXPIRED] = {"dtls-takes-expired",
                                   "the dates of a certificate are not looked at",
                                   "RFC7252-9.1.3.3-6"},
    [DEVICE_DTLS_REPEATS_ACROSS_EPOCHS] = {"dtls-repeats-across-epochs",
                                           "after a renegotiation what waits for an ACK is "
                                           "repeated in the new epoch",
                                           "RFC7252-9.1.1-3"},
    [DEVICE_EXECUTES_DUPLICATES] = {"executes-duplicates", "executes a repeated request again",
                                    "RFC7252-4.5-1b RFC7252-4.5-3c"},
    [DEVICE_POST_WITHOUT_LOCATION] = {"post-without-location", "2.01 to a POST does not say where",
                                      "RFC7252-5.8.2-1b"},
    [DEVICE_LOCATION_DOT_DOT] = {"location-dot-dot", "the Location-Path has a segment \"..\"",
                                 "RFC7252-5.10.7-2"},
    [DEVICE_LOCATION_IN_CONTENT] = {"location-in-content", "2.05 carries a Location-Path",
                                    "RFC7252-5.10.7-N1 RFC7252-5.4-1a"},
    [DEVICE_CREATED_SAYS_CHANGED] = {"created-says-changed",
                                     "what a POST or PUT created is answered by 2.04",
                                     "RFC7252-5.8.2-1a"},
    [DEVICE_CREATED_SAYS_CONTENT] = {"created-says-content",
                                     "what a POST or PUT created is answered by 2.05",
                                     "RFC7252-5.9.1-N1 RFC7252-5.9-N1"},
    [DEVICE_CHANGED_SAYS_CREATED] = {"changed-says-created",
                                     "a PUT on what exists is answered by 2.01", "RFC7252-5.8.3-1"},
    [DEVICE_POST_DELETED_SAYS_CHANGED] = {"post-deleted-says-changed",
                                          "a POST that removes its target gives 2.04",
                                          "RFC7252-5.8.2-3"},
    [DEVICE_DELETE_MISSING_IS_404] = {"delete-missing-404",
                                      "DELETE of what does not exist gives 4.04",
                                      "RFC7252-5.8.4-1"},
    [DEVICE_DELETE_KEEPS] = {"delete-keeps", "DELETE says 2.02 and deletes nothing",
                             "RFC7252-5.8.4-1"},
    [DEVICE_GET_CHANGES_STATE] = {"get-changes-state", "GET /counter counts", "RFC7252-5.1-1"},
    [DEVICE_PUT_NOT_IDEMPOTENT] = {"put-not-idempotent", "a PUT appends to what there is",
                                   "RFC7252-5.1-2"},
    [DEVICE_PUT_IGNORED] = {"put-ignored", "PUT says 2.04 and changes nothing", "RFC7252-5.8.3-1"},
    [DEVICE_ACCEPT_IGNORED] = {"accept-ignored", "Accept is not looked at",
                               "RFC7252-5.10.4-1 RFC7252-5.10.4-N1"},
    [DEVICE_WRONG_CONTENT_FORMAT] = {"wrong-content-format",
                                     "/multi-format says text/plain whatever it sends",
                                     "RFC7252-5.10.4-N1"},
    [DEVICE_UNSUPPORTED_FORMAT_ACCEPTED] = {"unsupported-format-accepted",
                                            "any Content-Format is taken", "RFC7252-5.10.3-N2"},
    [DEVICE_ETAG_TOO_LONG] = {"etag-too-long", "ETags have nine octets", "RFC7252-5.4.3-N1"},
    [DEVICE_ETAG_EMPTY] = {"etag-empty", "ETags have no octet", "RFC7252-5.4.3-N1"},
    [DEVICE_ETAG_FROZEN] = {"etag-frozen",
                            "the ETag stays the same when the representation changes",
                            "RFC7252-5.10.6.2-N1"},
    [DEVICE_VALID_WITH_PAYLOAD] = {"valid-with-payload", "2.03 carries the representation",
                                   "RFC7252-5.9.1.3-1b RFC7252-5.5-1a"},
    [DEVICE_VALID_WITHOUT_ETAG] = {"valid-without-etag", "2.03 carries no ETag",
                                   "RFC7252-5.9.1.3-1a"},
    [DEVICE_IF_MATCH_IGNORED] = {"if-match-ignored", "If-Match is not looked at",
                                 "RFC7252-5.10.8-1 RFC7252-5.10.8-2 RFC7252-5.10.8.1-N1"},
    [DEVICE_IF_NONE_MATCH_IGNORED] = {"if-none-match-ignored", "If-None-Match is not looked at",
                                      "RFC7252-5.10.8-1 RFC7252-5.10.8-2"},
    [DEVICE_PRECONDITION_EXECUTED] =
        {"precondition-executed", "a failed precondition gives 4.12, but the method is performed",
         "RFC7252-5.10.8-1"},
    [DEVICE_PRECONDITION_IS_BAD_REQUEST] = {"precondition-is-bad-request",
                                            "a failed precondition gives 4.00", "RFC7252-5.10.8-2"},
    [DEVICE_UNKNOWN_PATH_IS_CONTENT] = {"unknown-path-is-content", "GET of any path gives 2.05",
                                        "RFC7252-5.9.2-1"},
    [DEVICE_DIAGNOSTIC_NOT_UTF8] = {"diagnostic-not-utf8", "diagnostic payloads are not UTF-8",
                                    "RFC7252-5.5.2-1"},
    [DEVICE_ERROR_WITH_CONTENT_FORMAT] = {"error-with-content-format",
                                          "errors carry a Content-Format", "RFC7252-5.5.2-N1"},
    [DEVICE_METHOD_REFUSED_AS_MISSING] = {"method-refused-as-missing",
                                          "a method that is not allowed gives 4.04",
                                          "RFC7252-5.8-1 RFC7252-5.8.3-3"},
    [DEVICE_PROXY_ANSWERED] = {"proxy-answered",
                               "a request with Proxy-Uri is answered like another",
                               "RFC7252-5.7.2-1 RFC7252-5.10.2-3"},
    [DEVICE_CRITICAL_IGNORED] = {"critical-ignored",
                                 "the critical options 65001 and 65003 are not looked at",
                                 "RFC7252-5.4.1-2"},
    [DEVICE_REPEATED_OPTION_TAKEN] =
        {"repeated-option-taken",
         "the second of two Accept, Uri-Host, Uri-Port or If-None-Match is not looked at",
         "RFC7252-5.4.5-3"},
    [DEVICE_TOO_LARGE_WITHOUT_SIZE1] = {"too-large-without-size1",
                                        "4.13 does not say what would fit", "RFC7252-5.9.2.9-1"},
    [DEVICE_REQUEST_OPTION_IN_RESPONSE] = {"request-option-in-response", "responses carry Accept",
                                           "RFC7252-5.4-1a"},
    [DEVICE_CRITICAL_IN_RESPONSE] = {"critical-in-response",
                                     "responses carry the unknown critical option 65001",
                                     "RFC7252-5.10-N1"},
    [DEVICE_MAX_AGE_DEFAULT] = {"max-age-default", "responses carry Max-Age 60", "RFC7252-5.4.4-1"},
    [DEVICE_MAX_AGE_TOO_LONG] = {"max-age-too-long", "Max-Age has five octets", "RFC7252-5.4.3-N1"},
    [DEVICE_UNAVAILABLE_WITHOUT_MAX_AGE] = {"unavailable-without-max-age",
                                            "5.03 does not say when to come again",
                                            "RFC7252-5.9.3.4-N1"},
    [DEVICE_DELETED_WITH_LOCATION] = {"deleted-with-location", "2.02 carries a Location-Path",
                                      "RFC7252-5.10.7-N1"},
    [DEVICE_UNREGISTERED_FORMAT] = {"unregistered-format",
                                    "representations say Content-Format 64000",
                                    "RFC7252-5.10.3-N1"},
    [DEVICE_WELL_KNOWN_NO_FORMAT] = {"well-known-no-format",
                                     "/.well-known/core says no Content-Format", "RFC7252-7.2-1"},
    [DEVICE_WELL_KNOWN_BROKEN] = {"well-known-broken", "/.well-known/core is no link-format",
                                  "RFC7252-7.2-1"},
    [DEVICE_WELL_KNOWN_CT_TWICE] = {"well-known-ct-twice", "a link has ct twice",
                                    "RFC7252-7.2.1-N1"},
    [DEVICE_WELL_KNOWN_CT_TEXT] = {"well-known-ct-text", "ct is not a number", "RFC7252-7.2.1-1"},
    [DEVICE_WELL_KNOWN_MISSING] = {"well-known-missing", "/.well-known/core gives 4.04",
                                   "RFC7252-7.2-1"},
    [DEVICE_UNKNOWN_RESPONSE_CODE] = {"unknown-response-code", "2.05 becomes 2.17",
                                      "RFC7252-5.9-N1"},
    [DEVICE_ERROR_INSTEAD_OF_CONTENT] = {"error-instead-of-content", "/test gives 5.00",
                                         "RFC7252-5.8.1-1"},
    [DEVICE_NO_ANSWER] = {"no-answer", "/separate acknowledges and never answers",
                          "RFC7252-5.2.2-2"},
    [DEVICE_NO_RANDOM_FACTOR] = {"no-random-factor",
                                 "the first retransmission timeout is always ACK_TIMEOUT",
                                 "RFC7252-4.8.1-3b"},
    [DEVICE_STRAY_RESPONSE_ACKNOWLEDGED] = {"stray-response-acknowledged",
                                            "a CON response to no request is acknowledged",
                                            "RFC7252-4.2-1"},
    [DEVICE_REQUEST_IN_ACK_EXECUTED] = {"request-in-ack-executed",
                                        "a request in an ACK is executed and answered",
                                        "RFC7252-4.2-4"},
    [DEVICE_AMPLIFIES] = {"amplifies", "/test answers with a thousand octets", "RFC7252-11.3-1"},
    [DEVICE_DIES] = {"dies", "the first DELETE ends the program", ""},
};

enum device_fault device_fault_named(const char *name, const char **nearest)
{
    const char *names[DEVICE_FAULTS];
    for (int i = 0; i < DEVICE_FAULTS; i++) {
        names[i] = device_fault_rows[i].name;
        if (strcmp(name, names[i]) == 0)
            return (enum device_fault)i;
    }
    *nearest = cs_nearest(name, names, DEVICE_FAULTS);
    return DEVICE_FAULTS;
}

static void print_json_text(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void print_json_row(const struct device_fault_row *row)
{
    printf("  {\"name\": ");
    print_json_text(row->name);
    printf(", \"does\": ");
    print_json_text(row->does);
    printf(", \"requirements\": [");
    for (const char *p = row->breaks; *p != '\0';) {
        const size_t n = strcspn(p, " ");
        printf("%s\"%.*s\"", p == row->breaks ? "" : ", ", (int)n, p);
        p += n + strspn(p + n, " ");
    }
    printf("]}");
}

void device_faults_print(bool json)
{
    for (int i = 0; i < DEVICE_FAULTS; i++) {
        const struct device_fault_row *row = &device_fault_rows[i];
        if (json) {
            printf(i == 0 ? "[\n" : ",\n");
            print_json_row(row);
        } else {
            printf("%-28s %s\n", row->name, row->does);
        }
    }
    if (json)
        printf("\n]\n");
}
