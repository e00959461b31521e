// ask-node-coap-client.js FOLDER: requests of npm's node-coap-client, as installed in FOLDER, to 127.0.0.1:5683.
'use strict';
const client = require(process.argv[2] + '/node_modules/node-coap-client').CoapClient;
const base = 'coap://127.0.0.1:5683';
const wait = ms => new Promise(done => setTimeout(done, ms));
const ask = promise => Promise.race([promise, wait(4000)]).catch(() => {});

(async () => {
    await ask(client.ping(base, 2000));
    for (const confirmable of [true, false])
        for (const path of ['/', '/time', '/nothing'])
            await ask(client.request(base + path, 'get', undefined, {confirmable}));
    await ask(client.request(base + '/example_data', 'put', Buffer.from('text')));
    await ask(client.request(base + '/example_data', 'delete'));
    await ask(client.observe(base + '/time', 'get', () => {}));
    await wait(3000);
    client.stopObserving(base + '/time');
    await wait(1000);
    client.reset();
    process.exit(0);
})();
