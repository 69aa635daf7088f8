package io.millrace.dataset.merging

import java.time.{Duration, Instant, LocalDateTime}
import java.util.{Optional, OptionalDouble}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset._
import io.millrace.dataset.Annotation.{Classification, SpeechContent, SpeechSegment}
import io.millrace.dataset.Annotation.{TextEntity, TextRelation}
import io.millrace.dataset.merging.MergePolicy._
import io.millrace.dataset.merging.MergedSample.Action
import io.millrace.dataset.merging.MergedSample.Action._
import io.millrace.dataset.merging.SampleMerge.Basis

class SampleMergeSuite extends AnyFunSuite {
  private val plain =
    Sample.of(StorageUri.parse("s3://b/x.jpg"), DatasetKind.IMAGE, 10, Instant.EPOCH)
  private val a = labelled("a")
  private val b = labelled("b")
  private val c = labelled("c")
  private val ab = labelled("a", "b")
  private val bc = labelled("b", "c")
  private val replaced = a.withSizeBytes(11)
  private val used = a.withUsage(Optional.of(Usage.TRAIN))

  private val none = Option.empty[Sample]

  test("VER-5 merge - with a base - what one side changed is taken, what both changed is a clash") {
    forAll(
      Table(
        ("base", "ours", "theirs", "FAIL", "OURS", "THEIRS", "UNION_LABELS"),
        // In none, or in one only.
        (none, none, none, keep, keep, keep, keep),
        (none, Some(a), none, keep, keep, keep, keep),
        (none, none, Some(a), add(a), add(a), add(a), add(a)),
        // Removed on one side, and unchanged on the other.
        (Some(a), none, Some(a), keep, keep, keep, keep),
        (Some(a), Some(a), none, remove, remove, remove, remove),
        (Some(a), none, none, keep, keep, keep, keep),
        // Usages are no change: publishing gives and takes them.
        (Some(a), Some(used), none, remove, remove, remove, remove),
        (Some(used), none, Some(a), keep, keep, keep, keep),
        // Removed on one side, and changed on the other.
        (Some(a), none, Some(b), conflict, keep, add(b), add(b)),
        (Some(a), Some(b), none, conflict, keep, remove, keep),
        (Some(a), Some(replaced), none, conflict, keep, remove, keep),
        // In all three.
        (Some(a), Some(a), Some(a), keep, keep, keep, keep),
        (Some(a), Some(b), Some(b), keep, keep, keep, keep),
        (Some(a), Some(b), Some(a), keep, keep, keep, keep),
        (Some(a), Some(a), Some(b), change(b), change(b), change(b), change(b)),
        (Some(a), Some(b), Some(c), conflict, keep, change(c), change(bc)),
        (Some(a), Some(ab), Some(b), conflict, keep, change(b), change(b)),
        (Some(a), Some(used), Some(b), change(used.withAnnotations(b.annotations)),
          change(used.withAnnotations(b.annotations)), change(used.withAnnotations(b.annotations)),
          change(used.withAnnotations(b.annotations))),
        // Added on both sides.
        (none, Some(a), Some(b), conflict, keep, change(b), change(ab)),
        (none, Some(a), Some(plain), keep, keep, keep, keep),
        // One side replaced the bytes, the other labelled the old ones.
        (Some(a), Some(replaced), Some(b), conflict, keep, change(b), conflict),
        (Some(a), Some(b), Some(replaced), conflict, keep, change(replaced), conflict),
        (Some(a), Some(a), Some(replaced), change(replaced), change(replaced), change(replaced),
          change(replaced)),
        (Some(a), Some(a.withSizeBytes(12)), Some(replaced), conflict, keep, change(replaced),
          conflict)
      )
    ) { (base, ours, theirs, fail, our, their, union) =>
      val expected = Seq(FAIL -> fail, OURS -> our, THEIRS -> their, UNION_LABELS -> union)
      expected.foreach { case (policy, outcome) =>
        assert(merged(policy, Basis.COMMON_BASE, base, ours, theirs) == outcome, policy)
      }
    }
  }

  test("VER-5 merge - without a base - nothing is removed, and what is not said is taken") {
    forAll(
      Table(
        ("ours", "theirs", "FAIL", "OURS", "THEIRS", "UNION_LABELS"),
        (Some(a), none, keep, keep, keep, keep),
        (none, Some(a), add(a), add(a), add(a), add(a)),
        (Some(a), Some(a), keep, keep, keep, keep),
        (Some(a), Some(plain), keep, keep, keep, keep),
        (Some(plain), Some(a), change(a), change(a), change(a), change(a)),
        (Some(a), Some(b), conflict, keep, change(b), change(ab)),
        (Some(a), Some(ab), conflict, keep, change(ab), change(ab)),
        (Some(a), Some(used), change(used), change(used), change(used), change(used)),
        (Some(used), Some(a), keep, keep, keep, keep),
        (Some(a), Some(replaced), conflict, keep, change(replaced), conflict)
      )
    ) { (ours, theirs, fail, our, their, union) =>
      val expected = Seq(FAIL -> fail, OURS -> our, THEIRS -> their, UNION_LABELS -> union)
      expected.foreach { case (policy, outcome) =>
        assert(merged(policy, Basis.NO_BASE, None, ours, theirs) == outcome, policy)
      }
    }
  }

