/* The IANA registry "CoAP Content-Formats", without temporary registrations and those of single companies. 1542 and
 * 1543 are reserved because devices used them before LwM2M's formats had their numbers. */
#include "coapspec/dissect.h"

static const struct cs_content_format_def defs[] = {
    {0, "text/plain; charset=utf-8", "RFC 2046"},
    {16, "application/cose; cose-type=\"cose-encrypt0\"", "RFC 9052"},
    {17, "application/cose; cose-type=\"cose-mac0\"", "RFC 9052"},
    {18, "application/cose; cose-type=\"cose-sign1\"", "RFC 9052"},
    {19, "application/ace+cbor", "RFC 9200"},
    {21, "image/gif", "W3C GIF"},
    {22, "image/jpeg", "ISO/IEC 10918-5"},
    {23, "image/png", "W3C PNG"},
    {40, "application/link-format", "RFC 6690"},
    {41, "application/xml", "RFC 3023"},
    {42, "application/octet-stream", "RFC 2046"},
    {47, "application/exi", "W3C EXI"},
    {50, "application/json", "RFC 8259"},
    {51, "application/json-patch+json", "RFC 6902"},
    {52, "application/merge-patch+json", "RFC 7396"},
    {60, "application/cbor", "RFC 8949"},
    {61, "application/cwt", "RFC 8392"},
    {62, "application/multipart-core", "RFC 8710"},
    {63, "application/cbor-seq", "RFC 8742"},
    {64, "application/edhoc+cbor-seq", "RFC 9528"},
    {65, "application/cid-edhoc+cbor-seq", "RFC 9528"},
    {96, "application/cose; cose-type=\"cose-encrypt\"", "RFC 9052"},
    {97, "application/cose; cose-type=\"cose-mac\"", "RFC 9052"},
    {98, "application/cose; cose-type=\"cose-sign\"", "RFC 9052"},
    {101, "application/cose-key", "RFC 9052"},
    {102, "application/cose-key-set", "RFC 9052"},
    {110, "application/senml+json", "RFC 8428"},
    {111, "application/sensml+json", "RFC 8428"},
    {112, "application/senml+cbor", "RFC 8428"},
    {113, "application/sensml+cbor", "RFC 8428"},
    {114, "application/senml-exi", "RFC 8428"},
    {115, "application/sensml-exi", "RFC 8428"},
    {140, "application/yang-data+cbor; id=sid", "RFC 9254"},
    {256, "application/coap-group+json", "RFC 7390"},
    {257, "application/concise-problem-details+cbor", "RFC 9290"},
    {258, "application/swid+cbor", "RFC 9393"},
    {259, "application/pkixcmp", "RFC 9482"},
    {260, "application/yang-sid+json", "RFC 9595"},
    {261, "application/ace-groupcomm+cbor", "RFC 9594"},
    {262, "application/ace-trl+cbor", "RFC 9770"},
    {263, "application/eat+cwt", "RFC 9782"},
    {264, "application/eat+jwt", "RFC 9782"},
    {265, "application/eat-bun+cbor", "RFC 9782"},
    {266, "application/eat-bun+json", "RFC 9782"},
    {267, "application/eat-ucs+cbor", "RFC 9782"},
    {268, "application/eat-ucs+json", "RFC 9782"},
    {269, "application/coap-eap", "RFC 9820"},
    {271, "application/dots+cbor", "RFC 9132"},
    {272, "application/missing-blocks+cbor-seq", "RFC 9177"},
    {280, "application/pkcs7-mime; smime-type=server-generated-key", "RFC 9148"},
    {281, "application/pkcs7-mime; smime-type=certs-only", "RFC 9148"},
    {284, "application/pkcs8", "RFC 9148"},
    {285, "application/csrattrs", "RFC 9148"},
    {286, "application/pkcs10", "RFC 9148"},
    {287, "application/pkix-cert", "RFC 9148"},
    {290, "application/aif+cbor", "RFC 9237"},
    {291, "application/aif+json", "RFC 9237"},
    {310, "application/senml+xml", "RFC 8428"},
    {311, "application/sensml+xml", "RFC 8428"},
    {320, "application/senml-etch+json", "RFC 8790"},
    {322, "application/senml-etch+cbor", "RFC 8790"},
    {340, "application/yang-data+cbor", "RFC 9254"},
    {341, "application/yang-data+cbor; id=name", "RFC 9254"},
    {432, "application/td+json", "W3C WoT TD"},
    {433, "application/tm+json", "W3C WoT TD"},
    {434, "application/sdf+json", "RFC 9880"},
    {553, "application/dns-message", "RFC 9953"},
    {601, "application/uccs+cbor", "RFC 9781"},
    {836, "application/voucher+cose", "draft-ietf-anima-constrained-voucher"},
    {1542, "(Reserved: vnd.oma.lwm2m+tlv before registration)", "OMA LwM2M 1.0"},
    {1543, "(Reserved: vnd.oma.lwm2m+json before registration)", "OMA LwM2M 1.0"},
    {10000, "application/vnd.ocf+cbor", "OCF Core"},
    {10001, "application/oscore", "RFC 8613"},
    {10002, "application/javascript", "RFC 4329"},
    {11050, "application/json; coding deflate", "RFC 8259"},
    {11060, "application/cbor; coding deflate", "RFC 8949"},
    {11542, "application/vnd.oma.lwm2m+tlv", "OMA LwM2M 1.0"},
    {11543, "application/vnd.oma.lwm2m+json", "OMA LwM2M 1.0"},
    {11544, "application/vnd.oma.lwm2m+cbor", "OMA LwM2M 1.2"},
    {20000, "text/css", "RFC 2318"},
    {30000, "image/svg+xml", "W3C SVG"},
};
enum { DEF_COUNT = sizeof defs / sizeof defs[0] };

const struct cs_content_format_def *cs_content_format_defs(size_t *count)
{
    *count = DEF_COUNT;
    return defs;
}

const struct cs_content_format_def *cs_content_format_def(uint32_t number)
{
    size_t low = 0, high = DEF_COUNT;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (defs[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < DEF_COUNT && defs[low].number == number ? &defs[low] : NULL;
}
