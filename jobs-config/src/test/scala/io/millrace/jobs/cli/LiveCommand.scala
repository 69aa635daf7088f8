package io.millrace.jobs.cli

import java.io.{PrintWriter, StringWriter}
import java.util.concurrent.{CompletableFuture, TimeUnit}

/** A command that is executed in a thread of its own, so that what it prints is seen while it goes on. */
class LiveCommand(arguments: String*) {
  private val written = new StringWriter()
  private val code = new CompletableFuture[Int]()
  private val thread = new Thread(
    () => {
      code.complete(
        MillraceCommand
          .commandLineFor(arguments: _*)
          .setOut(new PrintWriter(written))
          .setErr(new PrintWriter(written))
          .execute(arguments: _*))
      ()
    },
    arguments.mkString(" ")
  )
  thread.setDaemon(true)
  thread.start()

  def lines: Seq[String] = written.toString.linesIterator.toSeq

  /** Its exit code, once it is over. */
  def exitCode: Int = code.get(60, TimeUnit.SECONDS)
}
