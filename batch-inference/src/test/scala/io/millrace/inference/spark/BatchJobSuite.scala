package io.millrace.inference.spark

import java.awt.Color
import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import io.millrace.dataset.{DatasetException, FailureLimit, StorageUri}
import io.millrace.dataset.delta.spark.SharedSparkSession
import io.millrace.inference._
import io.millrace.inference.evaluation.{ConfusionMatrix, DetectionEvaluation}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class BatchJobSuite extends AnyFunSuite with SharedSparkSession {
  private val clock = Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC)
  private val json = new ObjectMapper
  private val colors = Seq("red" -> Color.RED, "green" -> Color.GREEN, "blue" -> Color.BLUE)
  private lazy val classifier = TestModels.directory(TestModels.Classifier)
  private lazy val detector = TestModels.directory(TestModels.Detector)

  test("BAT-2 directory - every image below it - one answer, one line, one row") {
    val task = new Task(classifier)
    task.image("red.png", Color.RED)
    task.image("sub dir/green.png", Color.GREEN)
    task.image("中文 %41/blue.PNG", Color.BLUE)
    task.file("notes.txt", "no image")
    task.file(".hidden.png", "no image")
    val report = task.run()
    assert((report.inputs, report.successful, report.failed) === ((3, 3, 0)))
    assert(report.ignored === 1)
    assert(task.lines().map(line => text(line, "result")).toSet === Set("SUCCESSFUL"))
    for (
      (name, label) <- Seq(
        "red.png" -> "red",
        "sub dir/green.png" -> "green",
        "中文 %41/blue.PNG" -> "blue")
    ) {
      val answer = task.output.resolve(s"infer-result-t/${name}_result.txt")
      assert(text(json.readTree(Files.readString(answer)), "predicted_label") === label)
      val line = task.lines().find(line => sourceFile(line) == task.input.resolve(name)).get
      assert(StorageUri.parse(text(line, "inference-loc")).requireLocalPath === answer)
    }
    val rows = task.table().select("source", "label", "result").collect()
    assert(rows.map(_.getString(1)).toSet === Set("red", "green", "blue"))
    assert(rows.length === 3)
  }

  test("BAT-3 same names in different directories - do not overwrite each other") {
    val task = new Task(classifier)
    for ((label, color) <- colors) task.image(s"$label/1.png", color)
    task.run()
    for ((label, _) <- colors) {
      val answer = task.output.resolve(s"infer-result-t/$label/1.png_result.txt")
      assert(text(json.readTree(Files.readString(answer)), "predicted_label") === label)
    }
  }

  test("BAT-6 poison inputs - fail alone, each with its reason, and the manifest has every line") {
    val task = new Task(
      TestModels.directory(TestModels.Classifier.replace("classifier.onnx", "glaring.onnx")))
    for (n <- 1 to 20) task.image(f"good$n%02d.png", colors(n % 3)._2)
    task.file("empty.png", "")
    task.file("garbage.jpg", "this is no JPEG")
    task.image("white.png", Color.WHITE)
    Files.createSymbolicLink(task.input.resolve("loop.png"), task.input.resolve("good01.png"))
    val report = task.run()
    assert((report.inputs, report.successful, report.failed) === ((24, 21, 3)))
    assert(
      report.failures.asScala.map { case (reason, n) => reason.name -> n } ===
        Map("EMPTY" -> 1L, "UNDECODABLE" -> 1L, "MODEL_ERROR" -> 1L))
    assert(task.lines().size === 24)
    val errors = task.lines().filter(_.has("error_message"))
    assert(
      errors.map(line => sourceFile(line).getFileName.toString -> text(line, "error_message"))
        .filterNot(_._1 == "white.png")
        .toMap ===
        Map(
          "empty.png" -> "Cannot decode the image: it is empty (0 bytes).",
          "garbage.jpg" ->
            "Cannot decode the image: its content is no JPEG, PNG or BMP, or is damaged."))
    assert(task.table().where("result = 'FAILED'").count() === 3)
  }

  test("BAT-2 manifest - inputs in its order, broken and missing ones failed, sources as given") {
    val task = new Task(classifier)
    val red = task.image("a/1.png", Color.RED)
    val green = task.image("b/1.png", Color.GREEN)
    val manifest = task.root.resolve("in put.manifest")
    val lines = Seq(
      s"""{"source": "$green"}""",
      "{broken",
      s"""{"source": "${StorageUri.of(red).value}"}""",
      s"""{"source": "${task.input}/gone.png"}""",
      s"""{"source": "$green"}""",
      """{"source": "content://no image"}""")
    Files.writeString(manifest, lines.mkString("\n"))
    val report = task.run(BatchInput.of(StorageUri.of(manifest)))
    assert((report.inputs, report.successful, report.failed) === ((6, 3, 3)))
    assert(
      task.lines().map(line => text(line, "source")) === Seq(
        green.toString,
        StorageUri.of(manifest).value + "#2",
        StorageUri.of(red).value,
        s"${task.input}/gone.png",
        green.toString,
        "content://no image"))
    assert(
      task.lines().map(line => text(line, "result")) ===
        Seq("SUCCESSFUL", "FAILED", "SUCCESSFUL", "FAILED", "SUCCESSFUL", "FAILED"))
    assert(text(task.lines()(1), "error_message").startsWith("Cannot read line 2 of the manifest"))
    val answers = task.lines().filter(_.has("inference-loc")).map(line => text(line, "inference-loc"))
    assert(answers.distinct.size === 3)
    assert(
      report.failures.keySet.asScala.map(_.name) === Set("BROKEN_LINE", "NOT_FOUND", "UNDECODABLE"))
    assert(task.table().count() === 6)
  }

  test("BAT-3 manifest over its limit - rolls to _1, _2, and no line is lost") {
    val task = new Task(classifier)
    for (n <- 1 to 9) task.image(s"$n.png", Color.RED)
    val report = task.run(change = _.withManifestBytes(1000))
    assert(report.manifests.size > 1)
    assert(report.manifests.asScala.map(_.fileName).take(2) ===
      Seq("infer-result-t.manifest", "infer-result-t_1.manifest"))
    assert(report.manifests.asScala.flatMap(uri => task.linesOf(uri.requireLocalPath)).size === 9)
  }

  test("BAT-6 killed and run again - only what is missing is done, the result set is the same") {
    val task = new Task(classifier)
    for (n <- 1 to 12) task.image(f"$n%02d.png", colors(n % 3)._2)
    task.file("empty.png", "")
    task.run()
    val undisturbed = task.snapshot()
    // What a kill leaves behind: some answers, no manifest, no table, an unfinished table.
    val answers = task.output.resolve("infer-result-t")
    val kept = (1 to 5).map(n => answers.resolve(f"$n%02d.png_result.txt"))
    val times = kept.map(file => Files.getLastModifiedTime(file))
    (6 to 12).foreach(n => Files.delete(answers.resolve(f"$n%02d.png_result.txt")))
    Files.delete(task.output.resolve("infer-result-t.manifest"))
    task.file("../out/.infer-result-t/table/part-0", "half")
    val again = task.run()
    assert((again.inputs, again.successful, again.reused, again.failed) === ((13, 12, 5, 1)))
    assert(task.snapshot() === undisturbed)
    assert(kept.map(file => Files.getLastModifiedTime(file)) === times)
  }

  test("BAT-6 same task id with another model or input - is refused and says what differs") {
    val task = new Task(classifier)
    task.image("1.png", Color.RED)
    task.run()
    val model = intercept[DatasetException](task.run(model = detector))
    assert(model.getMessage.startsWith("Cannot continue task t: its model was "))
    val input = Files.createDirectories(task.root.resolve("other"))
    TestImages.write(input.resolve("1.png"), TestImages.png(4, 4, Color.RED))
    val other = intercept[DatasetException](task.run(BatchInput.of(StorageUri.of(input))))
    assert(other.getMessage.startsWith("Cannot continue task t: its input was "))
    assert(other.getMessage.endsWith("Use another task id, or none."))
  }

  test("BAT-6 max-failures - passed - the report says so, and every input still has its line") {
    val task = new Task(classifier)
    task.image("1.png", Color.RED)
    task.file("2.png", "")
    task.file("3.png", "")
    val strict = task.run(change = _.withMaxFailures(FailureLimit.parse("50%")))
    assert(strict.verdict === BatchReport.Verdict.TOO_MANY_FAILURES)
    assert(task.lines().size === 3)
    val lenient = task.run(change = _.withMaxFailures(FailureLimit.parse("2")))
    assert(lenient.verdict === BatchReport.Verdict.SUCCEEDED)
  }

  test("BAT-1 locations of no use - one sentence before anything is scored") {
    val task = new Task(classifier)
    task.image("1.png", Color.RED)
    val uri = StorageUri.of(task.input)
    val file = StorageUri.of(task.file("../a file", "x"))
    val cases = Table(
      ("input", "output", "message"),
      (
        uri.resolve("none"),
        StorageUri.of(task.output),
        s"Cannot read input ${uri.resolve("none")}: there is no such directory. Give a directory," +
          " a .manifest file or NAME@VERSION."),
      (
        uri.resolve("none.manifest"),
        StorageUri.of(task.output),
        s"Cannot read input ${uri.resolve("none.manifest")}: there is no such file."),
      (
        uri,
        uri.resolve("results"),
        s"Cannot write results to ${uri.resolve("results")}: it lies inside the input $uri." +
          " Choose a directory outside of it."),
      (
        uri,
        uri,
        s"Cannot write results to $uri: it lies inside the input $uri." +
          " Choose a directory outside of it."))
    forAll(cases) { (input, output, message) =>
      val config =
        BatchConfig.of(new TaskId("t"), StorageUri.of(classifier), BatchInput.of(input), output)
      val failure = intercept[DatasetException](new BatchJob(spark, config, clock).run())
      assert(failure.getMessage === message)
    }
    val config =
      BatchConfig.of(new TaskId("t"), StorageUri.of(classifier), BatchInput.of(uri), file)
    val failure = intercept[DatasetException](new BatchJob(spark, config, clock).run())
    assert(failure.getMessage.startsWith(s"Cannot write results to $file: "))
    assert(failure.getMessage.endsWith("Choose a directory that can be written."))
  }

  test("BAT-1 output inside the input through a symbolic link - is found out") {
    val task = new Task(classifier)
    task.image("1.png", Color.RED)
    val link = Files.createSymbolicLink(task.root.resolve("link"), task.input)
    val config = BatchConfig.of(
      new TaskId("t"),
      StorageUri.of(classifier),
      BatchInput.of(StorageUri.of(task.input)),
      StorageUri.of(link).resolve("results"))
    val failure = intercept[DatasetException](new BatchJob(spark, config, clock).run())
    assert(failure.getMessage.contains("it lies inside the input"))
  }

  test("BAT-2 input without images - says what it holds") {
    val task = new Task(classifier)
    task.file("a.txt", "x")
    val failure = intercept[DatasetException](task.run())
    assert(failure.getMessage.endsWith("it names no image (1 files of other types). Choose another input."))
  }

  test("BAT-7 manifest with class labels - accuracy and confusion by hand") {
    val task = new Task(classifier)
    val lines = Seq("red" -> "red", "red" -> "green", "blue" -> "blue", "green" -> "green")
      .zipWithIndex
      .map { case ((drawn, label), n) =>
        val file = task.image(s"$n.png", colors.toMap.apply(drawn))
        s"""{"source":"$file","annotation":[{"type":"modelarts/image_classification",""" +
          s""""name":"$label"}]}"""
      }
    val manifest = task.root.resolve("labelled.manifest")
    Files.writeString(manifest, lines.mkString("", "\n", "\n"))
    val matrix = task
      .run(BatchInput.of(StorageUri.of(manifest)))
      .evaluation
      .get
      .asInstanceOf[ConfusionMatrix]
    assert(matrix.images === 4)
    assert(matrix.accuracy === 0.75)
    assert(matrix.toLine.startsWith("Agreement with the labels of 4 images: accuracy 0.750"))
  }

  test("BAT-7 manifest with VOC files - boxes are found where they are") {
    val task = new Task(detector)
    val picture = TestImages.write(
      task.input.resolve("1.png"),
      TestImages.halves(80, 40, Color.RED, Color.GREEN))
    val voc = task.root.resolve("1.xml")
    Files.writeString(
      voc,
      """<annotation><folder>f</folder><filename>1.png</filename>
        |<size><width>80</width><height>40</height><depth>3</depth></size>
        |<segmented>0</segmented>
        |<object><name>red</name><pose>Unspecified</pose><truncated>0</truncated>
        |<occluded>0</occluded><difficult>0</difficult>
        |<bndbox><xmin>0</xmin><ymin>0</ymin><xmax>40</xmax><ymax>40</ymax></bndbox></object>
        |</annotation>""".stripMargin)
    val manifest = task.root.resolve("boxes.manifest")
    Files.writeString(
      manifest,
      s"""{"source":"$picture","annotation":[{"type":"modelarts/object_detection",""" +
        s""""annotation-loc":"$voc","annotation-format":"PASCAL VOC"}]}""")
    val report = task.run(BatchInput.of(StorageUri.of(manifest)))
    val evaluation = report.evaluation.get.asInstanceOf[DetectionEvaluation]
    assert(evaluation.meanAveragePrecision === 1.0)
    // The green half is no object of the annotation.
    assert(evaluation.counts50(new io.millrace.dataset.Label("green")).falsePositives === 1)
    val box = task.table().selectExpr("explode(boxes) as box").where("box.label = 'green'")
    assert(
      box.select("box.ymin", "box.xmin", "box.ymax", "box.xmax").first() ===
        org.apache.spark.sql.Row(0.0, 40.0, 40.0, 80.0))
  }

  test("BAT-8 report - says how fast it was and what took the time; it is on storage too") {
    val task = new Task(classifier)
    for (n <- 1 to 4) task.image(s"$n.png", Color.RED)
    val report = task.run()
    assert(report.imagesPerSecond > 0)
    assert(math.abs(report.times.modelShare + report.times.decodeShare + report.times.storageShare - 1) < 1e-9)
    assert(Files.readString(task.output.resolve("infer-result-t.report.json")) === report.toJson)
  }

  private def text(node: JsonNode, field: String): String = node.get(field).textValue

  private def sourceFile(line: JsonNode): Path =
    StorageUri.parse(text(line, "source")).requireLocalPath

  /** Directories of one task, with signs in their names that break careless code. */
  private class Task(defaultModel: Path) {
    val root: Path = Files.createDirectories(temporaryDirectory().resolve("a b %20 图"))
    val input: Path = Files.createDirectories(root.resolve("in"))
    val output: Path = root.resolve("out")

    def image(name: String, color: Color): Path =
      TestImages.write(input.resolve(name), TestImages.png(6, 6, color))

    def file(name: String, content: String): Path =
      TestImages.write(input.resolve(name).normalize, content.getBytes("UTF-8"))

    def run(
        from: BatchInput = BatchInput.of(StorageUri.of(input)),
        model: Path = defaultModel,
        change: BatchConfig => BatchConfig = identity): BatchReport = {
      val config =
        BatchConfig.of(new TaskId("t"), StorageUri.of(model), from, StorageUri.of(output))
      new BatchJob(spark, change(config), clock).run()
    }

    def lines(): Seq[JsonNode] = linesOf(output.resolve("infer-result-t.manifest"))

    def linesOf(manifest: Path): Seq[JsonNode] =
      Files.readAllLines(manifest).asScala.toSeq.map(line => json.readTree(line))

    def table(): org.apache.spark.sql.DataFrame = {
      val escaped = output.resolve("infer-result-t.parquet").toString
      spark.read.parquet("file:" + escaped)
    }

    /** The text of every answer and manifest, and the rows of the table. */
    def snapshot(): (Map[String, String], Set[String]) = {
      val walk = Files.walk(output)
      val texts =
        try {
          walk.iterator.asScala
            .filter(file => Files.isRegularFile(file))
            .filter(file => file.toString.endsWith(".txt") || file.toString.endsWith(".manifest"))
            .map(file => output.relativize(file).toString -> Files.readString(file))
            .toMap
        } finally walk.close()
      (texts, table().collect().map(_.toString).toSet)
    }
  }
}
