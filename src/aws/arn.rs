//! ARNs, and the partitions that they begin with.

use crate::domain::instance::Instance;

/// The partition of a Region. model: the partition table of the SDKs.
pub fn partition(region: &str) -> &'static str {
    match region.split('-').collect::<Vec<_>>()[..] {
        ["cn", _, _] => "aws-cn",
        ["us", "gov", _, _] => "aws-us-gov",
        ["us", "iso", _, _] => "aws-iso",
        ["us", "isob", _, _] => "aws-iso-b",
        ["eu", "isoe", _, _] => "aws-iso-e",
        ["us", "isof", _, _] => "aws-iso-f",
        ["eusc", "de", _, _] => "aws-eusc",
        _ => "aws",
    }
}

/// The ARN of an instance. model: `InstanceArn`; it names neither Region nor account.
pub fn instance(instance: &Instance) -> String {
    format!("arn:{}:sso:::instance/{}", partition(&instance.region), instance.id)
}

/// The ARN of an instance's identity store. model: `InstanceIdentityStoreArn`.
pub fn identity_store(instance: &Instance) -> String {
    let (partition, owner) = (partition(&instance.region), &instance.owner);
    format!("arn:{partition}:identitystore::{owner}:identitystore/{}", instance.identity_store)
}

#[cfg(test)]
mod tests {
    use super::partition;

    #[test]
    fn each_region_has_its_partition() {
        for (region, expected) in [
            ("us-east-1", "aws"),
            ("eu-central-2", "aws"),
            ("il-central-1", "aws"),
            ("mx-central-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("cn-northwest-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(partition(region), expected, "{region}");
        }
    }
}
