package io.millrace.jobs.cli

import java.io.{PrintWriter, StringWriter}

/** A command line that was executed in this process: its exit code and what it printed. */
case class CommandLineRun(exitCode: Int, out: String, err: String)

object CommandLineRun {
  def of(arguments: String*): CommandLineRun = {
    val out = new StringWriter()
    val err = new StringWriter()
    val exitCode = MillraceCommand
      .commandLineFor(arguments: _*)
      .setOut(new PrintWriter(out))
      .setErr(new PrintWriter(err))
      .execute(arguments: _*)
    CommandLineRun(exitCode, out.toString, err.toString)
  }
}
