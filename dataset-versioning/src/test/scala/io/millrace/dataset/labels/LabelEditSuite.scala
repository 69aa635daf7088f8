package io.millrace.dataset.labels

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, ObjectInputStream, ObjectOutputStream}
import java.util.{Optional, OptionalDouble}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

import io.millrace.dataset._
import io.millrace.dataset.filter.SampleFilter
import io.millrace.dataset.labels.EditedSample.Outcome
import io.millrace.dataset.labels.LabelledSamples._

class LabelEditSuite extends AnyFunSuite {
  private val cat = label("cat")
  private val dog = label("dog")
  private val images = LabelTaskType.IMAGE_CLASSIFICATION

  private def rename(old: String, renamed: String) =
    new RenameLabel(label(old), label(renamed), RenameLabel.IfTaken.MERGE)

  private def delete(name: String, onlyThis: DeleteLabel.OnlyThis = DeleteLabel.OnlyThis.KEEP_SAMPLES) =
    new DeleteLabel(label(name), onlyThis)

  private def machineLabels(where: String) = new MachineLabels(SampleFilter.parse(where))

  private val edits: Seq[LabelEdit] = Seq(
    new AddLabel(images, cat, noon),
    new SetLabels(images, list(dog, cat, dog), noon),
    rename("cat", "dog"),
    rename("cat", "lynx"),
    delete("it's"),
    new ClearLabels(),
    new MarkHard(MarkHard.Mark.ON, new MarkHard.Coefficient.Of(0.5)),
    new MarkHard(MarkHard.Mark.ON, new MarkHard.Coefficient.AsItWas()),
    new MarkHard(MarkHard.Mark.OFF, new MarkHard.Coefficient.AsItWas()),
    new ConfirmLabels(machineLabels("confidence >= 0.5"), noon),
    new RejectLabels(machineLabels("confidence < 0.5 or label = 'cat'"))
  )

  test("VER-7 add - a sample without, with others, with it, with it from a machine - adds once") {
    forAll(Table(
      ("before", "labels after", "outcome"),
      (sample(), Seq("cat"), Outcome.CHANGED),
      (sample(whole("dog")), Seq("dog", "cat"), Outcome.CHANGED),
      (sample(whole("cat")), Seq("cat"), Outcome.UNCHANGED),
      (sample(whole("cat", machine(0.5))), Seq("cat"), Outcome.UNCHANGED))) {
      (before, labels, outcome) =>
        val edited = new AddLabel(images, cat, noon).edit(before)
        assert(labelsOf(edited.sample) == labels)
        assert(edited.outcome == outcome)
        assert(edited.counts.added == (if (outcome == Outcome.CHANGED) 1 else 0))
    }
    val info = new AddLabel(images, cat, noon).edit(sample()).sample.annotations.get(0).info
    assert(info == AnnotationInfo.ofHuman(noon))
  }

  test("VER-7 add and set - types whose labels are not of whole samples - are refused and told why") {
    forAll(Table(
      ("type", "words"),
      (LabelTaskType.OBJECT_DETECTION, "labels are of objects in images, not of whole samples"),
      (LabelTaskType.IMAGE_SEGMENTATION, "of objects in images"),
      (LabelTaskType.VIDEO_ANNOTATION, "of objects in images"),
      (LabelTaskType.NAMED_ENTITY_RECOGNITION, "of stretches of a text"),
      (LabelTaskType.TEXT_TRIPLE, "of stretches of a text"),
      (LabelTaskType.SPEECH_SEGMENTATION, "of stretches of a recording"),
      (LabelTaskType.SPEECH_CONTENT, "of nothing: what is said is written down"),
      (LabelTaskType.TABLE, "of nothing"),
      (LabelTaskType.NONE, "of nothing"))) { (taskType, words) =>
      val add = intercept[DatasetException](new AddLabel(taskType, cat, noon))
      assert(add.getMessage.startsWith(s"Cannot label add: in a dataset of $taskType"))
      assert(add.getMessage.contains(words))
      assert(intercept[DatasetException](new SetLabels(taskType, list(cat), noon)).getMessage
        .startsWith("Cannot label set"))
    }
  }

  test("VER-7 set - labels of people, of a machine, others - keeps, confirms, removes and adds") {
    val before = sample(whole("cat"), whole("dog", machine(0.7)), whole("eel"), whole("fox", machine(1)))
    val edited = new SetLabels(images, list(dog, cat, label("ant")), noon).edit(before)
    assert(labelsOf(edited.sample) == Seq("cat", "dog", "ant"))
    assert(edited.sample.annotations.get(0) == before.annotations.get(0))
    assert(edited.sample.annotations.asScala.forall(!_.info.isByMachine))
    assert(edited.counts == new AnnotationCounts(1, 1, 2, 0))
    val none = intercept[DatasetException](new SetLabels(images, list(), noon))
    assert(none.getMessage == "Invalid labels: none (expected one or more, or use label clear)")
  }

