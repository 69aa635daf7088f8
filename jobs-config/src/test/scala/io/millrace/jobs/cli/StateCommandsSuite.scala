package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import io.millrace.dataset.delta.spark.SharedSparkSession
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

/** The commands branch, dataset merge and rollback, version diff and show. */
class StateCommandsSuite extends AnyFunSuite with SharedSparkSession {
  private val json = new ObjectMapper()

  test("VER-5 commands - branch, edit, compare, merge, roll back - each says what it did") {
    spark // The engine that commands join.
    val datasets = newDataset("a\tcat\nb\tdog\nc\tcat\n")
    done(datasets, "version", "publish", "texts")
    val created = done(datasets, "branch", "create", "texts", "trial")
    assert(created.out == "Created branch trial of texts with the 3 samples of V001\n")
    importTexts(datasets, "d\tcow\n", "--branch", "trial")
    done(datasets, "label", "rename", "texts", "dog", "hound", "--branch", "trial")
    val list = done(datasets, "branch", "list", "texts").out.linesIterator.toSeq
    assert(list.map(_.split(" +").toSeq) == Seq(
      Seq("BRANCH", "FROM", "CURRENT", "SAMPLES"),
      Seq("main", "-", "V001", "3"),
      Seq("trial", "V001", "V001", "4")))
    assert(node(datasets, "dataset", "show", "texts").get("samples").asInt == 3)
    val onTrial = node(datasets, "dataset", "show", "texts", "--branch", "trial")
    assert(onTrial.get("samples").asInt == 4 && onTrial.get("branch").asText == "trial")
    assert(node(datasets, "dataset", "imports", "texts", "--branch", "trial").size == 2)
    assert(node(datasets, "dataset", "imports", "texts").size == 1)

    val diff = done(datasets, "version", "diff", "texts", "V001", "working:trial", "--rows").out
    assert(diff.contains("1 added, 0 removed, 1 relabelled, 0 moved to another part"))
    assert(diff.contains("dog > hound"))

    val merged = done(datasets, "dataset", "merge", "texts", "texts@working:trial").out
    assert(merged.startsWith("Merged texts@working:trial into texts@working:main\n"))
    assert(merged.contains("  compared with  texts@V001\n"))
    assert(merged.contains("  samples        1 added, 1 changed, 0 removed\n"))
    val undo = "--to-state (\\d+)".r.findFirstMatchIn(merged).get.group(1)
    done(datasets, "version", "publish", "texts")

    val counts = done(datasets, "version", "diff", "texts", "V001", "V002").out
    assert(counts.startsWith("texts@V001 (3 samples) to texts@V002 (4 samples)\n1 added, "))
    assert(counts.linesIterator.map(_.split(" +").toSeq).contains(Seq("cow", "0", "1", "+1")))
    val numbers = node(datasets, "version", "diff", "texts", "V001", "V002")
    assert(numbers.get("samples").toString ==
      """{"added":1,"removed":0,"relabelled":1,"moved":0,"changed":0,"unchanged":2}""")
    assert(numbers.get("labels").get("dog").toString == """{"before":1,"after":0}""")

    for (command <- Seq(Seq("diff", "texts", "V001", "V002"), Seq("show", "texts@V002"))) {
      val loaded = LoadedClasses.of("version" +: command :++ Seq("--datasets", datasets))
      assert(loaded.exists(_.contains("io.millrace.jobs.cli.VersionCommand")), "it works")
      assert(loaded.filter(_.contains("org.apache.spark.")) == Nil, command)
    }

    val shown = done(datasets, "version", "show", "texts@V002").out
    assert(shown.contains("parent       V001\n") && shown.contains("branch       main (current)\n"))
    assert(shown.contains("dataset merge by ") && shown.contains("from texts@working:trial"))
    val provenance = node(datasets, "version", "show", "texts@latest").get("provenance")
    assert(provenance.get("imports").size == 2)
    assert(provenance.get("operations").get(0).get("operation").asText == "dataset merge")

    val back = done(datasets, "dataset", "rollback", "texts", "--to-state", undo).out
    assert(back.startsWith(s"Rolled texts@working:main back to state $undo\n"))
    assert(node(datasets, "dataset", "show", "texts").get("samples").asInt == 3)
    val forward = node(datasets, "dataset", "rollback", "texts", "--to", "V002")
    assert(forward.get("samples").get("added").asInt == 1)

    val deleted = done(datasets, "branch", "delete", "texts", "trial", "--yes").out
    assert(deleted == "Deleted branch trial of texts; versions published on it stay\n")
    val gone = run(datasets, "dataset", "show", "texts", "--branch", "trial")
    assert(gone.err.contains("there is no such branch. The branches are main."), gone.err)
  }

