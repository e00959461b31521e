// A plain client on npm's coap: one round of requests, each after the answer to the one before, or after five seconds.
// node npm-client.js URI [PATH], with NODE_PATH naming the release.
'use strict'
const coap = require('coap')
const { URL } = require('url')

const target = new URL(process.argv[2].replace(/^coap:/, 'http:'))
const round = [
  ['GET', '/.well-known/core'], ['GET', '/test'], ['GET', '/test', { non: true }],
  ['PUT', '/test', { body: 'text' }], ['PUT', '/test', { non: true, body: 'text' }],
  ['POST', '/test', { body: 'text' }], ['DELETE', '/test'],
  ['GET', '/read-only'], ['GET', '/multi-format', { accept: 'application/xml' }],
  ['GET', '/query', { query: 'first=1&second=2' }], ['GET', '/seg1/seg2/seg3'],
  ['GET', '/separate'], ['GET', '/large'], ['GET', '/nothing']
]

function ask (method, path, { non, body, accept, query } = {}) {
  return new Promise((resolve) => {
    const req = coap.request({
      hostname: target.hostname,
      port: Number(target.port) || 5683,
      method,
      pathname: path,
      query,
      confirmable: !non
    })
    const timer = setTimeout(() => resolve('no answer'), 5000)
    const done = (text) => {
      clearTimeout(timer)
      resolve(text)
    }
    if (accept) req.setOption('Accept', accept)
    if (body) req.setOption('Content-Format', 'text/plain')
    req.on('response', (res) => done(`${res.code} ${res.payload.toString().slice(0, 60)}`))
    req.on('error', (error) => done(error.message))
    req.end(body)
  })
}

async function main () {
  const only = process.argv[3]
  for (const [method, path, options] of only ? [['GET', only]] : round) {
    console.log(method, path, await ask(method, path, options))
  }
  process.exit(0)
}

main()