  test("VER-7 rename - each label task type - the new name, all else as it was") {
    for ((taskType, annotation) <- ofEachType("cat", machine(0.25))) {
      val edited = rename("cat", "猫").edit(sample(annotation, whole("dog")))
      assert(edited.sample.annotations.get(0) == ofEachType("猫", machine(0.25)).toMap.apply(taskType))
      assert(edited.sample.annotations.get(1) == whole("dog"))
      assert(edited.counts == new AnnotationCounts(0, 1, 0, 0), taskType)
    }
  }

  test("VER-7 rename - both names on one whole sample - one label is left, the one that was there") {
    val edited = rename("cat", "dog").edit(sample(whole("cat", machine(0.5)), whole("dog")))
    assert(edited.sample.annotations == list(whole("dog")))
    assert(edited.counts == new AnnotationCounts(0, 0, 1, 0))
    val twice = rename("cat", "dog").edit(sample(whole("cat"), whole("cat", machine(0.5))))
    assert(twice.sample.annotations == list(whole("dog")))
  }

  test("VER-7 rename - both names on objects of one image - are two objects of one name") {
    val Seq(a, b) = Seq("cat", "dog").map(name => ofEachType(name, human)(3)._2)
    assert(labelsOf(rename("cat", "dog").edit(sample(a, b)).sample) == Seq("dog", "dog"))
  }

  test("VER-7 rename and delete - the label that a manifest repeats beside its file - goes along") {
    def of(fields: String) = ofEachType("cat", human.withForeignFields(fields))(3)._2
    val repeated = of("""{"voc":{"x":1},"manifest":{"name":"cat","id":"7"}}""")
    val renamed = rename("cat", "lynx").edit(sample(repeated)).sample.annotations.get(0)
    assert(renamed.info.foreignFields == """{"voc":{"x":1},"manifest":{"name":"lynx","id":"7"}}""")
    val other = ofEachType("dog", human.withForeignFields("""{"manifest":{"name":"cat"}}"""))(3)._2
    val deleted = delete("cat").edit(sample(repeated, other))
    assert(deleted.sample.annotations == list(ofEachType("dog", human)(3)._2))
    assert(deleted.counts == new AnnotationCounts(0, 1, 1, 0))
    val foreign = of("""{"manifest":{"name":"eel"}}""")
    assert(rename("cat", "lynx").edit(sample(foreign)).sample.annotations.get(0).info == foreign.info)
  }

  test("VER-7 rename - the same name - is refused") {
    val e = intercept[DatasetException](rename("cat", "cat"))
    assert(e.getMessage == "Cannot rename label 'cat': the new name is the same.")
  }

  test("VER-7 delete - each label task type - that label and no other") {
    for ((taskType, annotation) <- ofEachType("cat", human)) {
      val kept = ofEachType("dog", human).toMap.apply(taskType)
      val edited = delete("cat").edit(sample(annotation, kept))
      assert(edited.sample.annotations == list(kept), taskType)
      assert(edited.counts == new AnnotationCounts(0, 0, 1, 0))
    }
  }

  test("VER-7 delete - an entity that relations join - they go too and are counted apart") {
    val before = sample(
      entity("E1", "city"), entity("E2", "person"), entity("E3", "person"),
      relation("R1", "born in", "E2", "E1"), relation("R2", "married to", "E2", "E3"))
    val edited = delete("city").edit(before)
    assert(labelsOf(edited.sample) == Seq("person", "person", "married to"))
    assert(edited.counts == new AnnotationCounts(0, 0, 1, 1))
    val relations = delete("married to").edit(before)
    assert(relations.counts == new AnnotationCounts(0, 0, 1, 0))
    val dangling = sample(relation("R1", "born in", "E8", "E9"), entity("E1", "city"))
    assert(labelsOf(delete("city").edit(dangling).sample) == Seq("born in"))
  }

  test("VER-7 delete with its samples - only this label, another too, none - deletes the first") {
    val edit = delete("cat", DeleteLabel.OnlyThis.DELETE_SAMPLES)
    assert(edit.edit(sample(whole("cat"))).outcome == Outcome.REMOVED)
    assert(edit.edit(sample(whole("cat"), whole("cat"))).outcome == Outcome.REMOVED)
    assert(edit.edit(sample(whole("cat"), whole("dog"))).outcome == Outcome.CHANGED)
    assert(edit.edit(sample()).outcome == Outcome.UNCHANGED)
    val spoken = new Annotation.SpeechContent("hello", human)
    val heard = ofEachType("cat", human).toMap.apply(LabelTaskType.SPEECH_SEGMENTATION)
    assert(edit.edit(sample(heard, spoken)).outcome == Outcome.CHANGED)
    val joined = sample(entity("E1", "cat"), relation("R1", "likes", "E1", "E1"))
    assert(edit.edit(joined).outcome == Outcome.CHANGED)
  }

