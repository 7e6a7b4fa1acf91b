//! The one thread that may touch Symbolica, and the queue in front of it.
//!
//! Unlicensed, Symbolica aborts the process when a second thread uses it, so every use goes through [`run`]. The
//! thread starts at the first use and lives, with the lock between processes, until the process ends.

use super::{EngineError, convert, lock};
use std::any::Any;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

/// The name of the engine's thread, by which the panic hook knows it.
const THREAD_NAME: &str = "foliate-algebra";
/// Symbolica recurses on the depth of an expression: room for the depth limit many times over. Reserved, not used.
const STACK_BYTES: usize = 256 << 20;
/// How long a caller waits while the engine is stuck with a question that nobody waits for any more.
const GRACE: Duration = Duration::from_millis(250);

/// The stages of a job; only the engine starts and finishes one, only its caller abandons it.
const WAITING: u8 = 0;
const RUNNING: u8 = 1;
const FINISHED: u8 = 2;
const ABANDONED: u8 = 3;

/// A question on its way to the engine.
struct Job {
    work: Box<dyn FnOnce() + Send>,
    stage: Arc<AtomicU8>,
}

/// The callers' end of the engine.
struct Engine {
    queue: Sender<Job>,
    /// How many abandoned jobs are still running: 0, or 1 when the engine is stuck.
    overdue: Arc<AtomicUsize>,
    /// The thread has not come to its next job, and a caller has already waited for that as long as it could.
    waiting_long: Arc<AtomicBool>,
    /// Why the thread could not get ready, if it could not.
    broken: Arc<OnceLock<String>>,
}

/// The engine of this process, or why there is none.
static ENGINE: OnceLock<Result<Engine, String>> = OnceLock::new();

/// Runs `work` on the engine's thread and waits at most `timeout` for the answer, the wait in the queue included.
///
/// While the engine is stuck with an abandoned question, the wait is at most [`GRACE`].
///
/// Errors: [`EngineError::TimedOut`]; [`EngineError::Failed`] if the engine could not start or `work` panicked; those
/// of `work`.
/// Panics: never; a panic of `work` is caught.
pub(super) fn run<Answer, Work>(timeout: Duration, work: Work) -> Result<Answer, EngineError>
where
    Answer: Send + 'static,
    Work: FnOnce() -> Result<Answer, EngineError> + Send + 'static,
{
    let engine = ENGINE.get_or_init(|| {
        quieten();
        Engine::start(prepare)
    });
    match engine {
        Ok(engine) => engine.run(timeout, work),
        Err(message) => Err(EngineError::Failed(message.clone())),
    }
}

/// Takes the lock between processes and makes the symbols, on the engine's own thread.
///
/// Errors: why Symbolica must not be used.
fn prepare() -> Result<File, String> {
    let path = std::env::temp_dir().join(lock::FILE_NAME);
    let announce = || eprintln!("waiting for another foliate to release the algebra engine");
    let file = lock::acquire(&path, announce).map_err(|error| format!("cannot lock {}: {error}", path.display()))?;
    convert::register();
    Ok(file)
}

impl Engine {
    /// Starts a thread that prepares itself and then answers questions for ever, keeping what the preparation gave. If
    /// the preparation fails, that is the answer to every question.
    ///
    /// Errors: no thread could be started.
    fn start<Kept>(prepare: impl FnOnce() -> Result<Kept, String> + Send + 'static) -> Result<Self, String> {
        let (queue, jobs) = channel();
        let overdue = Arc::new(AtomicUsize::new(0));
        let broken = Arc::new(OnceLock::new());
        let waiting_long = Arc::new(AtomicBool::new(false));
        let (counter, failure, waiting) = (Arc::clone(&overdue), Arc::clone(&broken), Arc::clone(&waiting_long));
        let body = move || match catch_unwind(AssertUnwindSafe(prepare)) {
            Ok(Ok(_kept)) => serve(&jobs, &counter, &waiting),
            // Ending the thread closes the queue, which tells every caller to look here.
            Ok(Err(message)) => drop(failure.set(message)),
            Err(panic) => drop(failure.set(message_of(panic.as_ref()))),
        };
        thread::Builder::new()
            .name(THREAD_NAME.to_owned())
            .stack_size(STACK_BYTES)
            .spawn(body)
            .map_err(|error| format!("no thread for the engine: {error}"))?;
        Ok(Engine {
            queue,
            overdue,
            waiting_long,
            broken,
        })
    }

