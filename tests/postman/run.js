// Runs the whole Postman collection against the built program, lenient and strict: `node tests/postman/run.js`.
// SANMEN_BIN names another program than the debug build of this repository.
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const { PostmanValidator } = require('@har-sdk/validator');
const newman = require('newman');

const REPOSITORY = path.resolve(__dirname, '../..');
const COLLECTION = path.join(REPOSITORY, 'openapi/sanmen.postman_collection.json');
const BINARY = path.resolve(process.env.SANMEN_BIN || path.join(REPOSITORY, 'target/debug/sanmen'));

// For one answer, and for all that a program is started for, in milliseconds.
const CALL_LIMIT = 30_000;
const LIMIT = 300_000;

// How the program is started, and what the collection is told of it.
const SERVERS = {
    lenient: { flags: ['--auth', 'lenient'] },
    strict: { flags: ['--auth', 'strict', '--admin-token', 'for-tests'], admin_token: 'for-tests' },
};

// Neither the program nor newman is to be led elsewhere by a user's variables.
for (const name of Object.keys(process.env)) {
    if (/^SANMEN_|_proxy$/i.test(name)) delete process.env[name];
}

// Starts the program on a free port, hands its URL on, and ends it.
async function served(flags, work) {
    const program = spawn(BINARY, ['serve', '--listen', '127.0.0.1:0', ...flags], {
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const forced = setTimeout(() => program.kill('SIGKILL'), LIMIT);
    let log = '';
    program.stderr.on('data', (data) => { log += data; });
    const ended = once(program, 'exit');
    try {
        const lines = readline.createInterface({ input: program.stdout })[Symbol.asyncIterator]();
        const { value: line } = await lines.next();
        const ready = /^Ready\. (http:\S+)$/.exec(line);
        if (!ready) throw new Error(`the first line on stdout was ${line}\n${log}`);
        return await work(ready[1]);
    } finally {
        program.kill('SIGTERM');
        const [code] = await ended;
        clearTimeout(forced);
        if (code !== 0) throw new Error(`the program ended with ${code}\n${log}`);
    }
}

function run(options) {
    return new Promise((resolve, reject) => {
        newman.run(options, (error, summary) => (error ? reject(error) : resolve(summary)));
    });
}

// What went wrong at each step, and what the server answered there.
function told(failures, executions) {
    const lines = [];
    let last;
    for (const { error, source, at } of failures) {
        const { id, name } = source || { name: at };
        if (name !== last) {
            const { response } = executions.find(({ item }) => item.id === id) || {};
            lines.push(`  ${name}: ${response ? `${response.code} ${response.text()}` : 'no answer'}`);
        }
        lines.push(`    ${error.test || error.name}: ${error.message}`);
        last = name;
    }
    return lines.join('\n');
}

const requests = (item) => (item.item ? item.item.reduce((sum, one) => sum + requests(one), 0) : 1);

async function main() {
    if (!fs.existsSync(BINARY)) throw new Error(`no program at ${BINARY}: build it with cargo build`);
    const collection = JSON.parse(fs.readFileSync(COLLECTION, 'utf8'));
    const errors = await new PostmanValidator().verify(collection);
    if (errors.length) throw new Error(`the collection is not valid: ${JSON.stringify(errors, null, 2)}`);

    for (const [mode, { flags, ...variables }] of Object.entries(SERVERS)) {
        const { run: { failures, executions, stats } } = await served(flags, (base_url) => run({
            collection,
            envVar: Object.entries({ base_url, ...variables }).map(([key, value]) => ({ key, value })),
            reporters: [],
            timeoutRequest: CALL_LIMIT,
        }));
        const [sent, checked, failed] = [stats.requests.total, stats.assertions.total, failures.length];
        console.log(`postman, ${mode}: ${sent} requests, ${checked} assertions, ${failed} failed`);
        if (failed) console.error(told(failures, executions));
        if (failed || !checked || sent !== requests(collection)) process.exitCode = 1;
    }
}

main().catch((error) => {
    console.error(`tests/postman: ${error.message}`);
    process.exitCode = 1;
});