  test("VER-5 merge - each aspect - clashes for itself, and says so") {
    val hard = new Hardness(true, OptionalDouble.empty)
    val harder = new Hardness(true, OptionalDouble.of(0.9))
    def properties(values: (String, String)*) = plain.withProperties(
      values.foldLeft(Properties.EMPTY) { case (all, (name, value)) => all.`with`(name, value) })
    forAll(
      Table(
        ("base", "ours", "theirs", "clashes"),
        (Some(a), b, c, Set(Aspect.LABELS)),
        (Some(plain), plain.withSizeBytes(1), plain.withSizeBytes(2), Set(Aspect.CONTENT)),
        (Some(plain), used.withAnnotations(List().asJava),
          plain.withUsage(Optional.of(Usage.TEST)), Set(Aspect.USAGE)),
        (Some(plain), plain.withHardness(hard), plain.withHardness(harder), Set(Aspect.HARDNESS)),
        (Some(plain), properties("x" -> "1"), properties("x" -> "2"), Set(Aspect.PROPERTIES)),
        (Some(plain), properties("x" -> "1"), properties("y" -> "2"), Set()),
        (Some(properties("x" -> "1")), plain, properties("x" -> "1", "y" -> "2"), Set()),
        (Some(properties("x" -> "1")), plain, properties("x" -> "2"), Set(Aspect.PROPERTIES)),
        (None, properties("x" -> "1"), properties("x" -> "2"), Set(Aspect.PROPERTIES)),
        (Some(a), noted(a, "me"), noted(a, "you"), Set(Aspect.ANNOTATION_DETAILS)),
        (Some(a), noted(a, "me"), a, Set()),
        (Some(a), a, noted(a, "you"), Set()),
        // Two people gave the same label: no clash where nobody knows what was before.
        (None, noted(a, "me"), noted(a, "you"), Set())
      )
    ) { (base, ours, theirs, clashes) =>
      val basis = if (base.isEmpty) Basis.NO_BASE else Basis.COMMON_BASE
      val result = new SampleMerge(FAIL, basis).merge(sides(base, Some(ours), Some(theirs)))
      assert(result.clashes.asScala.toSet == clashes)
      assert((result.action == CONFLICT) == clashes.nonEmpty)
    }
  }

  test("VER-5 merge - properties of both sides - each for itself, in one sample") {
    def properties(names: String*) = names.foldLeft(Properties.EMPTY)((all, name) => all.`with`(name, "1"))
    val result = new SampleMerge(FAIL, Basis.COMMON_BASE).merge(
      sides(
        Some(plain.withProperties(properties("old", "gone"))),
        Some(plain.withProperties(properties("old", "gone", "mine"))),
        Some(plain.withProperties(properties("old", "yours")))))
    assert(result.sample.get.properties == properties("old", "mine", "yours"))
  }

  test("VER-5 merge - a taken change - keeps when and by which import the sample came here") {
    val ours = a
      .withCreatedAt(Instant.parse("2026-01-01T00:00:00Z"))
      .withOrigin(Optional.of(new ImportId("imp-ours-0001")))
      .withSourceState(SourceState.UNKNOWN.withEtag(Optional.of("ours")))
    val theirs = b.withSourceState(SourceState.UNKNOWN.withEtag(Optional.of("theirs")))
    val result = new SampleMerge(FAIL, Basis.COMMON_BASE)
      .merge(sides(Some(a), Some(ours), Some(theirs)))
    assert(result.sample.get == ours.withAnnotations(b.annotations))
    val newBytes = theirs.withAnnotations(a.annotations).withSizeBytes(99)
    val other = new SampleMerge(FAIL, Basis.COMMON_BASE)
      .merge(sides(Some(a), Some(ours), Some(newBytes)))
    assert(
      other.sample.get ==
        ours.withSizeBytes(99).withSourceState(SourceState.UNKNOWN.withEtag(Optional.of("theirs"))))
  }

  test("VER-5 merge - the same bytes at other places - are no clash; the place stays") {
    val digest = Optional.of(Digest.ofText("bytes"))
    val ours = a.withDigest(digest)
    val theirs = b.withDigest(digest).withSource(StorageUri.parse("s3://other/x.jpg"))
    val result =
      new SampleMerge(THEIRS, Basis.NO_BASE).merge(sides(None, Some(ours), Some(theirs)))
    assert(result.clashes == java.util.Set.of(Aspect.LABELS))
    assert(result.sample.get == ours.withAnnotations(b.annotations))
  }

