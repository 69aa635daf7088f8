package io.millrace.jobs.cli

import java.io.{PrintWriter, StringWriter}
import java.time.Instant
import java.util.List

import org.scalatest.funsuite.AnyFunSuite

class ConsoleSuite extends AnyFunSuite {

  test("table - cells of different widths - columns line up and lines end without blanks") {
    assert(
      printed(OutputFormat.TEXT) {
        _.table(
          List.of("NAME", "N"),
          List.of(List.of("cells", "1"), List.of("a", "1000"))
        )
      } === "NAME   N\ncells  1\na      1000\n"
    )
  }

  test("line - JSON was asked for - prints nothing") {
    assert(printed(OutputFormat.JSON)(_.line("for people")) === "")
  }

  test("json - JSON was asked for - prints the document") {
    assert(printed(OutputFormat.JSON)(_.json("""{"a":1}""")) === "{\n  \"a\" : 1\n}\n")
  }

  test("json - text was asked for - prints nothing") {
    assert(printed(OutputFormat.TEXT)(_.json("{}")) === "")
  }

  test("bytes - powers of 1024 - one digit behind the point") {
    assert(Console.bytes(512) === "512 B")
    assert(Console.bytes(1536) === "1.5 KB")
    assert(Console.bytes(25L * 1024 * 1024) === "25.0 MB")
  }

  test("time - an instant - in UTC to the second") {
    assert(Console.time(Instant.parse("2026-11-22T01:09:00.5Z")) === "2026-11-22 01:09:00")
  }

  private def printed(format: OutputFormat)(print: Console => Unit): String = {
    val text = new StringWriter()
    print(new Console(new PrintWriter(text), format))
    text.toString.replace("\r\n", "\n")
  }
}