  test("VER-7 rename and delete - a file of objects that was not opened - keeps the file") {
    val file = new Annotation.ObjectFile(LabelTaskType.OBJECT_DETECTION,
      StorageUri.parse("/x.xml"), Annotation.ObjectFile.PASCAL_VOC, Optional.of(cat), human)
    assert(labelsOf(rename("cat", "lynx").edit(sample(file)).sample) == Seq("lynx"))
    val left = delete("cat").edit(sample(file)).sample.annotations
    assert(left.size == 1 && left.get(0).label.isEmpty)
  }

  test("VER-7 clear - annotations of every type, none - none is left") {
    val all = ofEachType("cat", human).map(_._2) :+ new Annotation.SpeechContent("hello", human)
    val edited = new ClearLabels().edit(sample(all: _*))
    assert(!edited.sample.isLabelled)
    assert(edited.counts == new AnnotationCounts(0, 0, all.size, 0))
    assert(new ClearLabels().edit(sample()).outcome == Outcome.UNCHANGED)
  }

  test("VER-7 hard - on with and without a coefficient, off - marks, keeps, takes away") {
    import MarkHard.Mark.{OFF, ON}
    val asItWas = new MarkHard.Coefficient.AsItWas()
    val half = new MarkHard.Coefficient.Of(0.5)
    val hard = sample().withHardness(new Hardness(true, OptionalDouble.of(0.25)))
    assert(new MarkHard(ON, half).edit(sample()).sample.hardness == new Hardness(true, OptionalDouble.of(0.5)))
    assert(new MarkHard(ON, asItWas).edit(hard).outcome == Outcome.UNCHANGED)
    assert(new MarkHard(ON, half).edit(hard).sample.hardness.coefficient == OptionalDouble.of(0.5))
    assert(new MarkHard(OFF, asItWas).edit(hard).sample.hardness == Hardness.NONE)
    val inAnnotation = sample(whole("cat", human.withHardness(new Hardness(true, OptionalDouble.empty()))))
    val off = new MarkHard(OFF, asItWas).edit(inAnnotation)
    assert(!off.sample.isHard && off.counts.changed == 1)
    assert(intercept[DatasetException](new MarkHard.Coefficient.Of(1.5)).getMessage ==
      "Invalid hard-coefficient: 1.5 (expected 0 to 1)")
    assert(intercept[DatasetException](new MarkHard(OFF, half)).getMessage.contains("(expected none with OFF)"))
  }

  test("VER-7 confirm - each label task type - a person's now, and says who suggested it") {
    for ((taskType, annotation) <- ofEachType("cat", machine(0.25))) {
      val edited = new ConfirmLabels(machineLabels("true"), noon).edit(sample(annotation))
      val info = edited.sample.annotations.get(0).info
      assert(info.annotatedBy == Optional.of("human"), taskType)
      assert(info.confidence.isEmpty && info.creationTime == Optional.of(noon))
      assert(info.properties.values.asScala == Map(
        "@millrace:suggested_by" -> "resnet",
        "@millrace:suggested_confidence" -> new java.math.BigDecimal("0.25")))
      assert(edited.counts == new AnnotationCounts(0, 1, 0, 0))
    }
  }

  test("VER-7 confirm and reject - a filter - is asked of each label for itself") {
    val before = sample(
      whole("cat", machine(0.9)), whole("dog", machine(0.4)), whole("eel", machine(0.9, "vgg")),
      whole("fox")).withUsage(Optional.of(Usage.TRAIN))
    forAll(Table(
      ("where", "labels confirmed"),
      ("confidence >= 0.5", Set("cat", "eel")),
      ("label = 'dog' or annotated-by = 'vgg'", Set("dog", "eel")),
      ("label != 'cat'", Set("dog", "eel")),
      ("usage = train and label = 'cat'", Set("cat")),
      ("usage = eval", Set[String]()),
      ("label = 'fox'", Set[String]()),
      ("true", Set("cat", "dog", "eel")))) { (where, chosen) =>
      val left = new RejectLabels(machineLabels(where)).edit(before).sample
      assert(labelsOf(left).toSet == Set("cat", "dog", "eel", "fox") -- chosen)
      val confirmed = new ConfirmLabels(machineLabels(where), noon).edit(before).sample
      val byPeople = confirmed.annotations.asScala.filterNot(_.info.isByMachine).map(_.label.get.value)
      assert(byPeople.toSet == chosen + "fox")
    }
  }

