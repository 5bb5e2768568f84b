//! Waiting without falling asleep.
//!
//! SQLite works on a thread of its own. Whoever waits for it at each statement, with nothing else to do, lets his own
//! thread fall asleep, and has it woken up a moment later: that takes longer than the statement. Where all others wait
//! for one who does so, it is worth to stay awake.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::LazyLock;
use std::thread::available_parallelism;

/// How often, in all, it is looked whether there is something to go on with, before falling asleep: about a tenth of a
/// millisecond. None, where there is one processor for all threads.
static LOOKS: LazyLock<u32> = LazyLock::new(|| match available_parallelism() {
    Ok(threads) if threads.get() > 1 => 400,
    Ok(_) | Err(_) => 0,
});

/// Does the work, awake. What else is ready to go on is let go on in between.
pub(super) async fn awake<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut looks = *LOOKS;
    poll_fn(|cx| {
        let polled = work.as_mut().poll(cx);
        if polled.is_pending() && looks > 0 {
            looks -= 1;
            cx.waker().wake_by_ref();
        }
        polled
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::{LOOKS, awake};

    #[tokio::test]
    async fn who_is_awake_falls_asleep_after_a_while_and_lets_others_go_on() {
        let others = AtomicU32::new(0);
        let counts = async {
            for _ in 0..10 {
                tokio::task::yield_now().await;
                others.fetch_add(1, Ordering::Relaxed);
            }
        };
        let polls = AtomicU32::new(0);
        let waits = async {
            let mut sleep = pin_sleep();
            std::future::poll_fn(|cx| {
                polls.fetch_add(1, Ordering::Relaxed);
                sleep.as_mut().poll(cx)
            })
            .await;
            7
        };
        let (seven, ()) = tokio::join!(awake(waits), counts);
        assert_eq!(seven, 7);
        assert_eq!(others.load(Ordering::Relaxed), 10);
        let polls = polls.load(Ordering::Relaxed);
        assert!(polls > *LOOKS && polls < *LOOKS + 50, "{polls}");
    }

    fn pin_sleep() -> std::pin::Pin<Box<tokio::time::Sleep>> {
        Box::pin(tokio::time::sleep(Duration::from_millis(50)))
    }
}
