/* decrypt/unseal.c: see unseal.h.
 *
 *    AEAD   RFC 5246 section 6.2.3.3    explicit nonce (8, not with ChaCha20) | ciphertext | tag
 *    CBC    RFC 5246 section 6.2.3.2    IV | encrypted(content | MAC | padding | its length)
 *           RFC 7366 section 3          IV | encrypted(content | padding | its length) | MAC
 *    null   RFC 5246 section 6.2.3.1    content | MAC
 *
 * Failures of libcrypto leave nothing in its queue of errors, which belongs to whoever speaks TLS
 * in this thread. */
#include "decrypt/unseal.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "decrypt/secrets.h"

enum mode { MODE_CCM, MODE_GCM, MODE_CHACHA, MODE_CBC, MODE_NULL };

struct cs_cipher {
    const char *tail; /* of the suite's name */
    enum mode mode;
    uint8_t key, iv, mac, tag; /* octets; iv: of the key block; mac: of the key, 0 for AEAD */
    const EVP_CIPHER *(*algorithm)(void); /* NULL: none */
    const EVP_MD *(*prf)(void), *(*hash)(void);
};

/* The suites of RFC 5487 and RFC 6655 to 8442, by what stands behind _WITH_. A suite whose name
 * says no hash has SHA-256 in its PRF, and so has CBC with SHA-1 (RFC 5246 section 1.2). */
static const struct cs_cipher ciphers[] = {
    {"AES_128_CCM_8", MODE_CCM, 16, 4, 0, 8, EVP_aes_128_ccm, EVP_sha256, NULL},
    {"AES_256_CCM_8", MODE_CCM, 32, 4, 0, 8, EVP_aes_256_ccm, EVP_sha256, NULL},
    {"AES_128_CCM_8_SHA256", MODE_CCM, 16, 4, 0, 8, EVP_aes_128_ccm, EVP_sha256, NULL},
    {"AES_128_CCM", MODE_CCM, 16, 4, 0, 16, EVP_aes_128_ccm, EVP_sha256, NULL},
    {"AES_256_CCM", MODE_CCM, 32, 4, 0, 16, EVP_aes_256_ccm, EVP_sha256, NULL},
    {"AES_128_CCM_SHA256", MODE_CCM, 16, 4, 0, 16, EVP_aes_128_ccm, EVP_sha256, NULL},
    {"AES_128_GCM_SHA256", MODE_GCM, 16, 4, 0, 16, EVP_aes_128_gcm, EVP_sha256, NULL},
    {"AES_256_GCM_SHA384", MODE_GCM, 32, 4, 0, 16, EVP_aes_256_gcm, EVP_sha384, NULL},
    {"CHACHA20_POLY1305_SHA256", MODE_CHACHA, 32, 12, 0, 16, EVP_chacha20_poly1305, EVP_sha256,
     NULL},
    {"AES_128_CBC_SHA", MODE_CBC, 16, 0, 20, 0, EVP_aes_128_cbc, EVP_sha256, EVP_sha1},
    {"AES_256_CBC_SHA", MODE_CBC, 32, 0, 20, 0, EVP_aes_256_cbc, EVP_sha256, EVP_sha1},
    {"AES_128_CBC_SHA256", MODE_CBC, 16, 0, 32, 0, EVP_aes_128_cbc, EVP_sha256, EVP_sha256},
    {"AES_256_CBC_SHA256", MODE_CBC, 32, 0, 32, 0, EVP_aes_256_cbc, EVP_sha256, EVP_sha256},
    {"AES_256_CBC_SHA384", MODE_CBC, 32, 0, 48, 0, EVP_aes_256_cbc, EVP_sha384, EVP_sha384},
    {"NULL_SHA", MODE_NULL, 0, 0, 20, 0, NULL, EVP_sha256, EVP_sha1},
    {"NULL_SHA256", MODE_NULL, 0, 0, 32, 0, NULL, EVP_sha256, EVP_sha256},
};

const struct cs_cipher *cs_cipher_of(uint16_t suite)
{
    static const char with[] = "_WITH_";
    const struct cs_suite_def *def = cs_suite_def(suite);
    const char *tail = def != NULL ? strstr(def->name, with) : NULL;
    for (size_t i = 0; tail != NULL && i < sizeof ciphers / sizeof ciphers[0]; i++)
        if (strcmp(tail + sizeof with - 1, ciphers[i].tail) == 0)
            return &ciphers[i];
    return NULL;
}

/* ------------------------------------------------------------------ keys */

enum { LABEL = 13, SEED = LABEL + 2 * CS_RANDOM_OCTETS, HASH_MAX = 48 };

