package io.millrace.dataset

import java.nio.charset.StandardCharsets
import java.nio.file.{Files, Path}
import java.util.concurrent.TimeUnit

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import org.scalatest.Assertions

/**
 * Runs Python programs that know nothing of Millrace. The interpreter is the first of the one that
 * the environment variable MILLRACE_READERS_PYTHON names, `python3` on the PATH, and Debian's, that
 * imports what a program needs; where none does, the test is cancelled and says so.
 */
trait ForeignPython extends Assertions {
  private val json = new ObjectMapper()

  /** The last line that a program prints, which is JSON. */
  def python(modules: Seq[String], program: String, arguments: String*): JsonNode =
    run(modules, Seq("-c", program + ForeignPython.Leave) ++ arguments)

  /** The last line that a program in a file prints, which is JSON. */
  def pythonFile(modules: Seq[String], program: Path, arguments: String*): JsonNode =
    run(modules, Seq("-c", ForeignPython.RunFile + ForeignPython.Leave, program.toString) ++ arguments)

  /** Cancels the test, before a table of cases would take that for a failure. */
  def assumePython(modules: Seq[String]): Unit = { interpreter(modules); () }

  private def interpreter(modules: Seq[String]): String =
    ForeignPython.interpreter(modules).fold(cancel(_), identity)

  private def run(modules: Seq[String], arguments: Seq[String]): JsonNode = {
    val (exit, out) = ForeignPython.run(interpreter(modules) +: arguments)
    assert(exit === 0, out)
    json.readTree(out.linesIterator.toSeq.last)
  }
}

object ForeignPython {
  /**
   * All is printed by then. An interpreter that is taken down instead may be aborted by a thread that delta-rs or Arrow
   * still has ("terminate called without an active exception").
   */
  private val Leave = "\nimport os, sys; sys.stdout.flush(); sys.stderr.flush(); os._exit(0)\n"

  /** As though the file had been given to the interpreter. */
  private val RunFile =
    """import os, runpy, sys
      |del sys.argv[0]
      |sys.path[0] = os.path.dirname(sys.argv[0])
      |runpy.run_path(sys.argv[0], run_name="__main__")""".stripMargin

  private val timeoutSeconds = 120L
  private val found = new java.util.concurrent.ConcurrentHashMap[Seq[String], Either[String, String]]()

  private def candidates: Seq[String] =
    sys.env.get("MILLRACE_READERS_PYTHON").filter(_.nonEmpty).toSeq ++ Seq("python3", "/usr/bin/python3")

  /** The interpreter that imports all modules, or why there is none. */
  private def interpreter(modules: Seq[String]): Either[String, String] =
    found.computeIfAbsent(
      modules,
      _ =>
        candidates
          .find(python => imports(python, modules))
          .toRight(
            s"none of ${candidates.mkString(", ")} imports ${modules.mkString(", ")}; " +
              "install them, or name an interpreter in MILLRACE_READERS_PYTHON"))

  private def imports(python: String, modules: Seq[String]): Boolean =
    try run(Seq(python, "-c", s"import ${modules.mkString(", ")}"))._1 == 0
    catch { case _: java.io.IOException => false } // there is no such program

  /** Output goes through a file, so that no pipe fills. */
  private def run(command: Seq[String]): (Int, String) = {
    val out = Files.createTempFile("python-", ".out")
    try {
      val process = new ProcessBuilder(command: _*).redirectErrorStream(true).redirectOutput(out.toFile).start()
      if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly()
        throw new IllegalStateException(s"no end after $timeoutSeconds s: ${command.mkString(" ")}")
      }
      (process.exitValue(), Files.readString(out, StandardCharsets.UTF_8))
    } finally Files.delete(out)
  }
}
