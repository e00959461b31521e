/* Stands in until the wire layers and the heuristic are here; remove with them. */
#include "wire/wire.h"
#include "coap/heuristic.h"
#include <stdlib.h>
struct cs_wire *cs_wire_new(size_t m){(void)m;return malloc(1);} void cs_wire_free(struct cs_wire*w){free(w);}
enum cs_wire_result cs_wire_frame(struct cs_wire *w, const struct cs_frame *f, struct cs_datagram *o){(void)w;(void)f;(void)o;return 0;}
struct cs_wire_counts cs_wire_counts(const struct cs_wire*w){(void)w;return (struct cs_wire_counts){0};}
bool cs_looks_like_coap(const struct cs_datagram *d, const struct cs_message *m){(void)d;(void)m;return false;}
