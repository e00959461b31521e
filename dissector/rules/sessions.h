/* rules/sessions.h: what a rule about DTLS asks first. */
#ifndef DISSECTOR_RULES_SESSIONS_H
#define DISSECTOR_RULES_SESSIONS_H

#include "coapspec/rule.h"

/* Why nothing can be said of what a session shows; NULL when something can. DTLS has other users than CoAP. */
static inline const char *cs_session_doubt(const struct cs_session *session)
{
    return session->carries_coap ? NULL : "nothing shows that this DTLS session carries CoAP";
}

/* What is said of certificates: section 9.1 says that its demands are those of the suite that is mandatory to implement, and
 * leaves others to the policy of the application. So another one excuses, and condemns nothing. */
static inline struct cs_verdict cs_of_mandatory_suite(const struct cs_session *session,
                                                      struct cs_verdict verdict)
{
    const char *doubt = cs_session_doubt(session);
    if (doubt != NULL)
        return cs_undecided(doubt);
    if (verdict.outcome == CS_BROKEN && !session->has_suite)
        return cs_undecided("the ServerHello was not captured");
    if (verdict.outcome == CS_BROKEN && session->suite != CS_SUITE_ECDSA_CCM_8)
        return cs_undecided(
            "another cipher suite was chosen than the mandatory one, which section 9.1 allows");
    return verdict;
}

#endif
