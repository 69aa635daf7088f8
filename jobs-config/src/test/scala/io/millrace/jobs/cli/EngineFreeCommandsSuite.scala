package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite

class EngineFreeCommandsSuite extends AnyFunSuite {
  private val json = new ObjectMapper()

  test("dataset list - an empty place - says how to make one") {
    val run = CommandLineRun.of("dataset", "list", "--datasets", place().toString)
    assert(run.exitCode === ExitCode.DONE)
    assert(run.out.contains("Make one with: millrace dataset create NAME --type TYPE"))
  }

  test("dataset create, list and show - a new dataset - is empty and has no version") {
    val datasets = place().toString
    val create =
      CommandLineRun.of("dataset", "create", "cells", "--type", "object_detection", "--datasets", datasets)
    assert(create.exitCode === ExitCode.DONE, create.err)

    val list = json.readTree(CommandLineRun.of("dataset", "list", "--datasets", datasets, "-o", "json").out)
    assert(list.size === 1)
    assert(list.get(0).get("name").asText === "cells")
    assert(list.get(0).get("type").asText === "OBJECT_DETECTION")
    assert(list.get(0).get("samples").asLong === 0)

    val show = CommandLineRun.of("dataset", "show", "cells", "--datasets", datasets)
    assert(show.out.contains("none; publish one with: millrace version publish cells"))
  }

  test("dataset create - a name that is taken - fails and names it") {
    val datasets = place().toString
    val command = Seq("dataset", "create", "cells", "--type", "OBJECT_DETECTION", "--datasets", datasets)
    assert(CommandLineRun.of(command: _*).exitCode === ExitCode.DONE)
    val again = CommandLineRun.of(command: _*)
    assert(again.exitCode === ExitCode.FAILED)
    assert(again.err.contains("cells"))
    assert(!again.err.contains("\tat "), "a stack trace")
  }

  test("dataset show - an unknown name - fails and names those there are") {
    val datasets = place().toString
    CommandLineRun.of("dataset", "create", "cells", "--type", "OBJECT_DETECTION", "--datasets", datasets)
    val run = CommandLineRun.of("dataset", "show", "cels", "--datasets", datasets)
    assert(run.exitCode === ExitCode.FAILED)
    assert(run.err.contains("cels") && run.err.contains("cells"))
  }

  test("dataset create - a name that cannot be - is a usage error with the rule") {
    val run = CommandLineRun.of("dataset", "create", "1st", "--type", "OBJECT_DETECTION")
    assert(run.exitCode === ExitCode.USAGE)
    assert(run.err.contains("Invalid dataset name: '1st' (expected"))
    assert(!run.err.contains("io.millrace"), "a class name")
  }

  test("dataset list - a setting of the environment that is no good - is told once, in one line") {
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString
    val builder = new ProcessBuilder(java, "-Xlog:disable", "-cp", System.getProperty("java.class.path"),
      "io.millrace.jobs.Millrace", "dataset", "list", "--datasets", place().toString)
    builder.environment().put("AWS_ENDPOINT_URL_S3", "no address")
    val process = builder.redirectErrorStream(true).start()
    val printed = scala.io.Source.fromInputStream(process.getInputStream).getLines().toList
      .filterNot(_.startsWith("WARNING:"))
    assert(process.waitFor() != ExitCode.DONE)
    assert(printed.size == 1 && printed.head.contains("Invalid endpoint: 'no address'"), printed)
  }

  test("no command - at all - is a usage error that lists the commands") {
    val run = CommandLineRun.of()
    assert(run.exitCode === ExitCode.USAGE)
    assert(run.err.contains("dataset") && run.err.contains("demo"))
  }

  test("help - of every command and sub-command - can be shown and has a description") {
    def check(commandLine: picocli.CommandLine): Unit = {
      val usage = commandLine.getUsageMessage
      assert(usage.contains("Usage: millrace"), commandLine.getCommandName)
      assert(
        commandLine.getCommandSpec.usageMessage().description().nonEmpty,
        commandLine.getCommandName
      )
      commandLine.getSubcommands.values.forEach(check(_))
    }
    check(MillraceCommand.commandLine())
  }

  test("commands without an engine - their classes - load no class of Spark") {
    val datasets = place().toString
    CommandLineRun.of("dataset", "create", "cells", "--type", "OBJECT_DETECTION", "--datasets", datasets)
    for (command <- Seq(Seq("dataset", "list"), Seq("dataset", "show", "cells"), Seq("version", "list", "cells"), Seq("branch", "list", "cells"))) {
      val loaded = LoadedClasses.of(command ++ Seq("--datasets", datasets))
      assert(loaded.exists(_.contains("io.millrace.jobs.cli.DatasetCommand")), "the listing works")
      assert(loaded.filter(_.contains("org.apache.spark.")) === Nil, command)
    }
  }

  private def place(): Path = Files.createTempDirectory("millrace-cli-")
}