  test("VER-7 reject - an entity that relations join - takes them along") {
    val before = sample(entity("E1", "city", machine(0.2)), entity("E2", "person"),
      relation("R1", "born in", "E2", "E1"))
    val edited = new RejectLabels(machineLabels("confidence < 0.5")).edit(before)
    assert(labelsOf(edited.sample) == Seq("person"))
    assert(edited.counts == new AnnotationCounts(0, 0, 1, 1))
  }

  test("VER-7 confirm - a filter on metrics - is refused") {
    val e = intercept[DatasetException](machineLabels("metric.brightness > 3"))
    assert(e.getMessage.startsWith("Invalid selection of labels: it asks for metric.brightness"))
  }

  test("VER-7 machine labels - who gave them - human and human/NAME are people") {
    forAll(Table(
      ("annotated-by", "machine"),
      (Optional.empty[String](), false),
      (Optional.of("human"), false),
      (Optional.of("human/user/user"), false),
      (Optional.of("humanoid"), true),
      (Optional.of("modelarts/active-learning"), true))) { (by, isMachine) =>
      assert(human.withAnnotatedBy(by).isByMachine == isMachine)
    }
    intercept[IllegalStateException](human.confirmed(noon))
  }

  test("VER-7 label rule - strict - refuses what ModelArts would") {
    LabelRule.STRICT.check(list(cat, label("a_B-9")))
    LabelRule.PRINTABLE.check(list(label("红 细胞")))
    val e = intercept[DatasetException](LabelRule.STRICT.check(list(cat, label("red cell"))))
    assert(e.getMessage == "Invalid label: 'red cell' (expected 1 to 32 of A-Z, a-z, 0-9, _ and -, " +
      "as the label rule STRICT asks)")
  }

  test("law - every edit, made twice - changes nothing the second time") {
    for (edit <- edits; before <- many) {
      val once = edit.edit(before)
      if (once.outcome != Outcome.REMOVED) {
        assert(edit.edit(once.sample) == EditedSample.unchanged(once.sample), s"$edit of $before")
      }
    }
  }

  test("law - every edit - says unchanged exactly where the sample is equal") {
    for (edit <- edits; before <- many) {
      val edited = edit.edit(before)
      assert((edited.outcome == Outcome.UNCHANGED) == (edited.sample == before), s"$edit of $before")
      val counts = edited.counts
      assert(edited.sample.annotations.size ==
        before.annotations.size + counts.added - counts.removed - counts.relations)
    }
  }

  test("law - every edit - changes no sample that its reach leaves out") {
    for (edit <- edits; before <- many if !edit.reach.matches(before)) {
      assert(edit.edit(before).outcome == Outcome.UNCHANGED, s"$edit of $before")
    }
  }

  test("law - rename there and back, no merge - is what it was") {
    for (before <- many) {
      val there = rename("cat", "lynx").edit(before).sample
      assert(!labelsOf(there).contains("cat"))
      assert(rename("lynx", "cat").edit(there).sample == before)
    }
  }

  test("law - delete - leaves no such label, and every other annotation but dangling relations") {
    for (before <- many) {
      val edited = delete("cat").edit(before)
      assert(!labelsOf(edited.sample).contains("cat"))
      val others = before.annotations.asScala.filterNot(_.label == Optional.of(cat))
      val gone = others.filterNot(a => edited.sample.annotations.contains(a))
      assert(gone.forall(_.isInstanceOf[Annotation.TextRelation]))
      assert(gone.size == edited.counts.relations)
    }
  }

  test("law - confirm what passes and reject what does not - leaves no machine label, loses no other") {
    val where = "confidence >= 0.5"
    for (before <- many) {
      val confirmed = new ConfirmLabels(machineLabels(where), noon).edit(before)
      val rejected = new RejectLabels(machineLabels(s"not ($where)")).edit(before)
      assert(confirmed.counts.changed + rejected.counts.removed ==
        LabelledSamples.machineLabels(before).size)
      val done = new RejectLabels(machineLabels(s"not ($where)")).edit(confirmed.sample)
      assert(LabelledSamples.machineLabels(done.sample).isEmpty)
      assert(done.counts.removed == rejected.counts.removed)
    }
  }

  test("edits - written and read by Java's serialization - are the same") {
    edits.foreach { edit =>
      val bytes = new ByteArrayOutputStream()
      new ObjectOutputStream(bytes).writeObject(edit)
      assert(new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray)).readObject() == edit)
    }
  }

  private lazy val many: Seq[Sample] = org.scalacheck.Gen
    .listOfN(300, samples)
    .pureApply(org.scalacheck.Gen.Parameters.default, org.scalacheck.rng.Seed(7))
}
