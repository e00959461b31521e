// A plain server on npm's coap, as its README would have it: what is wrong on the wire is the library's, not ours.
// node npm-server.js PORT, with NODE_PATH naming the release.
'use strict'
const coap = require('coap')

const kept = { '/test': 'hello', '/validate': 'has an ETag', '/large-update': 'PUT here' }
let counter = 0
let version = 1 // of /validate: its ETag

const links = ['test', 'large', 'separate', 'slow', 'query', 'seg1/seg2/seg3', 'multi-format', 'obs', 'counter', 'validate',
  'create', 'location-query']
  .map((name) => `</${name}>;ct=0` + (name === 'obs' ? ';obs' : '')).join(',')

const formats = [undefined, 'text/plain', 'application/octet-stream', 'application/xml', 'application/json']

function option (req, name) {
  const found = req.options.find((one) => one.name === name)
  return found && found.value
}

function tags (req, name) {
  return req.options.filter((one) => one.name === name).map((one) => String(one.value))
}

const tag = () => `v${version}`

// What the application owes (RFC 7252 5.10): 4.06, 4.12, 4.15. Only /validate has an ETag; elsewhere an If-Match that is not
// empty never holds.
function refused (req, path) {
  const exists = path in kept || path in gets || path === '/obs' || path === '/create'
  const match = tags(req, 'If-Match')
  const holds = (one) => exists && (one === '' || (path === '/validate' && one === tag()))
  if (match.length > 0 && !match.some(holds)) return '4.12'
  if (option(req, 'If-None-Match') !== undefined && exists) return '4.12'
  if (req.method === 'GET') {
    const accept = option(req, 'Accept')
    const links = path === '/.well-known/core'
    if (accept !== undefined && path !== '/multi-format' &&
        accept !== (links ? 'application/link-format' : 'text/plain')) return '4.06'
  } else if (!formats.includes(option(req, 'Content-Format'))) {
    return '4.15'
  }
  return null
}

function answer (res, code, format, body) {
  res.code = code
  if (format) res.setOption('Content-Format', format)
  res.end(body)
}

function observe (req, res) {
  let n = 0
  res.setOption('Content-Format', 'text/plain')
  res.write(String(n))
  const timer = setInterval(() => res.write(String(++n)), 1000)
  res.on('finish', () => clearInterval(timer))
}

const gets = {
  '/.well-known/core': (req, res) => answer(res, '2.05', 'application/link-format', links),
  '/large': (req, res) => answer(res, '2.05', 'text/plain', 'x'.repeat(1100)),
  '/slow': (req, res) => setTimeout(() => answer(res, '2.05', 'text/plain', 'took its time'), 3000),
  '/separate': (req, res) => setTimeout(() => answer(res, '2.05', 'text/plain', 'took a while'), 300),
  '/query': (req, res) => answer(res, '2.05', 'text/plain', req.url.split('?')[1] || ''),
  '/seg1/seg2/seg3': (req, res) => answer(res, '2.05', 'text/plain', 'three'),
  '/read-only': (req, res) => answer(res, '2.05', 'text/plain', 'cannot be changed'),
  '/counter': (req, res) => answer(res, '2.05', 'text/plain', String(counter)),
  '/multi-format': (req, res) => {
    const wanted = req.headers.Accept
    if (!wanted || wanted === 'text/plain') answer(res, '2.05', 'text/plain', 'warm')
    else if (wanted === 'application/xml') answer(res, '2.05', 'application/xml', '<t/>')
    else answer(res, '4.06')
  }
}

function change (req, res, path) {
  if (req.method === 'DELETE') {
    delete kept[path]
    answer(res, '2.02')
  } else if (req.method === 'PUT') {
    const code = path in kept ? '2.04' : '2.01'
    kept[path] = req.payload
    if (path === '/validate') version++
    answer(res, code)
  } else if (req.method !== 'POST') {
    answer(res, '4.05') // also what the library makes of an Empty message
  } else if (path === '/counter') {
    counter++
    answer(res, '2.04')
  } else if (path === '/location-query') {
    res.setOption('Location-Query', [Buffer.from('first=1'), Buffer.from('second=2')])
    answer(res, '2.01')
  } else {
    const name = String(Object.keys(kept).length)
    kept[`/create/${name}`] = req.payload
    res.setOption('Location-Path', [Buffer.from('create'), Buffer.from(name)])
    answer(res, '2.01')
  }
}

const server = coap.createServer((req, res) => {
  const path = req.url.split('?')[0]
  const refusal = refused(req, path)
  if (refusal && (path in kept || path in gets || req.method === 'PUT')) {
    answer(res, refusal)
  } else if (req.method !== 'GET') {
    if (path === '/read-only') answer(res, '4.05')
    else change(req, res, path)
  } else if (path === '/obs') {
    if (req.headers.Observe === 0) observe(req, res)
    else answer(res, '2.05', 'text/plain', '0')
  } else if (path in gets) {
    gets[path](req, res)
  } else if (path === '/validate') {
    res.setOption('ETag', tag())
    if (tags(req, 'ETag').includes(tag())) answer(res, '2.03')
    else answer(res, '2.05', 'text/plain', kept[path])
  } else if (path in kept) {
    answer(res, '2.05', 'text/plain', kept[path])
  } else {
    answer(res, '4.04')
  }
})
server.on('error', (error) => console.error(error.message))
process.on('SIGTERM', () => process.exit(0))
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  console.log(`listening on coap://127.0.0.1:${process.argv[2]}`)
})
