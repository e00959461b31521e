#!/bin/bash
# Californium's link-format reader cuts unquoted values at the dot, and loses links after `\"`.
#
# Expected: RFC 6690 section 2: a value without quotes is a ptoken, and "." is one of its
# characters; LwM2M writes versions of objects like that (`</3>;ver=1.1`). In a quoted-string, `\"`
# is a quotation mark (RFC 2616), not the end. An attribute like hreflang may occur more than once.
# Seen: ver=1.1 is read as 1. The first escaped mark ends the value, and the links behind it are
# gone, without an error. Of hreflang=en;hreflang=de the first is gone.
# Versions: Californium 3.14.0. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_maven org.eclipse.californium:californium-core:3.14.0
program Links.java <<'PROGRAM'
import java.util.stream.Collectors;
import org.eclipse.californium.core.WebLink;
import org.eclipse.californium.core.coap.LinkFormat;

public class Links {
    static String show(WebLink link) {
        return link.getURI() + link.getAttributes().getAttributeKeySet().stream().sorted()
            .map(key -> " " + key + "=" + link.getAttributes().getAttributeValues(key))
            .collect(Collectors.joining());
    }

    public static void main(String[] documents) {
        for (String document : documents) {
            System.out.println(LinkFormat.parse(document).stream()
                .map(Links::show).sorted().collect(Collectors.joining(" | ")));
        }
    }
}
PROGRAM
documents=('</3>;ver=1.1' '</3>;ver="1.1"' '</a>;title="12\" disk",</b>'
    '</a>;hreflang=en;hreflang=de')
mapfile -t lines < <(run java "$work/Links.java" "${documents[@]}")

expect '/3 ver=[1.1]'
seen "${documents[0]}" "${lines[0]}" '/3 ver=[1]'
expect '/3 ver=[1.1]'
seen "${documents[1]}" "${lines[1]}" '/3 ver=[1.1]'
expect '/a title=[12" disk] | /b'
seen "${documents[2]}" "${lines[2]}" '/a title=[12\]'
expect '/a hreflang=[en, de]'
seen "${documents[3]}" "${lines[3]}" '/a hreflang=[de]'
finish
