"""A process tree that lives and dies together: children are restarted when they end, and end when the parent does."""

import ctypes
import os
import signal
import subprocess
import sys
import time

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def end_with_parent(signal_number):
    """Let the kernel send this process a signal when its parent ends, however that ends. Linux only, else nothing.

    The parent is the *thread* that forked us: children are started from the main thread only.
    """
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal_number)


class Child:
    """One program with its arguments. `orphaned` is the signal it gets when we end without stopping it."""

    def __init__(self, name, argv, *, orphaned=signal.SIGKILL, stop=signal.SIGTERM, config=None, log=None, **options):
        self.name, self.argv, self.orphaned, self.stop_signal = name, [str(part) for part in argv], orphaned, stop
        self.config, self.log, self.options = config, log, options
        self.process, self.started = None, 0.0

    def start(self):
        parent = os.getpid()

        def in_child():
            end_with_parent(self.orphaned)
            if os.getppid() != parent:  # The parent ended before the kernel knew our wish.
                os._exit(1)

        output = os.open(self.log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600) if self.log else None
        self.process = subprocess.Popen(
            self.argv,
            stdin=subprocess.PIPE if self.config else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # A ^C in the terminal reaches us alone; we stop the children in the right order.
            start_new_session=True,
            preexec_fn=in_child,
            **self.options,
        )
        if output is not None:
            os.close(output)
        if self.config:
            self.process.stdin.write(self.config.encode())
            self.process.stdin.close()
        self.started = time.monotonic()

    def running(self):
        return self.process is not None and self.process.poll() is None

    def signal_stop(self):
        if self.running():
            self.process.send_signal(self.stop_signal)

    def wait(self, seconds):
        """Wait for the end after signal_stop; kill what does not end in time."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def said(self):
        """The last lines of the log, for an error message."""
        if not self.log or not os.path.exists(self.log):
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as lines:
            return " / ".join(line.strip() for line in lines.readlines()[-4:])


def restart_ended(children, say):
    """Start again what has ended; a program that cannot stay up is started once in two seconds, not in a loop."""
    for child in children:
        if not child.running() and time.monotonic() - child.started > 2:
            say(f"{child.name} ended with code {child.process.returncode}; starting it again.")
            child.start()


def stop(children, seconds=10):
    """Ask all to stop, then wait; what has not ended in time is killed."""
    for child in reversed(children):
        child.signal_stop()
    for child in children:
        child.wait(seconds)
