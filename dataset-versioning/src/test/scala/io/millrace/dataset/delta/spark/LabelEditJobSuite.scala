package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}
import java.time.{Instant, LocalDateTime}
import java.util.Optional

import scala.jdk.CollectionConverters._

import io.delta.tables.DeltaTable
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.Threads.inParallel
import io.millrace.dataset.delta.{AuditLog, DatasetCatalog}
import io.millrace.dataset.filter.SampleFilter
import io.millrace.dataset.labels._
import io.millrace.dataset.labels.LabelEditReport.Result
import io.millrace.dataset.labels.RefusedLabel.Reason
import io.millrace.dataset.labels.RenameLabel.IfTaken.{MERGE, REFUSE}
import io.millrace.dataset.labels.SuggestionPolicy.HumanLabels
import io.millrace.dataset.versioning.PublishRequest

class LabelEditJobSuite extends AnyFunSuite with SharedSparkSession {
  private val images = LabelTaskType.IMAGE_CLASSIFICATION
  private val noon = LocalDateTime.of(2026, 5, 6, 12, 0)
  private val ann = EditRun.by("ann")
  private val pets = new DatasetName("pets")
  private def label(text: String) = new Label(text)

  private def pet(id: String, labels: String*): Sample = {
    val annotations = labels.map { name =>
      new Annotation.Classification(images, label(name), AnnotationInfo.ofHuman(noon))
    }
    Sample.of(StorageUri.parse(s"/data/$id.jpg"), DatasetKind.IMAGE, 10, Instant.EPOCH)
      .withId(new SampleId(id))
      .withAnnotations(annotations.map(a => a: Annotation).asJava)
  }

