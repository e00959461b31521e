/* reports/base/style.h: how text is shown. */
#ifndef REPORTS_BASE_STYLE_H
#define REPORTS_BASE_STYLE_H

#include <stdbool.h>

struct report_style {
    bool color, unicode, verbose, quiet;
    unsigned width;
};

#endif
