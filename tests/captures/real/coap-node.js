// coap-node.js FOLDER: a device of npm's coap-node, as installed in FOLDER, registers with a server of npm's coap, which
// reads, observes and writes it.
'use strict';
const modules = process.argv[2] + '/node_modules/';
const coap = require(modules + 'coap'), CoapNode = require(modules + 'coap-node');
const object = new (require(modules + 'smartobject'))();
object.init('temperature', 0, {sensorValue: 21, units: 'C'});

const codes = {POST: '2.04', DELETE: '2.02'};
const server = coap.createServer((req, res) => {
    res.code = req.url.startsWith('/rd?') ? '2.01' : codes[req.method];
    if (res.code === '2.01') res.setOption('Location-Path', [Buffer.from('rd'), Buffer.from('1')]);
    res.end();
});
server.listen(5683, () => {
    const node = new CoapNode('n1', object, {lifetime: 60});
    const ask = what => coap.request(Object.assign({hostname: '127.0.0.1', port: node.port || 5684}, what)).end();
    const plan = [
        () => ask({pathname: '/3303/0/5700', observe: true}), () => ask({pathname: '/3303/0/5700'}),
        () => ask({pathname: '/3303/0'}), () => ask({pathname: '/nothing'}),
        () => object.write('temperature', 0, 'sensorValue', 25, () => {}),
        () => node.update({lifetime: 70}, () => {}), () => node.deregister(() => {}), () => process.exit(0)];
    node.register('127.0.0.1', 5683, () => plan.forEach((step, i) => setTimeout(step, 400 * (i + 1))));
});