  test("VER-5 merge - a union, of each kind of annotation - each that says something else") {
    def box(label: String, x: Int): Annotation = new Annotation.ImageObject(
      LabelTaskType.OBJECT_DETECTION, new Label(label), new Shape.BoundingBox(x, 0, x + 5, 5),
      ObjectTraits.DEFAULT, AnnotationInfo.NONE)
    def segment(start: Int, text: String): Annotation = new SpeechSegment(
      Optional.empty(), Duration.ofSeconds(start), Duration.ofSeconds(start + 2L),
      Optional.empty(), Optional.of(text), AnnotationInfo.NONE)
    def file(name: String): Annotation = new Annotation.ObjectFile(
      LabelTaskType.OBJECT_DETECTION, StorageUri.parse(s"s3://b/$name.xml"),
      Annotation.ObjectFile.PASCAL_VOC, Optional.empty(), AnnotationInfo.NONE)
    forAll(
      Table[Seq[Annotation], Seq[Annotation], Seq[Annotation]](
        ("ours", "theirs", "union"),
        (Seq(box("a", 0), box("a", 1)), Seq(box("a", 1), box("b", 0)),
          Seq(box("a", 0), box("a", 1), box("b", 0))),
        (Seq(box("a", 0)), Seq(box("a", 0), box("a", 0)), Seq(box("a", 0), box("a", 0))),
        (Seq(file("x")), Seq(file("y")), Seq(file("x"), file("y"))),
        (Seq(segment(0, "one")), Seq(segment(0, "two"), segment(0, "one")),
          Seq(segment(0, "one"), segment(0, "two"))),
        (Seq(entity("p", 0, "E1")), Seq(entity("p", 5, "E2")),
          Seq(entity("p", 0, "E1"), entity("p", 5, "E2")))
      )
    ) { (ours, theirs, union) =>
      assert(united(None, ours, theirs) == Right(union))
    }
  }

  test("VER-5 merge - a union of two contents of a recording - is a conflict, as there is but one") {
    def content(text: String): Annotation = new SpeechContent(text, AnnotationInfo.NONE)
    assert(united(None, Seq(content("one")), Seq(content("two"))) == Left(Set(Aspect.LABELS)))
    assert(united(None, Seq(content("one")), Seq(content("one"))) == Right(Seq(content("one"))))
  }

  test("VER-5 merge - a union with a base - leaves out what either side removed") {
    val was = Seq("a", "b", "c").map(label)
    val ours = Seq("a", "b", "x").map(label)
    val theirs = Seq("b", "c", "y").map(label)
    assert(united(Some(was), ours, theirs) == Right(Seq("b", "x", "y").map(label)))
  }

  test("VER-5 merge - a union of entities under one id - gives theirs another, relations follow") {
    val ours = Seq(entity("p", 0, "E1"), entity("q", 3, "E2"), relation("r", "E1", "E2", "R1"))
    val theirs = Seq(entity("q", 3, "E1"), entity("s", 9, "E2"), relation("t", "E1", "E2", "R1"))
    assert(
      united(None, ours, theirs) == Right(
        ours ++ Seq(entity("s", 9, "E3"), relation("t", "E2", "E3", "R2"))))
  }

  test("VER-5 merge - relations that say the same by other ids - are one") {
    val ours = Seq(entity("p", 0, "E1"), entity("q", 3, "E2"), relation("r", "E1", "E2", "R1"))
    val theirs = Seq(entity("q", 3, "E7"), entity("p", 0, "E8"), relation("r", "E8", "E7", "R9"))
    val result = new SampleMerge(FAIL, Basis.NO_BASE)
      .merge(sides(None, Some(withAll(ours)), Some(withAll(theirs))))
    assert(result.action == KEEP && result.clashes.isEmpty)
  }

  test("VER-5 merge - an entity that one side removed - takes the other side's relations along") {
    val p = entity("p", 0, "E1")
    val q = entity("q", 3, "E2")
    val r = relation("r", "E1", "E2", "R1")
    assert(united(Some(Seq(p, q)), Seq(p, entity("x", 7, "E3")), Seq(p, q, r)) ==
      Right(Seq(p, entity("x", 7, "E3"))))
    // Ours calls another entity E2 now: the relation must not join that.
    assert(united(Some(Seq(p, q)), Seq(p, entity("x", 7, "E2")), Seq(p, q, r)) ==
      Right(Seq(p, entity("x", 7, "E2"))))
  }

