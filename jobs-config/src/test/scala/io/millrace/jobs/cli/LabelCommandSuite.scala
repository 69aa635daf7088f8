package io.millrace.jobs.cli

import java.nio.file.Files

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import io.millrace.dataset.delta.spark.SharedSparkSession
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

class LabelCommandSuite extends AnyFunSuite with SharedSparkSession {
  private val json = new ObjectMapper()

  test("VER-7 command - smart labelling from list to audit - says what it did at each step") {
    val datasets = newDataset()
    assert(label(datasets, "list", "pets").out ===
      """LABEL  SAMPLES  ANNOTATIONS  MACHINE  OF              SHAPES  COLOUR
        |cat    2        2            0        classification  -       -
        |dog    1        1            0        classification  -       -
        |""".stripMargin)
    assert(label(datasets, "rename", "pets", "cat", "feline", "--dry-run").out ===
      "label rename pets: dry run, nothing was changed; 2 of 2 selected samples changed; " +
        "labels: 0 added, 2 changed, 0 removed\n")
    assert(label(datasets, "rename", "pets", "cat", "feline").out ===
      "label rename pets: 2 of 2 selected samples changed; labels: 0 added, 2 changed, 0 removed\n")
    assert(label(datasets, "add", "pets", "mammal", "--all").out.contains("4 of 4 selected samples changed"))
    assert(label(datasets, "add", "pets", "mammal", "--all").out.contains("nothing to change; 0 of 4"))
    assert(label(datasets, "delete", "pets", "mammal").exitCode === ExitCode.DONE)
    val applied = label(datasets, "apply", "pets", "--from", suggestions(datasets), "--threshold", "0.5")
    assert(applied.out ===
      """label apply pets: 1 of 2 selected samples changed; labels: 1 added, 0 changed, 0 removed
        |3 lines read: 1 labels taken, 0 known already, 2 refused
        |  unknown-sample: 1, for example line 3: /nowhere.jpg
        |  labelled-by-human: 1, for example dog at confidence 0.9 for sample a
        |""".stripMargin, applied.err)
    val uses = read(label(datasets, "list", "pets", "-o", "json"))
    assert(uses.get(2).toString ===
      """{"label":"fox","samples":1,"annotations":1,"machine":1,"mask_color":null,"kinds":["classification"],"shapes":[]}""")
    val confirmed = read(label(datasets, "confirm", "pets", "--where", "confidence >= 0.8", "-o", "json"))
    assert(confirmed.get("result").asText === "COMMITTED")
    assert(confirmed.get("labels-changed").asLong === 1)
    assert(label(datasets, "reject", "pets", "--all").out.contains("nothing to change"))
    assert(label(datasets, "hard", "pets", "--where", "label = 'fox'", "--mark", "on", "--coefficient", "0.7").out
      .contains("1 of 1 selected samples changed"))
    assert(label(datasets, "set", "pets", "eel", "ant", "--where", "hard").out
      .contains("labels: 2 added, 0 changed, 1 removed"))
    assert(label(datasets, "clear", "pets", "--where", "label = 'ant'").out.contains("0 changed, 2 removed"))
    assert(label(datasets, "delete", "pets", "dog", "--delete-samples").out.contains("0 of 1 selected samples changed, 1 deleted"))
    val audit = CommandLineRun.of("dataset", "audit", "pets", "--datasets", datasets, "-o", "json")
    val operations = read(audit)
    assert((0 until operations.size).map(operations.get(_).get("operation").asText) === Seq(
      "label delete", "label clear", "label set", "label hard", "label confirm", "label apply",
      "label delete", "label add", "label rename"))
    assert(operations.get(0).get("by").asText === System.getProperty("user.name"))
    assert(operations.get(0).get("counts").get("samples-deleted").asLong === 1)
    val one = CommandLineRun.of("dataset", "audit", "pets", "--datasets", datasets, "--limit", "1").out
    assert(one.linesIterator.size === 2)
    assert(one.contains("label=dog only-this=DELETE_SAMPLES selection=true"))
    assert(one.contains("samples-selected=1 samples-deleted=1 labels-removed=1"))
  }

