package io.millrace.jobs.cli

import java.io.{IOException, UncheckedIOException}

import io.millrace.dataset.DatasetException
import org.scalatest.funsuite.AnyFunSuite

class FailureSentenceSuite extends AnyFunSuite {

  test("sentence - a message for the user below an engine's failure - is that message") {
    val failure = new RuntimeException("Job aborted", new DatasetException("Cannot read x: gone."))
    assert(FailureSentence.of(failure) === "Cannot read x: gone.")
  }

  test("sentence - a full disk anywhere below - says so and what to do") {
    val failure =
      new RuntimeException("Job aborted", new RuntimeException(new IOException("No space left on device")))
    assert(FailureSentence.of(failure).startsWith("Cannot finish: the disk is full"))
    assert(FailureSentence.of(failure).contains("free some space and run it again"))
  }

  test("sentence - a directory that Hadoop cannot make - names it and what to check") {
    val cause = new IOException(
      "Mkdirs failed to create file:/nowhere at all/x=1 (exists=false, cwd=file:/work)\n\tat y")
    assert(FailureSentence.of(new RuntimeException("Job aborted", cause)) ===
      "Cannot make the directory /nowhere at all/x=1: the file system refused it. Check " +
      "permissions and free space.")
  }

  test("sentence - a failure of storage - is what the storage said") {
    val cause = new IOException("s3a://b/k: access denied")
    assert(FailureSentence.of(new RuntimeException("x", cause)) === "s3a://b/k: access denied")
    assert(
      FailureSentence.of(new UncheckedIOException("Cannot list runs", cause)) === "Cannot list runs"
    )
  }

  test("sentence - a defect - names its cause and asks for a report") {
    val sentence = FailureSentence.of(new RuntimeException("outer", new IllegalStateException("why")))
    assert(sentence.contains("IllegalStateException: why"))
    assert(sentence.contains("--debug"))
  }
}
