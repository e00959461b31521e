// ask.js FOLDER: requests of npm's coap, as installed in FOLDER, to 127.0.0.1:5683, one after the other.
'use strict';
const coap = require(process.argv[2] + '/node_modules/coap');
process.on('uncaughtException', () => {});

function ask(what, body) {
    return new Promise(done => {
        const req = coap.request(Object.assign({hostname: '127.0.0.1', port: 5683}, what));
        let seen = 0;
        req.on('response', res => {
            if (!what.observe) return done();
            res.on('data', () => { if (++seen === 3) { try { res.close(); } catch (e) { } setTimeout(done, 1200); } });
        });
        req.on('error', done);
        req.end(body);
        setTimeout(done, 5000);
    });
}

(async () => {
    for (const confirmable of [true, false]) {
        for (const pathname of ['/', '/time', '/nothing', '/json', '/slow', '/reset']) await ask({pathname, confirmable});
        await ask({pathname: '/example_data', method: 'PUT', confirmable}, 'text');
        await ask({pathname: '/example_data', method: 'DELETE', confirmable});
        for (const pathname of ['/observe', '/time']) await ask({pathname, observe: true, confirmable});
    }
    await ask({pathname: '/large'});
    await ask({pathname: '/example_data', method: 'FETCH'}, 'x');
    await ask({pathname: '/example_data', method: 'PUT'}, Buffer.alloc(1500, 'b'));
    await ask({pathname: '/async', query: '1'});
    process.exit(0);
})();
