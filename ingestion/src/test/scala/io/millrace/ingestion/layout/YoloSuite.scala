package io.millrace.ingestion.layout

import java.nio.charset.Charset
import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, LabelTaskType, Shape, Usage}
import io.millrace.ingestion.{BoxPolicy, Note, RejectReason}
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.layout.Outcome.Aside
import io.millrace.ingestion.probe.Images
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class YoloSuite extends AnyFunSuite with LayoutFixture {

  test("ING-2 yolo - Darknet's files - sets give usage, shares become pixels") {
    val source = darknet()
    image(source, "obj_train_data/1", "0 0.250000 0.400000 0.300000 0.400000\n\n1 0.5 0.5 1 1\n")
    image(source, "obj_valid_data/101", "1 0.6 0.4 0.4 0.266667")
    write(source, "train.txt", "obj_train_data/1.jpg\n")
    write(source, "valid.txt", "obj_valid_data/101.jpg\n")
    val byName = samples(opened(source))
    assert(byName("1.jpg").usage.get === Usage.TRAIN)
    assert(byName("101.jpg").usage.get === Usage.EVAL)
    val objects = byName("1.jpg").objects.asScala
    assert(objects.map(_.name.value) === Seq("cat", "hot dog"))
    assert(objects.forall(_.taskType == LabelTaskType.OBJECT_DETECTION))
    assert(
      objects.map(_.shape) ===
        Seq(new Shape.BoundingBox(4, 6, 16, 18), new Shape.BoundingBox(0, 0, 40, 30)))
  }

  test("ING-2 yolo - pixels written as six decimals and read again - the same shares") {
    val source = darknet()
    val lines = for (i <- 1 to 50)
      yield f"0 ${0.3 + i / 977.0}%.6f ${0.4 + i / 1009.0}%.6f ${i / 991.0}%.6f ${i / 997.0}%.6f"
    image(source, "obj_train_data/1", lines.mkString("\n"))
    write(source, "train.txt", "obj_train_data/1.jpg")
    val again = samples(opened(source))("1.jpg").objects.asScala.map(_.shape.bounds).map { box =>
      val (x, y) = ((box.xMin + box.xMax) / 2 / 40, (box.yMin + box.yMax) / 2 / 30)
      f"0 $x%.6f $y%.6f ${box.width / 40}%.6f ${box.height / 30}%.6f"
    }
    assert(again === lines)
  }

  test("ING-2 yolo - lists name images by several customs - the end of the path counts") {
    forAll(
      Table(
        "listed",
        "obj_train_data/sub/a b.jpg",
        "./obj_train_data/sub/a b.jpg",
        "data/obj_train_data/sub/a b.jpg",
        "/home/me/data/obj_train_data/sub/a b.jpg",
        "../x/../data/obj_train_data/sub/a b.jpg",
        "data\\obj_train_data\\sub\\a b.jpg",
        "\uFEFFobj_train_data//sub/a b.jpg  "
      )) { listed =>
      val source = darknet()
      image(source, "obj_train_data/sub/a b", "0 0.5 0.5 0.5 0.5")
      image(source, "obj_train_data/other", "0 0.5 0.5 0.5 0.5")
      write(source, "train.txt", s"$listed\r\n\r\n")
      assert(samples(opened(source)).keySet === Set("a b.jpg"))
    }
  }

  test("ING-2 yolo - images in the source itself, listed by absolute paths - found") {
    val source = darknet()
    image(source, "a", "0 0.5 0.5 0.5 0.5")
    write(source, "train.txt", "/home/me/a.jpg")
    assert(samples(opened(source)).keySet === Set("a.jpg"))
  }

  test("ING-2 yolo - names with spaces, +, %, #, Chinese and emoji, differing only in case") {
    val source = darknet()
    val names = Seq("a b", "a+b", "100%", "50%20x", "a#b?c", "狗/图片 1", "😀", "Case", "case", "a.b")
    names.foreach(name => image(source, s"obj_train_data/$name", "0 0.5 0.5 0.5 0.5"))
    val list = names.map(name => s"obj_train_data/$name.jpg").mkString("\n")
    write(source, "train.txt", list)
    val found = accepted(opened(source)).map(_.sample)
    assert(found.map(_.source.requireLocalPath).toSet ===
      names.map(name => source.resolve(s"obj_train_data/$name.jpg")).toSet)
    assert(found.forall(_.isLabelled))
  }

  test("ING-2 yolo - list and names in GBK - read as written") {
    val gbk = Charset.forName("GBK")
    val source = directory()
    write(source, "obj.data", "names = data/obj.names\r\ntrain = data/train.txt\r\n")
    write(source, "obj.names", "猫\r\n狗\r\n".getBytes(gbk))
    write(source, "train.txt", "obj_train_data/狗和图像.jpg\r\n".getBytes(gbk))
    image(source, "obj_train_data/狗和图像", "1 0.5 0.5 0.5 0.5")
    assert(samples(opened(source))("狗和图像.jpg").labels.asScala.map(_.value) === Set("狗"))
  }

  test("ING-2 yolo - other subsets, files of no set - set aside and counted") {
    val source = darknet()
    image(source, "obj_train_data/1", "0 0.5 0.5 0.5 0.5")
    image(source, "obj_test_data/2", "0 0.5 0.5 0.5 0.5")
    write(source, "train.txt", "obj_train_data/1.jpg")
    write(source, "test.txt", "obj_test_data/2.jpg")
    write(source, "backup/last.weights", "x")
    assert(accepted(opened(source)).size === 1)
    assert(
      outcomes(opened(source)).collect { case aside: Aside => aside.note }.groupBy(identity)
        .map { case (note, all) => note -> all.size } ===
        Map(Note.NOT_IN_A_SET -> 1, Note.OTHER_FILE -> 3))
  }

  test("ING-2 yolo - no label file, empty label file, two sets - imported, each noted") {
    val source = darknet()
    write(source, "obj_train_data/1.jpg", Images.jpeg(40, 30))
    image(source, "obj_train_data/2", "\n")
    image(source, "obj_train_data/3", "0 0.5 0.5 0.5 0.5")
    write(source, "train.txt", (1 to 3).map(i => s"obj_train_data/$i.jpg").mkString("\n"))
    write(source, "valid.txt", "obj_train_data/3.jpg\n")
    val byName = accepted(opened(source)).map(a => a.sample.source.fileName -> a).toMap
    assert(byName("1.jpg").notes.asScala === Seq(Note.WITHOUT_ANNOTATION))
    assert(byName("2.jpg").notes.asScala === Seq(Note.EMPTY_ANNOTATION))
    assert(byName("3.jpg").notes.asScala === Seq(Note.IN_SEVERAL_SETS))
    assert(byName("3.jpg").sample.usage.get === Usage.TRAIN)
  }

  test("ING-2 yolo - each fault of a line - image refused with reason and line") {
    forAll(
      Table(
        ("line", "reason", "message"),
        ("2 0.5 0.5 0.5 0.5", RejectReason.UNKNOWN_LABEL,
          "line 2: its index is 2 (expected a whole number from 0 to 1)."),
        ("-1 0.5 0.5 0.5 0.5", RejectReason.UNKNOWN_LABEL, "its index is -1"),
        ("0.5 0.5 0.5 0.5 0.5", RejectReason.UNKNOWN_LABEL, "its index is 0.5"),
        ("0 0.5 0.5 0.5", RejectReason.BROKEN_ANNOTATION,
          "line 2: it has 4 columns (expected 5)."),
        ("0 0.5 0.5 0.5 0.5 0.9", RejectReason.BROKEN_ANNOTATION, "it has 6 columns"),
        ("0 .1 .1 .2 .1 .2 .2", RejectReason.BROKEN_ANNOTATION, "it has 7 columns"),
        ("cat 0.5 0.5 0.5 0.5", RejectReason.BROKEN_ANNOTATION,
          "line 2: column 1 is 'cat' (expected a number)."),
        ("0 nan 0.5 0.5 0.5", RejectReason.BROKEN_ANNOTATION, "column 2 is 'nan'"),
        ("0 1e999999999 0.5 0.5 0.5", RejectReason.BROKEN_ANNOTATION, "column 2 is '1e9"),
        ("0 20 0.5 0.5 0.5", RejectReason.BROKEN_BOX, "line 2: column 2 is 20 (expected a share"),
        ("0 0.5 -0.1 0.5 0.5", RejectReason.BROKEN_BOX, "column 3 is -0.1"),
        ("0 0.5 0.5 0 0.5", RejectReason.BROKEN_BOX, "line 2: the box has no area."),
        ("0 0.1 0.5 0.5 0.5", RejectReason.BOX_OUTSIDE_IMAGE, "Object 2, 'cat', reaches from (-6")
      )) { (line, reason, message) =>
      val source = darknet()
      image(source, "obj_train_data/1", s"0 0.5 0.5 0.5 0.5\n$line\n")
      write(source, "train.txt", "obj_train_data/1.jpg")
      val refusal = refused(opened(source)).head
      assert(refusal.reason === reason)
      assert(refusal.message.contains(message), refusal.message)
      assert(refusal.source.endsWith("1.jpg"))
    }
  }

  test("ING-2 yolo - box outside by rounding - moved to the border; by more - by the policy") {
    val source = darknet()
    image(source, "obj_train_data/1", "0 0.1 0.5 0.200001 1.0000005\n0 0.95 0.5 0.2 0.5")
    write(source, "train.txt", "obj_train_data/1.jpg")
    val boxes = accepted(opened(source), BoxPolicy.CLIP).head.sample.objects.asScala
      .map(_.shape.bounds)
    assert(boxes.map(box => (box.xMin, box.yMin, box.yMax)) === Seq((0, 0, 30), (34, 7.5, 22.5)))
    assert(boxes.last.xMax === 40)
  }

  test("ING-2 yolo - listed image that is not there, label file without it - refused") {
    val source = darknet()
    write(source, "obj_train_data/2.txt", "0 0.5 0.5 0.5 0.5")
    write(source, "train.txt", "obj_train_data/1.jpg\nobj_train_data/2.jpg\n")
    val refusals = refused(opened(source)).sortBy(_.source)
    assert(refusals.map(_.reason).toSet === Set(RejectReason.SOURCE_MISSING))
    assert(refusals.map(_.source.split("/").last) === Seq("1", "2.txt"))
    assert(refusals.head.message.startsWith("A list of images names it"))
  }

  test("ING-2 yolo - what obj.data lacks or gets wrong - error that names it") {
    forAll(
      Table(
        ("data", "names", "message"),
        ("train = train.txt", "cat", "obj.data: it has no names = ..."),
        ("names = x.names\ntrain = train.txt", "cat",
          "it has no file x.names, which obj.data gives as names."),
        ("names = obj.names\ntrain = list.txt", "cat",
          "it has no file list.txt, which obj.data gives as train."),
        ("names = obj.names\ntrain =", "cat", "it has no train = ..."),
        ("names = obj.names\nvalid = v.txt", "cat", "file v.txt, which obj.data gives as valid"),
        ("names = obj.names", "cat", "it names no list of images"),
        ("names = obj.names\nclasses = 5\ntrain = train.txt", "cat\ndog",
          "it says classes = 5, and obj.names names 2."),
        ("names: obj.names", "cat", "line 1 is 'names: obj.names' (expected key = value)"),
        ("names = obj.names\ntrain = train.txt", "", "obj.names: it names no label"),
        ("names = obj.names\ntrain = train.txt", "cat\n\ndog", "obj.names: label 1: Invalid label")
      )) { (data, names, message) =>
      val source = directory()
      write(source, "obj.data", data)
      write(source, "obj.names", names)
      write(source, "train.txt", "")
      val error = intercept[DatasetException](opened(source)).getMessage
      assert(error.contains(message), error)
    }
    val error = intercept[DatasetException](opened(directory())).getMessage
    assert(error.contains("as yolo: it has no obj.data (as Darknet) and no data.yaml"))
  }

  test("ING-2 yolo - Ultralytics, directories in each custom - usage, boxes, background") {
    forAll(
      Table(
        ("yaml", "images", "labels"),
        ("path: ../datasets/x\ntrain: images/train\nval: images/val\ntest:\nnames: [cat, dog]\n",
          "images/%s", "labels/%s"),
        ("train: ../train/images\nval: ../val/images\nnc: 2\nnames: ['cat', 'dog']\n",
          "%s/images", "%s/labels"),
        ("train: [images/train]\nval: /x/images/val/\nnames:\n  1: dog\n  0: cat\n",
          "images/%s", "labels/%s"),
        ("train: train\nval: val\nnames: {0: cat, 1: dog}\n", "%s", "%s"),
        ("\uFEFFtrain: train.txt\r\nval: val.txt\r\nnames:\r\n- cat\r\n- dog\r\n",
          "images/%s", "labels/%s")
      )) { (yaml, images, labels) =>
      val source = directory()
      write(source, "data.yaml", yaml)
      for (set <- Seq("train", "val"); name <- Seq("a 1", "sub/b")) {
        val kept = if (images == "%s" || !name.contains("/")) name else "sub/b"
        write(source, s"${images.format(set)}/$kept.jpg", Images.jpeg(40, 30))
        if (set == "train") {
          write(source, s"${labels.format(set)}/$kept.txt", "1 0.5 0.5 0.5 0.5")
        }
      }
      if (yaml.contains("train.txt")) {
        write(source, "train.txt", "./images/train/a 1.jpg\n./images/train/sub/b.jpg\n")
        write(source, "val.txt", "./images/val/a 1.jpg\n./images/val/sub/b.jpg\n")
      }
      val found = accepted(opened(source))
      assert(found.size === 4)
      for (each <- found) {
        val isTraining = each.sample.source.value.contains("/train/")
        assert(each.sample.usage.get === (if (isTraining) Usage.TRAIN else Usage.EVAL))
        assert(
          each.sample.labels.asScala.map(_.value) === (if (isTraining) Set("dog") else Set.empty))
        assert(
          each.notes.asScala === (if (isTraining) Seq.empty else Seq(Note.WITHOUT_ANNOTATION)))
      }
    }
  }

  test("ING-2 yolo - Ultralytics' polygons - polygons in datasets of either kind") {
    for (task <- Seq(LabelTaskType.OBJECT_DETECTION, LabelTaskType.IMAGE_SEGMENTATION)) {
      val source = directory()
      write(source, "data.yaml", "train: images/train\ntest: images/test\nnames: [cat]")
      image(source, "images/train/a", "")
      Files.delete(source.resolve("images/train/a.txt"))
      write(source, "labels/train/a.txt", "0 0.1 0.1 0.5 0.1 0.5 0.5 0.1 0.1\n0 .5 .5 .5 .5")
      image(source, "images/test/t", "0 0.5 0.5 1 1")
      val found = samples(opened(source, task))
      assert(found("t.jpg").usage.get === Usage.TEST)
      val objects = found("a.jpg").objects.asScala
      assert(objects.forall(_.taskType == task))
      assert(
        objects.head.shape === new Shape.Polygon(
          java.util.List.of(
            new Shape.Point(4, 3), new Shape.Point(20, 3), new Shape.Point(20, 15))))
      assert(objects.last.shape === new Shape.BoundingBox(10, 7.5, 30, 22.5))
    }
  }

  test("ING-2 yolo - Ultralytics' label file without image, label out of range - refused") {
    val source = directory()
    write(source, "data.yaml", "train: images/train\nnames: [cat]")
    write(source, "labels/train/a.txt", "0 .5 .5 .5 .5")
    image(source, "images/train/b", "1 .5 .5 .5 .5")
    image(source, "images/train/c", "0 .5 .5 .5 .5 .5")
    assert(
      refused(opened(source)).sortBy(_.source).map(_.reason) === Seq(
        RejectReason.UNKNOWN_LABEL, RejectReason.BROKEN_ANNOTATION, RejectReason.SOURCE_MISSING))
  }

  test("ING-2 yolo - what data.yaml lacks or gets wrong - error that names it") {
    forAll(
      Table(
        ("yaml", "message"),
        ("train: images", "it has no names"),
        ("train: images\nnames: cat", "it has no names"),
        ("train: images\nnames: []", "it names no label"),
        ("train: images\nnames: [cat, [dog]]", "names holds [\"dog\"] (expected text)"),
        ("train: images\nnames: {0: cat, 2: dog}", "names has no index 1 (expected 0 to 1)"),
        ("train: images\nnames: {cat: 0}", "the index 'cat' in names is no number"),
        ("train: images\nnc: 3\nnames: [cat]", "it says nc: 3, and names 1"),
        ("names: [cat]", "it names no directory of images"),
        ("train: nowhere\nnames: [cat]", "it has no nowhere, which data.yaml gives as train."),
        ("train: [", "it is no YAML at line"),
        ("- train", "it holds no keys")
      )) { (yaml, message) =>
      val source = directory()
      write(source, "data.yaml", yaml)
      write(source, "images/a.jpg", Images.jpeg(8, 8))
      val error = intercept[DatasetException](opened(source)).getMessage
      assert(error.contains(message), error)
    }
  }

  test("ING-2 yolo - any order of listing - same outcomes") {
    val source = darknet()
    for (i <- 1 to 6) image(source, s"obj_train_data/$i", s"${i % 3} 0.5 0.5 0.5 0.5")
    write(source, "obj_train_data/1.png", Images.png(8, 8))
    write(source, "train.txt", (1 to 7).map(i => s"obj_train_data/$i.jpg").mkString("\n"))
    write(source, "valid.txt", "obj_train_data/2.jpg")
    assertAnyOrder(opened(source))
  }

  test("ING-2 yolo - recognised by obj.data or data.yaml that names labels, by nothing else") {
    val format = new YoloFormat()
    val task = LabelTaskType.OBJECT_DETECTION
    assert(format.recognise(glance(darknet()), task).score === 96)
    val source = directory()
    image(source, "a", "0 0.5 0.5 0.5 0.5")
    assert(format.recognise(glance(source), task) === Recognition.NONE)
    write(source, "data.yaml", "names: [cat]")
    assert(
      format.recognise(glance(source), task).evidence ===
        "it holds data.yaml, which names labels")
    assert(format.recognise(glance(source.resolve("a.jpg")), task) === Recognition.NONE)
  }

  private def darknet(): Path = {
    val source = directory()
    write(
      source,
      "obj.data",
      "# made for a test\nclasses = 2\nnames = data/obj.names\ntrain = data/train.txt\n" +
        "valid = /x/data/valid.txt\nbackup = backup/\n")
    write(source, "obj.names", "cat\nhot dog\n\n")
    write(source, "train.txt", "")
    write(source, "valid.txt", "")
    source
  }

  /** An image of 40 x 30 pixels and its label file. */
  private def image(source: Path, name: String, labels: String): Unit = {
    write(source, s"$name.jpg", Images.jpeg(40, 30))
    write(source, s"$name.txt", labels)
  }

  private def opened(
      source: Path,
      task: LabelTaskType = LabelTaskType.OBJECT_DETECTION): Laid =
    open(new YoloFormat(), source, task)

  private def samples(laid: Laid) =
    accepted(laid).map(a => a.sample.source.fileName -> a.sample).toMap
}
