/* profile/links.h: a link-format document (RFC 6690 section 2), as far as a probe needs it. */
#ifndef SRC_PROFILE_LINKS_H
#define SRC_PROFILE_LINKS_H

#include <stdbool.h>
#include <stddef.h>

enum { LINKS_MAX = 512 };

struct link_entry {
    char path[256];
    char rt[96];
    unsigned long size; /* sz; 0: not said */
    bool observable;    /* obs */
    bool has_size;
};

struct link_list {
    struct link_entry *at;
    size_t count;
    bool broken; /* it is no link-format from some place on */
};

/* What can be read of it. False without memory. */
bool links_parse(const char *text, size_t length, struct link_list *out);
void links_free(struct link_list *links);
const struct link_entry *links_find(const struct link_list *links, const char *path);

#endif