/* P_hash of RFC 5246 section 5: `n` octets from the secret and a seed. */
static bool expand(const EVP_MD *hash, const uint8_t *secret, const uint8_t seed[SEED],
                   uint8_t *out, size_t n)
{
    uint8_t a[HASH_MAX + SEED], made[HASH_MAX];
    unsigned length = 0;
    bool fine =
        HMAC(hash, secret, CS_MASTER_OCTETS, seed, SEED, a, &length) != NULL && length <= HASH_MAX;
    while (fine && n > 0) {
        const size_t take = n < length ? n : length;
        memcpy(a + length, seed, SEED);
        fine = HMAC(hash, secret, CS_MASTER_OCTETS, a, length + SEED, made, NULL) != NULL;
        memcpy(out, made, take);
        out += take;
        n -= take;
        fine = fine && HMAC(hash, secret, CS_MASTER_OCTETS, a, length, made, NULL) != NULL;
        memcpy(a, made, length);
    }
    return fine;
}

static const uint8_t *deal(const uint8_t *from, uint8_t *client, uint8_t *server, size_t n)
{
    memcpy(client, from, n);
    memcpy(server, from + n, n);
    return from + 2 * n;
}

bool cs_epoch_keys_derive(struct cs_epoch_keys *keys, const uint8_t *master,
                          const uint8_t *client_random, const uint8_t *server_random)
{
    const struct cs_cipher *c = keys->cipher;
    uint8_t block[2 * (CS_CIPHER_KEY_MAX + CS_CIPHER_IV_MAX + CS_CIPHER_MAC_MAX)], seed[SEED];
    memcpy(seed, "key expansion", LABEL);
    memcpy(seed + LABEL, server_random, CS_RANDOM_OCTETS);
    memcpy(seed + LABEL + CS_RANDOM_OCTETS, client_random, CS_RANDOM_OCTETS);
    ERR_set_mark();
    const bool fine =
        expand(c->prf(), master, seed, block, 2u * (unsigned)(c->mac + c->key + c->iv));
    ERR_pop_to_mark();
    if (!fine)
        return false;
    const uint8_t *at = deal(block, keys->mac[0], keys->mac[1], c->mac);
    at = deal(at, keys->key[0], keys->key[1], c->key);
    deal(at, keys->iv[0], keys->iv[1], c->iv);
    return true;
}

/* ------------------------------------------------------------------ records */

struct cs_unsealer {
    EVP_CIPHER_CTX *context;
};

struct cs_unsealer *cs_unsealer_new(void)
{
    struct cs_unsealer *u = calloc(1, sizeof *u);
    if (u == NULL)
        return NULL;
    u->context = EVP_CIPHER_CTX_new();
    if (u->context != NULL)
        return u;
    free(u);
    return NULL;
}

void cs_unsealer_free(struct cs_unsealer *u)
{
    if (u == NULL)
        return;
    EVP_CIPHER_CTX_free(u->context);
    free(u);
}

static uint8_t *put(uint8_t *at, uint64_t number, unsigned width)
{
    while (width-- > 0)
        *at++ = (uint8_t)(number >> (8 * width));
    return at;
}

enum { ADDITIONAL_MAX = 8 + 3 + 2 + 8 + 255 + 2 };

/* What is authenticated beside the content: RFC 5246 section 6.2.3.3; with a connection id RFC 9146
 * section 5. */
static size_t additional(const struct cs_sealed *r, size_t length, uint8_t out[ADDITIONAL_MAX])
{
    uint8_t *at = out;
    if (r->type == CS_RECORD_CONNECTION_ID) {
        at = put(at, UINT64_MAX, 8);
        at = put(at, r->type, 1);
        at = put(at, r->cid.len, 1);
        at = put(at, r->type, 1);
        at = put(at, r->version, 2);
        at = put(at, r->sequence, 8);
        if (r->cid.len > 0)
            memcpy(at, r->cid.at, r->cid.len);
        at += r->cid.len;
    } else {
        at = put(at, r->sequence, 8);
        at = put(at, r->type, 1);
        at = put(at, r->version, 2);
    }
    return (size_t)(put(at, length, 2) - out);
}

