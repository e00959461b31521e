#!/bin/bash
# One SenML value, 273.15 as a decimal fraction: a number for two of six CBOR libraries.
#
# Expected: RFC 8428 section 6: a number in SenML CBOR may be a decimal fraction (tag 4), which is
# how a device without floating point writes 273.15: c4 82 21 19 6ab3. Whoever reads SenML has to
# take it like any other number.
# Seen: cbor2 and cbor-x give the number. cborx (PyPI), npm cbor and fxamacker's cbor leave tag and
# pair to the caller; cborg raises an error. npm cbor wants a package beside it.
# Versions: cbor2 6.2.1, cborx 0.2.5; npm cbor-x 1.6.0, cbor 10.0.12, cborg 6.1.5; fxamacker cbor
# v2.10.0. Date: 2026-12.
. "$(dirname "$0")/lib.bash"

from_pypi cbor2==6.2.1 cborx==0.2.5
from_npm cbor-x@1.6.0 cbor@10.0.12 cborg@6.1.5
from_go github.com/fxamacker/cbor/v2@v2.10.0
pack=81a200617402c48221196ab3

program main.go <<'PROGRAM'
package main

import (
	"encoding/hex"
	"fmt"
	"os"

	"github.com/fxamacker/cbor/v2"
)

func main() {
	octets, err := hex.DecodeString(os.Args[1])
	if err == nil {
		var pack []map[int]any
		err = cbor.Unmarshal(octets, &pack)
		fmt.Printf("%T %v\n", pack[0][2], pack[0][2])
	}
	if err != nil {
		fmt.Println(err)
	}
}
PROGRAM
program decode.mjs <<'PROGRAM'
const [name, pack] = process.argv.slice(2)
const octets = Buffer.from(pack, 'hex')
const library = await import(name)
const decode = {
  cbor: () => library.default.decodeFirstSync(octets)[0].get(2),
  'cbor-x': () => library.decode(octets)[0][2],
  cborg: () => library.decode(octets, { useMaps: true })[0].get(2)
}
try {
  const value = decode[name]()
  const shown = typeof value === 'number' ? value : JSON.stringify(value.value)
  console.log(value.constructor.name, shown)
} catch (error) {
  console.log('error:', error.message)
}
PROGRAM
decode_python()
{
    run python3 -c "import $1; v = $1.loads(bytes.fromhex('$2'))[0][2]; print(type(v).__name__, v)"
}

expect 'the number 273.15'
seen cbor2 "$(decode_python cbor2 "$pack")" 'Decimal 273.15'
seen cborx "$(decode_python cborx "$pack")" 'CBORTag CBORTag(tag=4, value=[-2, 27315])'
seen cbor-x "$(run node "$work/decode.mjs" cbor-x "$pack")" 'Number 273.15'
seen 'npm cbor' "$(run node "$work/decode.mjs" cbor "$pack")" 'Tagged [-2,27315]'
seen cborg "$(run node "$work/decode.mjs" cborg "$pack")" \
    'error: CBOR decode error: tag not supported (4)'
seen fxamacker "$(cd "$work" && run go run . "$pack")" 'cbor.Tag {4 [-2 27315]}'
finish
