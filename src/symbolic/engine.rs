//! The one thread that may touch Symbolica, and the queue in front of it.
//!
//! Unlicensed, Symbolica aborts the process when a second thread uses it, so every use goes through [`run`]. The
//! thread starts at the first use and lives, with the lock between processes, until the process ends.

use super::{EngineError, lock};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
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
    let engine = match ENGINE.get_or_init(start) {
        Ok(engine) => engine,
        Err(message) => return Err(EngineError::Failed(message.clone())),
    };
    let (reply, answer) = channel();
    let stage = Arc::new(AtomicU8::new(WAITING));
    let work = Box::new(move || {
        let result = catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|panic| Err(EngineError::Failed(message_of(panic.as_ref()))));
        // Nobody listens any more after a time-out, and that is fine.
        let _ = reply.send(result);
    });
    let stopped = || EngineError::Failed("the engine has stopped".to_owned());
    engine
        .queue
        .send(Job {
            work,
            stage: Arc::clone(&stage),
        })
        .map_err(|_| stopped())?;
    let stuck = engine.overdue.load(Ordering::SeqCst) > 0;
    let patience = if stuck { timeout.min(GRACE) } else { timeout };
    match answer.recv_timeout(patience) {
        Ok(result) => result,
        Err(RecvTimeoutError::Disconnected) => Err(stopped()),
        Err(RecvTimeoutError::Timeout) => {
            engine.abandon(&stage);
            // The answer may have arrived between the time-out and here.
            answer.try_recv().unwrap_or(Err(EngineError::TimedOut))
        }
    }
}

impl Engine {
    /// Gives up on a job: it is skipped if it has not started, and counted as overdue while it runs.
    fn abandon(&self, stage: &AtomicU8) {
        if stage
            .compare_exchange(WAITING, ABANDONED, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
        {
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

/// Starts the engine's thread.
fn start() -> Result<Engine, String> {
    quieten();
    let (queue, jobs) = channel();
    let overdue = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&overdue);
    thread::Builder::new()
        .name(THREAD_NAME.to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || serve(&jobs, &counter))
        .map_err(|error| format!("no thread for the engine: {error}"))?;
    Ok(Engine { queue, overdue })
}

/// The engine's thread: takes the lock, then answers questions for ever.
fn serve(jobs: &Receiver<Job>, overdue: &AtomicUsize) {
    let path = std::env::temp_dir().join(lock::FILE_NAME);
    let announce = || eprintln!("waiting for another foliate to release the algebra engine");
    // Without the lock Symbolica might abort the whole process, so nothing is answered: dropping the queue tells
    // every caller that the engine has stopped.
    let _lock = match lock::acquire(&path, announce) {
        Ok(file) => file,
        Err(error) => {
            eprintln!(
                "cannot lock {}: {error}; going on without computer algebra",
                path.display()
            );
            return;
        }
    };
    while let Ok(job) = jobs.recv() {
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
