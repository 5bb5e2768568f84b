//! The transcripts, replayed on every kind of database: the answers are the same to the byte.

use super::transcript;

#[tokio::test]
async fn every_answer_is_as_the_transcripts_have_it() {
    let (transcripts, different) = transcript::replayed().await;
    assert!(!transcripts.is_empty());
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}

#[test]
fn every_exchange_says_where_its_truth_comes_from() {
    for transcript in transcript::all() {
        for exchange in transcript.exchanges() {
            let sources = ["# doc: ", "# model: ", "# sdk: ", "# observed: ", "# inferred: "];
            let named =
                exchange.comments.iter().any(|line| sources.iter().any(|source| line.starts_with(source)));
            assert!(named, "{} has no source for\n{}", transcript.operation, exchange.render());
        }
    }
}
