//! Which vendor a request is meant for.

use http::Request;

use crate::api::header;

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Aws,
    Alibaba,
    Huawei,
    /// To the emulator itself: its own paths, and what no vendor would recognise.
    Own,
}

/// By what only one vendor's clients send: first headers and credentials, then host names, then what is left of
/// a request made by hand.
pub(super) fn door<B>(request: &Request<B>) -> Door {
    let headers = request.headers();
    let path = request.uri().path();
    if matches!(path, "/healthz" | "/readyz" | "/_sanmen") || path.starts_with("/_sanmen/") {
        return Door::Own;
    }
    let authorization = header(headers, "authorization").unwrap_or_default();
    if headers.contains_key("x-amz-target") || authorization.starts_with("AWS4-") {
        return Door::Aws;
    }
    if authorization.starts_with("ACS3-") || headers.keys().any(|name| name.as_str().starts_with("x-acs-")) {
        return Door::Alibaba;
    }
    if ["SDK-", "V11-"].iter().any(|scheme| authorization.starts_with(scheme)) {
        return Door::Huawei;
    }
    if let Some(door) = by_host(header(headers, "host").unwrap_or_default()) {
        return door;
    }
    if path != "/" {
        return Door::Huawei;
    }
    let query = request.uri().query().unwrap_or_default();
    let content_type = header(headers, "content-type").unwrap_or_default().to_ascii_lowercase();
    // The version is that of the one AWS service here that speaks in forms.
    if query.split('&').any(|pair| pair.starts_with("X-Amz-") || pair == "Version=2011-06-15")
        || content_type.starts_with("application/x-amz-json")
    {
        return Door::Aws;
    }
    if query.split('&').any(|pair| RPC.contains(&pair.split('=').next().unwrap_or_default()))
        || content_type.starts_with("application/x-www-form-urlencoded")
    {
        return Door::Alibaba;
    }
    // JSON that is sent to the root is meant for AWS, which will miss the target.
    if content_type.starts_with("application/json") { Door::Aws } else { Door::Own }
}

/// The parameters that every RPC request has, at least one of which even a wrong one has.
const RPC: &[&str] = &["Action", "Version", "AccessKeyId", "Signature", "SignatureMethod", "SignatureNonce"];

fn by_host(host: &str) -> Option<Door> {
    let host = host.rsplit_once("://").map_or(host, |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let vendors = [
        (".amazonaws.com", Door::Aws),
        (".amazonaws.com.cn", Door::Aws),
        (".aliyuncs.com", Door::Alibaba),
        (".myhuaweicloud.com", Door::Huawei),
    ];
    vendors.into_iter().find(|(suffix, _)| host.ends_with(suffix)).map(|(_, door)| door)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::{Door, door};

    type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], Door);

    #[test]
    fn each_request_finds_its_door() {
        let cases: &[Case] = &[
            ("POST", "/", &[("x-amz-target", "SWBExternalService.CreateInstance")], Door::Aws),
            ("POST", "/prefix", &[("x-amz-target", "")], Door::Aws),
            ("POST", "/", &[("content-type", "application/x-amz-json-1.1")], Door::Aws),
            ("POST", "/", &[("content-type", "application/json")], Door::Aws),
            ("POST", "/", &[("authorization", "AWS4-HMAC-SHA256 Credential=a")], Door::Aws),
            ("POST", "/?X-Amz-Credential=a", &[], Door::Aws),
            ("GET", "/?Action=GetCallerIdentity&Version=2011-06-15", &[], Door::Aws),
            ("POST", "/", &[("host", "sso.us-east-1.amazonaws.com")], Door::Aws),
            ("POST", "/?DirectoryId=d", &[("x-acs-action", "GetUser")], Door::Alibaba),
            ("GET", "/", &[("authorization", "ACS3-HMAC-SHA256 Credential=a")], Door::Alibaba),
            ("GET", "/?Action=GetUser", &[], Door::Alibaba),
            ("GET", "/?Version=2021-05-15", &[], Door::Alibaba),
            ("POST", "/", &[("content-type", "application/x-www-form-urlencoded")], Door::Alibaba),
            ("POST", "/", &[("host", "http://cloudsso.cn-shanghai.aliyuncs.com:80")], Door::Alibaba),
            ("GET", "/v1/instances", &[], Door::Huawei),
            ("GET", "/v9/nothing", &[], Door::Huawei),
            ("GET", "/v1/instances?Action=x", &[], Door::Huawei),
            ("GET", "/", &[("authorization", "SDK-HMAC-SHA256 Access=a")], Door::Huawei),
            ("GET", "/", &[("authorization", "V11-HMAC-SHA256 Credential=a")], Door::Huawei),
            ("GET", "/", &[("host", "identitycenter.myhuaweicloud.com")], Door::Huawei),
            ("GET", "/healthz", &[], Door::Own),
            ("GET", "/readyz", &[], Door::Own),
            ("POST", "/_sanmen/reset", &[("x-amz-target", "a")], Door::Own),
            ("GET", "/_sanmen", &[], Door::Own),
            ("GET", "/", &[], Door::Own),
            ("GET", "/?Actions=1", &[], Door::Own),
            ("POST", "/", &[("content-type", "text/plain")], Door::Own),
        ];
        for (method, target, headers, expected) in cases {
            let mut request = Request::builder().method(*method).uri(*target);
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            let request = request.body(()).expect("a request");
            assert_eq!(door(&request), *expected, "{method} {target} {headers:?}");
        }
    }
}
