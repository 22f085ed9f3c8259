//! What a figure was measured on, so that nobody compares it with another machine's.

use std::fs;

/// One line: processors, memory, kernel.
#[must_use]
pub fn facts() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model =
        value("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = value("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{cores} cores of {model}, {memory} of memory, Linux {}",
        kernel.trim()
    )
}

/// Resident memory of a process in kB, now.
#[must_use]
pub fn resident_kb(pid: u32) -> Option<u64> {
    let line = value(&format!("/proc/{pid}/status"), "VmRSS")?;
    line.strip_suffix(" kB")?.trim().parse().ok()
}

fn value(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_takes_memory_on_some_linux() {
        assert!(resident_kb(std::process::id()).is_some_and(|kb| kb > 100));
        assert!(facts().contains("Linux ") && !facts().starts_with('0'));
    }
}
