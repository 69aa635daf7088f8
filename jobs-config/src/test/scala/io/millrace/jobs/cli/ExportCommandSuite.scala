package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import com.fasterxml.jackson.databind.ObjectMapper
import io.millrace.dataset.delta.spark.SharedSparkSession
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

class ExportCommandSuite extends AnyFunSuite with SharedSparkSession {
  private val json = new ObjectMapper()

  /** A dataset of three texts. */
  private lazy val datasets: String = {
    spark // The engine that commands join.
    val datasets = temporaryDirectory().toString
    val source = Files.writeString(
      temporaryDirectory().resolve("in.txt"), "very good\tgood\nso so\nnot good\tbad,good\n")
    run("dataset", "create", "texts", "--type", "text_classification", "--datasets", datasets)
    val imported = run(
      "dataset", "import", "texts", source.toString, "--format", "text-combined", "--datasets", datasets)
    assert(imported.exitCode === ExitCode.DONE, imported.err)
    datasets
  }

  test("VER-6 command - dataset export - the files, the report, and a refusal the second time") {
    val out = temporaryDirectory().resolve("out").toString
    val exported = exporting("dataset", "texts", "--format", "text-separate", "--output", out, "--where", "label is not null")
    assert(exported.exitCode === ExitCode.DONE, exported.err)
    assert(exported.out.startsWith("exported 2 of 2 samples, left out 0, 2 files, "), exported.out)
    assert(exported.out.endsWith(s"\n  in file://$out\n"), exported.out)
    val lines = Files.readAllLines(Path.of(out, "texts.txt")).toString
    assert(Set("[very good, not good]", "[not good, very good]").contains(lines))
    val again = exporting("dataset", "texts", "--format", "text-separate", "--output", out)
    assert(again.exitCode === ExitCode.FAILED)
    assert(again.err === s"millrace: Cannot export to file://$out: it holds an earlier export. " +
      "Name another directory, or replace it with --replace.\n")
    val replaced = exporting("dataset", "texts", "--format", "unlabelled", "--output", out, "--replace", "-o", "json")
    assert(json.readTree(replaced.out).get("losses").toString === """{"annotation":3}""")
  }

  test("VER-6 command - version export, of the current one, as a new dataset - it can be listed") {
    assert(run("version", "publish", "texts", "--datasets", datasets).exitCode === ExitCode.DONE)
    val exported = exporting("version", "texts", "--as-dataset", "copy", "-o", "json")
    assert(exported.exitCode === ExitCode.DONE, exported.err)
    assert(json.readTree(exported.out).get("subject").asText === "texts@V001")
    val shown = run("dataset", "show", "copy", "--datasets", datasets)
    assert(shown.out.contains("description  Exported from texts@V001, where true\n"))
    assert(shown.out.contains("samples      3\n"))
  }

  test("VER-6 command - bad input - one sentence with the value and the remedy") {
    forAll(Table(
      ("arguments", "exit code", "words"),
      (Seq("texts"), ExitCode.USAGE, "--as-dataset"),
      (Seq("texts", "--format", "yollo", "--output", "x"), ExitCode.USAGE,
        "Invalid format: 'yollo' (expected one of manifest, image-txt, "),
      (Seq("texts", "--format", "manifest"), ExitCode.USAGE, "--output"),
      (Seq("texts", "--as-dataset", "a", "--format", "manifest", "--output", "x"), ExitCode.USAGE, "mutually exclusive"),
      (Seq("texts", "--format", "voc", "--output", "x"), ExitCode.FAILED,
        "it is a dataset of TEXT_CLASSIFICATION, the format is one of OBJECT_DETECTION. Formats for it: manifest, "),
      (Seq("texts", "--format", "text-combined", "--output", "x", "--media", "reference"), ExitCode.FAILED,
        "Invalid media: reference (format text-combined knows copy)"),
      (Seq("texts", "--format", "manifest", "--output", "x", "--where", "colour = 1"), ExitCode.FAILED, "colour"),
      (Seq("texts", "--format", "manifest", "--output", "https://h/x"), ExitCode.FAILED,
        "Cannot export to https://h/x: nothing can be written there."),
      (Seq("nosuch", "--format", "manifest", "--output", "x"), ExitCode.FAILED, "Cannot find dataset nosuch"))) {
      (arguments, exitCode, words) =>
        val result = exporting("dataset", arguments: _*)
        assert(result.err.contains(words), result.err)
        assert(result.exitCode === exitCode)
        assert(!result.err.contains("\tat "))
        assert(!Files.exists(Path.of("x")))
    }
  }

  private def exporting(group: String, arguments: String*): CommandLineRun =
    run(Seq(group, "export") ++ arguments ++ Seq("--datasets", datasets): _*)

  private def run(arguments: String*): CommandLineRun = CommandLineRun.of(arguments: _*)
}
