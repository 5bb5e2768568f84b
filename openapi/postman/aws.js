// Signs as the clients of AWS do: Signature Version 4, in headers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
//
// The header Authorization of a request says who signs, for which Region and which service, and is completed here:
//     AWS4-HMAC-SHA256 Credential={{aws_access_key_id}}/{{aws_region}}/sso

const SCHEME = 'AWS4-HMAC-SHA256';
const caller = signer(SCHEME, ['access_key_id', 'secret_access_key', 'session_token']);

if (caller) {
    const [id, region, service] = caller.claim.replace('Credential=', '').split('/');
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    setHeader('X-Amz-Date', date);
    if (caller.token) setHeader('X-Amz-Security-Token', caller.token);

    const { names, text } = canonical(settled(), /^(content-type|x-amz-.*)$/);
    const scope = [date.slice(0, 8), region, service, 'aws4_request'];
    const toSign = [SCHEME, date, scope.join('/'), SHA256(text)].join('\n');
    const key = scope.reduce((key, part) => HmacSHA256(part, key), 'AWS4' + caller.secret);

    setHeader('Authorization', `${SCHEME} Credential=${[id, ...scope].join('/')}, `
        + `SignedHeaders=${names}, Signature=${HmacSHA256(toSign, key)}`);
}