    /// See [`run`].
    fn run<Answer, Work>(&self, timeout: Duration, work: Work) -> Result<Answer, EngineError>
    where
        Answer: Send + 'static,
        Work: FnOnce() -> Result<Answer, EngineError> + Send + 'static,
    {
        let (reply, answer) = channel();
        let stage = Arc::new(AtomicU8::new(WAITING));
        let work = Box::new(move || {
            let result = catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|panic| Err(EngineError::Failed(message_of(panic.as_ref()))));
            // Nobody listens any more after a time-out, and that is fine.
            let _ = reply.send(result);
        });
        let stuck = self.overdue.load(Ordering::SeqCst) > 0 || self.waiting_long.load(Ordering::SeqCst);
        let patience = if stuck { timeout.min(GRACE) } else { timeout };
        self.queue
            .send(Job {
                work,
                stage: Arc::clone(&stage),
            })
            .map_err(|_| self.stopped())?;
        match answer.recv_timeout(patience) {
            Ok(result) => result,
            Err(RecvTimeoutError::Disconnected) => Err(self.stopped()),
            Err(RecvTimeoutError::Timeout) => {
                self.abandon(&stage);
                // The answer may have arrived between the time-out and here.
                answer.try_recv().unwrap_or(Err(EngineError::TimedOut))
            }
        }
    }

    /// Why the thread is gone.
    fn stopped(&self) -> EngineError {
        let reason = self.broken.get().map_or("the engine has stopped", String::as_str);
        EngineError::Failed(reason.to_owned())
    }

    /// Gives up on a job: it is skipped if it has not started, and counted as overdue while it runs.
    fn abandon(&self, stage: &AtomicU8) {
        if stage
            .compare_exchange(WAITING, ABANDONED, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
        {
            self.waiting_long.store(true, Ordering::SeqCst);
            return;
        }
        // Counted before it is marked: the engine uncounts a marked job, and must never do so first.
        self.overdue.fetch_add(1, Ordering::SeqCst);
        if stage
            .compare_exchange(RUNNING, ABANDONED, Ordering::SeqCst, Ordering::SeqCst)
            .is_err()
        {
            self.overdue.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// Answers questions until every caller is gone, skipping those that nobody waits for.
fn serve(jobs: &Receiver<Job>, overdue: &AtomicUsize, waiting_long: &AtomicBool) {
    while let Ok(job) = jobs.recv() {
        waiting_long.store(false, Ordering::SeqCst);
        if job
            .stage
            .compare_exchange(WAITING, RUNNING, Ordering::SeqCst, Ordering::SeqCst)
            .is_err()
        {
            continue;
        }
        (job.work)();
        if job.stage.swap(FINISHED, Ordering::SeqCst) == ABANDONED {
            overdue.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// Keeps Symbolica off the standard streams, where only foliate's own output belongs: no banner, no warnings about
/// infinities, no trace of a panic that is reported as an error anyway.
fn quieten() {
    // SAFETY: changing the environment is unsound only while another thread reads it behind the standard library's
    // back, through the C library. The standard library's own readers take its lock, and no C code of this process
    // (GMP, MPFR, the allocator) reads the environment after its start-up; Symbolica itself has not been called yet,
    // because this runs once, before the only thread that calls it exists. The safe ways (a wrapper script, running
    // the program a second time with a new environment) would cost every user a process to save two lines.
    #[allow(unsafe_code)]
    unsafe {
        std::env::set_var("SYMBOLICA_HIDE_BANNER", "1");
        std::env::set_var("RUST_LOG", "off");
    }
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if thread::current().name() != Some(THREAD_NAME) {
            previous(panic);
        }
    }));
}

/// What a panic said.
fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "it gave no reason".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    const LONG: Duration = Duration::from_secs(30);

    /// An engine of its own, so that getting it stuck disturbs no other test; it never meets Symbolica.
    fn engine() -> Engine {
        Engine::start(|| Ok(())).unwrap()
    }

    #[test]
    fn a_stuck_engine_answers_quickly_and_recovers() {
        let engine = engine();
        let (release, released) = channel::<()>();
        let stuck: Result<(), _> = engine.run(Duration::from_millis(20), move || {
            let _ = released.recv();
            Ok(())
        });
        assert_eq!(stuck, Err(EngineError::TimedOut));
        let start = Instant::now();
        assert_eq!(engine.run(LONG, || Ok(1)), Err(EngineError::TimedOut));
        assert!(start.elapsed() < Duration::from_secs(5));
        release.send(()).unwrap();
        // The engine may need a moment to notice; the abandoned question in between is skipped.
        let recovered = (0..100).any(|_| engine.run(LONG, || Ok(2)) == Ok(2));
        assert!(recovered);
        assert_eq!(engine.overdue.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_question_given_up_in_the_queue_does_not_count_as_overdue() {
        let engine = Arc::new(engine());
        let (release, released) = channel::<()>();
        let (started, waiting) = channel::<()>();
        let other = Arc::clone(&engine);
        let slow = thread::spawn(move || {
            other.run(LONG, move || {
                let _ = started.send(());
                let _ = released.recv();
                Ok(1)
            })
        });
        waiting.recv().unwrap();
        assert_eq!(
            engine.run(Duration::from_millis(20), || Ok(2)),
            Err(EngineError::TimedOut)
        );
        assert_eq!(engine.overdue.load(Ordering::SeqCst), 0);
        release.send(()).unwrap();
        assert_eq!(slow.join().unwrap(), Ok(1));
        assert_eq!(engine.run(LONG, || Ok(3)), Ok(3));
    }

    #[test]
    fn a_failed_preparation_is_the_answer() {
        let engine = Engine::start(|| Err::<(), _>("no lock".to_owned())).unwrap();
        for _ in 0..3 {
            assert_eq!(
                engine.run(LONG, || Ok(())),
                Err(EngineError::Failed("no lock".to_owned()))
            );
        }
    }
}