  test("VER-5 version diff - written to a directory - has a row a sample, in each format") {
    spark
    val datasets = newDataset("a\tcat\nb\tdog\n")
    done(datasets, "version", "publish", "texts")
    importTexts(datasets, "c\t=cmd\n")
    Seq("csv", "jsonl", "parquet").foreach { format =>
      val target = temporaryDirectory().resolve("out").toString
      done(datasets, "version", "diff", "texts", "V001", "working:main", "--rows", "--output",
        target, "--output-as", format)
      val rows = format match {
        case "csv" => spark.read.option("header", "true").csv(target)
        case "jsonl" => spark.read.json(target)
        case "parquet" => spark.read.parquet(target)
      }
      assert(rows.columns.toSet == Set("id", "source", "changes", "part_before", "part_after",
        "labels_before", "labels_after", "fields"), format)
      assert(rows.count() == 1)
      if (format == "csv") {
        val text = Files.list(Path.of(target)).filter(_.toString.endsWith(".csv")).findFirst.get
        assert(!Files.readString(text).contains(",=cmd"), "a formula")
      }
    }
  }

  test("VER-5 commands - bad input - one sentence with the value and the remedy") {
    spark
    val datasets = newDataset("a\tcat\n")
    done(datasets, "version", "publish", "texts")
    forAll(
      Table(
        ("arguments", "exit code", "words"),
        (Seq("branch", "create", "texts", "a b"), ExitCode.USAGE, "Invalid branch name: 'a b'"),
        (Seq("branch", "create", "texts", "V001"), ExitCode.FAILED, "a version has this name"),
        (Seq("branch", "create", "texts", "x", "--from", "V9"), ExitCode.FAILED,
          "Cannot read texts@V9: there is no such version."),
        (Seq("branch", "delete", "texts", "x", "--yes"), ExitCode.FAILED, "no such branch"),
        (Seq("branch", "delete", "texts", "main", "--yes"), ExitCode.FAILED,
          "Cannot delete branch main of texts: every dataset has it."),
        (Seq("version", "diff", "texts", "V001", "V001", "--limit", "3"), ExitCode.FAILED,
          "Add --rows."),
        (Seq("version", "diff", "texts", "V001", "V001", "--rows", "--output-as", "csv"),
          ExitCode.FAILED, "Add --output DIR."),
        (Seq("version", "diff", "texts", "V001", "working:x"), ExitCode.FAILED, "no such branch"),
        (Seq("version", "show", "texts@V9"), ExitCode.FAILED, "there is no such version"),
        (Seq("dataset", "merge", "texts", "texts@working:main"), ExitCode.FAILED,
          "Cannot merge texts@working:main into itself."),
        (Seq("dataset", "merge", "texts", "nosuch@V001"), ExitCode.FAILED, "nosuch"),
        (Seq("dataset", "merge", "texts", "texts@V001", "--on-conflict", "mine"), ExitCode.USAGE,
          "Invalid policy: 'mine' (expected fail, ours, theirs or union-labels)"),
        (Seq("dataset", "rollback", "texts"), ExitCode.USAGE, "--to"),
        (Seq("dataset", "rollback", "texts", "--to-state", "99"), ExitCode.FAILED,
          "Cannot roll back texts@working:main to state 99"))) { (arguments, exitCode, words) =>
      val result = run(datasets, arguments: _*)
      assert(result.err.contains(words), result.err)
      assert(result.exitCode == exitCode, arguments)
      assert(!result.err.contains("\tat "))
    }
  }

  private def newDataset(texts: String): String = {
    val datasets = temporaryDirectory().toString
    done(datasets, "dataset", "create", "texts", "--type", "text_classification")
    importTexts(datasets, texts)
    datasets
  }

  private def importTexts(datasets: String, texts: String, more: String*): Unit = {
    val file = Files.writeString(temporaryDirectory().resolve("texts.txt"), texts).toString
    done(datasets, Seq("dataset", "import", "texts", file, "--format", "text-combined") ++ more: _*)
  }

  private def done(datasets: String, arguments: String*): CommandLineRun = {
    val result = run(datasets, arguments: _*)
    assert(result.exitCode == ExitCode.DONE, result.err)
    result
  }

  private def node(datasets: String, arguments: String*): JsonNode =
    json.readTree(done(datasets, arguments ++ Seq("-o", "json"): _*).out)

  private def run(datasets: String, arguments: String*): CommandLineRun =
    CommandLineRun.of(arguments ++ Seq("--datasets", datasets): _*)
}
