/* payload/link_format.h: application/link-format, RFC 6690 section 2, with offsets and without
 * verdicts.
 *
 *   <target>;name;name=value;name="value",<target>…
 *
 * It reads what people write: anything may stand before a target, and a name or value may hold any
 * octet that does not end it. Nothing is copied: slices borrow from the payload. */
#ifndef DISSECTOR_PAYLOAD_LINK_FORMAT_H
#define DISSECTOR_PAYLOAD_LINK_FORMAT_H

#include "coapspec/dissect.h"

enum cs_link_fault {
    CS_LINK_NONE,
    CS_LINK_TARGET,   /* a target without its > */
    CS_LINK_QUOTE,    /* a quoted value without its second quote */
    CS_LINK_SEPARATOR /* behind a link stands neither ; nor , */
};

struct cs_link_walk {
    struct cs_slice payload; /* the whole of it */
    struct cs_slice target;  /* of the link, without < and > */
    uint32_t at;             /* offset of what is read next; with a fault, where that is */
    uint32_t target_at;      /* offset of the target */
    uint32_t links;          /* how many have been entered */
    uint32_t last; /* cs_link_find() looks for nothing that begins behind it; UINT32_MAX at first */
    bool in_link;
    uint8_t fault; /* enum cs_link_fault; the walk ends there */
};

struct cs_link_attribute {
    struct cs_slice name;
    struct cs_slice value; /* as it stands, with its quotes */
    uint32_t name_at, value_at;
    bool has_value; /* there is an equals sign, with or without something behind it */
};

void cs_link_walk_init(struct cs_link_walk *walk, struct cs_slice payload);
/* The next link; false when there is none, or at the first fault. What is left of the one before is
 * passed over. */
bool cs_link_next(struct cs_link_walk *walk);
/* The next attribute of this link; false when it has no more, or at the first fault. */
bool cs_link_attribute(struct cs_link_walk *walk, struct cs_link_attribute *out);
/* The next attribute of that name, of this link or a later one: walk->links tells them apart. */
bool cs_link_find(struct cs_link_walk *walk, const char *name, struct cs_link_attribute *out);

#endif
