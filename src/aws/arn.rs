//! ARNs, and the partitions that they begin with.

use crate::api::Check;
use crate::api::check::Text;
use crate::domain::instance::Instance;

/// The partition of a Region; of one that is in none, the first. model: the partition table of the SDKs.
pub fn partition(region: &str) -> &'static str {
    known_partition(region).unwrap_or("aws")
}

/// Whether a text could be the name of a Region. model: `RegionName`, of at most 32 characters: `([a-z]+-){2,3}\d`.
pub fn is_region_name(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let (Some(number), 3..=4) = (parts.last(), parts.len()) else { return false };
    text.len() <= 32
        && number.len() == 1
        && number.bytes().all(|c| c.is_ascii_digit())
        && parts[..parts.len() - 1]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_lowercase()))
}

/// Whether a partition has Regions of this name.
pub fn is_region(region: &str) -> bool {
    is_region_name(region) && known_partition(region).is_some()
}

fn known_partition(region: &str) -> Option<&'static str> {
    Some(match region.split('-').collect::<Vec<_>>()[..] {
        ["us" | "eu" | "ap" | "sa" | "ca" | "me" | "af" | "il" | "mx", _, _] => "aws",
        ["cn", _, _] => "aws-cn",
        ["us", "gov", _, _] => "aws-us-gov",
        ["us", "iso", _, _] => "aws-iso",
        ["us", "isob", _, _] => "aws-iso-b",
        ["eu", "isoe", _, _] => "aws-iso-e",
        ["us", "isof", _, _] => "aws-iso-f",
        ["eusc", "de", _, _] => "aws-eusc",
        _ => return None,
    })
}

/// The limits of a parameter that names an instance. model: `InstanceArn`.
pub fn check_instance(check: &mut Check, value: &impl Text) {
    check
        .text("InstanceArn", value)
        .pattern(r"arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}")
        .len(10..=1224);
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
