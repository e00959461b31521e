// A client on npm's node-coap-client: one round of requests, or with a path so many of one kind, each after the answer to the
// one before. node node-coap-client.js URI [PATH [--method M] [--non] [--payload T] [--count N] [--linger SECONDS]], with NODE_PATH
// naming the release. Which Content-Format a request has is the library's choice, and it has no other options.
'use strict'
const { CoapClient } = require('node-coap-client')

const target = process.argv[2]
const round = [
  ['get', '/.well-known/core'], ['get', '/test'], ['get', '/test', { non: true }],
  ['put', '/test', { body: 'text' }], ['put', '/test', { non: true, body: 'text' }],
  ['post', '/test', { body: 'text' }], ['delete', '/test'],
  ['get', '/read-only'], ['get', '/query?first=1&second=2'], ['get', '/seg1/seg2/seg3'],
  ['get', '/separate'], ['get', '/large'], ['get', '/nothing']
]
const wait = process.argv[3] ? 100000 : 5000 // ms: an answer may come late where the tester loses messages
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function ask (method, path, { non, body } = {}) {
  const late = sleep(wait).then(() => 'no answer')
  const answer = CoapClient.request(target + path, method, body && Buffer.from(body), { confirmable: !non })
    .then((response) => `${response.code} ${(response.payload || '').toString().slice(0, 60)}`, (error) => String(error))
  console.log(method, path, await Promise.race([answer, late]))
}

function options (words) {
  const asked = { method: 'GET', count: 1, linger: 0 }
  while (words.length > 0) {
    const word = words.shift().slice(2)
    asked[word] = word === 'non' ? true : words.shift()
  }
  return asked
}

async function observe () {
  await CoapClient.observe(target + '/obs', 'get', () => {})
  await sleep(2000)
  CoapClient.stopObserving(target + '/obs')
  await sleep(1500)
}

async function main () {
  if (!process.argv[3]) {
    await CoapClient.ping(target, 2000)
    for (const [method, path, how] of round) await ask(method, path, how)
    await observe()
    return
  }
  const asked = options(process.argv.slice(4))
  for (let i = 0; i < Number(asked.count); i++) {
    await ask(asked.method.toLowerCase(), process.argv[3], { non: asked.non, body: asked.payload })
  }
  await sleep(Number(asked.linger) * 1000)
}

main().then(() => process.exit(0))