static bool open_aead(EVP_CIPHER_CTX *x, const struct cs_epoch_keys *keys, unsigned side,
                      const struct cs_sealed *r, uint8_t *out, size_t *length)
{
    enum { NONCE = 12, EXPLICIT = 8 };
    const struct cs_cipher *c = keys->cipher;
    uint8_t nonce[NONCE], beside[ADDITIONAL_MAX], tag[16];
    const size_t before = c->mode == MODE_CHACHA ? 0 : EXPLICIT;
    int n = 0;
    if (r->body.len < before + c->tag)
        return false;
    const size_t content = r->body.len - before - c->tag;
    const uint8_t *from = r->body.at + before;
    memcpy(nonce, keys->iv[side], NONCE);
    if (before > 0)
        memcpy(nonce + NONCE - EXPLICIT, r->body.at, EXPLICIT);
    else /* RFC 7905 section 2 */
        for (unsigned i = 0; i < 8; i++)
            nonce[NONCE - 1 - i] = (uint8_t)(nonce[NONCE - 1 - i] ^ (r->sequence >> (8 * i)));
    memcpy(tag, from + content, c->tag);
    const size_t more = additional(r, content, beside);
    bool fine =
        EVP_DecryptInit_ex(x, c->algorithm(), NULL, NULL, NULL) == 1 &&
        EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_AEAD_SET_IVLEN, NONCE, NULL) == 1 &&
        (c->mode != MODE_CCM || EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_AEAD_SET_TAG, c->tag, tag) == 1) &&
        EVP_DecryptInit_ex(x, NULL, NULL, keys->key[side], nonce) == 1 &&
        (c->mode != MODE_CCM || EVP_DecryptUpdate(x, NULL, &n, NULL, (int)content) == 1) &&
        EVP_DecryptUpdate(x, NULL, &n, beside, (int)more) == 1 &&
        EVP_DecryptUpdate(x, out, &n, from, (int)content) == 1;
    if (c->mode != MODE_CCM) /* CCM has told by now */
        fine = fine && EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_AEAD_SET_TAG, c->tag, tag) == 1 &&
               EVP_DecryptFinal_ex(x, out, &n) == 1;
    *length = content;
    return fine;
}

/* Is the MAC at the end of `from` that of what stands before it? `length` is what it says of
 * itself. */
static bool authentic(const struct cs_epoch_keys *keys, unsigned side, const struct cs_sealed *r,
                      const uint8_t *from, size_t length, const uint8_t *mac)
{
    const struct cs_cipher *c = keys->cipher;
    uint8_t made[EVP_MAX_MD_SIZE];
    unsigned made_length = 0;
    uint8_t *all = malloc(ADDITIONAL_MAX + length);
    if (all == NULL)
        return false;
    const size_t before = additional(r, length, all);
    memcpy(all + before, from, length);
    const bool fine = HMAC(c->hash(), keys->mac[side], c->mac, all, before + length, made,
                           &made_length) != NULL &&
                      made_length == c->mac && memcmp(made, mac, c->mac) == 0;
    free(all);
    return fine;
}

static bool decrypt_cbc(EVP_CIPHER_CTX *x, const struct cs_epoch_keys *keys, unsigned side,
                        struct cs_slice body, uint8_t *out, size_t *length)
{
    enum { BLOCK = 16 };
    int n = 0;
    if (body.len < 2 * (size_t)BLOCK || body.len % BLOCK != 0)
        return false;
    const size_t encrypted = body.len - BLOCK;
    if (EVP_DecryptInit_ex(x, keys->cipher->algorithm(), NULL, keys->key[side], body.at) != 1 ||
        EVP_CIPHER_CTX_set_padding(x, 0) != 1 ||
        EVP_DecryptUpdate(x, out, &n, body.at + BLOCK, (int)encrypted) != 1)
        return false;
    const size_t padding = (size_t)out[encrypted - 1] + 1;
    if (padding > encrypted)
        return false;
    for (size_t i = encrypted - padding; i < encrypted; i++)
        if (out[i] != padding - 1)
            return false;
    *length = encrypted - padding;
    return true;
}

static bool open_with_mac(EVP_CIPHER_CTX *x, const struct cs_epoch_keys *keys, unsigned side,
                          const struct cs_sealed *r, uint8_t *out, size_t *length)
{
    const size_t mac = keys->cipher->mac;
    struct cs_slice body = r->body;
    if (r->type == CS_RECORD_CONNECTION_ID || body.len < mac)
        return false;
    if (keys->cipher->mode == MODE_NULL) {
        memcpy(out, body.at, body.len);
        *length = body.len;
    } else if (keys->mac_last) {
        body.len -= mac;
        return authentic(keys, side, r, body.at, body.len, body.at + body.len) &&
               decrypt_cbc(x, keys, side, body, out, length);
    } else if (!decrypt_cbc(x, keys, side, body, out, length) || *length < mac) {
        return false;
    }
    *length -= mac;
    return authentic(keys, side, r, out, *length, out + *length);
}

bool cs_unseal(struct cs_unsealer *u, const struct cs_epoch_keys *keys, unsigned side,
               const struct cs_sealed *r, uint8_t *out, size_t *length, uint8_t *type)
{
    ERR_set_mark();
    bool fine = keys->cipher->mac == 0 ? open_aead(u->context, keys, side, r, out, length)
                                       : open_with_mac(u->context, keys, side, r, out, length);
    ERR_pop_to_mark();
    *type = r->type;
    if (!fine || r->type != CS_RECORD_CONNECTION_ID)
        return fine;
    while (*length > 0 && out[*length - 1] == 0) /* RFC 9146 section 4: content, type, zeros */
        --*length;
    if (*length == 0)
        return false;
    *type = out[--*length];
    return true;
}
