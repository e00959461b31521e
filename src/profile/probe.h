/* profile/probe.h: what does a device speak? */
#ifndef SRC_PROFILE_PROBE_H
#define SRC_PROFILE_PROBE_H

#include "src/net/address.h"
#include "src/profile/profile.h"

/* Asks the device: /.well-known/core, then one resource after the other, as a careful user would: GET, and writing only where the
 * name of a resource says that it is for tests, unless `writes`. Fills in what the profile does not say yet. What is
 * noticed goes to `talk`, if not NULL, line by line. False with `error` when nobody answers, or nobody any more: what was found
 * until then is in the profile, whose source is no longer PROFILE_EMPTY. */
bool probe_device(const struct net_target *target, struct profile *profile, bool writes, FILE *talk,
                  struct cs_error *error);

#endif
