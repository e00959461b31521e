// A plain client on npm's coap: one round of requests, or with a path one request as the options say; each after the
// answer to the one before. node npm-client.js URI [PATH [--method M] [--non] [--payload T] [--format N] [--accept N] [--count N]
// [--linger SECONDS] [--validate]], with NODE_PATH naming the release.
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

const wait = process.argv[3] ? 100000 : 5000 // ms: an answer may come late where the tester loses messages

function number (value) { // a Content-Format, as few octets as it takes
  const octets = []
  for (let n = Number(value); n > 0; n = Math.floor(n / 256)) octets.unshift(n % 256)
  return Buffer.from(octets)
}

function ask (method, path, { non, body, accept, format, query, etag } = {}) {
  return new Promise((resolve) => {
    const req = coap.request({
      hostname: target.hostname,
      port: Number(target.port) || 5683,
      method,
      pathname: path,
      query,
      confirmable: !non
    })
    const timer = setTimeout(() => resolve({ text: 'no answer' }), wait)
    const done = (text, etag) => {
      clearTimeout(timer)
      resolve({ text, etag })
    }
    if (etag) req.setOption('ETag', etag)
    if (accept) req.setOption('Accept', accept)
    if (format) req.setOption('Content-Format', format)
    else if (body) req.setOption('Content-Format', 'text/plain')
    req.on('response', (res) => {
      const tag = res.options.find((one) => one.name === 'ETag')
      done(`${res.code} ${res.payload.toString().slice(0, 60)}`, tag && tag.value)
    })
    req.on('error', (error) => done(error.message))
    req.end(body)
  })
}

function options (words) {
  const asked = { method: 'GET', count: 1, linger: 0 }
  while (words.length > 0) {
    const word = words.shift().slice(2)
    asked[word] = word === 'non' || word === 'validate' ? true : words.shift()
  }
  return asked
}

async function main () {
  if (!process.argv[3]) {
    for (const [method, path, how] of round) console.log(method, path, (await ask(method, path, how)).text)
    return
  }
  const asked = options(process.argv.slice(4))
  let etag
  for (let i = 0; i < Number(asked.count); i++) {
    const answer = await ask(asked.method, process.argv[3], {
      non: asked.non,
      body: asked.payload,
      accept: asked.accept && number(asked.accept),
      format: asked.format && number(asked.format),
      etag: asked.validate && etag
    })
    etag = answer.etag
    console.log(answer.text)
  }
  await new Promise((resolve) => setTimeout(resolve, Number(asked.linger) * 1000))
}

main().then(() => process.exit(0))
