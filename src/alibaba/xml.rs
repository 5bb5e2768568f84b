//! Answers as XML: members become elements.

use serde_json::Value;

use crate::api::xml::escape;

/// Lists of structures that stand in an element of their own, and what one of their items is called. doc: the samples,
/// in which other lists, of texts or of structures, are their element again and again. inferred: the last one.
const ITEMS: &[(&str, &str)] = &[
    ("Users", "User"),
    ("Groups", "Group"),
    ("JoinedGroups", "JoinedGroup"),
    ("GroupMembers", "GroupMember"),
    ("MFADevices", "MFADevice"),
    ("SCIMServerCredentials", "SCIMServerCredential"),
    ("SAMLIdPCertificates", "SAMLIdPCertificate"),
    ("AccessConfigurations", "AccessConfiguration"),
    ("PermissionPolicies", "PermissionPolicy"),
    ("AccessConfigurationProvisionings", "AccessConfigurationProvisioning"),
    ("AccessAssignments", "AccessAssignment"),
    ("Tasks", "Task"),
    ("Tags", "Tag"),
];

/// The document whose root is `root`, with the members of `object` in it.
pub(super) fn document(root: &str, object: &Value) -> String {
    let mut out = "<?xml version='1.0' encoding='UTF-8'?>".to_owned();
    element(&mut out, root, object);
    out
}

fn element(out: &mut String, name: &str, value: &Value) {
    let item = ITEMS.iter().find(|(list, _)| *list == name).map(|(_, item)| *item);
    if let (Value::Array(items), None) = (value, item) {
        items.iter().for_each(|item| element(out, name, item));
        return;
    }
    out.push_str(&format!("<{name}>"));
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|value| element(out, item.unwrap_or(name), value)),
        Value::Bool(value) => out.push_str(&value.to_string()),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => out.push_str(&escape(text)),
        Value::Object(members) => members.iter().for_each(|(name, value)| element(out, name, value)),
    }
    out.push_str(&format!("</{name}>"));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;

    #[test]
    fn members_become_elements_and_lists_repeat_them() {
        let value = json!({ "A": "a<b>&c\u{0}", "B": { "C": [1, 2], "D": null, "E": true, "F": [] } });
        let expected = "<?xml version='1.0' encoding='UTF-8'?><R><A>a&lt;b&gt;&amp;c\u{fffd}</A>\
                        <B><C>1</C><C>2</C><D></D><E>true</E></B></R>";
        assert_eq!(document("R", &value), expected);
    }

    #[test]
    fn items_of_some_lists_have_names_of_their_own() {
        let value = json!({
            "Directories": [{ "A": 1 }, { "A": 2 }],
            "Users": [{ "A": 1, "Tags": [{ "Key": "k" }] }, { "A": 2, "Tags": [] }],
            "MFADevices": [],
        });
        let expected = "<?xml version='1.0' encoding='UTF-8'?><R>\
                        <Directories><A>1</A></Directories><Directories><A>2</A></Directories>\
                        <Users><User><A>1</A><Tags><Tag><Key>k</Key></Tag></Tags></User>\
                        <User><A>2</A><Tags></Tags></User></Users><MFADevices></MFADevices></R>";
        assert_eq!(document("R", &value), expected);
    }
}
