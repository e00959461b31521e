/* src/device/faults.h: what the device can be told to do wrong.
 *
 * Only misbehaviour of an application; what goes wrong with message IDs, tokens, types and octets is made by the tester
 * at its own border. Each fault names the statements that it breaks, so that a test can ask for exactly them. */
#ifndef SRC_DEVICE_FAULTS_H
#define SRC_DEVICE_FAULTS_H

#include <stdbool.h>

enum device_fault {
    DEVICE_EXECUTES_DUPLICATES,
    DEVICE_POST_WITHOUT_LOCATION,
    DEVICE_LOCATION_DOT_DOT,
    DEVICE_LOCATION_IN_CONTENT,
    DEVICE_CREATED_SAYS_CHANGED,
    DEVICE_CREATED_SAYS_CONTENT,
    DEVICE_CHANGED_SAYS_CREATED,
    DEVICE_DELETE_MISSING_IS_404,
    DEVICE_DELETE_KEEPS,
    DEVICE_GET_CHANGES_STATE,
    DEVICE_PUT_NOT_IDEMPOTENT,
    DEVICE_PUT_IGNORED,
    DEVICE_ACCEPT_IGNORED,
    DEVICE_WRONG_CONTENT_FORMAT,
    DEVICE_UNSUPPORTED_FORMAT_ACCEPTED,
    DEVICE_ETAG_TOO_LONG,
    DEVICE_ETAG_EMPTY,
    DEVICE_ETAG_FROZEN,
    DEVICE_VALID_WITH_PAYLOAD,
    DEVICE_VALID_WITHOUT_ETAG,
    DEVICE_IF_MATCH_IGNORED,
    DEVICE_IF_NONE_MATCH_IGNORED,
    DEVICE_PRECONDITION_EXECUTED,
    DEVICE_PRECONDITION_IS_BAD_REQUEST,
    DEVICE_UNKNOWN_PATH_IS_CONTENT,
    DEVICE_DIAGNOSTIC_NOT_UTF8,
    DEVICE_ERROR_WITH_CONTENT_FORMAT,
    DEVICE_METHOD_REFUSED_AS_MISSING,
    DEVICE_PROXY_ANSWERED,
    DEVICE_CRITICAL_IGNORED,
    DEVICE_REPEATED_OPTION_TAKEN,
    DEVICE_TOO_LARGE_WITHOUT_SIZE1,
    DEVICE_REQUEST_OPTION_IN_RESPONSE,
    DEVICE_CRITICAL_IN_RESPONSE,
    DEVICE_MAX_AGE_DEFAULT,
    DEVICE_MAX_AGE_TOO_LONG,
    DEVICE_UNAVAILABLE_WITHOUT_MAX_AGE,
    DEVICE_DELETED_WITH_LOCATION,
    DEVICE_UNREGISTERED_FORMAT,
    DEVICE_WELL_KNOWN_NO_FORMAT,
    DEVICE_WELL_KNOWN_BROKEN,
    DEVICE_WELL_KNOWN_CT_TWICE,
    DEVICE_WELL_KNOWN_CT_TEXT,
    DEVICE_WELL_KNOWN_MISSING,
    DEVICE_UNKNOWN_RESPONSE_CODE,
    DEVICE_ERROR_INSTEAD_OF_CONTENT,
    DEVICE_NO_ANSWER,
    DEVICE_STRAY_RESPONSE_ACKNOWLEDGED,
    DEVICE_REQUEST_IN_ACK_EXECUTED,
    DEVICE_AMPLIFIES,
    DEVICE_DIES,
    DEVICE_FAULTS
};

struct device_fault_row {
    const char *name;
    const char *does;
    const char *
        breaks; /* the statements, by their ids in the catalogue, separated by blanks; may be empty */
};

extern const struct device_fault_row device_fault_rows[DEVICE_FAULTS];

/* The fault of this name, or DEVICE_FAULTS with the nearest name in `*nearest`. */
enum device_fault device_fault_named(const char *name, const char **nearest);
/* Prints the table, as text or as a JSON array. */
void device_faults_print(bool json);

#endif