  test("VER-7 command - bad input - one sentence with the value and the remedy") {
    val datasets = newDataset()
    val long = "x" * 129
    forAll(Table(
      ("arguments", "exit code", "words"),
      (Seq("add", "pets", "cat"), ExitCode.USAGE, "Missing required argument"),
      (Seq("add", "pets", "cat", "--all", "--where", "hard"), ExitCode.USAGE, "mutually exclusive"),
      (Seq("add", "pets", long, "--all"), ExitCode.USAGE, "Invalid label: 129 characters"),
      (Seq("add", "pets", "a\tb", "--all"), ExitCode.USAGE, "'a?b' holds a control character"),
      (Seq("add", "pets", "a b", "--all", "--label-rule", "strict"), ExitCode.FAILED,
        "Invalid label: 'a b' (expected 1 to 32 of A-Z, a-z, 0-9, _ and -"),
      (Seq("add", "pets", "cat", "--where", "labl = 'cat'"), ExitCode.USAGE, "did you mean label?"),
      (Seq("add", "pits", "cat", "--all"), ExitCode.FAILED, "the datasets there are"),
      (Seq("add", "boxes", "cat", "--all"), ExitCode.FAILED, "labels are of objects in images"),
      (Seq("rename", "pets", "cot", "lynx"), ExitCode.FAILED, "Did you mean 'cat'?"),
      (Seq("rename", "pets", "cat", "dog"), ExitCode.FAILED, "merge the two for good with --merge."),
      (Seq("delete", "pets", "dgo"), ExitCode.FAILED, "Did you mean 'dog'?"),
      (Seq("hard", "pets", "--all"), ExitCode.USAGE, "--mark"),
      (Seq("hard", "pets", "--all", "--mark", "on", "--coefficient", "2"), ExitCode.FAILED,
        "Invalid hard-coefficient: 2.0 (expected 0 to 1)"),
      (Seq("confirm", "pets", "--where", "metric.brightness > 3"), ExitCode.FAILED, "metric.brightness"),
      (Seq("apply", "pets", "--from", "/no/such.manifest"), ExitCode.FAILED,
        "Cannot apply labels from file:///no/such.manifest: there is no such file."),
      (Seq("apply", "pets", "--from", "/x", "--threshold", "7"), ExitCode.FAILED,
        "Invalid threshold: 7.0 (expected 0 to 1)"),
      (Seq("apply", "pets", "--from", "/x", "--annotated-by", "human"), ExitCode.FAILED,
        "Invalid annotator: 'human'"))) { (arguments, exitCode, words) =>
      val run = label(datasets, arguments: _*)
      assert(run.err.contains(words), arguments.mkString(" "))
      assert(run.exitCode === exitCode)
      assert(!run.err.contains("\tat "))
    }
    assert(CommandLineRun.of("dataset", "audit", "pets", "--datasets", datasets).out ===
      "Nothing is recorded of pets yet.\n")
  }

  /** Two cats, a dog and a picture without label; and a dataset of boxes. */
  private def newDataset(): String = {
    spark // The engine that commands join.
    val datasets = temporaryDirectory()
    CommandLineRun.of("dataset", "create", "pets", "--type", "image_classification", "--datasets", datasets.toString)
    CommandLineRun.of("dataset", "create", "boxes", "--type", "object_detection", "--datasets", datasets.toString)
    val lines = Seq("a" -> "cat", "b" -> "cat", "c" -> "dog", "d" -> "").map { case (id, name) =>
      val image = datasets.resolve(s"$id.png")
      javax.imageio.ImageIO.write(
        new java.awt.image.BufferedImage(4, 3, java.awt.image.BufferedImage.TYPE_INT_RGB), "png", image.toFile)
      val annotation = if (name.isEmpty) "" else s""","annotation":[{"type":"modelarts/image_classification","name":"$name"}]"""
      s"""{"source":"$image","id":"$id"$annotation}"""
    }
    val manifest = Files.writeString(datasets.resolve("pets.manifest"), lines.mkString("\n"))
    val imported = CommandLineRun.of("dataset", "import", "pets", manifest.toString, "--datasets", datasets.toString)
    assert(imported.exitCode === ExitCode.DONE, imported.err)
    datasets.toString
  }

  private def suggestions(datasets: String): String = {
    def annotation(name: String) =
      s""""annotation":[{"type":"modelarts/image_classification","name":"$name","annotated-by":"resnet","confidence":0.9}]"""
    Files.writeString(temporaryDirectory().resolve("result.manifest"), Seq(
      s"""{"source":"$datasets/a.png",${annotation("dog")}}""",
      s"""{"source":"$datasets/d.png",${annotation("fox")}}""",
      s"""{"source":"/nowhere.jpg",${annotation("fox")}}""").mkString("\n")).toString
  }

  private def label(datasets: String, arguments: String*): CommandLineRun =
    CommandLineRun.of("label" +: arguments :++ Seq("--datasets", datasets): _*)

  private def read(run: CommandLineRun): JsonNode = {
    assert(run.exitCode === ExitCode.DONE, run.err)
    json.readTree(run.out)
  }
}
