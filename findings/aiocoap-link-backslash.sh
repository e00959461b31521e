#!/bin/bash
# aiocoap's link-format escapes quotes and leaves backslashes alone, both ways.
#
# Expected: RFC 6690 section 2 takes quoted-string from RFC 2616, where a backslash quotes the
# character that follows, whichever it is. So a title that ends in a backslash is written
# `title="C:\\"`, and `title="a\\b"` is read as a, backslash, b.
# Seen: the writer escapes the quotation mark only. A title that ends in a backslash closes its
# string too late: the resource list is no link-format any more, and aiocoap's own reader refuses
# the whole of it. The reader leaves `\\` as two backslashes, but turns `\"` into one mark.
# Versions: aiocoap 0.4.17 with LinkHeader 0.4.3. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_pypi aiocoap==0.4.17 LinkHeader==0.4.3
program links.py <<'PROGRAM'
from aiocoap.util.linkformat import Link, LinkFormat, parse

written = str(LinkFormat([Link('/disk', title='C:\\'), Link('/b')]))
print(written)
try:
    print(len(parse(written).links), 'links')
except Exception as error:
    print(type(error).__name__)
print(parse(r'</a>;title="a\\b"').links[0].title)
print(parse(r'</a>;title="a\"b"').links[0].title)
PROGRAM
mapfile -t lines < <(run python3 "$work/links.py")

expect '</disk>;title="C:\\",</b>'
seen 'two links, one with the title C: and a backslash' "${lines[0]}" '</disk>;title="C:\",</b>'
expect '2 links'
seen 'the same, read back' "${lines[1]}" ParseException
expect 'a\b'
seen 'title="a\\b" read' "${lines[2]}" 'a\\b'
expect 'a"b'
seen 'title="a\"b" read' "${lines[3]}" 'a"b'
finish
