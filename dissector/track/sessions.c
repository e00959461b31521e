/* track/sessions.c: see sessions.h. */
#include "track/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "coap/recognise.h"
#include "track/epochs.h"
#include "track/ledgers.h"
#include "wire/certificate.h"
#include "wire/dtls.h"

enum { BUCKETS = 1024, MESSAGE_MAX = 16384, PLAIN_STEP = 2048 };

/* A handshake message of which fragments have come: its octets, and behind them a bit for each that is there. */
struct pieces {
    uint8_t *octets; /* owned; NULL: none */
    uint32_t length, covered;
    uint16_t sequence;
    uint8_t type;
};

struct entry {
    struct cs_session session;
    struct entry *in_bucket, *older, *younger;
    struct pieces pieces[2]; /* by side */
    uint8_t random[2][CS_RANDOM_OCTETS];
    int certificate[2]; /* message sequence of the one that was looked at; below 0: none yet */
    int cid_length[2];  /* of the connection ids that this side sends; below 0: not known */
    int cid_offered[2]; /* … that this side wants to be sent */
    bool greeted[2];    /* `random` is that of its hello */
    bool mac_last;      /* as the ServerHello chose */
    uint16_t epoch;     /* of the ServerHello */
    struct cs_epochs *epochs; /* owned; NULL: nothing is opened */
};

struct cs_sessions {
    struct entry *buckets[BUCKETS];
    struct entry *oldest, *youngest;
    size_t limit, memory;
    struct cs_dtls_counts counts;
    bool whole;
    const struct cs_secrets *secrets; /* borrowed; may be NULL */
    struct cs_unsealer *unsealer;     /* owned; NULL: nothing has been opened yet */
    uint8_t *plain;                   /* owned; `plain_cap` octets: what the latest record held */
    size_t plain_cap;
    /* the datagram at hand */
    struct entry *entry;
    unsigned side;
    struct cs_record_walk walk;
    struct cs_record record;
    struct cs_slice content; /* of the record: in the clear, or opened */
    uint8_t type;            /* of the record, or what it says inside */
    bool opened;
    uint32_t at; /* in a handshake record: what was taken of it */
    bool in_handshake;
    /* what is lent */
    struct cs_event event;
    struct cs_dtls dtls;
    struct cs_hello hello;
    struct cs_certificate certificates[CS_CERTIFICATES_MAX];
};

static void *sessions_new(const struct cs_ledger_setup *setup)
{
    struct cs_sessions *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->limit = setup->memory;
    s->memory = sizeof *s;
    s->whole = setup->whole;
    s->secrets = setup->secrets;
    return s;
}

static void sessions_counts(const void *ledger, struct cs_counts *counts)
{
    const struct cs_sessions *s = ledger;
    const uint64_t decrypted = counts->dtls.decrypted; /* are judged, and counted, elsewhere */
    counts->dtls = s->counts;
    counts->dtls.decrypted = decrypted;
    counts->memory += s->memory;
}

bool cs_sessions_any(const struct cs_sessions *s) { return s->oldest != NULL; }

/* ------------------------------------------------------------------ the table */

static struct entry **bucket_of(struct cs_sessions *s, const struct cs_address *a,
                                const struct cs_address *b)
{
    const uint64_t hash = cs_hash_address(1, a) ^ cs_hash_address(1, b); /* whichever comes first */
    return &s->buckets[hash % BUCKETS];
}

static void unlink_age(struct cs_sessions *s, struct entry *e)
{
    *(e->older != NULL ? &e->older->younger : &s->oldest) = e->younger;
    *(e->younger != NULL ? &e->younger->older : &s->youngest) = e->older;
}

static void link_youngest(struct cs_sessions *s, struct entry *e)
{
    e->older = s->youngest;
    e->younger = NULL;
    *(s->youngest != NULL ? &s->youngest->younger : &s->oldest) = e;
    s->youngest = e;
}