  private def keep: (Action, Option[Sample]) = (KEEP, None)
  private def remove: (Action, Option[Sample]) = (REMOVE, None)
  private def conflict: (Action, Option[Sample]) = (CONFLICT, None)
  private def add(sample: Sample): (Action, Option[Sample]) = (ADD, Some(sample))
  private def change(sample: Sample): (Action, Option[Sample]) = (CHANGE, Some(sample))

  private def merged(
      policy: MergePolicy,
      basis: Basis,
      base: Option[Sample],
      ours: Option[Sample],
      theirs: Option[Sample]): (Action, Option[Sample]) = {
    val result = new SampleMerge(policy, basis).merge(sides(base, ours, theirs))
    (result.action, result.sample.toScala)
  }

  private def sides(base: Option[Sample], ours: Option[Sample], theirs: Option[Sample]) =
    new SampleSides(base.toJava, ours.toJava, theirs.toJava)

  /** The annotations of the union, or what is in conflict. */
  private def united(
      base: Option[Seq[Annotation]],
      ours: Seq[Annotation],
      theirs: Seq[Annotation]): Either[Set[Aspect], Seq[Annotation]] = {
    val basis = if (base.isEmpty) Basis.NO_BASE else Basis.COMMON_BASE
    val result = new SampleMerge(UNION_LABELS, basis)
      .merge(sides(base.map(withAll), Some(withAll(ours)), Some(withAll(theirs))))
    if (result.action == CONFLICT) Left(result.clashes.asScala.toSet)
    else Right(result.sample.map[Seq[Annotation]](_.annotations.asScala.toSeq).orElse(ours))
  }

  private def withAll(annotations: Seq[Annotation]) = plain.withAnnotations(annotations.asJava)

  private def labelled(labels: String*) = withAll(labels.map(label))

  private def label(name: String): Annotation =
    new Classification(LabelTaskType.IMAGE_CLASSIFICATION, new Label(name), AnnotationInfo.NONE)

  private def noted(sample: Sample, by: String): Sample =
    sample.withAnnotations(
      sample.annotations.asScala
        .map(each =>
          each.withInfo(
            AnnotationInfo.ofMachine(by, LocalDateTime.parse("2026-05-06T12:00:00"), 0.5)))
        .asJava)

  private def entity(name: String, start: Int, id: String): Annotation = new TextEntity(
    LabelTaskType.TEXT_TRIPLE, new Label(name), start, start + 2,
    AnnotationInfo.NONE.withId(Optional.of(id)))

  private def relation(name: String, from: String, to: String, id: String): Annotation =
    new TextRelation(new Label(name), from, to, AnnotationInfo.NONE.withId(Optional.of(id)))
}

/** Laws that hold for all samples. */
class SampleMergeLawsSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  implicit override val generatorDrivenConfig: PropertyCheckConfiguration =
    PropertyCheckConfiguration(minSuccessful = 60)

  private val samples =
    Samples.samples.map(_.withId(new SampleId("one")))

  test("VER-5 merge - of a sample with itself, or with what it came from - changes nothing") {
    forAll(samples, samples) { (ours: Sample, base: Sample) =>
      MergePolicy.values.foreach { policy =>
        val alike = new SampleMerge(policy, Basis.NO_BASE)
          .merge(new SampleSides(Optional.empty(), Optional.of(ours), Optional.of(ours)))
        assert(alike.action == KEEP && alike.clashes.isEmpty)
        val onlyOurs = new SampleMerge(policy, Basis.COMMON_BASE)
          .merge(new SampleSides(Optional.of(base), Optional.of(ours), Optional.of(base)))
        assert(onlyOurs.action == KEEP && onlyOurs.clashes.isEmpty)
      }
    }
  }

  test("VER-5 merge - any two samples, ours or theirs - is never left a conflict") {
    forAll(samples, samples, samples) { (base: Sample, ours: Sample, theirs: Sample) =>
      Seq(OURS, THEIRS).foreach { policy =>
        Basis.values.foreach { basis =>
          val result = new SampleMerge(policy, basis)
            .merge(new SampleSides(Optional.of(base), Optional.of(ours), Optional.of(theirs)))
          assert(result.action == KEEP || result.action == CHANGE)
        }
      }
    }
  }

  test("VER-5 merge - a change of theirs alone - is taken whole, but for where it came from") {
    forAll(samples, samples) { (base: Sample, theirs: Sample) =>
      val result = new SampleMerge(FAIL, Basis.COMMON_BASE)
        .merge(new SampleSides(Optional.of(base), Optional.of(base), Optional.of(theirs)))
      assert(result.clashes.isEmpty)
      val taken = result.sample.orElse(base)
      assert(taken.annotations.size == theirs.annotations.size)
      assert(taken.usage == theirs.usage && taken.hardness == theirs.hardness)
      assert(taken.properties == theirs.properties)
      assert(taken.foreignFields == theirs.foreignFields)
    }
  }
}
