package io.millrace.jobs.cli

import org.scalatest.funsuite.AnyFunSuite
import picocli.CommandLine
import picocli.CommandLine.Command

import io.millrace.dataset.{Label, Usage}
import io.millrace.dataset.filter.{InvalidSelectionException, SampleFilter}
import io.millrace.ingestion.{AnnotationPolicy, ImportFilter}

class ImportFilterOptionsSuite extends AnyFunSuite {
  private def options(arguments: String*): ImportFilterOptions = {
    val command = new ImportFilterOptionsSuite.Bare
    new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true)
      .parseArgs(arguments: _*)
    command.options
  }

  test("ING-3 options - none given - take everything") {
    assert(options().toFilter == ImportFilter.EVERYTHING)
  }

  test("ING-3 options - all given - are in the filter") {
    val filter = options("--where", "width > 3", "--only-hard", "--label", "a b", "--label", "c,d",
      "--usage", "train", "--usage", "EVAL", "--unlabelled").toFilter
    assert(filter == new ImportFilter(
      AnnotationPolicy.UNLABELLED,
      ImportFilter.Examples.ONLY_HARD,
      java.util.Set.of(new Label("a b"), new Label("c,d")),
      java.util.Set.of(Usage.TRAIN, Usage.EVAL),
      SampleFilter.parse("width > 3")
    ))
  }

  test("ING-3 options - an expression that cannot be understood - the message shows the place") {
    val thrown = intercept[InvalidSelectionException](options("--where", "width > x").toFilter)
    assert(thrown.getMessage.endsWith("\n  width > x\n          ^"))
  }
}

object ImportFilterOptionsSuite {
  @Command(name = "bare")
  class Bare {
    @CommandLine.Mixin val options: ImportFilterOptions = new ImportFilterOptions
  }
}