static size_t pieces_octets(uint32_t length) { return length + length / 8 + 1; }

static void drop_pieces(struct cs_sessions *s, struct pieces *pieces)
{
    if (pieces->octets != NULL)
        s->memory -= pieces_octets(pieces->length);
    free(pieces->octets);
    *pieces = (struct pieces){0};
}

static void forget(struct cs_sessions *s, struct entry *e)
{
    struct entry **at = bucket_of(s, &e->session.flow.address[0], &e->session.flow.address[1]);
    while (*at != e)
        at = &(*at)->in_bucket;
    *at = e->in_bucket;
    unlink_age(s, e);
    drop_pieces(s, &e->pieces[0]);
    drop_pieces(s, &e->pieces[1]);
    s->memory -= sizeof *e + (e->epochs != NULL ? sizeof *e->epochs : 0);
    free(e->epochs);
    free(e);
}

static void sessions_free(void *ledger)
{
    struct cs_sessions *s = ledger;
    while (s != NULL && s->oldest != NULL)
        forget(s, s->oldest);
    if (s == NULL)
        return;
    cs_unsealer_free(s->unsealer);
    free(s->plain);
    free(s);
}

/* Room for so many octets more; `keep` stays. False when there cannot be. */
static bool make_room(struct cs_sessions *s, size_t octets, const struct entry *keep)
{
    while (s->memory + octets > s->limit && s->oldest != NULL && s->oldest != keep) {
        /* forget() moves `oldest` on: NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        forget(s, s->oldest);
        s->counts.evicted++;
    }
    return s->memory + octets <= s->limit;
}

static struct entry *find(struct cs_sessions *s, const struct cs_address *a,
                          const struct cs_address *b)
{
    for (struct entry *e = *bucket_of(s, a, b); e != NULL; e = e->in_bucket) {
        const struct cs_address *end = e->session.flow.address;
        if (cs_address_equal(&end[0], a)
                ? cs_address_equal(&end[1], b)
                : cs_address_equal(&end[0], b) && cs_address_equal(&end[1], a))
            return e;
    }
    return NULL;
}

const struct cs_session *cs_sessions_find(struct cs_sessions *s, const struct cs_address *a,
                                          const struct cs_address *b)
{
    struct entry *e = find(s, a, b);
    return e == NULL ? NULL : &e->session;
}

static struct entry *add(struct cs_sessions *s, const struct cs_datagram *d)
{
    struct entry *e = make_room(s, sizeof *e, NULL) ? calloc(1, sizeof *e) : NULL;
    if (e == NULL)
        return NULL;
    *e = (struct entry){
        .session = {.flow = {.address = {d->src, d->dst},
                             .first_ns = d->time_ns,
                             .tester_side = CS_NO_SIDE,
                             .whole = s->whole},
                    .client_side = CS_NO_SIDE},
        .certificate = {-1, -1},
        .cid_length = {-1, -1},
        .cid_offered = {-1, -1},
    };
    struct entry **bucket = bucket_of(s, &d->src, &d->dst);
    e->in_bucket = *bucket;
    *bucket = e;
    link_youngest(s, e);
    s->memory += sizeof *e;
    s->counts.sessions++;
    return e;
}

/* ------------------------------------------------------------------ handshake messages in fragments */

static bool begin_pieces(struct cs_sessions *s, const struct cs_handshake *h, struct pieces *pieces)
{
    const size_t octets = pieces_octets(h->length);
    drop_pieces(s, pieces);
    if (h->length > MESSAGE_MAX || !make_room(s, octets, s->entry))
        return false;
    pieces->octets = calloc(1, octets);
    if (pieces->octets == NULL)
        return false;
    pieces->length = h->length;
    pieces->sequence = h->sequence;
    pieces->type = h->type;
    s->memory += octets;
    return true;
}

/* Files a fragment; the whole message in `out` when that makes it whole. */
static bool add_fragment(struct cs_sessions *s, const struct cs_handshake *h, struct cs_slice *out)
{
    struct pieces *pieces = &s->entry->pieces[s->side];
    if ((pieces->octets == NULL || pieces->sequence != h->sequence || pieces->type != h->type ||
         pieces->length != h->length) &&
        !begin_pieces(s, h, pieces))
        return false;
    if (pieces->covered == pieces->length) /* it was whole before */
        return false;
    uint8_t *have = pieces->octets + pieces->length;
    for (uint32_t i = 0; i < h->fragment.len; i++) {
        const uint32_t at = h->offset + i;
        pieces->octets[at] = h->fragment.at[i];
        pieces->covered += (have[at / 8] >> (at % 8) & 1) == 0;
        have[at / 8] = (uint8_t)(have[at / 8] | 1u << (at % 8));
    }
    *out = (struct cs_slice){pieces->octets, pieces->length};
    return pieces->covered == pieces->length;
}

/* ------------------------------------------------------------------ what a handshake message says */

/* A hello that comes again, with a cookie or because the first was lost, keeps its random (RFC 6347 section 4.2.1). */
static bool is_new_hello(struct entry *e, unsigned side, const struct cs_hello *hello)
{
    if (e->greeted[side] && memcmp(e->random[side], hello->random.at, CS_RANDOM_OCTETS) == 0)
        return false;
    memcpy(e->random[side], hello->random.at, CS_RANDOM_OCTETS);
    e->greeted[side] = true;
    return true;
}

static int connection_id_length(const struct cs_hello *hello)
{
    const struct cs_slice value = hello->extension[CS_EXT_CONNECTION_ID].value;
    return cs_hello_has(hello, CS_EXT_CONNECTION_ID) && value.len > 0 ? value.at[0] : -1;
}

/* A new handshake: what was known of the one before counts no more. */
static void see_client_hello(struct cs_sessions *s, const struct cs_hello *hello)
{
    struct cs_session *session = &s->entry->session;
    s->counts.sessions += session->has_suite || cs_session_stands(session);
    session->client_side = (uint8_t)s->side;
    session->has_suite = session->closing = false;
    session->version = hello->version;
    for (unsigned side = 0; side < 2; side++) {
        session->encrypted[side] = 0;
        session->certificate_type[side] = CS_CERTIFICATE_X509;
        s->entry->certificate[side] = -1;
        s->entry->cid_length[side] = -1;
    }
    s->entry->greeted[1 - s->side] = false;
    s->entry->cid_offered[s->side] = connection_id_length(hello);
}

static void count_suite(struct cs_dtls_counts *counts, uint16_t suite)
{
    for (size_t i = 0; i < CS_SUITES_COUNTED; i++) {
        if (counts->suites[i].sessions > 0 && counts->suites[i].suite != suite)
            continue;
        counts->suites[i].suite = suite;
        counts->suites[i].sessions++;
        return;
    }
}

static void see_server_hello(struct cs_sessions *s, const struct cs_hello *hello)
{
    struct cs_session *session = &s->entry->session;
    const unsigned server = s->side, client = 1 - server;
    const int version = cs_extension_number(&hello->extension[CS_EXT_VERSIONS], 2);
    const int types[2] = {cs_extension_number(&hello->extension[CS_EXT_CLIENT_TYPE], 1),
                          cs_extension_number(&hello->extension[CS_EXT_SERVER_TYPE], 1)};
    const int cid = connection_id_length(hello);
    s->entry->mac_last = cs_hello_has(hello, CS_EXT_MAC_LAST);
    s->entry->epoch = s->record.epoch;
    session->client_side = (uint8_t)client;
    session->has_suite = true;
    session->suite = (uint16_t)((unsigned)hello->suites.at[0] << 8 | hello->suites.at[1]);
    session->version = version < 0 ? hello->version : (uint16_t)version;
    session->certificate_type[client] = types[0] < 0 ? 0 : (uint8_t)types[0];
    session->certificate_type[server] = types[1] < 0 ? 0 : (uint8_t)types[1];
    if (cid >= 0) { /* each sends what the other asked for */
        s->entry->cid_length[client] = cid;
        s->entry->cid_length[server] = s->entry->cid_offered[client];
    }
    count_suite(&s->counts, session->suite);
}

/* RFC 8446 section 4.1.3: a ServerHello with this random asks the client to try again. */
static bool is_retry(const struct cs_hello *hello)
{
    static const uint8_t begin[] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11};
    return hello->server && memcmp(hello->random.at, begin, sizeof begin) == 0;
}

static uint64_t take_hello(struct cs_sessions *s, struct cs_slice body, bool server)
{
    if (!cs_hello_decode(body, server, &s->hello)) {
        s->counts.unreadable++;
        return 0;
    }
    if (is_retry(&s->hello) || !is_new_hello(s->entry, s->side, &s->hello))
        return 0;
    if (server)
        see_server_hello(s, &s->hello);
    else
        see_client_hello(s, &s->hello);
    s->dtls.hello = &s->hello;
    return CS_D_HELLO;
}

static uint64_t take_certificates(struct cs_sessions *s, struct cs_slice body, uint16_t sequence)
{
    int *seen = &s->entry->certificate[s->side];
    if (*seen == sequence)
        return 0;
    *seen = sequence;
    const bool raw = s->entry->session.certificate_type[s->side] == CS_CERTIFICATE_RAW_KEY;
    s->dtls.certificates = s->certificates;
    s->dtls.certificate_count = cs_certificates_decode(body, raw, s->certificates);
    return s->dtls.certificate_count > 0 ? CS_D_CERTIFICATE : 0;
}

/* The trait of a fragment that makes a message whole which rules are interested in; 0 of any other. */
static uint64_t take_fragment(struct cs_sessions *s, const struct cs_handshake *h)
{
    struct cs_slice body = h->fragment;
    const bool whole = h->offset == 0 && h->length == h->fragment.len;
    if (h->type != CS_CLIENT_HELLO && h->type != CS_SERVER_HELLO &&
        h->type != CS_HANDSHAKE_CERTIFICATE)
        return 0;
    s->dtls = (struct cs_dtls){.at = CS_NO_OCTET};
    if (whole && !s->opened)
        s->dtls.at = s->record.body_at + h->fragment_at;
    else if (!whole && !add_fragment(s, h, &body))
        return 0;
    return h->type == CS_HANDSHAKE_CERTIFICATE ? take_certificates(s, body, h->sequence)
                                               : take_hello(s, body, h->type == CS_SERVER_HELLO);
}

/* ------------------------------------------------------------------ records */

/* What cannot well be what the content type says, and looks like CoAP. */
static bool holds_coap(const struct cs_sessions *s)
{
    struct cs_datagram d = s->event.datagram;
    struct cs_message message;
    d.octets = s->content;
    d.missing = 0;
    d.protection = CS_CLEAR;
    return d.octets.len >= 4 && d.octets.at[0] >> 6 == 1 && !s->record.cut &&
           cs_message_decode(CS_UDP, d.octets, 0, &message) && cs_looks_like_coap(&d, &message);
}

/* A fatal alert, or one that closes (RFC 5246 section 7.2.1); one that cannot be read may be either. */
static bool is_end(const struct cs_sessions *s)
{
    enum { FATAL = 2, CLOSE_NOTIFY = 0 };
    const bool readable = !s->record.encrypted || s->opened;
    return s->type == CS_RECORD_ALERT &&
           (!readable || s->content.len < 2 || s->content.at[0] == FATAL ||
            (s->opened && s->content.at[1] == CLOSE_NOTIFY));
}

/* The trait of a record that is no handshake; 0 where there is nothing to judge. */
static uint64_t take_record(struct cs_sessions *s)
{
    struct cs_session *session = &s->entry->session;
    const struct cs_record *record = &s->record;
    const bool data = s->type == CS_RECORD_APPLICATION_DATA;
    const bool readable = !record->encrypted || s->opened;
    s->counts.encrypted += record->encrypted;
    session->encrypted[s->side] += record->encrypted;
    if (!session->has_suite && session->client_side == CS_NO_SIDE)
        session->version = record->version;
    session->closing = session->closing || is_end(s);
    if ((!record->encrypted || !data) && !(readable && holds_coap(s)))
        return 0;
    s->dtls = (struct cs_dtls){.at = record->body_at, .type = s->type, .epoch = record->epoch};
    if (!record->encrypted)
        s->dtls.content = record->body;
    if (data && s->opened)
        s->dtls.message = s->content;
    return CS_D_RECORD;
}

/* ------------------------------------------------------------------ opening them */

/* What the latest handshake of this session agreed on; false when not all of it was seen. */
static bool agreed_of(const struct entry *e, struct cs_agreed *out)
{
    const struct cs_session *session = &e->session;
    if (!session->has_suite || !e->greeted[0] || !e->greeted[1] || session->version != CS_DTLS_1_2)
        return false;
    const unsigned client = session->client_side;
    *out = (struct cs_agreed){.client_random = e->random[client],
                              .server_random = e->random[1 - client],
                              .suite = session->suite,
                              .mac_last = e->mac_last,
                              .client_side = (uint8_t)client,
                              .epoch = e->epoch};
    return true;
}

/* What it takes to open a record of this session. */
static bool ready_to_open(struct cs_sessions *s, const struct cs_agreed *agreed)
{
    struct entry *e = s->entry;
    if (s->unsealer == NULL && (s->unsealer = cs_unsealer_new()) == NULL)
        return false;
    if (e->epochs == NULL) {
        if (agreed == NULL || !cs_epochs_possible(s->secrets, agreed) ||
            !make_room(s, sizeof *e->epochs, e))
            return false;
        e->epochs = calloc(1, sizeof *e->epochs);
        s->memory += e->epochs != NULL ? sizeof *e->epochs : 0;
    }
    if (s->record.body.len > s->plain_cap) {
        const size_t cap = (s->record.body.len / PLAIN_STEP + 1) * PLAIN_STEP;
        uint8_t *more = make_room(s, cap - s->plain_cap, e) ? realloc(s->plain, cap) : NULL;
        if (more == NULL)
            return false;
        s->memory += cap - s->plain_cap;
        s->plain = more;
        s->plain_cap = cap;
    }
    return e->epochs != NULL;
}

static enum cs_opened open_record(struct cs_sessions *s)
{
    const struct cs_record *r = &s->record;
    const struct cs_sealed sealed = {.type = r->type,
                                     .version = r->version,
                                     .sequence = (uint64_t)r->epoch << 48 | r->sequence,
                                     .cid = r->cid,
                                     .body = r->body};
    struct cs_agreed agreed;
    const bool seen = agreed_of(s->entry, &agreed);
    size_t length = 0;
    if (s->secrets == NULL || r->version != CS_DTLS_1_2 || r->cut || r->body.len == 0 ||
        !ready_to_open(s, seen ? &agreed : NULL))
        return CS_NO_SECRET;
    const enum cs_opened opened =
        cs_epochs_open(s->entry->epochs, s->unsealer, s->secrets, seen ? &agreed : NULL, s->side,
                       &sealed, s->plain, &length, &s->type, &s->event.datagram.association);
    s->opened = opened == CS_OPENED;
    if (s->opened)
        s->content = (struct cs_slice){s->plain, length};
    else
        s->type = r->type;
    return opened;
}

/* Sets content and type of the record at hand. */
static void read_content(struct cs_sessions *s)
{
    s->opened = false;
    s->content = s->record.body;
    s->type = s->record.type;
    if (!s->record.encrypted)
        return;
    switch (open_record(s)) {
    case CS_OPENED:
        s->entry->session.association = s->entry->epochs->latest.association;
        break;
    case CS_NO_SECRET:
        s->counts.sealed += s->type == CS_RECORD_APPLICATION_DATA ||
                            s->type == CS_RECORD_CONNECTION_ID || s->type == CS_RECORD_UNIFIED;
        break;
    case CS_REPEATED:
        s->counts.repeated++;
        break;
    case CS_REFUSED:
        s->counts.refused++;
        break;
    }
}

void cs_sessions_datagram(struct cs_sessions *s, const struct cs_datagram *datagram,
                          bool carries_coap)
{
    s->entry = find(s, &datagram->src, &datagram->dst);
    if (s->entry == NULL)
        s->entry = add(s, datagram);
    s->in_handshake = false;
    s->walk = (struct cs_record_walk){
        .octets = datagram->octets, .missing = datagram->missing, .cid_length = -1};
    s->event = (struct cs_event){.datagram = *datagram};
    if (s->entry == NULL)
        return;
    struct cs_flow *flow = &s->entry->session.flow;
    unlink_age(s, s->entry);
    link_youngest(s, s->entry);
    s->side = cs_address_equal(&flow->address[0], &datagram->src) ? 0 : 1;
    s->walk.cid_length = s->entry->cid_length[s->side];
    s->entry->session.carries_coap = s->entry->session.carries_coap || carries_coap;
    flow->last_ns = datagram->time_ns;
    if (datagram->direction != CS_UNKNOWN)
        flow->tester_side =
            (uint8_t)(datagram->direction == CS_FROM_TESTER ? s->side : 1 - s->side);
}

/* The trait of the next thing; 0 at the end. */
static uint64_t next_thing(struct cs_sessions *s)
{
    for (;;) {
        struct cs_handshake handshake;
        while (s->in_handshake && cs_handshake_next(s->content, &s->at, &handshake)) {
            const uint64_t trait = take_fragment(s, &handshake);
            if (trait != 0)
                return trait;
        }
        s->in_handshake = false;
        if (!cs_record_next(&s->walk, &s->record)) {
            s->counts.unreadable += s->walk.bad;
            s->walk = (struct cs_record_walk){.cid_length = -1};
            return 0;
        }
        s->counts.records++;
        read_content(s);
        const uint64_t trait = take_record(s);
        s->in_handshake = s->type == CS_RECORD_HANDSHAKE && (!s->record.encrypted || s->opened);
        s->at = 0;
        if (trait != 0)
            return trait;
    }
}

bool cs_sessions_next(struct cs_sessions *s, struct cs_view *view)
{
    const uint64_t trait = s->entry != NULL ? next_thing(s) : 0;
    if (trait == 0)
        return false;
    *view = (struct cs_view){
        .kind = CS_OF_DTLS,
        .traits = CS_D_DTLS | trait,
        .event = &s->event,
        .flow = &s->entry->session.flow,
        .known = {.session = &s->entry->session},
        .dtls = &s->dtls,
        .side = s->side,
        .now_ns = s->event.datagram.time_ns,
    };
    return true;
}

/* ------------------------------------------------------------------ the ledger */

/* A message between two who speak DTLS: in the clear beside it, or out of it. */
static void sessions_event(void *ledger, const struct cs_event *event, struct cs_view *view)
{
    struct cs_sessions *s = ledger;
    if (!cs_sessions_any(s) || event->datagram.carrier != CS_UDP)
        return;
    view->known.session = cs_sessions_find(s, &event->datagram.src, &event->datagram.dst);
    if (view->known.session != NULL)
        view->traits |= CS_T_IN_SESSION;
}

const struct cs_ledger cs_ledger_sessions = {
    .name = "DTLS sessions",
    .new = sessions_new,
    .free = sessions_free,
    .event = sessions_event,
    .counts = sessions_counts,
};
