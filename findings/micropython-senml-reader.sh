#!/bin/bash
# micropython-senml reads packs without their times and units, and cannot read data values.
#
# Expected: RFC 8428 sections 4.2 and 4.6: a record has a unit, a time and a value of one of four
# kinds (v, vs, vb, vd); what is missing comes from the base fields. A pack that is read and written
# again says the same.
# Seen: u, t, bu and bt are dropped while reading. Written back, the measurement is one of now and
# has no unit. A record with vd ends in KeyError: 'vb'.
# Versions: micropython-senml 0.1.1 (under CPython 3) with cbor2 6.2.1. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_pypi micropython-senml==0.1.1 cbor2==6.2.1
program again.py <<'PROGRAM'
import sys
from senml import SenmlPack

for text in sys.argv[1:]:
    pack = SenmlPack('dev:')
    try:
        pack.from_json(text)
        print(pack.to_json())
    except Exception as error:
        print(type(error).__name__, error)
PROGRAM
mapfile -t lines < <(run python3 "$work/again.py" \
    '[{"bn":"dev:","n":"t","u":"Cel","t":1276020076,"v":21.5}]' \
    '[{"bn":"dev:","bu":"Cel","bt":1276020076,"n":"t","v":21.5}]' \
    '[{"bn":"dev:","n":"t","vs":"on"}]' \
    '[{"bn":"dev:","n":"t","vd":"aGk"}]')

expect 'n, v, bn, u Cel, and t 1276020076'
seen 'a record with unit and time, written again' "${lines[0]}" \
    '[{"n": "t", "v": 21.5, "bn": "dev:"}]'
expect 'n, v, bn, bu Cel, and bt 1276020076'
seen 'a record with base unit and base time' "${lines[1]}" '[{"n": "t", "v": 21.5, "bn": "dev:"}]'
expect '[{"n": "t", "vs": "on", "bn": "dev:"}]'
seen 'a text value' "${lines[2]}" '[{"n": "t", "vs": "on", "bn": "dev:"}]'
expect 'a value of two octets'
seen 'a data value' "${lines[3]}" "KeyError 'vb'"
finish
