// serve.js FOLDER: a server of npm's coap, as installed in FOLDER, on port 5683.
'use strict';
const coap = require(process.argv[2] + '/node_modules/coap');
const stored = {};

function observed(req, res) {
    if (req.headers.Observe !== 0) return res.end('once');
    let n = 0;
    const timer = setInterval(() => res.write('n' + n++), 1000);
    res.on('finish', () => clearInterval(timer));
}

function answer(req, res) {
    const path = req.url.split('?')[0];
    if (path === '/slow') return setTimeout(() => res.end('late'), 1500);
    if (path === '/observe') return observed(req, res);
    if (path === '/large') { res.setOption('Content-Format', 'text/plain'); return res.end(Buffer.alloc(1500, 'a')); }
    if (path === '/reset' && res.reset) return res.reset();
    if (path === '/nothing') { res.code = '4.04'; return res.end(); }
    if (path === '/json') { res.setOption('Content-Format', 'application/json'); return res.end('{}'); }
    if (req.method === 'PUT') { stored[path] = req.payload; res.code = '2.04'; return res.end(); }
    if (req.method === 'POST') { res.code = '2.01'; return res.end('made'); }
    if (req.method === 'DELETE') { delete stored[path]; res.code = '2.02'; return res.end(); }
    res.end(stored[path] || 'here is ' + path);
}

coap.createServer(answer).listen(5683);
process.on('uncaughtException', () => {}); // old releases throw at what they do not know
