package io.millrace.ingestion.layout

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetKind, LabelTaskType, Limits, StorageUri, Usage}
import io.millrace.dataset.storage.LocalObjectStore
import io.millrace.ingestion.{BoxPolicy, Note, RejectReason}
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.layout.Outcome.Aside
import io.millrace.ingestion.probe.Images
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class LayoutSuite extends AnyFunSuite with LayoutFixture {

  test("ING-2 voc - image with its file beside it - sample with objects, size and address") {
    val source = directory()
    pair(source, "a/10", Cat, ("dog", Seq(0, 0, 40, 30)))
    val sample = accepted(flat(source)).head.sample
    assert(sample.source === StorageUri.of(source.resolve("a/10.jpg")))
    assert(sample.kind === DatasetKind.IMAGE)
    assert(sample.measures.width.getAsInt === 40)
    assert(sample.measures.height.getAsInt === 30)
    assert(sample.measures.channels.getAsInt === 3)
    assert(sample.sizeBytes === Files.size(source.resolve("a/10.jpg")))
    assert(sample.createdAt === now)
    assert(sample.origin.get === id)
    assert(sample.sourceState.modifiedAt.isPresent)
    assert(sample.objects.asScala.map(_.name.value) === Seq("cat", "dog"))
  }

  test("ING-2 voc - names with spaces, +, %, #, Chinese and emoji, differing only in case") {
    val source = directory()
    val names = Seq("a b", "a+b", "100%", "50%20x", "a#b?c", "狗/图片 1", "😀", "Case", "case")
    names.foreach(pair(source, _, Cat))
    val samples = accepted(flat(source)).map(_.sample)
    assert(
      samples.map(_.source.requireLocalPath).toSet ===
        names.map(name => source.resolve(s"$name.jpg")).toSet)
    assert(samples.map(_.id).distinct.size === names.size)
    assert(samples.forall(_.isLabelled))
  }

  test("ING-2 voc - image without file - imported without labels and noted") {
    val source = directory()
    write(source, "a.jpg", Images.jpeg(8, 8))
    val only = accepted(flat(source)).head
    assert(!only.sample.isLabelled)
    assert(only.notes.asScala === Seq(Note.WITHOUT_ANNOTATION))
  }

  test("ING-2 voc - file without image - refused") {
    val source = directory()
    write(source, "a.xml", voc("a.jpg", Seq(Cat)))
    val only = refused(flat(source)).head
    assert(only.reason === RejectReason.SOURCE_MISSING)
    assert(only.source === StorageUri.of(source.resolve("a.xml")).toString)
  }

  test("ING-2 voc - two images for one file - it is of the one it names, else none is taken") {
    val source = directory()
    write(source, "a.jpg", Images.jpeg(40, 30))
    write(source, "a.png", Images.png(40, 30))
    write(source, "a.xml", voc("a.png", Seq(Cat)))
    val byName = accepted(flat(source)).map(a => a.sample.source.fileName -> a.sample).toMap
    assert(byName("a.png").isLabelled)
    assert(!byName("a.jpg").isLabelled)
    write(source, "a.xml", voc("b.png", Seq(Cat)))
    assert(
      refused(flat(source)).map(_.reason) === Seq.fill(2)(RejectReason.AMBIGUOUS_ANNOTATION))
  }

  test("ING-2 voc - files of systems and others - counted, not imported") {
    val source = directory()
    pair(source, "a", Cat)
    for (path <- Seq(".DS_Store", "._a.jpg", "__MACOSX/a.jpg", "notes.txt", "a.json")) {
      write(source, path, "x")
    }
    assert(outcomes(flat(source)).count(_ == new Aside(Note.OTHER_FILE)) === 5)
    assert(accepted(flat(source)).size === 1)
  }

  test("ING-4 voc - header and file disagree on size, type or name - header wins, noted") {
    val source = directory()
    write(source, "a.jpg", Images.png(40, 30))
    write(source, "a.xml", voc("other.jpg", Seq(Cat), width = 4000, height = 3000))
    val only = accepted(flat(source)).head
    assert(only.sample.measures.width.getAsInt === 40)
    assert(
      only.notes.asScala.toSet ===
        Set(Note.TYPE_MISMATCH, Note.SIZE_MISMATCH, Note.FILENAME_MISMATCH))
  }

  test("ING-4 voc - what is wrong with an image or its file - named reason for each") {
    val whole = Images.jpeg(40, 30)
    val fine = voc("a.jpg", Seq(Cat))
    forAll(
      Table(
        ("image", "annotation", "reason"),
        (Array.empty[Byte], fine, RejectReason.EMPTY_FILE),
        (whole.dropRight(9), fine, RejectReason.TRUNCATED_IMAGE),
        (Images.gif(40, 30), fine, RejectReason.UNSUPPORTED_IMAGE_TYPE),
        ("hello".getBytes, fine, RejectReason.UNKNOWN_IMAGE_TYPE),
        (new Array[Byte](70000), fine, RejectReason.FILE_TOO_LARGE),
        (Images.jpegOf(Images.frame(0xc0, 400, 300, 3)), fine, RejectReason.TOO_MANY_PIXELS),
        (whole, "", RejectReason.BROKEN_ANNOTATION),
        (whole, "<annotation><object>", RejectReason.BROKEN_ANNOTATION),
        (whole, fine + " " * 20000, RejectReason.ANNOTATION_TOO_LARGE),
        (whole, voc("a.jpg", Seq(("cat", Seq(5, 5, 5, 5)))), RejectReason.BROKEN_BOX),
        (whole, voc("a.jpg", Seq(("cat", Seq(9, 5, 5, 9)))), RejectReason.BROKEN_BOX),
        (whole, voc("a.jpg", Seq(Cat, ("cat", Seq(30, 20, 41, 30)))),
          RejectReason.BOX_OUTSIDE_IMAGE)
      )) { (image, annotation, reason) =>
      val source = directory()
      write(source, "a.jpg", image)
      write(source, "a.xml", annotation)
      assert(refused(flat(source)).map(_.reason) === Seq(reason))
    }
  }

  test("ING-4 box outside its image - message names object, box and image") {
    val source = directory()
    pair(source, "a", Cat, ("dog", Seq(30, 20, 41, 30)))
    assert(
      refused(flat(source)).head.message ===
        "Object 2, 'dog', reaches from (30, 20) to (41, 30), outside the image of 40 x 30 pixels.")
  }

  test("ING-4 box outside its image - clip cuts or drops it, keep leaves it, each noted") {
    val source = directory()
    pair(source, "a", Cat, ("dog", Seq(30, 20, 50, 45)), ("bird", Seq(40, 0, 60, 10)))
    val clipped = accepted(flat(source), BoxPolicy.CLIP).head
    assert(clipped.notes.asScala === Seq(Note.BOX_CLIPPED, Note.BOX_DROPPED))
    assert(
      clipped.sample.objects.asScala.map(o => o.name.value -> o.shape.bounds.xMax) ===
        Seq("cat" -> 10.0, "dog" -> 40.0))
    val kept = accepted(flat(source), BoxPolicy.KEEP).head
    assert(kept.notes.asScala === Seq(Note.BOX_KEPT, Note.BOX_KEPT))
    assert(kept.sample.objects.asScala.map(_.shape.bounds.xMax) === Seq(10.0, 50.0, 60.0))
  }

  test("ING-2 voc - VOCdevkit, alone or by year - pairs across directories, lists give usage") {
    for (kit <- Seq("", "VOC2007/", "VOCdevkit/VOC2012/")) {
      val source = directory()
      for (name <- Seq("a", "b", "c", "d 1", "e")) {
        write(source, s"${kit}JPEGImages/$name.jpg", Images.jpeg(40, 30))
        write(source, s"${kit}Annotations/$name.xml", voc(s"$name.jpg", Seq(Cat)))
      }
      write(source, s"${kit}SegmentationClass/a.png", Images.png(40, 30))
      write(source, s"${kit}ImageSets/Main/train.txt", "\uFEFFa\r\n\r\nd 1\r\n")
      write(source, s"${kit}ImageSets/Main/val.txt", "b.jpg\nnowhere")
      write(source, s"${kit}ImageSets/Main/test.txt", "c\na\n")
      write(source, s"${kit}ImageSets/Main/trainval.txt", "a\nb\ne")
      write(source, s"${kit}ImageSets/Main/cat_train.txt", "a 1\nb -1")
      val layout = laid(source, VocDevkitLayout.find(_, new LocalObjectStore()).get)
      val byName =
        accepted(layout).map(a => a.sample.source.fileName -> a.sample.usage.orElse(null)).toMap
      assert(
        byName === Map(
          "a.jpg" -> Usage.TRAIN,
          "b.jpg" -> Usage.EVAL,
          "c.jpg" -> Usage.TEST,
          "d 1.jpg" -> Usage.TRAIN,
          "e.jpg" -> Usage.TRAIN))
      assert(accepted(layout).forall(_.sample.isLabelled))
      assert(
        outcomes(layout).collect { case aside: Aside => aside.note }.toSet ===
          Set(Note.OTHER_FILE, Note.LISTED_WITHOUT_IMAGE))
      assert(accepted(layout).flatMap(_.notes.asScala) === Seq(Note.IN_SEVERAL_SETS))
    }
  }

  test("ING-2 voc - directory without JPEGImages - is no VOCdevkit") {
    val source = directory()
    pair(source, "a", Cat)
    assert(VocDevkitLayout.find(StorageUri.of(source), new LocalObjectStore()).isEmpty)
  }

  test("ING-2 imagenet - last directory of the path - is the only label") {
    val source = directory()
    write(source, "Cat/10.jpg", Images.jpeg(8, 8))
    write(source, "animals/狗 big/11.png", Images.png(8, 8))
    write(source, "Cat/readme.txt", "x")
    val labels = accepted(imagenet(source)).map(a =>
      a.sample.source.fileName -> a.sample.labels.asScala.map(_.value).toSeq)
    assert(labels.toMap === Map("10.jpg" -> Seq("Cat"), "11.png" -> Seq("狗 big")))
    assert(outcomes(imagenet(source)).count(_ == new Aside(Note.OTHER_FILE)) === 1)
  }

  test("ING-2 imagenet - image in the source itself, name that is no label - refused") {
    val source = directory()
    write(source, "10.jpg", Images.jpeg(8, 8))
    write(source, s"${"x" * 129}/11.jpg", Images.jpeg(8, 8))
    assert(
      refused(imagenet(source)).map(_.reason).toSet ===
        Set(RejectReason.NO_LABEL_DIRECTORY, RejectReason.INVALID_LABEL))
  }

  test("ING-3 manifest - annotation files are opened, sources looked up, labels kept") {
    val source = directory()
    pair(source, "in/a", Cat)
    write(source, "in/b.jpg", Images.jpeg(40, 30))
    val manifest = write(
      source,
      "x.manifest",
      s"""{"source": "${source.resolve("in/a.jpg")}", "usage": "train", "annotation": [{"type":
         |"modelarts/object_detection", "annotation-loc": "./in/a.xml", "annotated-by": "human"}]}
         |""".stripMargin.replace("\n", " ") +
        s"""\n{"source": "${source.resolve("in/b.jpg")}"}""")
    val byName = accepted(manifestOf(manifest)).map(a => a.sample.source.fileName -> a.sample).toMap
    assert(byName("a.jpg").usage.get === Usage.TRAIN)
    assert(byName("a.jpg").measures.width.getAsInt === 40)
    val objects = byName("a.jpg").objects.asScala
    assert(objects.map(_.name.value) === Seq("cat"))
    assert(objects.head.info.annotatedBy.get === "human")
    assert(!byName("b.jpg").isLabelled)
  }

  test("ING-3 manifest - missing source or annotation, broken line, other kind - refused by line") {
    val source = directory()
    write(source, "a.jpg", Images.jpeg(40, 30))
    val image = source.resolve("a.jpg")
    val detection = """"type": "modelarts/object_detection""""
    val manifest = write(
      source,
      "x.manifest",
      Seq(
        s"""{"source": "${source.resolve("b.jpg")}"}""",
        s"""{"source": "$image", "annotation": [{$detection, "annotation-loc": "./a.xml"}]}""",
        """{"source": """,
        """{"source": "content://good", "sample-type": 1}""",
        """{"source": "/x.carbon", "source-type": "CarbonData"}""").mkString("\n"))
    val reasons = refused(manifestOf(manifest)).map(r => r.source.split(":").last -> r.reason).toMap
    assert(
      reasons === Map(
        "1" -> RejectReason.SOURCE_MISSING,
        "2" -> RejectReason.ANNOTATION_MISSING,
        "3" -> RejectReason.BROKEN_LINE,
        "4" -> RejectReason.WRONG_KIND,
        "5" -> RejectReason.BROKEN_LINE))
  }

  test("ING-3 manifest - same source on several lines - one sample with all labels, counted") {
    val source = directory()
    write(source, "a.jpg", Images.jpeg(40, 30))
    def line(label: String, more: String) =
      s"""{"source": "${source.resolve("a.jpg")}", $more "annotation": [{"type":
         |"modelarts/image_classification", "name": "$label"}]}""".stripMargin.replace("\n", " ")
    val manifest = write(
      source,
      "x.manifest",
      Seq(line("cat", ""), line("dog", """"usage": "EVAL", "hard": true,"""), line("cat", ""))
        .mkString("\n"))
    val only = accepted(manifestOf(manifest)).head
    assert(only.merged === 2)
    assert(only.sample.labels.asScala.map(_.value).toSeq === Seq("cat", "dog"))
    assert(only.sample.annotations.size === 2)
    assert(only.sample.usage.get === Usage.EVAL)
    assert(only.sample.hardness.hard)
  }

  private def laid(source: Path, layout: StorageUri => ImportLayout): Laid = {
    val address = StorageUri.of(source)
    Laid(address, layout(address))
  }

  private def flat(source: Path): Laid = laid(source, new VocLayout(_))

  private def imagenet(source: Path): Laid =
    laid(source, new LabelDirectoryLayout(_, LabelTaskType.IMAGE_CLASSIFICATION))

  private def manifestOf(file: Path): Laid =
    laid(file, new ManifestLayout(_, DatasetKind.IMAGE, Limits.DEFAULT))
}
