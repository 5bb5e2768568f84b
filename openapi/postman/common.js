// What the signing scripts of the three vendors share; it stands before each of them in the collection.

const { HmacSHA256, SHA256 } = require('crypto-js');
// The name `request` is taken in Postman, by something older.
const draft = pm.request;

// A text, with each {{variable}} in it replaced by its value.
const resolved = (text) => pm.variables.replaceIn(text || '');

const setHeader = (key, value) => draft.headers.upsert({ key, value });

// Percent-encoded, but for the unreserved characters of RFC 3986.
const encoded = (text) => encodeURIComponent(text)
    .replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());

// The names and values of a list of parameters or headers, without those that are switched off.
const pairs = (list) => (list ? list.all() : [])
    .filter((one) => !one.disabled)
    .map(({ key, value }) => [resolved(key), resolved(value)]);

const form = (list) => list.map((pair) => pair.map(encoded).join('=')).join('&');

const byName = ([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1);

// Who signs, where the header Authorization begins with this scheme; else the request is not signed.
// The header names a variable like {{PREFIX_access_key_id}}. PREFIX_ and the other two names make those of the secret
// and of the session token. A prefix without a secret of its own has that of the vendor.
function signer(scheme, [id, secret, token]) {
    const header = draft.headers.get('Authorization') || '';
    if (!header.startsWith(scheme)) return undefined;
    const [, prefix, vendor] = header.match(new RegExp(`{{(([a-z]+_)\\w*?)${id}}}`)) || [];
    if (!prefix) throw new Error(`the header Authorization names no variable of the form {{VENDOR_${id}}}`);
    return {
        claim: resolved(header.slice(scheme.length)).trim(),
        secret: pm.variables.get(prefix + secret) || pm.variables.get(vendor + secret),
        token: pm.variables.get(prefix + token),
    };
}

// The request as it will be sent. Variables are replaced for good, and all is encoded here, so that what is signed is
// what is sent: also where a variable has another value each time, such as {{$guid}}.
function settled() {
    const { url, body } = draft;
    const origin = resolved(url.toString()).match(/^(\w+:\/\/)?[^/?#]*/)[0];
    const segment = (text) => encoded(resolved(text[0] === ':' ? url.variables.get(text.slice(1)) : text));
    const path = '/' + (url.path || []).map(segment).join('/');
    const query = form(pairs(url.query).sort(byName));
    url.update(origin + path + (query && '?' + query));

    const sent = body && (body.mode === 'urlencoded' ? form(pairs(body.urlencoded)) : resolved(body.raw));
    if (sent) body.update({ mode: 'raw', raw: sent });

    // The port that goes without saying is not sent.
    const port = origin.startsWith('https:') ? /:443$/ : /:80$/;
    const host = origin.replace(/^\w+:\/\//, '').replace(port, '').toLowerCase();
    return { host, path, query, body: sent || '' };
}

// The canonical request, of which all three schemes have the same form, and the names of the headers in it: the host,
// and those that the pattern fits. What Postman adds by itself is none of them.
function canonical({ host, path, query, body }, pattern) {
    const headers = pairs(draft.headers)
        .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')])
        .filter(([name]) => pattern.test(name));
    headers.forEach(([name, value]) => setHeader(name, value));
    const all = [['host', host], ...headers].sort(byName);
    const names = all.map(([name]) => name).join(';');
    const lines = all.map(([name, value]) => `${name}:${value}\n`).join('');
    return { names, text: [draft.method, path, query, lines, names, SHA256(body)].join('\n') };
}
