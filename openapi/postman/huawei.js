// Signs as the clients of Huawei Cloud do: by AK/SK, SDK-HMAC-SHA256.
// https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
//
// The header Authorization of a request says who signs, and is completed here:
//     SDK-HMAC-SHA256 Access={{huawei_access_key}}

const SCHEME = 'SDK-HMAC-SHA256';
const caller = signer(SCHEME, ['access_key', 'secret_key', 'security_token']);

if (caller) {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    setHeader('X-Sdk-Date', date);
    if (caller.token) setHeader('X-Security-Token', caller.token);

    // A path is signed with / at its end, whether there is one or not, and with / for %2F, as it is decoded before.
    const message = settled();
    const path = message.path.replace(/%2F/g, '/').replace(/\/?$/, '/');
    const { names, text } = canonical({ ...message, path }, /^(content-type|x-.*)$/);
    const signature = HmacSHA256([SCHEME, date, SHA256(text)].join('\n'), caller.secret);

    setHeader('Authorization', `${SCHEME} ${caller.claim}, SignedHeaders=${names}, Signature=${signature}`);
}
