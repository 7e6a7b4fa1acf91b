//! Runs the real program in a folder of its own and checks what it answers.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A run of the program in the making.
pub struct Run {
    folder: TempDir,
    args: Vec<String>,
    input: Option<Vec<u8>>,
}

/// What the program answered.
pub struct Answer {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    code: Option<i32>,
    folder: TempDir,
}

/// A run of the program with these arguments.
#[track_caller]
pub fn foliate(args: &[&str]) -> Run {
    Run {
        folder: tempfile::tempdir().unwrap(),
        args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        input: None,
    }
}

/// Runs work on a pool of its own: the algebra engine insists on making the global one.
pub fn in_parallel<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().build().unwrap().install(work)
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example costs, by name.
pub fn examples() -> Vec<PathBuf> {
    let files = std::fs::read_dir(root().join("proofs/costs")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() >= 14);
    files
}

impl Run {
    /// Puts a file into the folder.
    #[track_caller]
    pub fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
        self
    }

    /// Puts a folder into the folder.
    #[track_caller]
    pub fn directory(self, name: &str) -> Self {
        std::fs::create_dir(self.folder.path().join(name)).unwrap();
        self
    }

    /// Gives the program something to read.
    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.input = Some(bytes.as_ref().to_owned());
        self
    }

    /// Starts the program and does not wait.
    #[track_caller]
    fn start(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_foliate"));
        command
            .args(&self.args)
            .current_dir(self.folder.path())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A program that refuses its arguments does not read.
        let _ = stdin.write_all(self.input.as_deref().unwrap_or_default());
        child
    }

    /// Runs the program to its end and demands an exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Answer {
        let output = self.start().wait_with_output().unwrap();
        let answer = Answer {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
            folder: self.folder,
        };
        let Answer { stdout, stderr, .. } = &answer;
        assert!(!stderr.contains("panicked"), "{stderr}");
        assert_eq!(
            answer.code,
            Some(code),
            "{:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}",
            self.args
        );
        answer
    }

    /// Runs the program to its end: the exit code and standard output.
    #[track_caller]
    pub fn answers(self) -> (i32, String) {
        let output = self.start().wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    /// Closes the reading end of standard output at once and waits for the end.
    #[track_caller]
    pub fn exits_unread(self, code: i32) {
        let mut child = self.start();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.is_empty(), "{stderr}");
    }
}

impl Answer {
    /// Standard output as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{}", self.stdout))
    }

    /// Demands that standard output mentions something.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "no `{text}` in\n{}", self.stdout);
        self
    }

    /// Demands that standard error mentions something.
    #[track_caller]
    pub fn complains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no `{text}` in\n{}", self.stderr);
        self
    }

    /// A file that the program has written.
    #[track_caller]
    pub fn written(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// The names of the files in a folder, in order.
    #[track_caller]
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Another run in the same folder.
    pub fn then(self, args: &[&str]) -> Run {
        Run {
            folder: self.folder,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            input: None,
        }
    }
}
