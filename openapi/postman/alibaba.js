// Signs as the clients of Alibaba Cloud do: version 3 of the signature, ACS3-HMAC-SHA256.
// https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
//
// The header Authorization of a request says who signs, and is completed here:
//     ACS3-HMAC-SHA256 Credential={{alibaba_access_key_id}}

const SCHEME = 'ACS3-HMAC-SHA256';
const caller = signer(SCHEME, ['access_key_id', 'access_key_secret', 'security_token']);

if (caller) {
    const message = settled();
    setHeader('x-acs-date', new Date().toISOString().replace(/\.\d+/, ''));
    setHeader('x-acs-signature-nonce', pm.variables.replaceIn('{{$guid}}'));
    setHeader('x-acs-content-sha256', SHA256(message.body).toString());
    if (caller.token) {
        setHeader('x-acs-accesskey-id', caller.claim.replace('Credential=', ''));
        setHeader('x-acs-security-token', caller.token);
    }

    const { names, text } = canonical(message, /^(content-type|x-acs-.*)$/);
    const signature = HmacSHA256(`${SCHEME}\n${SHA256(text)}`, caller.secret);

    setHeader('Authorization', `${SCHEME} ${caller.claim},SignedHeaders=${names},Signature=${signature}`);
}
