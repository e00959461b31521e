/* reports/base/clean.h: text and figures made fit for a terminal or a file. */
#ifndef REPORTS_BASE_CLEAN_H
#define REPORTS_BASE_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

/* Text from a device, a file or ourselves: control characters and what is not UTF-8 become \xNN; without `unicode`,
 * what is beyond ASCII is replaced. Line feeds stay when `lines`. malloc'ed; NULL for want of memory. */
char *report_clean(const char *text, bool unicode, bool lines);
/* "2.05" for a code. `buf` holds 8 octets; returned. */
char *report_code_text(uint8_t code, char *buf);
/* RFC 3339 with nanoseconds, UTC. `buf` holds 48 octets; returned. */
char *report_time_text(uint64_t time_ns, char *buf);

/* Text made valid UTF-8: what is not becomes U+FFFD; with `xml`, characters that XML 1.0 forbids too. malloc'ed. */
char *report_utf8(const char *text, bool xml);

#endif
