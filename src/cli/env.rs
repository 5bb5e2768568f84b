//! `sanmen env`: the environment in which each client talks to the server.

use std::process::ExitCode;

use clap::ValueEnum;

use super::{ServerArgs, print};

#[derive(clap::Args)]
pub(super) struct Args {
    /// How to print it: lines to evaluate, or a file of the form of .env
    #[arg(long, value_enum, default_value_t = Format::Shell)]
    format: Format,

    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Shell,
    Dotenv,
}

/// The callers are those who may use the operations: a member at AWS, else the management account.
const AWS_ACCOUNT: &str = "222222222222";
const ALIBABA_ACCOUNT: &str = "1111111111111111";
const HUAWEI_ACCOUNT: &str = "11111111111111111111111111111111";
const SECRET: &str = "sanmen";

pub(super) fn run(args: &Args) -> ExitCode {
    let url = args.server.url();
    let url = url.trim_end_matches('/');
    if super::healthcheck::authority(url).is_none() {
        return super::fail(2, &format_args!("{url:?} is not a URL like http://127.0.0.1:7760"));
    }
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    let mut out = String::new();
    for (comment, variables) in sections(url, host) {
        out.push_str(&format!("# {comment}\n"));
        for (name, value) in variables {
            match args.format {
                Format::Shell => out.push_str(&format!("export {name}='{}'\n", value.replace('\'', r"'\''"))),
                Format::Dotenv => out.push_str(&format!("{name}={value}\n")),
            }
        }
    }
    print(&out);
    ExitCode::SUCCESS
}

type Section = (&'static str, Vec<(&'static str, String)>);

fn sections(url: &str, host: &str) -> Vec<Section> {
    let text = str::to_owned;
    vec![
        (
            "AWS: SDKs, CLI, Terraform",
            vec![
                ("AWS_ENDPOINT_URL_SSO_ADMIN", text(url)),
                ("AWS_ENDPOINT_URL_STS", text(url)),
                ("AWS_ACCESS_KEY_ID", text(AWS_ACCOUNT)),
                ("AWS_SECRET_ACCESS_KEY", text(SECRET)),
                ("AWS_REGION", text("us-east-1")),
                ("AWS_DEFAULT_REGION", text("us-east-1")),
            ],
        ),
        (
            "Alibaba Cloud: SDKs and CLI; they are told the endpoint and HTTP in code or by --endpoint",
            vec![
                ("ALIBABA_CLOUD_ACCESS_KEY_ID", text(ALIBABA_ACCOUNT)),
                ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", text(SECRET)),
                ("ALIBABA_CLOUD_REGION_ID", text("cn-shanghai")),
            ],
        ),
        (
            "Alibaba Cloud: Terraform, with protocol = \"HTTP\" in the provider's block",
            vec![
                ("ALICLOUD_ACCESS_KEY", text(ALIBABA_ACCOUNT)),
                ("ALICLOUD_SECRET_KEY", text(SECRET)),
                ("ALICLOUD_REGION", text("cn-shanghai")),
                ("ALIBABA_CLOUD_ENDPOINT_CLOUDSSO", text(host)),
            ],
        ),
        (
            "Huawei Cloud: SDKs",
            vec![
                ("HUAWEICLOUD_SDK_AK", text(HUAWEI_ACCOUNT)),
                ("HUAWEICLOUD_SDK_SK", text(SECRET)),
                ("HUAWEICLOUD_SDK_DOMAIN_ID", text(HUAWEI_ACCOUNT)),
                ("HUAWEICLOUD_SDK_REGION_IDENTITYCENTER_CN_NORTH_4", text(url)),
                ("HUAWEICLOUD_SDK_IAM_ENDPOINT", text(url)),
            ],
        ),
        (
            "Huawei Cloud: Terraform, with endpoints = { identitycenter = … } in the provider's block",
            vec![
                ("HW_ACCESS_KEY", text(HUAWEI_ACCOUNT)),
                ("HW_SECRET_KEY", text(SECRET)),
                ("HW_REGION_NAME", text("cn-north-4")),
            ],
        ),
    ]
}