  private def newTable(samples: Sample*): DatasetTable = {
    val layout = DatasetCatalog.at(StorageUri.of(temporaryDirectory()))
      .create(pets, images, "", Cells.clock)
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, samples)
    table
  }

  private def edit(
      table: DatasetTable,
      edit: LabelEdit,
      where: String = "true",
      run: EditRun = ann,
      beforeCommit: () => Unit = () => ()
  ): LabelEditReport =
    new LabelEditJob(table, edit, SampleFilter.parse(where), run, Cells.clock, () => beforeCommit()).run()

  private def stored(table: DatasetTable): Seq[Sample] =
    table.samples().orderBy("id").collect().toSeq.map(row => SampleRows.toSample(row))

  private def labels(table: DatasetTable): Map[String, Seq[String]] =
    stored(table).map(s => s.id.value -> s.annotations.asScala.map(_.label.get.value).toSeq).toMap

  private def labelsOf(sample: Sample): Seq[String] = sample.labels.asScala.map(_.value).toSeq

  private def history(table: DatasetTable) =
    DeltaTable.forPath(spark, table.layout.samplesTable.path).history()

  private def commits(table: DatasetTable): Long = history(table).count()

  private def audit(table: DatasetTable): Seq[AuditEntry] =
    AuditLog.of(table.layout).read().asScala.toSeq

  test("VER-7 edit - a selection - one commit that says who did what to which, and an audit entry") {
    val table = newTable(pet("a", "cat"), pet("b", "cat", "dog"), pet("c", "eel"), pet("d"))
    val before = stored(table)
    val report = edit(table, new AddLabel(images, label("dog"), noon), "label = 'cat'")
    assert(report.result == Result.COMMITTED)
    assert(report.counts == new LabelEditCounts(2, 1, 0, new AnnotationCounts(1, 0, 0, 0)))
    assert(labels(table) == Map("a" -> Seq("cat", "dog"), "b" -> Seq("cat", "dog"), "c" -> Seq("eel"), "d" -> Nil))
    assert(stored(table).drop(1) == before.drop(1))
    assert(commits(table) == 2)
    val Seq(entry) = audit(table)
    assert(entry.by == "ann" && entry.operation == "label add" && entry.at == Cells.clock.instant)
    assert(entry.parameters.values.asScala == Map("label" -> "dog", "selection" -> "label = 'cat'"))
    assert(entry.counts.values.get("samples-changed") == 1L)
    val metadata = history(table).first().getAs[String]("userMetadata")
    assert(metadata.startsWith(s"""{"audit":"${entry.id}","at":"2026-05-06T12:00:00Z","by":"ann",""" +
      """"operation":"label add","parameters":{"label":"dog","selection":"label = 'cat'"}"""))
  }

  test("VER-7 edit - nothing to change, nothing selected, a dry run - commits nothing") {
    val table = newTable(pet("a", "cat"), pet("b"))
    val add = new AddLabel(images, label("cat"), noon)
    assert(edit(table, add, "label = 'cat'").result == Result.NOTHING_TO_DO)
    assert(edit(table, add, "width > 7").counts.selected == 0)
    val dry = edit(table, add, run = ann.withMode(EditRun.Mode.DRY_RUN))
    assert(dry.result == Result.DRY_RUN && dry.counts.changed == 1 && dry.counts.selected == 2)
    assert(commits(table) == 1 && audit(table).isEmpty)
    assert(edit(table, add).result == Result.COMMITTED)
    assert(edit(table, add).result == Result.NOTHING_TO_DO)
    assert(commits(table) == 2 && audit(table).size == 1)
  }

  test("VER-7 edit - an empty dataset - has nothing to change") {
    val table = newTable()
    assert(edit(table, new AddLabel(images, label("cat"), noon)).result == Result.NOTHING_TO_DO)
    assert(LabelQueries.uses(table).isEmpty)
    val e = intercept[DatasetException](edit(table, new DeleteLabel(label("cat"), DeleteLabel.OnlyThis.KEEP_SAMPLES)))
    assert(e.getMessage == "Cannot label delete: no sample of pets has the label 'cat'. " +
      "No sample has any label. Import annotations, or label add some.")
  }

  test("VER-7 rename - a name that is taken, one that is not there - fails and says what to do") {
    val table = newTable(pet("a", "cat"), pet("b", "dog"), pet("c", "dog"))
    val taken = intercept[DatasetException](edit(table, new RenameLabel(label("cat"), label("dog"), REFUSE)))
    assert(taken.getMessage == "Cannot rename label 'cat' of pets to 'dog': 2 of its samples have that label " +
      "already. Choose another name, or merge the two for good with --merge.")
    val unknown = intercept[DatasetException](edit(table, new RenameLabel(label("cot"), label("x"), REFUSE)))
    assert(unknown.getMessage == "Cannot label rename: no sample of pets has the label 'cot'. Did you mean 'cat'?")
    val far = intercept[DatasetException](edit(table, new RenameLabel(label("zebra"), label("x"), REFUSE)))
    assert(far.getMessage.endsWith("Its labels are cat, dog."))
    assert(edit(table, new RenameLabel(label("cat"), label("dog"), MERGE)).counts.changed == 1)
    assert(labels(table).values.toSet == Set(Seq("dog")))
    assert(edit(table, new RenameLabel(label("dog"), label("it's"), REFUSE), "id = 'b'").counts.changed == 1)
    assert(labels(table) == Map("a" -> Seq("dog"), "b" -> Seq("it's"), "c" -> Seq("dog")))
  }

  test("VER-7 delete with its samples - only those with no other label go, in one commit") {
    val table = newTable(pet("a", "cat"), pet("b", "cat", "dog"), pet("c", "dog"), pet("d"))
    val report = edit(table, new DeleteLabel(label("cat"), DeleteLabel.OnlyThis.DELETE_SAMPLES))
    assert(report.counts == new LabelEditCounts(2, 1, 1, new AnnotationCounts(0, 0, 2, 0)))
    assert(labels(table) == Map("b" -> Seq("dog"), "c" -> Seq("dog"), "d" -> Nil))
    assert(commits(table) == 2)
  }

  test("DS-2 edit - a label too many, a label against the rule - fails, names it, changes nothing") {
    val table = newTable(pet("a", "cat"), pet("b", "dog"))
    val two = new Limits(10, 2, 1, 1, 1, 1, 1)
    val add = new AddLabel(images, label("eel"), noon)
    val e = intercept[DatasetException](edit(table, add, run = ann.withLimits(two)))
    assert(e.getMessage == "Cannot label add: dataset pets would have 3 labels, 'eel' among them, more than " +
      "the limit (limits.labels) of 2. Nothing was changed. Delete or merge labels first.")
    intercept[DatasetException](edit(table,
      new RenameLabel(label("cat"), label("eel"), REFUSE), "id = 'a'", ann.withLimits(two)))
    assert(edit(table, new RenameLabel(label("cat"), label("eel"), REFUSE), run = ann.withLimits(two))
      .counts.changed == 1)
    val strict = ann.withRule(LabelRule.STRICT)
    intercept[DatasetException](edit(table, new AddLabel(images, label("a b"), noon), run = strict))
    assert(edit(table, new AddLabel(images, label("dog"), noon), run = strict).counts.changed == 1)
  }

  test("DS-2 edit - ten thousand labels and one more - the last is refused") {
    val count = Limits.DEFAULT.labels.toInt
    val table = newTable((0 until 100).map(i => pet(f"s$i%03d", (0 until count / 100).map(j => s"l$i-$j"): _*)): _*)
    assert(LabelQueries.uses(table).size == count)
    assert(edit(table, new AddLabel(images, label("l7-7"), noon), "id = 's000'").counts.changed == 1)
    val e = intercept[DatasetException](edit(table, new AddLabel(images, label("one more"), noon)))
    assert(e.getMessage.contains("would have 10001 labels, 'one more' among them"))
  }

  test("ANA-5 edit - a selection by a metric - is refused") {
    val e = intercept[DatasetException](edit(newTable(pet("a")), new ClearLabels(), "metric.brightness < 9"))
    assert(e.getMessage.startsWith("Cannot label clear by metric.brightness: metrics are measured of published"))
  }

  test("VER-7 edit - a dataset of tables - has no labels") {
    val layout = DatasetCatalog.at(StorageUri.of(temporaryDirectory()))
      .create(pets, LabelTaskType.TABLE, "", Cells.clock)
    val e = intercept[DatasetException](edit(DatasetTable.open(spark, layout), new ClearLabels()))
    assert(e.getMessage == "Cannot label clear: dataset pets is of TABLE, which has no labels. " +
      "Name a dataset of another type.")
  }

  test("VER-2 edit - every kind of it, after a publish - the version stays byte for byte") {
    val layout = Cells.create(temporaryDirectory())
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, Cells.images(30))
    val version = new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()
    val manifest = Path.of(version.manifest.path)
    def frozen = (Files.readString(manifest), table.version(version).orderBy("id").collect().toSeq.toString)
    val before = frozen
    edit(table, new RenameLabel(label("RBC"), label("red cell"), REFUSE))
    edit(table, new DeleteLabel(label("WBC"), DeleteLabel.OnlyThis.DELETE_SAMPLES))
    edit(table, new MarkHard(MarkHard.Mark.ON, new MarkHard.Coefficient.Of(0.5)))
    assert(frozen == before)
    assert(stored(table).forall(s => s.hardness.hard && !labelsOf(s).contains("RBC")))
    assert(audit(table).map(_.operation) == Seq("label rename", "label delete", "label hard"))
  }

  test("VER-7 list - objects, entities, machines - how each label is used") {
    val layout = Cells.create(temporaryDirectory())
    val table = DatasetTable.open(spark, layout)
    val machine = AnnotationInfo.ofMachine("resnet", noon, 0.5)
    val cell = Cells.image(1, "d", "a.jpg", "RBC", "RBC", "WBC")
    val suggested = cell.annotations.get(0).withInfo(machine)
    Cells.add(spark, table, Seq(cell, Cells.image(2, "d", "b.jpg", "RBC").withAnnotations(java.util.List.of(suggested))))
    assert(LabelQueries.uses(table).asScala == Seq(
      new LabelUse(label("RBC"), 2, 3, 1, java.util.List.of("object"), java.util.List.of("box"), Optional.empty()),
      new LabelUse(label("WBC"), 1, 1, 0, java.util.List.of("object"), java.util.List.of("box"), Optional.empty())))
  }

  test("VER-7 edits on generated samples of all types - are what the pure edit makes of each") {
    val layout = DatasetCatalog.at(StorageUri.of(temporaryDirectory())).create(pets, images, "", Cells.clock)
    val table = DatasetTable.open(spark, layout)
    val samples = GeneratedSamples.samples(60, 5)
    Cells.add(spark, table, samples)
    val some = samples.flatMap(_.labels.asScala).head
    Seq(
      new RenameLabel(some, label("renamed"), REFUSE),
      new ConfirmLabels(new MachineLabels(SampleFilter.parse("confidence > 0.5")), noon),
      new RejectLabels(new MachineLabels(SampleFilter.parse("label like 'l%'")))
    ).foldLeft(samples) { (before, next) =>
      val expected = before.map(next.edit)
      val report = edit(table, next)
      assert(stored(table) == expected.map(_.sample), next)
      assert(report.counts.changed == expected.count(_.outcome == EditedSample.Outcome.CHANGED))
      expected.map(_.sample)
    }
  }

  test("VER-8 edit - an import between reading and committing - neither is lost") {
    val table = newTable(pet("a", "cat"), pet("b", "cat"))
    var interruptions = 0
    val report = edit(table, new RenameLabel(label("cat"), label("lynx"), REFUSE), beforeCommit = () => {
      interruptions += 1
      if (interruptions == 1) Cells.add(spark, table, Seq(pet("a", "cat", "dog"), pet("c", "cat")))
    })
    assert(interruptions == 2)
    assert(report.counts.changed == 3)
    assert(labels(table) == Map("a" -> Seq("lynx", "dog"), "b" -> Seq("lynx"), "c" -> Seq("lynx")))
    assert(audit(table).size == 1 && audit(table).head.counts.values.get("samples-changed") == 3L)
  }

  test("VER-8 edit - a sample that was deleted between reading and committing - is not brought back") {
    val table = newTable(pet("a", "cat"), pet("b", "cat", "dog"))
    var interruptions = 0
    val report = edit(table, new AddLabel(images, label("eel"), noon), beforeCommit = () => {
      interruptions += 1
      if (interruptions == 1) edit(table, new DeleteLabel(label("cat"), DeleteLabel.OnlyThis.DELETE_SAMPLES))
    })
    assert(report.counts.changed == 1 && interruptions == 2)
    assert(labels(table) == Map("b" -> Seq("dog", "eel")))
  }

  test("VER-8 edit - another writer faster each time - fails and names both operations") {
    val table = newTable(pet("a", "cat"))
    var times = 0
    val e = intercept[DatasetException](edit(table, new AddLabel(images, label("eel"), noon), beforeCommit = () => {
      times += 1
      Cells.add(spark, table, Seq(pet("a", s"cat$times")))
    }))
    assert(e.getMessage.startsWith("Cannot do label add in dataset pets: other writers were faster 4 times, " +
      "the last of them with MERGE {\"import\":"), e.getMessage)
    assert(labels(table) == Map("a" -> Seq("cat4")))
    assert(audit(table).isEmpty)
  }

  test("VER-8 edit - an edit and an import at the same time - both are there") {
    val table = newTable(pet("p1", "cat"), pet("p2", "cat"))
    val results = inParallel(Seq("import", "edit")) {
      case "import" => Cells.add(spark, table, Seq(pet("p2", "cat", "dog"), pet("p3", "cat")))
      case _ => edit(table, new AddLabel(images, label("extra"), noon), "id = 'p1'")
    }
    assert(results.forall(_.isRight), results)
    assert(labels(table) ==
      Map("p1" -> Seq("cat", "extra"), "p2" -> Seq("cat", "dog"), "p3" -> Seq("cat")))
    assert(audit(table).size == 1)
  }

  private def apply(
      table: DatasetTable,
      manifest: String,
      threshold: Double = 0,
      humans: HumanLabels = HumanLabels.SKIP,
      run: EditRun = ann
  ): LabelEditReport = {
    val file = Files.writeString(temporaryDirectory().resolve("result.manifest"), manifest)
    val policy = new SuggestionPolicy(table.info.taskType, threshold, humans, "machine", noon)
    new LabelApplyJob(table, StorageUri.of(file), policy, run, Cells.clock).run()
  }

  private def line(source: String, labels: (String, Double)*): String = {
    val annotations = labels.map { case (name, confidence) =>
      s"""{"type":"modelarts/image_classification","name":"$name","annotated-by":"resnet","confidence":$confidence}"""
    }
    s"""{"source":"$source","annotation":[${annotations.mkString(",")}]}"""
  }

  test("VER-7 apply - known, unknown, labelled, broken and empty lines - all are told of") {
    val table = newTable(pet("a"), pet("b"), pet("c", "cat"), pet("d"))
    val manifest = Seq(
      line("/data/a.jpg", "cat" -> 0.9, "dog" -> 0.2),
      """{"source":"/elsewhere/x.jpg","id":"b","annotation":[{"type":"image_classification","name":"eel"}]}""",
      line("/data/c.jpg", "dog" -> 0.9),
      line("/data/nowhere.jpg", "dog" -> 0.9),
      line("/data/d.jpg"),
      "no json",
      line("/data/a.jpg", "fox" -> 0.8)).mkString("\n")
    val report = apply(table, manifest, threshold = 0.5)
    val told = report.suggestions.get
    assert(told.lines == 7 && told.taken == 2 && told.known == 0)
    assert(told.refused.asScala.map { case (reason, refusals) => reason -> refusals.count } == Map(
      Reason.BROKEN_LINE -> 1, Reason.UNKNOWN_SAMPLE -> 1, Reason.NO_LABELS -> 1,
      Reason.LABELLED_BY_HUMAN -> 1, Reason.BELOW_THRESHOLD -> 1, Reason.NO_CONFIDENCE -> 1))
    assert(told.refused.get(Reason.UNKNOWN_SAMPLE).example == "line 4: /data/nowhere.jpg")
    assert(told.refused.get(Reason.BROKEN_LINE).example.startsWith("line 6, column 1: "))
    assert(labels(table) == Map("a" -> Seq("cat", "fox"), "b" -> Nil, "c" -> Seq("cat"), "d" -> Nil))
    val info = stored(table).head.annotations.get(0).info
    assert(info.annotatedBy.get == "resnet" && info.confidence.getAsDouble == 0.9 && info.isByMachine)
    assert(audit(table).map(_.operation) == Seq("label apply"))
    assert(audit(table).head.counts.values.get("refused") ==
      Map("broken-line" -> 1L, "unknown-sample" -> 1L, "no-labels" -> 1L, "labelled-by-human" -> 1L,
        "no-confidence" -> 1L, "below-threshold" -> 1L).asJava)
  }

  test("VER-7 apply - the same manifest again, a dry run - commits nothing more") {
    val table = newTable(pet("a"), pet("b"))
    val manifest = line("/data/a.jpg", "cat" -> 0.9)
    val dry = apply(table, manifest, run = ann.withMode(EditRun.Mode.DRY_RUN))
    assert(dry.result == Result.DRY_RUN && dry.suggestions.get.taken == 1 && commits(table) == 1)
    assert(apply(table, manifest).result == Result.COMMITTED)
    val again = apply(table, manifest)
    assert(again.result == Result.NOTHING_TO_DO && again.suggestions.get.known == 1)
    assert(commits(table) == 2)
  }

  test("VER-7 apply, confirm, reject - smart labelling from end to end - people have the last word") {
    val table = newTable(pet("a"), pet("b"), pet("c"))
    apply(table, Seq("a" -> 0.95, "b" -> 0.6, "c" -> 0.1)
      .map { case (id, confidence) => line(s"/data/$id.jpg", "cat" -> confidence) }.mkString("\n"))
    assert(LabelQueries.uses(table).get(0).machine == 3)
    def which(where: String) = new MachineLabels(SampleFilter.parse(where))
    assert(edit(table, new ConfirmLabels(which("confidence >= 0.9"), noon)).counts.changed == 1)
    assert(edit(table, new RejectLabels(which("confidence < 0.5"))).counts.annotations.removed == 1)
    assert(labels(table) == Map("a" -> Seq("cat"), "b" -> Seq("cat"), "c" -> Nil))
    assert(LabelQueries.uses(table).get(0).machine == 1)
    val info = stored(table).head.annotations.get(0).info
    assert(info.annotatedBy.get == "human" && info.properties.value("@millrace:suggested_by").get == "resnet")
    val second = apply(table, line("/data/a.jpg", "dog" -> 0.99) + "\n" + line("/data/b.jpg", "dog" -> 0.99))
    assert(labels(table) == Map("a" -> Seq("cat"), "b" -> Seq("dog"), "c" -> Nil))
    assert(second.suggestions.get.refused.keySet.asScala == Set(Reason.LABELLED_BY_HUMAN))
  }

  test("VER-7 apply - objects in Pascal VOC files, one of them broken - opens each, refuses that line") {
    val layout = Cells.create(temporaryDirectory())
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, Seq(Cells.image(1, "d", "a.jpg"), Cells.image(2, "d", "b.jpg"), Cells.image(3, "d", "c.jpg")))
    val directory = temporaryDirectory()
    Files.writeString(directory.resolve("a.xml"),
      """<annotation><folder>d</folder><filename>a.jpg</filename><size><width>640</width><height>480</height>
        |<depth>3</depth></size><segmented>0</segmented><object><name>RBC</name><pose>Unspecified</pose>
        |<truncated>0</truncated><occluded>0</occluded><difficult>0</difficult><confidence>0.75</confidence>
        |<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>""".stripMargin)
    Files.writeString(directory.resolve("b.xml"), "<annotation>")
    val lines = Seq("a", "b", "c").map { name =>
      s"""{"source":"/data/d/$name.jpg","annotation":[{"type":"modelarts/object_detection",
         |"annotation-loc":"$directory/$name.xml","annotated-by":"yolo"}]}""".stripMargin.replace("\n", "")
    }
    // Ids of these samples are not those of their sources: lines are matched by source.
    val report = apply(table, lines.mkString("\n"), threshold = 0.5)
    assert(report.suggestions.get.refused.asScala.map { case (r, n) => r -> n.count } ==
      Map(Reason.BROKEN_ANNOTATION_FILE -> 2L))
    val objects = stored(table).flatMap(_.objects.asScala)
    assert(objects.map(_.name.value) == Seq("RBC"))
    assert(objects.head.info.confidence.getAsDouble == 0.75 && objects.head.info.annotatedBy.get == "yolo")
    assert(objects.head.shape == new Shape.BoundingBox(1, 2, 30, 40))
  }

  test("VER-7 apply - a manifest that is not there, labels too many - fails and changes nothing") {
    val table = newTable(pet("a"))
    val policy = new SuggestionPolicy(images, 0, HumanLabels.SKIP, "machine", noon)
    val missing = StorageUri.of(temporaryDirectory().resolve("no.manifest"))
    val e = intercept[DatasetException](new LabelApplyJob(table, missing, policy, ann, Cells.clock).run())
    assert(e.getMessage.contains("there is no such file. Name the manifest that holds the labels."))
    val one = new Limits(10, 1, 1, 1, 1000, 1000, 1)
    val many = intercept[DatasetException](
      apply(table, line("/data/a.jpg", "cat" -> 0.9, "dog" -> 0.9), run = ann.withLimits(one)))
    assert(many.getMessage.startsWith("Cannot label apply: dataset pets would have 2 labels"))
    assert(commits(table) == 1)
  }
}
